"""What the answers of a forge say of a repository: those of its API, hop by hop, else its public page."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from checks.model.capture import Capture
from checks.model.chain import Chain
from checks.model.evidence import Evidence, shortened
from checks.model.french import fold
from checks.model.repository import Repository, repository
from checks.parse.html import Page
from checks.parse.layout import attribute
from checks.parse.reading import Fault, Reading
from checks.parse.transparency.licences import licence_of, spdx_id

_GONE = {404, 410, 451}
_READ = {200, 304}
_COMMITS = re.compile(r"/commits$|/repository/tree$")
_LICENCE = re.compile(r"/license$|/repository/files/[^/]+/raw$|/raw/LICEN[CS]E$", re.IGNORECASE)
_PUBLICCODE = re.compile(r"/(?:contents|repository/files)/publiccode\.yml$")
_GROUPS = re.compile(r"/api/v4/groups/[^/]+$")
_EMPTY_PAGE = re.compile(
    r"\bthis repository is empty\b|\bthe repository for this project is empty\b|\bthis project'?s? repository is empty\b"
    r"|\b(?:ce|le) (?:depot|projet|referentiel)[^.]{0,30} est vide\b|\bthis is an empty repository\b"
)
_GROUP_PAGE = re.compile(
    r"\bgroup id\b|\bid d[eu] groupe\b|\bsubgroups and projects\b|\bsous-groupes et projets\b|\bshared projects\b|\bprojets partages\b"
)
_ARCHIVED_PAGE = re.compile(
    r"\b(?:this )?(?:repository|repo|project) (?:was|has been|is) archived\b|\barchived project\b|\bthis is an archived project\b"
    r"|\bce (?:depot|projet) (?:a ete|est) archive\b"
)
_LICENCE_LINK = re.compile(r"-ov-file$|/(?:blob|src|raw)/(?:.*/)?(?:licen[cs]e|copying)[^/]*$", re.IGNORECASE)


class State(StrEnum):
    """What is known of a repository."""

    PUBLIC = "public"
    EMPTY = "empty"
    GROUP = "group"
    NOT_PUBLIC = "not-public"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a forge told of ``asked``. ``url`` is where the repository stands today; ``archived``, ``pushed_at`` and
    ``licence`` (an SPDX id) are ``None`` where nothing was told of them, ``has_licence`` whether there is one at all,
    ``has_publiccode`` whether it has a ``publiccode.yml``."""

    asked: Repository
    state: State
    url: str
    evidence: Evidence
    archived: bool | None = None
    pushed_at: date | None = None
    licence: str | None = None
    has_licence: bool | None = None
    has_publiccode: bool | None = None

    @property
    def is_renamed(self) -> bool:
        return repository(self.url).key != self.asked.key


def told(asked: Repository, api: Sequence[Chain], pages: Sequence[Reading]) -> Told | None:
    """What is known of a repository: by its API, where that says something, else by its page; ``None`` if nobody was asked."""
    by_api = next((found for chain in api if (found := _by_api(asked, chain))), None)
    if by_api:
        return by_api
    by_page = next((_by_page(asked, reading) for reading in pages), None)
    if by_page or not api:
        return by_page
    return Told(asked=asked, state=State.UNKNOWN, url=asked.url, evidence=_exchange(api[0].last))


def _by_api(asked: Repository, chain: Chain) -> Told | None:
    for hop in chain.hops:
        said = _said(hop)
        if hop.status in _GONE and isinstance(said, dict) and "message" in said and not _is_doubt(hop):
            group = _asked(chain.hops, _GROUPS)
            is_group = group is not None and group.status in _READ
            state = State.GROUP if is_group else State.NOT_PUBLIC
            return Told(asked=asked, state=state, url=asked.url, evidence=_exchange(hop, said["message"]))
        if hop.status in _READ and isinstance(said, dict) and isinstance(_address(said), str) and not _is_doubt(hop):
            return _described(asked, hop, said, chain.hops)
    return None


def _is_doubt(hop: Capture) -> bool:
    path = urlsplit(hop.url).path
    return any(doubt.search(path) for doubt in (_COMMITS, _LICENCE, _PUBLICCODE, _GROUPS))


def _asked(hops: Sequence[Capture], about: re.Pattern[str]) -> Capture | None:
    """The last answer about a doubt."""
    return next((hop for hop in reversed(hops) if about.search(urlsplit(hop.url).path)), None)


def _said(hop: Capture) -> Any:
    try:
        return json.loads(hop.body)
    except (ValueError, RecursionError):
        return None


def _address(said: Mapping[str, Any]) -> Any:
    return said.get("html_url") or said.get("web_url")


