"""What only an audit can give: shares of services that pass a rule, or several."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Engine

from checks.model.outcome import Outcome
from checks.model.rule import Status
from reports.figures.breakdown import WHOLE, By, groups_of, in_order
from reports.figures.figure import Figure, Share
from reports.figures.population import FROM_ACCELERATION, FROM_CONSTRUCTION, WITH_SITE, Population
from reports.language import N_, _
from reports.store.queries import ServiceOutcomes, outcomes
from reports.store.records import RunRecord

Key = tuple[bool, Outcome, str]
"""What a figure counts a service by: the registry declares it, the outcome, the value of the verdict where it is counted."""

Tally = Counter[Key]


@dataclass(slots=True)
class Tallies:
    """How many services there are by key: as people corrected them, and as the machine found them."""

    held: Tally = field(default_factory=Counter)
    found: Tally = field(default_factory=Counter)
    corrections: int = 0

    def add(self, found: Key, held: Key, corrections: int) -> None:
        self.found[found] += 1
        self.held[held] += 1
        self.corrections += corrections


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditedFigure:
    """How a figure is counted: the services of ``population`` that pass every one of ``rules``.

    With ``declared``, a field of the registry, the share is that of the services which fill it, and the details cross
    what the registry says with what the site says. With ``values``, the details count the services by the value of their
    verdict, in that order (then ``rules`` is one alone). ``since`` is the version of Toise that first published the figure.
    """

    id: str
    label: str
    population: Population
    rules: tuple[str, ...]
    since: str
    declared: str | None = None
    declaring: str = ""
    values: tuple[str, ...] = ()

    def has_declared(self, service: ServiceOutcomes) -> bool:
        return self.declared is None or self.declared in service.declared

    def outcome(self, service: ServiceOutcomes) -> Outcome:
        """A rule that gave no verdict was not tested."""
        return all_of(service.outcomes.get(rule, Outcome.UNTESTED) for rule in self.rules)

    def key(self, service: ServiceOutcomes) -> Key:
        return self.has_declared(service), self.outcome(service), self.value(service)

    def value(self, service: ServiceOutcomes) -> str:
        """The value to count a service by; empty for a figure without values, and a verdict without one."""
        return service.values.get(self.rules[0], "") if self.values else ""


FIGURES = (
    AuditedFigure(
        id="accessibility-obligations",
        label=N_("Services qui respectent les obligations déclaratives d'accessibilité (mention et déclaration)"),
        population=WITH_SITE,
        rules=("accessibility-mention", "accessibility-declaration"),
        since="0.1.0",
    ),
    AuditedFigure(
        id="statistics-pages",
        label=N_("Services qui ont publié une page présentant leurs statistiques"),
        population=FROM_CONSTRUCTION,
        rules=("statistics-page",),
        since="0.1.0",
    ),
    AuditedFigure(
        id="budget-pages",
        label=N_("Services qui ont publié leur budget"),
        population=FROM_CONSTRUCTION,
        rules=("budget-page",),
        since="0.1.0",
    ),
    AuditedFigure(
        id="open-source",
        label=N_("Services qui ont un code source ouvert"),
        population=FROM_ACCELERATION,
        rules=("source-code",),
        since="0.1.0",
    ),
    AuditedFigure(
        id="https",
        label=N_("Services dont le site impose HTTPS avec un certificat valide"),
        population=WITH_SITE,
        rules=("https",),
        since="0.1.0",
    ),
    AuditedFigure(
        id="security-headers",
        label=N_("Services dont les en-têtes de sécurité obtiennent B ou mieux à l'Observatoire HTTP de MDN"),
        population=WITH_SITE,
        rules=("security-headers",),
        since="0.1.0",
        values=("A+", "A", "A-", "B+", "B", "B-", "C+", "C", "C-", "D+", "D", "D-", "F"),
    ),
    AuditedFigure(
        id="legal-documents",
        label=N_(
            "Services qui publient leurs mentions légales, leur politique de confidentialité et leurs conditions d'utilisation"
        ),
        population=WITH_SITE,
        rules=("legal-notice", "privacy-policy", "terms-of-use"),
        since="0.1.0",
    ),
    AuditedFigure(
        id="declared-versus-verified-statistics",
        label=N_("Pages de statistiques déclarées au registre que le site confirme"),
        population=FROM_CONSTRUCTION,
        rules=("statistics-page",),
        since="0.1.0",
        declared="statistics_url",
        declaring=N_("qui déclarent une page de statistiques"),
    ),
    AuditedFigure(
        id="declared-versus-verified-budget",
        label=N_("Budgets déclarés au registre que le site confirme"),
        population=FROM_CONSTRUCTION,
        rules=("budget-page",),
        since="0.1.0",
        declared="budget_url",
        declaring=N_("qui déclarent leur budget"),
    ),
    AuditedFigure(
        id="declared-versus-verified-source-code",
        label=N_("Codes sources déclarés au registre dont le dépôt est public"),
        population=FROM_CONSTRUCTION,
        rules=("source-code",),
        since="0.1.0",
        declared="repository",
        declaring=N_("qui déclarent leur code source"),
    ),
    AuditedFigure(
        id="declared-versus-verified-accessibility",
        label=N_("Niveaux d'accessibilité déclarés au registre dont le site porte la mention"),
        population=FROM_CONSTRUCTION,
        rules=("accessibility-mention",),
        since="0.1.0",
        declared="accessibility_status",
        declaring=N_("qui déclarent un niveau d'accessibilité"),
    ),
)

_WEAKEST_FIRST = (Outcome.FAILED, Outcome.CANT_TELL, Outcome.UNTESTED, Outcome.INAPPLICABLE, Outcome.PASSED)


def audited_figures(engine: Engine, run: RunRecord, *, by: By | None = None) -> tuple[Figure, ...]:
    """The audited figures of a run over their whole populations, or for each part of them."""
    (figures,) = audited_figures_by(engine, run, by)
    return figures


def audited_figures_by(engine: Engine, run: RunRecord, *divisions: By | None) -> tuple[tuple[Figure, ...], ...]:
    """The same by each of several divisions, the run being read once."""
    rules: Mapping[str, Mapping[str, Any]] = run.state["ruleset"]["rules"]
    wanted = {rule for figure in _counted(rules) for rule in figure.rules}
    counts = [Count(rules, by=by) for by in divisions]
    for service in outcomes(engine, run.id, wanted):
        for count in counts:
            count.add(service)
    return tuple(count.figures() for count in counts)


def figures_of(
    services: Iterable[ServiceOutcomes], rules: Mapping[str, Mapping[str, Any]], *, by: By | None = None
) -> tuple[Figure, ...]:
    """The figures that the rules of a run allow, counted in one pass over its services.

    ``rules`` is the ruleset of ``run.json``: rule id → version and status. A service of two incubators counts once in
    the whole, and once for each of them; one without any belongs to none of the parts.
    """
    count = Count(rules, by=by)
    for service in services:
        count.add(service)
    return count.figures()


class Count:
    """The counting of :func:`figures_of`, for those who meet the services one by one."""

    def __init__(self, rules: Mapping[str, Mapping[str, Any]], *, by: By | None = None) -> None:
        self._rules = rules
        self._by = by
        self._counted = _counted(rules)
        self._tallies: dict[str, defaultdict[str, Tallies]] = {one.id: defaultdict(Tallies) for one in self._counted}

    def add(self, service: ServiceOutcomes) -> None:
        corrected, groups = service.corrected, groups_of(service, self._by)
        for figure in self._counted:
            if figure.population.includes(service):
                found = figure.key(service)
                held = found if corrected is service else figure.key(corrected)
                corrections = len(service.corrections.intersection(figure.rules)) if service.overrides else 0
                for group in groups:
                    self._tallies[figure.id][group].add(found, held, corrections)

    def figures(self) -> tuple[Figure, ...]:
        by, tallies = self._by, self._tallies
        return tuple(
            _figure(figure, self._rules, tallies[figure.id][group], by=by, group=group)
            for figure in self._counted
            for group in in_order(tallies[figure.id] if by else {WHOLE}, by)
        )


def all_of(parts: Iterable[Outcome]) -> Outcome:
    """Kleene's "and": one failure fails the whole, whatever is not known of the rest; it passes only if all passed.

    Then comes ``cantTell``. A part that was not tested could still fail or be undecided, so it goes before one that
    does not apply, which leaves nothing to ask; both take the service out of the share.
    """
    return min(parts, key=_WEAKEST_FIRST.index)


def _counted(rules: Mapping[str, Mapping[str, Any]]) -> tuple[AuditedFigure, ...]:
    active = {rule for rule, about in rules.items() if about.get("status") == Status.ACTIVE}
    return tuple(figure for figure in FIGURES if active.issuperset(figure.rules))


def _figure(
    figure: AuditedFigure, rules: Mapping[str, Mapping[str, Any]], tallies: Tallies, *, by: By | None, group: str
) -> Figure:
    found = Figure(
        id=figure.id,
        label=_(figure.label),
        population=f"{_(figure.population.label)} {_(figure.declaring)}".rstrip(),
        definition=_definition(figure, rules),
        share=_share(tallies.found),
        by=by or "",
        group=group,
        details=_details(figure, tallies.found),
    )
    if not tallies.corrections:
        return found
    held, details = _share(tallies.held), _details(figure, tallies.held)
    return replace(found, share=held, details=details, corrections=tallies.corrections, without=found)


def _share(tally: Tally) -> Share:
    return Share.of(outcome for declares, outcome, _value in tally.elements() if declares)


def _definition(figure: AuditedFigure, rules: Mapping[str, Mapping[str, Any]]) -> str:
    named = _(" et ").join(f"{rule} (version {rules[rule].get('version')})" for rule in figure.rules)
    if len(figure.rules) == 1:
        return _("La règle {rule} est respectée.").format(rule=named)
    all_passed = _("Les règles {rules} sont toutes respectées ; une seule qui ne l'est pas suffit à compter non.")
    return all_passed.format(rules=named)


def _details(figure: AuditedFigure, tally: Tally) -> dict[str, int] | None:
    if figure.declared:
        return _crossed(tally)
    counts: Counter[str] = Counter()
    for (*_key, value), count in tally.items():
        counts[value] += count
    return {value: counts[value] for value in figure.values if counts[value]} if figure.values else None


def _crossed(tally: Tally) -> dict[str, int]:
    """Registry × site; the undecided are apart, and every service of the population is in one cell."""
    names = {Outcome.CANT_TELL: "undecided"}
    return {
        f"{registry}-{names.get(outcome, outcome.value)}": tally[declares, outcome, ""]
        for declares, registry in ((True, "declared"), (False, "undeclared"))
        for outcome in Outcome
    }
