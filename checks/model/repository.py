"""What an address says of a code repository, from its shape alone. Which forges and which shared repositories are known
stands in ``repositories.toml``, beside."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from urllib.parse import quote, unquote

from checks.model.address import host_of, split
from checks.model.french import fold
from checks.model.service import Service

_KNOWN = tomllib.loads(files("checks.model").joinpath("repositories.toml").read_text("utf-8"))
_NAMES = [(re.compile(pattern), software) for pattern, software in _KNOWN["names"].items()]
_PAGES = frozenset(_KNOWN["pages"]["names"])
_SHARED = frozenset(name for names in _KNOWN["shared"].values() for name in names)
_SHARED_PATH = re.compile(_KNOWN["paths"]["shared"], re.IGNORECASE)
_INSIDE = re.compile(
    r"/-/|/(?:tree|blob|issues|pulls?|merge_requests|commit|commits|releases|wiki|wikis|raw|src|tags|actions|discussions|graphs"
    r"|branches|projects|packages|network|security|log|refs)(?:/|$)"
)
_COLLECTIVE = {"orgs", "groups", "users", "sponsors"}


class Software(StrEnum):
    """What answers on a forge: it decides how to ask. ``UNKNOWN`` is asked in turn, ``OTHER`` has but its pages."""

    GITHUB = "github"
    GITLAB = "gitlab"
    GITEA = "gitea"
    SOURCEHUT = "sourcehut"
    OTHER = "other"
    UNKNOWN = "unknown"


class Shape(StrEnum):
    """What an address on a forge names."""

    REPOSITORY = "repository"
    ORGANISATION = "organisation"
    NOT_A_FORGE = "not-a-forge"
    SHARED = "shared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """``url`` is the repository's own address, without branch, file or anchor; ``path`` names it on its forge
    (``owner/name``, more parts on GitLab); ``forge`` is the host. ``is_deeper``: the address led inside of it."""

    url: str
    forge: str
    shape: Shape
    path: str = ""
    software: Software = Software.UNKNOWN
    is_deeper: bool = False

    @property
    def key(self) -> str:
        """The same for every way to write the address of one repository."""
        return self.url.lower()


@lru_cache(maxsize=10_000)  # menus and feet repeat their links on every page
def repository(url: str) -> Repository:
    """What an address says of a repository; the forge itself is not asked here."""
    parts = split(url)
    host = (parts.hostname or "").lower().removeprefix("www.") if parts else ""
    software = software_of(host)
    if parts is None or software is None:
        return Repository(url=url, forge="", shape=Shape.NOT_A_FORGE)
    place = f"{host}:{parts.port}" if parts.port not in {None, 80, 443} else host
    inside = _INSIDE.split(unquote(parts.path), maxsplit=1)
    names = [name for name in inside[0].split("/") if name]
    if software in {Software.GITHUB, Software.GITEA, Software.SOURCEHUT}:
        inside[1:] = inside[1:] or names[2:]
        names = names[:2]
    path = "/".join(names).removesuffix(".git")
    scheme = parts.scheme if place != host else "https"
    return Repository(
        url=f"{scheme}://{place}/{quote(path, safe='/~:@')}",
        forge=place,
        shape=_shape(names, path, parts.path),
        path=path,
        software=software,
        is_deeper=any(inside[1:]),
    )


def software_of(host: str) -> Software | None:
    """The software of a forge, ``UNKNOWN`` where only its name says that it is one; ``None`` for what is no forge."""
    known = _KNOWN["hosts"].get(host)
    software = known or next((software for pattern, software in _NAMES if pattern.search(host)), None)
    return Software(software) if software else None


def _shape(names: list[str], path: str, whole: str) -> Shape:
    owned = [name for name in names if name.lower() not in _COLLECTIVE]
    owner = owned[0].lower() if owned else ""
    if not owner or owner in _PAGES or owner in _SHARED or path.lower() in _SHARED or _SHARED_PATH.search(whole):
        return Shape.SHARED  # the forge's own pages too
    return Shape.REPOSITORY if len(names) >= 2 and names == owned else Shape.ORGANISATION  # noqa: PLR2004


def declared_repository(service: Service) -> Repository | None:
    """The repository that the registry gives. One that others link as a tool or a template is its own service's all the same."""
    if service.repository is None:
        return None
    known = repository(service.repository)
    is_own = known.shape is Shape.SHARED and "/" in known.path and is_named_after(known, service)
    return replace(known, shape=Shape.REPOSITORY) if is_own else known


_CODE = re.compile(
    r"\bcodes?[ -]?source|\bsource[ -]?code\b|\bopen[ -]?source\b|\bcode\b|\bsources\b|\bgit ?(?:hub|lab|ea)?\b|\bdepots?\b"
    r"|\brepositor(?:y|ies)\b|\bforge\b|\bcontribu|\b(?:modifier|editer|edit|ameliorer|improve)\b.{0,12}\bpage\b|\bforgejo\b"
    r"|\bcodeberg\b|\bframagit\b"
)
_COMMON = frozenset(
    {"www", "beta", "gouv", "fr", "app", "site", "web", "fabrique", "social", "incubateur", "com", "org", "net"}
)


def promise(words: str, repository: Repository, service: Service) -> int:
    """How likely a link leads to the service's own code, 0 for no reason to think so.

    ``words`` is what the link says, folded: that it leads to code counts most, then that the repository is called like
    the service.
    """
    if repository.shape not in {Shape.REPOSITORY, Shape.ORGANISATION}:
        return 0
    return 3 * bool(_CODE.search(words)) + 2 * is_named_after(repository, service)


def is_named_after(repository: Repository, service: Service) -> bool:
    """Whether a repository is called like the service: by its id, its name or the host of its site."""
    own = _letters(repository.path.rpartition("/")[2])
    labels = [label for label in host_of(service.url or "").split(".") if label not in _COMMON]
    names = {_letters(name) for name in (service.id, service.name, *labels)}
    return any(_is_part(own, name) for name in names)


def _is_part(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return len(short) >= 4 and short in long  # noqa: PLR2004 - "api" is part of too many names


def _letters(name: str) -> str:
    return re.sub(r"[\W_]+", "", fold(name))