def _described(asked: Repository, hop: Capture, said: Mapping[str, Any], hops: Sequence[Capture]) -> Told:
    licence, has_licence = _licence(said, hops)
    here = repository(_address(said))
    archived = said.get("archived")
    pushed = next((said[key] for key in ("pushed_at", "last_activity_at", "updated_at") if said.get(key)), None)
    return Told(
        asked=asked,
        state=_state(said, hops),
        url=here.url if here.path else asked.url,
        evidence=_exchange(hop, _address(said)),
        archived=archived if isinstance(archived, bool) else None,
        pushed_at=_day(pushed),
        licence=licence,
        has_licence=has_licence,
        has_publiccode=_has_publiccode(_asked(hops, _PUBLICCODE)),
    )


def _has_publiccode(file: Capture | None) -> bool | None:
    if file is None or file.status not in _READ | _GONE:
        return None
    return file.status in _READ


def _state(said: Mapping[str, Any], hops: Sequence[Capture]) -> State:
    if said.get("private") is True or said.get("visibility") not in (None, "public"):
        return State.NOT_PUBLIC  # shown to our token alone
    is_empty = _is_empty(said, hops)
    if is_empty is None:
        return State.UNKNOWN
    return State.EMPTY if is_empty else State.PUBLIC


def _is_empty(said: Mapping[str, Any], hops: Sequence[Capture]) -> bool | None:
    for key in ("empty_repo", "empty"):
        if isinstance(said.get(key), bool):
            return bool(said[key])
    if said.get("readme_url") or said.get("license") or (isinstance(said.get("size"), int) and said["size"] > 0):
        return False
    doubt = _asked(hops, _COMMITS)
    if doubt is None or doubt.status is None:
        return None
    if doubt.status in {404, 409}:
        return True
    commits = _said(doubt)
    return not commits if doubt.status in _READ and isinstance(commits, list) else None


def _licence(said: Mapping[str, Any], hops: Sequence[Capture]) -> tuple[str | None, bool | None]:
    """The licence and whether there is one, as far as the forge tells: GitHub and GitLab one, Gitea a list of them."""
    many, one = said.get("licenses"), said.get("license")
    names = many if isinstance(many, list) else [one.get("spdx_id") or one.get("key")] if isinstance(one, dict) else []
    known = next(filter(None, map(spdx_id, names)), None)
    if known:
        return known, True
    file = _asked(hops, _LICENCE)
    if file and file.status in _READ:
        return licence_of(_content(file)), True
    if names:
        return None, None  # there is a file, and nobody could read it
    is_told = "license" in said or (file is not None and file.status in _GONE)
    return None, False if is_told else None


def _content(file: Capture) -> str:
    """The text of a file: as it is, or in base 64 inside the JSON of GitHub."""
    said = _said(file)
    if isinstance(said, dict) and isinstance(said.get("content"), str):
        try:
            return base64.b64decode(said["content"], validate=False).decode("utf-8", "replace")
        except binascii.Error:
            return ""
    return file.body.decode("utf-8", "replace")


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None


def _by_page(asked: Repository, reading: Reading) -> Told:
    page, here = reading.page, repository(reading.capture.url)
    state = _state_of_page(reading, here)
    if state is not State.PUBLIC or page is None:
        return Told(asked=asked, state=state, url=asked.url, evidence=reading.evidence())
    licence = _licence_on(page)
    return Told(
        asked=asked,
        state=state,
        url=here.url,
        evidence=reading.evidence(),
        archived=_ARCHIVED_PAGE.search(page.words) is not None,
        licence=licence,
        has_licence=True if licence else None,
    )


def _state_of_page(reading: Reading, here: Repository) -> State:
    if reading.obstacle:
        return State.UNKNOWN
    if reading.fault in {Fault.BROKEN, Fault.SOFT_404, Fault.LOGIN_REQUIRED}:
        return State.NOT_PUBLIC
    page = reading.page
    if page is None or reading.fault or not here.path:
        return State.UNKNOWN
    # A page that answers 200 shows a repository if it announces it; "owner / name" is how every forge does.
    name = fold(here.path.rpartition("/")[2])
    announced = " ".join([fold(page.title), *(block.words for block in page.headings)])
    if name not in announced:
        return State.UNKNOWN
    if _GROUP_PAGE.search(page.words):
        return State.GROUP
    return State.EMPTY if _EMPTY_PAGE.search(page.words) else State.PUBLIC


def _licence_on(page: Page) -> str | None:
    links = (link for link in page.links if _LICENCE_LINK.search(attribute(link.element, "href")))
    return next((known for link in links if (known := licence_of(link.name) or spdx_id(link.name))), None)


def _exchange(hop: Capture, said: object = "") -> Evidence:
    excerpt = f"{hop.failure.kind}: {hop.failure.message}" if hop.failure else str(said)
    return Evidence(url=hop.url, capture=hop.id, status=hop.status, excerpt=shortened(excerpt))
