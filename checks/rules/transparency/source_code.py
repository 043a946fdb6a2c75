"""Le code source du service est public.

Pourquoi c'est important
------------------------
Le code d'un service public est un document administratif : chacun peut demander à le lire, le vérifier et le réutiliser.
Le publier évite de le redemander, et permet à d'autres administrations de ne pas le payer deux fois.

Ce que nous regardons
---------------------
Un dépôt propre au service, donné par le registre ou lié depuis une page lue du site. Ne comptent pas : le dépôt du système
de design de l'État, le texte d'une licence, un gabarit, ni la seule page d'une organisation.

Cette version de la règle n'interroge pas encore les forges : un lien vers un dépôt n'est donc ni une réussite ni un échec.

Comment corriger
----------------
- Rendez public le dépôt du service, avec une licence libre reconnue.
- Déclarez son adresse dans la fiche du service (`repository`) et liez-la depuis le pied de page.

Référence
---------
- Code des relations entre le public et l'administration, articles L. 300-2 et L. 311-1.
- Loi n° 2016-1321 du 7 octobre 2016 pour une République numérique.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from checks.model.evidence import Evidence
from checks.model.french import fold
from checks.model.outcome import Outcome
from checks.model.rule import Finding, Obstacle, Rule, Status
from checks.model.service import PhaseGroup
from checks.parse.html import Link, Page
from checks.parse.site import Site
from checks.parse.transparency.repositories import Repository, Shape, repository


class Reason(StrEnum):
    PUBLIC = "public-repository"
    NONE = "none"
    FORGE_UNAVAILABLE = "forge-unavailable"
    ORGANISATION_ONLY = "organisation-only"
    NOT_A_FORGE = "not-a-forge"


_SHAPES = {
    Shape.REPOSITORY: Reason.FORGE_UNAVAILABLE,
    Shape.ORGANISATION: Reason.ORGANISATION_ONLY,
    Shape.NOT_A_FORGE: Reason.NOT_A_FORGE,
}
_CODE = re.compile(r"\bcode\b|\bsources?\b|\bgit(?:hub|lab)?\b|depot|contribu")
_ORDER = (Shape.REPOSITORY, Shape.ORGANISATION, Shape.NOT_A_FORGE)


@dataclass(frozen=True, slots=True)
class Lead:
    """A link to a forge, and the page that carries it."""

    repository: Repository
    link: Link
    page: Page


def judge(site: Site) -> Finding:
    # A declared repository is the forge's to confirm, whatever the site does; where nothing answered, nor did the forge.
    if site.obstacle and (site.obstacle.reason == Obstacle.UNREACHABLE or not site.service.repository):
        return site.obstacle
    linked = _linked(site)
    declared = repository(site.service.repository) if site.service.repository else None
    known = [one for one in (declared, *(lead.repository for lead in linked)) if one and one.shape in _SHAPES]
    if not known:
        return _nothing(site)
    best = min(known, key=lambda one: _ORDER.index(one.shape))
    return Finding(
        reason=_SHAPES[best.shape],
        warnings=(*site.warnings, *_warnings(site, best, declared, linked)),
        evidence=_evidence(site, best, linked),
        facts={
            "forge": best.forge or None,
            "repository": best.url,
            "archived": None,
            "pushed_at": None,
            "licence": None,
        },
    )


def _linked(site: Site) -> list[Lead]:
    """The links to forges on the pages read, the most promising first."""
    pages = (site.page, *site.inner) if site.page else ()
    leads = [Lead(repository(link.url), link, page) for page in pages for link in page.links if link.url]
    on_forges = [lead for lead in leads if lead.repository.shape in {Shape.REPOSITORY, Shape.ORGANISATION}]
    return sorted(on_forges, key=lambda lead: -_promise(site, lead))


def _promise(site: Site, lead: Lead) -> int:
    """How likely a link leads to the service's own code: what it says, where it stands, what the repository is called."""
    name = lead.repository.url.rpartition("/")[2].lower()
    own = fold(f"{site.service.id} {site.service.name} {site.service.url}")
    says_code = bool(_CODE.search(lead.link.words))
    is_named = name in own.replace(" ", "-") or name in own
    stands_low = lead.page.is_in_footer(lead.link.element)
    return 3 * says_code + 2 * is_named + 2 * stands_low


def _nothing(site: Site) -> Finding:
    if site.obstacle or site.page is None:
        return site.obstacle or Finding(reason=Obstacle.NOT_RUN)
    reason = Obstacle.NEEDS_RENDERING if site.awaits_foot else Reason.NONE
    return Finding(reason=reason, warnings=site.warnings, evidence=(site.page.evidence(),))


def _warnings(site: Site, best: Repository, declared: Repository | None, linked: list[Lead]) -> list[str]:
    warnings = [] if declared else ["not-in-registry"]
    if site.page and best.url.lower() not in {lead.repository.url.lower() for lead in linked}:
        warnings.append("not-linked-from-site")
    return warnings


def _evidence(site: Site, best: Repository, linked: list[Lead]) -> tuple[Evidence, ...]:
    lead = next((lead for lead in linked if lead.repository.url.lower() == best.url.lower()), None)
    if lead:
        return (lead.page.evidence(f"{lead.link.name} {lead.link.url}", lead.link.element),)
    return (site.page.evidence(),) if site.page else ()


RULE = Rule(
    id="source-code",
    version=1,
    since="0.1.0",
    status=Status.ACTIVE,
    title="Code source public",
    page=__doc__,
    judge=judge,
    outcomes={
        Reason.PUBLIC: Outcome.PASSED,
        Reason.NONE: Outcome.FAILED,
        Reason.FORGE_UNAVAILABLE: Outcome.CANT_TELL,
        Reason.ORGANISATION_ONLY: Outcome.CANT_TELL,
        Reason.NOT_A_FORGE: Outcome.CANT_TELL,
    },
    messages={
        Reason.PUBLIC: "Le dépôt du service est public.",
        Reason.NONE: "Aucun dépôt : ni déclaré dans le registre, ni lié depuis les pages lues du site.",
        Reason.FORGE_UNAVAILABLE: "Un dépôt est annoncé, mais la forge n'a pas été interrogée : on ne sait pas s'il est public.",
        Reason.ORGANISATION_ONLY: "Le lien mène à une organisation, pas au dépôt du service.",
        Reason.NOT_A_FORGE: "L'adresse annoncée n'est pas celle d'une forge connue.",
    },
    warnings={
        "not-in-registry": "Le site mène à un dépôt que le registre ne donne pas : il suffit de l'y ajouter.",
        "not-linked-from-site": "Le registre donne un dépôt qu'aucune page lue du site ne lie.",
    },
    skips=frozenset({PhaseGroup.INVESTIGATION}),
)
