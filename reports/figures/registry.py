"""What the registry says by itself, without any audit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from checks.model.service import SUPPORTED, Event, PhaseGroup, PhaseRule, Service
from reports.figures.declared import declared_kinds
from reports.figures.figure import Figure, Share
from reports.figures.plf import plf_figures
from reports.language import N_, Spoken, _

_EVERY_ENTRY = N_("toutes les entrées du registre")
_ENTRIES_WITH_URL = N_("entrées du registre qui ont un site")
_SUPPORTED = N_("services accompagnés ou pérennisés (construction, accélération, sortie d'incubation, pérennisation)")
_BEYOND = N_("services en accélération, en sortie d'incubation ou pérennisés")
_CONSTRUCTION = N_("services en construction")
_BEYOND_GROUPS = SUPPORTED - {PhaseGroup.CONSTRUCTION}

_GROUP_LABELS: Mapping[PhaseGroup, str] = Spoken(
    {
        PhaseGroup.INVESTIGATION: "Services en investigation",
        PhaseGroup.CONSTRUCTION: "Services en construction",
        PhaseGroup.ACCELERATION: "Services en accélération",
        PhaseGroup.LEAVING: "Services en sortie d'incubation (transfert, consolidation)",
        PhaseGroup.PERENNISED: "Services pérennisés (opérés, transférés)",
        PhaseGroup.STOPPED: "Services arrêtés",
        PhaseGroup.UNKNOWN: "Entrées sans phase, ou de phase inconnue",
    }
)
_CURRENT_PHASE: Mapping[PhaseRule, str] = Spoken(
    {
        "latest-start": "La phase d'un service est celle qui commence le plus tard ; à égalité, la dernière de la liste.",
        "last-listed": "La phase d'un service est la dernière de sa liste.",
    }
)

_URL = N_("Le registre donne l'adresse d'un site.")
_STATISTICS = N_(
    "Le registre donne une page de statistiques, que personne n'a vérifiée ; une valeur blanche ne compte pas."
)
_BUDGET = N_(
    "Le registre donne une page ou un document de budget, que personne n'a vérifié ; une valeur blanche ne compte pas."
)
_REPOSITORY = N_(
    "Le registre donne l'adresse d'un code source, que personne n'a vérifiée ; une valeur blanche ne compte pas."
)

_Declaration = tuple[str, str, str, frozenset[PhaseGroup], str, str]
_DECLARATIONS: tuple[_Declaration, ...] = (
    ("services-with-url", N_("Services qui ont un site"), _SUPPORTED, SUPPORTED, "url", _URL),
    ("statistics-declared", N_("Statistiques déclarées"), _SUPPORTED, SUPPORTED, "statistics_url", _STATISTICS),
    ("budget-declared", N_("Budget déclaré"), _SUPPORTED, SUPPORTED, "budget_url", _BUDGET),
    ("open-source-declared", N_("Code source déclaré"), _BEYOND, _BEYOND_GROUPS, "repository", _REPOSITORY),
    (
        "open-source-declared-construction",
        N_("Code source déclaré, en construction"),
        _CONSTRUCTION,
        frozenset({PhaseGroup.CONSTRUCTION}),
        "repository",
        _REPOSITORY,
    ),
)
"""The shares: id, label, population in words and in groups, the field that must be there, definition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Registry:
    """The services with where each stands; phases and events later than ``as_of`` do not count."""

    services: tuple[Service, ...]
    groups: tuple[PhaseGroup, ...]
    phase_rule: PhaseRule
    as_of: str | None

    def of(self, groups: frozenset[PhaseGroup]) -> list[Service]:
        return [service for service, group in zip(self.services, self.groups, strict=True) if group in groups]

    def events(self, name: str) -> list[tuple[Service, Event]]:
        return [
            (service, event)
            for service in self.services
            for event in service.events
            if event.name == name and self.has_begun(event.date)
        ]

    def has_begun(self, day: str | None) -> bool:
        return not (self.as_of and day and day > self.as_of)


def registry_figures(
    services: Iterable[Service],
    *,
    phase_rule: PhaseRule = "latest-start",
    as_of: str | None = None,
    today: str,
    year: int | None = None,
) -> tuple[Figure, ...]:
    """Every figure that needs no audit; ``as_of`` and ``today`` are ISO dates.

    With ``as_of``, phases and events dated later do not count: an approximation, since registries rewrite their past.
    ``year`` is the one of the rows of the PLF table (``launched-by-dinum``, ``national-impact-new``); without it they
    are given for every year that the registry records, one figure a year.
    """
    known = tuple(services)
    groups = tuple(service.group(phase_rule, as_of) for service in known)
    registry = _Registry(services=known, groups=groups, phase_rule=phase_rule, as_of=as_of)
    day = as_of or today
    return (
        _supported(registry),
        *_by_phase(registry),
        _investigations(registry, day),
        *_declared(registry),
        *_declared_by_all(registry),
        _national_impact(registry),
        _fast(registry),
        *plf_figures(known, as_of=as_of, year=year),
        *_by_incubator(registry),
        *declared_kinds(known),
    )


