"""Le code source du service est public.

Pourquoi c'est important
------------------------
Le code d'un service public est un document administratif : chacun peut demander à le lire, le vérifier et le réutiliser.
Le publier évite de le redemander, et permet à d'autres administrations de ne pas le payer deux fois.

Ce que nous regardons
---------------------
Un dépôt propre au service, donné par le registre ou lié depuis une page lue du site. Ne comptent pas : le dépôt du système
de design de l'État, le texte d'une licence, un gabarit, un outil que le service utilise, ni la seule page d'une organisation.

Nous demandons à la forge (GitHub, GitLab, Gitea, Forgejo, sourcehut) si le dépôt existe, s'il est public et s'il contient du
code. Elle nous dit aussi s'il est archivé, s'il a changé de nom et quand il a été modifié : ce sont des avertissements. Une
forge qui ne répond pas, ou qui limite nos demandes, n'est pas un échec du service : nous lisons alors la page publique du
dépôt, et à défaut nous disons que nous ne savons pas.

Comment corriger
----------------
- Rendez public le dépôt du service, avec une licence libre reconnue (règle `source-licence`).
- Déclarez son adresse dans la fiche du service (`repository`) et liez-la depuis le pied de page.

Référence
---------
- Code des relations entre le public et l'administration, articles L. 300-2 et L. 311-1.
- Loi n° 2016-1321 du 7 octobre 2016 pour une République numérique.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from checks.model.evidence import Evidence
from checks.model.outcome import Outcome
from checks.model.repository import Shape, repository
from checks.model.rule import Finding, Obstacle, Rule, Status
from checks.model.service import PhaseGroup
from checks.parse.site import Site
from checks.parse.transparency.forges import State, Told

_NO_SITE = {Obstacle.NO_URL, Obstacle.NOT_A_WEBSITE}


class Reason(StrEnum):
    PUBLIC = "public-repository"
    NONE = "none"
    NOT_PUBLIC = "not-public"
    EMPTY = "empty-repository"
    FORGE_UNAVAILABLE = "forge-unavailable"
    ORGANISATION_ONLY = "organisation-only"
    NOT_A_FORGE = "not-a-forge"


_STATES = {
    State.PUBLIC: Reason.PUBLIC,
    State.EMPTY: Reason.EMPTY,
    State.GROUP: Reason.ORGANISATION_ONLY,
    State.NOT_PUBLIC: Reason.NOT_PUBLIC,
    State.UNKNOWN: Reason.FORGE_UNAVAILABLE,
}


def judge(site: Site) -> Finding:
    best = site.source.best
    if best and best.state is State.PUBLIC:
        return _told(site, best)
    # Where nobody answers at all, it is not the forge's doing.
    if site.source.is_unknown and not (site.obstacle and site.obstacle.reason == Obstacle.UNREACHABLE):
        return _told(site, best) if best else _unasked(site)
    # A site that could not be read may name another repository; where there is no site, the registry's is all.
    if site.obstacle and (site.obstacle.reason not in _NO_SITE or not site.source.declared):
        return site.obstacle
    return _told(site, best) if best else _without_repository(site)


def _told(site: Site, best: Told) -> Finding:
    lead = site.source.lead_to(best.asked.url)
    return Finding(
        reason=_STATES[best.state],
        warnings=(*site.warnings, *_warnings(site, best)),
        evidence=(best.evidence, *((lead.evidence,) if lead else ())),
        facts=_facts(best.url, best),
    )


def _facts(url: str, best: Told | None = None) -> dict[str, object]:
    return {
        "forge": repository(url).forge or None,
        "repository": url,
        "archived": best.archived if best else None,
        "pushed_at": best.pushed_at.isoformat() if best and best.pushed_at else None,
        "licence": best.licence if best else None,
    }


def _warnings(site: Site, best: Told) -> list[str]:
    said = {
        "archived": best.archived is True,
        "renamed": best.state is State.PUBLIC and best.is_renamed,
        "no-activity-in-2-years": best.pushed_at is not None
        and best.pushed_at.isoformat() < _two_years_before(site.as_of),
    }
    return [
        *(name for name, is_so in said.items() if is_so),
        *_places(site, {best.asked.key, repository(best.url).key}),
    ]


def _two_years_before(day: date) -> str:
    """In ISO form, where 29 February needs no anniversary to be compared."""
    return f"{day.year - 2:04}{day.isoformat()[4:]}"


def _places(site: Site, keys: set[str]) -> list[str]:
    """Where a repository is not named, and should be."""
    source = site.source
    warnings = [] if source.declared and source.declared.key in keys else ["not-in-registry"]
    return [*warnings, "not-linked-from-site"] if site.page and source.linked.isdisjoint(keys) else warnings


def _unasked(site: Site) -> Finding:
    """A repository is named, and no forge was asked: too many requests, or saved pages."""
    return _named(site, Reason.FORGE_UNAVAILABLE, site.source.named[0].url)


def _without_repository(site: Site) -> Finding:
    source = site.source
    named = [one for one in (source.declared, *(lead.repository for lead in source.leads)) if one]
    for shape, reason in (
        (Shape.ORGANISATION, Reason.ORGANISATION_ONLY),
        (Shape.NOT_A_FORGE, Reason.NOT_A_FORGE),
    ):
        known = next((one for one in named if one.shape is shape), None)
        if known:
            return _named(site, reason, known.url)
    if site.page is None:
        return Finding(reason=Reason.NONE)
    missing = Obstacle.NEEDS_RENDERING if site.awaits_foot else Reason.NONE
    return Finding(reason=missing, warnings=site.warnings, evidence=(site.page.evidence(),))


def _named(site: Site, reason: Reason, url: str) -> Finding:
    lead = site.source.lead_to(url)
    evidence: tuple[Evidence, ...] = (lead.evidence,) if lead else (site.page.evidence(),) if site.page else ()
    warnings = (*site.warnings, *_places(site, {repository(url).key}))
    return Finding(reason=reason, warnings=warnings, evidence=evidence, facts=_facts(url))


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
        Reason.NOT_PUBLIC: Outcome.FAILED,
        Reason.EMPTY: Outcome.FAILED,
        Reason.FORGE_UNAVAILABLE: Outcome.CANT_TELL,
        Reason.ORGANISATION_ONLY: Outcome.CANT_TELL,
        Reason.NOT_A_FORGE: Outcome.CANT_TELL,
    },
    messages={
        Reason.PUBLIC: "Le dépôt du service est public.",
        Reason.NONE: "Aucun dépôt : ni déclaré dans le registre, ni lié depuis les pages lues du site.",
        Reason.NOT_PUBLIC: "Le dépôt annoncé n'existe pas, ou il faut se connecter pour le voir.",
        Reason.EMPTY: "Le dépôt annoncé est vide.",
        Reason.FORGE_UNAVAILABLE: "Un dépôt est annoncé, mais la forge n'a pas répondu : on ne sait pas s'il est public.",
        Reason.ORGANISATION_ONLY: "Le lien mène à une organisation, pas au dépôt du service.",
        Reason.NOT_A_FORGE: "L'adresse annoncée n'est pas celle d'une forge connue.",
    },
    warnings={
        "archived": "Le dépôt est archivé : il ne reçoit plus de modifications.",
        "renamed": "Le dépôt a changé de nom ou de place : l'ancienne adresse y mène encore, le registre est à mettre à jour.",
        "no-activity-in-2-years": "Le dépôt n'a reçu aucune modification depuis deux ans.",
        "not-in-registry": "Le site mène à un dépôt que le registre ne donne pas : il suffit de l'y ajouter.",
        "not-linked-from-site": "Aucune page lue du site ne lie ce dépôt.",
    },
    skips=frozenset({PhaseGroup.INVESTIGATION}),
)
