"""The part that legal rules share: which page is the document, whether it can be read, and which groups it lacks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from checks.model.address import page_key
from checks.model.capture import Found as How
from checks.model.capture import Topic
from checks.model.evidence import Evidence
from checks.model.kinds import is_self_evident
from checks.model.legal import LEGAL, is_link_to
from checks.model.outcome import Outcome
from checks.model.rule import Finding, Obstacle
from checks.parse.html import Page
from checks.parse.legal.groups import Found, Group, find
from checks.parse.legal.home_parts import opened_by_script, parts
from checks.parse.looks import awaits_script, is_loading, is_placeholder, is_shell
from checks.parse.pdf import is_pdf
from checks.parse.reading import Fault, Reading, is_document
from checks.parse.site import Site


class DocumentReason(StrEnum):
    """Reasons that every rule about a legal document has."""

    COMPLETE = "complete"
    NO_PAGE = "no-page"
    BROKEN_LINK = "broken-link"
    SOFT_404 = "soft-404"
    MISSING = "groups-missing"


OUTCOMES: Mapping[str, Outcome] = {
    **dict.fromkeys(DocumentReason, Outcome.FAILED),
    DocumentReason.COMPLETE: Outcome.PASSED,
}
WARNINGS = {
    "external-host": "La page est publiée sur un autre site que celui du service.",
    "insecure": "La page est servie en http, sans chiffrement.",
    "pdf": "La page est, ou semble être, un document à télécharger plutôt qu'une page du site.",
}
_SHORT = 1_500
_FAULTS = {
    Fault.BROKEN: DocumentReason.BROKEN_LINK,
    Fault.SOFT_404: DocumentReason.SOFT_404,
    Fault.LEADS_HOME: DocumentReason.SOFT_404,
    Fault.LOGIN_REQUIRED: DocumentReason.SOFT_404,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """A document: the groups that it owes, and ``headed``, the headings under which the page of another one holds it.

    ``waived`` gives the reason for which a page owes nothing of what it lacks, and the words that say so.
    """

    topic: Topic
    groups: tuple[Group, ...]
    headed: re.Pattern[str]
    waived: Callable[[Page, Mapping[str, Found]], tuple[str, Evidence] | None] | None = None


@dataclass(frozen=True, slots=True)
class Appraisal:
    """A page read for a document. ``reason`` is why it cannot be read as one, ``None`` where it can."""

    reading: Reading
    reason: str | None
    page: Page | None = None
    found: Mapping[str, Found] | None = None


def judge_document(site: Site, sought: Sought) -> Finding:
    """Judges the page that the home page links for it, else a part of the home page, else the other legal pages.

    A link that leads to no page is a fault whatever stands elsewhere. Then a complete page settles it, what could not be read
    leaves the doubt, and only then is something found wanting.
    """
    if site.obstacle or site.page is None or site.home is None:
        return site.obstacle or Finding(reason=Obstacle.NOT_RUN)
    linked = [_appraised(one, sought) for one in _linked(site, site.page, sought.topic)]
    own = [*linked, *(_read(site.home, part, sought) for part in parts(site.page, sought.topic))]
    is_faulty = any(one.reason in set(DocumentReason) for one in linked)
    complete = _first_complete(own, sought)
    others = (
        [] if complete or is_faulty else [one for one in _others(site, sought) if one.reason or _holds(one, sought)]
    )
    complete = complete or _first_complete(others, sought)
    if complete or linked:
        return _judged(site, complete or _best(linked), sought)
    unvisited = _unvisited(site, site.page, sought)
    if unvisited or own:
        return unvisited or _judged(site, _best(own), sought)
    return _unopened(site, site.page, sought) or _absent(site, others, sought)


def _best(own: Sequence[Appraisal]) -> Appraisal:
    return next((one for one in own if one.reason is None), own[0])


def _linked(site: Site, home: Page, topic: Topic) -> Sequence[Reading]:
    """The pages visited for a topic; else the one visited for another legal topic to which a second link leads, with a name
    of its own."""
    own = [one for one in site.candidates(topic) if one.is_found(How.LINK)]
    if own:
        return own
    named = {
        page_key(one.url) for one in home.links if one.url and is_link_to(topic, one.words, one.url, home.capture.url)
    }
    legal = (one for other in LEGAL for one in site.candidates(other) if one.is_found(How.LINK))
    return [one for one in legal if page_key(one.chain.first.url) in named][:1]


def _appraised(reading: Reading, sought: Sought) -> Appraisal:
    if reading.is_broken_down:
        return Appraisal(reading, DocumentReason.BROKEN_LINK)  # the home page answers, so this is the link's fault
    if reading.fault:
        return Appraisal(reading, _FAULTS[reading.fault])
    if reading.obstacle or reading.page is None:
        return Appraisal(reading, reading.obstacle or Obstacle.NOT_HTML)
    return _read(reading, reading.page, sought)


def _read(reading: Reading, page: Page, sought: Sought) -> Appraisal:
    found = find(page, sought.groups)
    if not found and is_placeholder(page) and len(page.headings) <= 1:
        return Appraisal(reading, DocumentReason.SOFT_404)
    is_to_come = is_loading(page) or (not found and awaits_script(page) and len(page.content) < _SHORT)
    # A shared document is written by scripts, and its address proves nothing of what it says.
    is_to_come |= is_shell(page) or is_self_evident(page.capture.url)
    if len(found) < len(sought.groups) and is_to_come and not page.is_shown:
        return Appraisal(reading, Obstacle.NEEDS_RENDERING)
    return Appraisal(reading, None, page, found)


def _others(site: Site, sought: Sought) -> Iterator[Appraisal]:
    """The pages linked for other legal topics, in the order of the topics, each once."""
    seen = {id(reading.chain) for reading in site.candidates(sought.topic)}
    for reading in (one for topic in LEGAL for one in site.candidates(topic)):
        if id(reading.chain) not in seen and reading.is_found(How.LINK):
            seen.add(id(reading.chain))
            yield _appraised(reading, sought)


def _holds(one: Appraisal, sought: Sought) -> bool:
    """Whether the page of another document holds this one too: under a heading of its own, or with all it owes."""
    if one.page is None:
        return False
    is_whole = len(sought.groups) > 1 and _is_complete(one, sought)
    return is_whole or any(sought.headed.search(block.words) for block in one.page.headings)


def _may_hold(one: Appraisal) -> bool:
    """Whether a page that could not be read may hold another document: one about data holds hardly any."""
    is_about_data = one.reading.candidate is not None and one.reading.candidate.topic is Topic.PRIVACY
    return one.reason in set(Obstacle) and not is_about_data


def _first_complete(read: Sequence[Appraisal], sought: Sought) -> Appraisal | None:
    return next((one for one in read if _is_complete(one, sought)), None)


def _is_complete(one: Appraisal, sought: Sought) -> bool:
    return one.found is not None and len(one.found) == len(sought.groups)


def _judged(site: Site, one: Appraisal, sought: Sought) -> Finding:
    if one.page is None or one.found is None:
        pdf = ("pdf",) if is_document(one.reading.capture) or is_pdf(one.reading.capture) else ()
        return Finding(reason=str(one.reason), warnings=(*site.warnings, *pdf), evidence=(one.reading.evidence(),))
    found = {group.key: one.found[group.key] for group in sought.groups if group.key in one.found}
    missing = [group.label for group in sought.groups if group.key not in found]
    facts = {"missing": missing, **{key: given.excerpt for key, given in found.items()}}
    waived = sought.waived(one.page, found) if sought.waived and missing else None
    if waived:
        return Finding(
            reason=waived[0],
            warnings=site.page_warnings(one.reading),
            evidence=(waived[1],),
            facts={**facts, "missing": []},
        )
    return Finding(
        reason=DocumentReason.MISSING if missing else DocumentReason.COMPLETE,
        value=", ".join(missing) or None,
        warnings=site.page_warnings(one.reading),
        evidence=tuple(given.evidence for given in found.values()) if not missing else (one.reading.evidence(),),
        facts=facts,
    )


def _unvisited(site: Site, home: Page, sought: Sought) -> Finding | None:
    """A link of the home page that names it and was not followed: it leads home, or the visit ended before."""
    here = home.capture.url
    link = next((one for one in home.links if one.url and is_link_to(sought.topic, one.words, one.url, here)), None)
    if link is None or (page_key(link.url) == page_key(here) and "#" in link.url):
        return None
    reason = DocumentReason.SOFT_404 if page_key(link.url) == page_key(here) else Obstacle.NOT_RUN
    return Finding(reason=reason, warnings=site.warnings, evidence=(home.evidence(link.name, link.element),))


def _unopened(site: Site, home: Page, sought: Sought) -> Finding | None:
    """A link or a button that a script opens."""
    opener = opened_by_script(home, sought.topic)
    if opener is None:
        return None
    evidence = (home.evidence(home.text_of(opener), opener),)
    return Finding(reason=Obstacle.NEEDS_RENDERING, warnings=site.warnings, evidence=evidence)


def _absent(site: Site, others: Sequence[Appraisal], sought: Sought) -> Finding:
    """No link of the home page names it: it may stand in the page of another document, or in one that was not read."""
    readable = (one for one in others if one.reason is None)
    told = next(readable, None) or next((one for one in others if _may_hold(one)), None)
    if told:
        return _judged(site, told, sought)
    is_named = any(site.candidates(topic) for topic in LEGAL)
    reason = Obstacle.NEEDS_RENDERING if site.awaits_foot and not is_named else DocumentReason.NO_PAGE
    return Finding(reason=reason, warnings=site.warnings, evidence=site.looked(one.reading for one in others))
