"""What the code names in English, as French readers see it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache

from babel.dates import format_date

from checks.model.outcome import Outcome
from checks.model.rule import Status
from checks.model.service import PhaseGroup
from reports.language import N_, Language, Spoken, _, many, speaking, spoken
from reports.publisher.publisher import Publisher
from reports.render.foreign import shown
from reports.render.spans import Span
from reports.store.records import RunRecord

NBSP = "\N{NO-BREAK SPACE}"

OUTCOMES: Mapping[Outcome, str] = Spoken(
    {
        Outcome.FAILED: "Non respecté",
        Outcome.CANT_TELL: "Indéterminé",
        Outcome.PASSED: "Respecté",
        Outcome.INAPPLICABLE: "Sans objet",
        Outcome.UNTESTED: "Non testé",
    }
)
"""In the order in which a reader wants them: what is to be mended first."""

HEADINGS: Mapping[Outcome, str] = Spoken(
    {
        **OUTCOMES,
        Outcome.FAILED: "À corriger",
        Outcome.CANT_TELL: "Indéterminé : nous n'avons pas pu juger",
    }
)
"""Over the rules of each outcome, on the page of a service."""

SYMBOLS: Mapping[Outcome, str] = {
    Outcome.PASSED: "✓",
    Outcome.FAILED: "✗",
    Outcome.CANT_TELL: "?",
    Outcome.INAPPLICABLE: "–",
    Outcome.UNTESTED: "·",
}

PHASE_GROUPS: Mapping[PhaseGroup, str] = Spoken(
    {
        PhaseGroup.INVESTIGATION: "Investigation",
        PhaseGroup.CONSTRUCTION: "Construction",
        PhaseGroup.ACCELERATION: "Accélération",
        PhaseGroup.LEAVING: "Sortie d'incubation",
        PhaseGroup.PERENNISED: "Pérennisé",
        PhaseGroup.STOPPED: "Arrêté",
        PhaseGroup.UNKNOWN: "Phase inconnue",
    }
)

STATUSES: Mapping[Status, str] = Spoken(
    {
        Status.EVALUATION: "En évaluation : la règle est jugée et montrée, mais ne compte dans aucun chiffre.",
        Status.ACTIVE: "Active.",
        Status.RETIRED: "Retirée : la règle n'est plus jugée.",
    }
)

LEVELS: Mapping[str, str] = Spoken(
    {
        "totally": "totalement conforme",
        "partially": "partiellement conforme",
        "not": "non conforme",
    }
)
"""The value of the accessibility rules; other values are shown as they are."""

PARTS: Mapping[str, str] = Spoken(
    {
        "organisation": "l'organisation qui s'engage",
        "article-47": "l'article 47 de la loi du 11 février 2005",
        "scope": "le site auquel la déclaration s'applique",
        "state": "l'état de conformité",
        "results": "les résultats des tests",
        "content": "les contenus non accessibles",
        "date": "une date",
        "contact": "un contact",
        "recourse": "les voies de recours (Défenseur des droits)",
        "éditeur": "éditeur",
        "directeur ou directrice de la publication": "directeur ou directrice de la publication",
        "hébergeur": "hébergeur",
        "finalités": "finalités",
        "durée de conservation": "durée de conservation",
        "droits ou contact du délégué à la protection des données": "droits ou contact du délégué à la protection des données",
        "objet du service": "objet du service",
    }
)
"""What a declaration or a legal document lacks, by the names of the verdicts; others are shown as they are."""

SERVERS: Mapping[str, str] = {
    "nginx": "nginx",
    "apache": "Apache",
    "caddy": "Caddy",
    "django": "Django",
    "rails": "Ruby on Rails",
    "express": "Express (Node.js)",
    "scalingo": "Scalingo",
}
"""What a header is configured in; others are shown as they are."""

CORRECTED = N_("Une personne a constaté qu'on ne peut pas juger.")
"""Why nothing is told of a service, where the machine had told something."""

ON_TRIAL = N_("Règle à l'essai : son verdict ne compte dans aucun chiffre.")
"""Beside the verdict of a rule in evaluation."""

REGISTRY_WARNINGS: Mapping[str, str] = Spoken(
    {
        "registry-value-repaired": "Le registre contient une valeur mal écrite, que nous avons réparée",
        "registry-value-unusable": "Le registre contient une valeur inutilisable, que nous avons ignorée",
        "unknown-phase": "Le registre nomme une phase que nous ne connaissons pas",
    }
)

FIELDS: Mapping[str, str] = Spoken(
    {
        "id": "identifiant",
        "name": "nom",
        "url": "adresse",
        "incubators": "incubateur",
        "sponsors": "sponsor",
        "phases": "phase",
        "events": "événement",
        "statistics_url": "page de statistiques",
        "budget_url": "page de budget",
        "repository": "code source",
        "accessibility_status": "accessibilité déclarée",
    }
)

DETAILS: Mapping[str, str] = Spoken(
    {
        "not-ended": "dont non terminées",
        "not-stopped": "dont non arrêtés",
        "year": "année",
        "by-year": "par année",
        "events": "événements",
        "services": "services",
        "with-dinum_produits_interministeriels": "avec dinum_produits_interministeriels",
        "declared-passed": "déclaré, vérifié",
        "declared-failed": "déclaré, démenti par le site",
        "declared-undecided": "déclaré, indéterminé",
        "declared-inapplicable": "déclaré, sans objet",
        "declared-untested": "déclaré, non testé",
        "undeclared-passed": "non déclaré, trouvé sur le site",
        "undeclared-failed": "non déclaré, absent du site",
        "undeclared-undecided": "non déclaré, indéterminé",
        "undeclared-inapplicable": "non déclaré, sans objet",
        "undeclared-untested": "non déclaré, non testé",
    }
)
"""The keys of the details of a figure; others are shown as they are."""

_UNBROKEN = re.compile(r" (?=[:;?!»%])|(?<=«) ")


def phase(group: str) -> str:
    return PHASE_GROUPS[PhaseGroup(group)]


def registry_warning(warning: str) -> str:
    """In French, a warning of the registry: ``registry-value-repaired:budget_url``; an unknown one as it is."""
    name, _, about = warning.partition(":")
    if name not in REGISTRY_WARNINGS:
        return warning
    return f"{REGISTRY_WARNINGS[name]} ({FIELDS.get(about, about)})." if about else f"{REGISTRY_WARNINGS[name]}."


def spaced(text: str) -> str:
    """Our own text with the spaces that no line may break at; never for foreign text, which is shown as it is.

    Those are the spaces of French, which other languages have only in the French that they quote.
    """
    return _UNBROKEN.sub(NBSP, text)


def counted(number: int, singular: str, plural: str = "") -> str:
    """``1 service``, ``2 services``; in French zero is singular. What readers of the site see has its plural written."""
    return f"{number}{NBSP}{many(singular, plural or f'{singular}s', number)}"


def mention(publisher: Publisher | None) -> str:
    """``Accessibilité : non conforme``: the level of these pages, which is none where nobody answers for them."""
    level = LEVELS[publisher.accessibility.level if publisher else "not"]
    return spaced(_("Accessibilité : {level}").format(level=level))


def legal_mention(publisher: Publisher | None) -> str:
    """The mention as the law has it, in French whatever is spoken."""
    with speaking("fr"):
        return mention(publisher)


def percent_down(part: int, whole: int) -> str:
    """``99,9 %`` for 9,999 of 10,000: rounded down, so that 100 % means every one of them."""
    return _("{number}\xa0%").format(number=rate(part * 1000 // whole / 10))


def rate(percent: float) -> str:
    """``72,5``; in English ``72.5``."""
    return f"{percent:g}".replace(".", "," if spoken() == "fr" else ".")


def without(corrections: int) -> str:
    """What stands before a figure as it would be without them."""
    return many("Sans la correction", "Sans les {count}\xa0corrections", corrections).format(count=corrections)


def day(moment: str) -> str:
    """``23 novembre 2026`` for an ISO date or time; anything else as it is, its invisible controls made visible."""
    return _day(moment, spoken())


@lru_cache(maxsize=1024)
def _day(moment: str, language: Language) -> str:
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return shown(moment)
    said = format_date(at, "d MMMM y", locale=language)
    is_first = at.day == 1 and language == "fr"
    return (said.replace("1", "1er", 1) if is_first else said).replace(" ", NBSP, 1)


def time(moment: str) -> str:
    """``23 novembre 2026 à 6 h 02 (UTC)`` for an ISO time; anything else as :func:`day` gives it."""
    try:
        at = datetime.fromisoformat(moment).astimezone(UTC)
    except ValueError:
        return shown(moment)
    said = _("{day} à {hour}\xa0h\xa0{minute} (UTC)")
    return said.format(day=day(at.isoformat()), hour=at.hour, minute=f"{at.minute:02}")


def between(first: str, last: str) -> str:
    """``le 3 mars 2026``, or ``du 3 mars au 6 juin 2026`` with both years, for two ISO times."""
    start, end = day(first), day(last)
    return _("le {day}").format(day=start) if start == end else _("du {first} au {last}").format(first=start, last=end)


def span(one: Span) -> str:
    """``✗ Non respecté, du 3 mars 2026 au 6 juin 2026 (4 audits)``."""
    said = f"{SYMBOLS[one.outcome]} {OUTCOMES[one.outcome]}" if one.outcome else _("Aucun verdict")
    audits = many("{count}\xa0audit", "{count}\xa0audits", one.count).format(count=one.count)
    return f"{said}, {between(one.first.started_at, one.last.started_at)} ({audits})"


def since(past: Sequence[Span], run: RunRecord) -> str:
    """The summary of a history, by its latest span, which comes first; of one alone, nobody knows here when it began."""
    one, *before = past
    if one.first.id == run.id:
        return _("Ce résultat est nouveau : voir les précédents")
    text = _("Même résultat depuis le {day}") if before else _("Même résultat depuis le {day} au moins")
    return text.format(day=day(one.first.started_at))