def _supported(registry: _Registry) -> Figure:
    return Figure(
        id="services-supported",
        label=_("Services accompagnés ou pérennisés"),
        population=_(_EVERY_ENTRY),
        definition=(
            _("Entrées en construction, en accélération, en sortie d'incubation ou pérennisées.")
            + " "
            + _CURRENT_PHASE[registry.phase_rule]
        ),
        count=len(registry.of(SUPPORTED)),
    )


def _by_phase(registry: _Registry) -> Iterator[Figure]:
    counts = Counter(registry.groups)
    for group, label in _GROUP_LABELS.items():
        if group is PhaseGroup.UNKNOWN and not counts[group]:
            continue
        yield Figure(
            id="services-by-phase",
            label=label,
            population=_(_EVERY_ENTRY),
            definition=_CURRENT_PHASE[registry.phase_rule],
            count=counts[group],
            by="phase",
            group=group.value,
        )


def _investigations(registry: _Registry, day: str) -> Figure:
    found = registry.of(frozenset({PhaseGroup.INVESTIGATION}))
    phases = [service.phase(registry.phase_rule, registry.as_of) for service in found]
    not_ended = sum(1 for phase in phases if phase and not (phase.end and phase.end < day))
    return Figure(
        id="investigations",
        label=_("Investigations en cours"),
        population=_(_EVERY_ENTRY),
        definition=(
            _("Entrées en investigation ; à part, celles dont la date de fin n'est pas antérieure au {day}.").format(
                day=day
            )
            + " "
            + _CURRENT_PHASE[registry.phase_rule]
        ),
        count=len(found),
        details={"not-ended": not_ended},
    )


def _declared(registry: _Registry) -> Iterator[Figure]:
    for figure_id, label, population, groups, field, definition in _DECLARATIONS:
        values = [getattr(service, field) for service in registry.of(groups)]
        passed = sum(value is not None for value in values)
        yield Figure(
            id=figure_id,
            label=_(label),
            population=_(population),
            definition=_(definition),
            share=Share(passed=passed, failed=len(values) - passed),
        )


def _declared_by_all(registry: _Registry) -> tuple[Figure, Figure]:
    return (
        Figure(
            id="statistics-declared-all",
            label=_("Statistiques déclarées, toutes phases confondues"),
            population=_(_ENTRIES_WITH_URL),
            definition=_(_STATISTICS),
            count=sum(1 for service in registry.services if service.url and service.statistics_url is not None),
        ),
        Figure(
            id="budget-declared-all",
            label=_("Budgets déclarés, toutes phases confondues"),
            population=_(_EVERY_ENTRY),
            definition=_(_BUDGET),
            count=sum(service.budget_url is not None for service in registry.services),
        ),
    )


def _national_impact(registry: _Registry) -> Figure:
    events = registry.events("national_impact")
    stopped = {service.id for service in registry.of(frozenset({PhaseGroup.STOPPED}))}
    return Figure(
        id="national-impact-events",
        label=_("Services à impact national"),
        population=_(_EVERY_ENTRY),
        definition=_("Événements « national_impact » du registre ; à part, ceux des services qui ne sont pas arrêtés."),
        count=len(events),
        details={
            "not-stopped": sum(service.id not in stopped for service, _ in events),
            "events": [{"service": service.id, "date": event.date} for service, event in events],
        },
    )


def _fast(registry: _Registry) -> Figure:
    events = registry.events("fast")
    years = Counter((event.date or "")[:4] or _("sans date") for _service, event in events)
    return Figure(
        id="fast-events",
        label=_("Lauréats du FAST enregistrés"),
        population=_(_EVERY_ENTRY),
        definition=_("Événements « fast » du registre, qui n'en contient qu'une partie."),
        count=len(events),
        details={
            "by-year": dict(sorted(years.items())),
            "events": [
                {"service": service.id, "date": event.date, "comment": event.comment} for service, event in events
            ],
        },
    )


def _by_incubator(registry: _Registry) -> Iterator[Figure]:
    counts = Counter(incubator for service in registry.of(SUPPORTED) for incubator in service.incubators)
    for incubator, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        yield Figure(
            id="services-by-incubator",
            label=_("Services de l'incubateur {incubator}").format(incubator=incubator),
            population=_(_SUPPORTED),
            definition=_("Services de l'incubateur ; un service de deux incubateurs compte une fois pour chacun."),
            count=count,
            by="incubator",
            group=incubator,
        )
