"""The part that statistics and budget share: a declared page first, then links, then conventional paths."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from checks.model.address import page_key, split
from checks.model.capture import Found, Topic
from checks.model.evidence import Evidence
from checks.model.kinds import is_self_evident
from checks.model.outcome import Outcome
from checks.model.rule import Finding, Obstacle
from checks.parse.looks import awaits_script, is_loading, is_placeholder
from checks.parse.reading import Fault, Reading
from checks.parse.site import Site


class PublicationReason(StrEnum):
    """Reasons that every rule about a published page has."""

    DECLARED = "declared-and-verified"
    ON_SITE = "found-on-site"
    CONVENTIONAL = "found-at-conventional-path"
    NONE = "none"
    DECLARED_BROKEN = "declared-broken"
    SOFT_404 = "soft-404"
    PLACEHOLDER = "placeholder"
    LOGIN_REQUIRED = "login-required"
    LEADS_HOME = "leads-home"


OUTCOMES: Mapping[str, Outcome] = {
    **dict.fromkeys(PublicationReason, Outcome.FAILED),
    PublicationReason.DECLARED: Outcome.PASSED,
    PublicationReason.ON_SITE: Outcome.PASSED,
    PublicationReason.CONVENTIONAL: Outcome.PASSED,
}
WARNINGS = {
    "not-in-registry": "La page existe, mais le registre ne la donne pas : il suffit de l'y ajouter.",
    "declared-broken-but-found": "L'adresse donnée par le registre ne convient pas ; une autre page convient.",
    "not-linked-from-home": "La page existe, mais la page d'accueil n'y mène pas.",
    "external-host": "La page est publiée sur un autre site que celui du service.",
    "insecure": "La page est servie en http, sans chiffrement.",
}
_PASSED = {
    Found.DECLARED: PublicationReason.DECLARED,
    Found.LINK: PublicationReason.ON_SITE,
    Found.CONVENTIONAL: PublicationReason.CONVENTIONAL,
}
_FAULTS = {
    Fault.BROKEN: PublicationReason.DECLARED_BROKEN,
    Fault.SOFT_404: PublicationReason.SOFT_404,
    Fault.LEADS_HOME: PublicationReason.LEADS_HOME,
    Fault.LOGIN_REQUIRED: PublicationReason.LOGIN_REQUIRED,
}
_SILENT = {Fault.BROKEN, Fault.SOFT_404, Fault.LEADS_HOME}
"""Faults that say nothing at a path that nobody promised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What a rule looks for: ``declared`` is the registry's address, ``shown`` finds what proves a page (empty: nothing),
    ``wanting`` is the reason of a readable page on which it finds nothing. ``refused`` gives the reason for which an
    address cannot count, whatever it answers. ``takes_documents``: a file that is not a page proves itself by its answer.
    """

    topic: Topic
    declared: str | None
    shown: Callable[[Reading], tuple[Evidence, ...]]
    wanting: str
    refused: Callable[[Reading], str | None] = lambda _: None
    takes_documents: bool = False


@dataclass(frozen=True, slots=True)
class Appraisal:
    """A candidate judged: ``reason`` is why it is not what it should be, ``None`` where it is."""

    reading: Reading
    found: Found
    reason: str | None
    evidence: tuple[Evidence, ...] = ()


def judge_publication(site: Site, sought: Sought) -> Finding:
    """Judges the candidates of a topic.

    A page that passes settles it. Else an address that could not be read leaves the doubt, and only then is something
    found wanting.
    """
    appraised = [_appraised(reading, sought) for reading in site.candidates(sought.topic)]
    passed = _first_passed(appraised)
    if passed:
        return _passed(site, passed, appraised, sought)
    return _doubt(site, appraised, sought) or _failed(site, appraised)


def published(site: Site, sought: Sought) -> Reading | None:
    """The page that passes; ``None`` if there is none."""
    passed = _first_passed(_appraised(reading, sought) for reading in site.candidates(sought.topic))
    return passed.reading if passed else None


def _first_passed(appraised: Iterable[Appraisal]) -> Appraisal | None:
    return next((one for one in appraised if one.reason is None), None)


def _appraised(reading: Reading, sought: Sought) -> Appraisal:
    found = reading.candidate.found if reading.candidate else Found.CONVENTIONAL
    refused = sought.refused(reading)
    if refused:
        return Appraisal(reading, found, refused, (reading.evidence(),))
    evidence = sought.shown(reading) if reading.is_readable else ()
    if evidence:
        return Appraisal(reading, found, None, evidence)
    return Appraisal(reading, found, _shortcoming(reading, sought), (reading.evidence(),))


def _shortcoming(reading: Reading, sought: Sought) -> str | None:
    """Why a page on which nothing was shown is not what it should be; ``None`` where its address alone proves it."""
    if reading.obstacle:
        return reading.obstacle
    if reading.fault:
        return _FAULTS[reading.fault]
    if is_self_evident(reading.capture.url):
        return None
    if reading.page is None:
        return None if sought.takes_documents else Obstacle.NOT_HTML
    if is_placeholder(reading.page):
        return PublicationReason.PLACEHOLDER
    return Obstacle.NEEDS_RENDERING if awaits_script(reading.page) or is_loading(reading.page) else sought.wanting


def _passed(site: Site, passed: Appraisal, appraised: Sequence[Appraisal], sought: Sought) -> Finding:
    warnings = []
    if passed.found is not Found.DECLARED and not sought.declared:
        warnings.append("not-in-registry")
    if passed.found is not Found.DECLARED and sought.declared and not _is_doubtful(appraised):
        warnings.append("declared-broken-but-found")
    if not _is_linked(site, passed.reading, appraised):
        warnings.append("not-linked-from-home")
    warnings += site.page_warnings(passed.reading)
    return Finding(reason=_PASSED[passed.found], warnings=tuple(warnings), evidence=passed.evidence)


def _is_doubtful(appraised: Sequence[Appraisal]) -> bool:
    """Whether the declared address could not be read: then nothing is said against it."""
    return any(one.found is Found.DECLARED and isinstance(one.reason, Obstacle) for one in appraised)


def _is_linked(site: Site, reading: Reading, appraised: Sequence[Appraisal]) -> bool:
    if site.page is None:
        return True  # nothing is known of a page that was not read
    pages = {page_key(hop.url) for hop in reading.chain.hops}
    linked = {page_key(link.url) for link in site.page.links if link.url}
    linked |= {page_key(one.reading.chain.first.url) for one in appraised if one.found is Found.LINK}
    return bool(pages & linked)


def _doubt(site: Site, appraised: Sequence[Appraisal], sought: Sought) -> Finding | None:
    unread = next((one for one in appraised if isinstance(one.reason, Obstacle)), None)
    if unread and unread.reason:
        return Finding(reason=unread.reason, warnings=site.warnings, evidence=unread.evidence)
    if site.obstacle is None or (site.obstacle.reason == Obstacle.NO_URL and appraised):
        return None
    if site.obstacle.reason == Obstacle.NO_URL and sought.declared and split(sought.declared):
        return Finding(reason=Obstacle.NOT_RUN)
    return site.obstacle


def _failed(site: Site, appraised: Sequence[Appraisal]) -> Finding:
    told = [one for one in appraised if one.found is not Found.CONVENTIONAL]
    # A conventional path that answers 404 proves nothing; one that answers something says what is wrong.
    told += [one for one in appraised if one.found is Found.CONVENTIONAL and one.reading.fault not in _SILENT]
    if not told or told[0].reason is None:
        return Finding(
            reason=PublicationReason.NONE,
            warnings=site.warnings,
            evidence=site.looked(one.reading for one in appraised),
        )
    reason = told[0].reason
    if reason == PublicationReason.DECLARED_BROKEN and told[0].found is not Found.DECLARED:
        reason = PublicationReason.NONE
    return Finding(reason=reason, warnings=site.warnings, evidence=told[0].evidence)
