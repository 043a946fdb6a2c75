"""Le code source du service est public.

Pourquoi c'est important
------------------------
Le code d'un service public est un document administratif : chacun peut demander à le lire, le vérifier et le réutiliser.
Le publier évite de le redemander, et permet à d'autres administrations de ne pas le payer deux fois.

Ce que nous regardons
---------------------
Un dépôt propre au service, donné par le registre ou lié depuis la page d'accueil. Ne comptent pas : le dépôt du système
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
from enum import StrEnum

from checks.model.evidence import Evidence
from checks.model.french import fold
from checks.model.outcome import Outcome
from checks.model.rule import Finding, Obstacle, Rule, Status
from checks.model.service import PhaseGroup
from checks.parse.html import Link
from checks.parse.reading import awaits_script
from checks.parse.repositories import Repository, Shape, repository
from checks.parse.site import Site


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


def judge(site: Site) -> Finding:
    # A declared repository is the forge's to confirm, whatever the site does; where nothing answered, nor did the forge.
    if site.obstacle and (site.obstacle.reason == Obstacle.UNREACHABLE or not site.service.repository):
        return site.obstacle
    linked = _linked(site)
    declared = repository(site.service.repository) if site.service.repository else None
    known = [one for one in (declared, *(found for found, _ in linked)) if one and one.shape in _SHAPES]
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


def _linked(site: Site) -> list[tuple[Repository, Link]]:
    """The links to forges on the home page, the most promising first."""
    if site.page is None:
        return []
    page = site.page
    found = [(repository(link.url), link) for link in page.links if link.url]
    on_forges = [pair for pair in found if pair[0].shape in {Shape.REPOSITORY, Shape.ORGANISATION}]
    return sorted(on_forges, key=lambda pair: -_promise(site, *pair))


def _promise(site: Site, found: Repository, link: Link) -> int:
    """How likely a link leads to the service's own code: what it says, where it stands, what the repository is called."""
    name = found.url.rpartition("/")[2].lower()
    own = fold(f"{site.service.id} {site.service.name} {site.service.url}")
    says_code = bool(_CODE.search(link.words))
    is_named = name in own.replace(" ", "-") or name in own
    stands_low = bool(site.page and site.page.is_in_footer(link.element))
    return 3 * says_code + 2 * is_named + 2 * stands_low


def _nothing(site: Site) -> Finding:
    if site.obstacle or site.page is None:
        return site.obstacle or Finding(reason=Obstacle.NOT_RUN)
    reason = Obstacle.NEEDS_RENDERING if awaits_script(site.page) else Reason.NONE
    return Finding(reason=reason, warnings=site.warnings, evidence=(site.page.evidence(),))


def _warnings(
    site: Site, best: Repository, declared: Repository | None, linked: list[tuple[Repository, Link]]
) -> list[str]:
    warnings = [] if declared else ["not-in-registry"]
    addresses = {found.url.lower() for found, _ in linked}
    if site.page and best.url.lower() not in addresses:
        warnings.append("not-linked-from-site")
    return warnings


def _evidence(site: Site, best: Repository, linked: list[tuple[Repository, Link]]) -> tuple[Evidence, ...]:
    link = next((link for found, link in linked if found.url == best.url), None)
    if site.page is None:
        return ()
    return (site.page.evidence(f"{link.name} {link.url}", link.element) if link else site.page.evidence(),)


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
        Reason.NONE: "Aucun dépôt : ni déclaré dans le registre, ni lié depuis la page d'accueil.",
        Reason.FORGE_UNAVAILABLE: "Un dépôt est annoncé, mais la forge n'a pas été interrogée : on ne sait pas s'il est public.",
        Reason.ORGANISATION_ONLY: "Le lien mène à une organisation, pas au dépôt du service.",
        Reason.NOT_A_FORGE: "L'adresse annoncée n'est pas celle d'une forge connue.",
    },
    warnings={
        "not-in-registry": "Le site mène à un dépôt que le registre ne donne pas : il suffit de l'y ajouter.",
        "not-linked-from-site": "Le registre donne un dépôt que la page d'accueil ne lie pas.",
    },
    skips=frozenset({PhaseGroup.INVESTIGATION}),
)
