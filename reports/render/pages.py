"""The pages of the site: what each shows, by which template, under which name."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from checks.model.evidence import Evidence, shortened
from checks.model.french import fold
from checks.model.outcome import Outcome
from checks.model.rule import OBSTACLES, Rule
from checks.model.service import PhaseGroup
from reports.figures.figure import FEW, Figure
from reports.render import words
from reports.render.foreign import cut, shown, web_address
from reports.render.judged import Judged, judged, message
from reports.render.names import archive_name, file_names
from reports.render.report import Report
from reports.render.rule_page import anchor, blocks, rule_sections
from reports.render.summary import render_summary
from reports.store.records import AuditedService

MEND = "Comment corriger"
"""The heading, in the page of a rule, of the section that a scorecard repeats beside a failure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A service with all that its pages say of it; ``page`` is its file name, without extension."""

    audited: AuditedService
    page: str
    lines: tuple[Judged, ...]

    @property
    def name(self) -> str:
        return cut(self.audited.service.name)

    @property
    def incubators(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.audited.service.incubators))

    @property
    def is_stopped(self) -> bool:
        return self.audited.group is PhaseGroup.STOPPED

    def count(self, outcome: Outcome) -> int:
        return sum(line.outcome is outcome for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A reason of a rule, and the services that it was found for, each with what is said of it."""

    reason: str
    outcome: Outcome
    message: str
    found: tuple[tuple[Card, Judged], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Figures of the parts of a population: ``cells[group][figure id]``; ``columns`` holds one figure of each id."""

    columns: tuple[Figure, ...]
    cells: Mapping[str, Mapping[str, Figure]]


class Pages:
    """Every file of the site as (path, text), one at a time: a large run is never whole in memory."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.sections = {rule.id: rule_sections(rule.page) for rule in report.rules.values()}
        pages = file_names(audited.service.id for audited in report.services)
        ordered = sorted(report.services, key=lambda audited: (fold(audited.service.name), audited.service.id))
        self.cards = tuple(
            Card(audited=audited, page=pages[audited.service.id], lines=judged(audited, report.rules))
            for audited in ordered
        )
        self.incubators = self._by_incubator()
        self.incubator_pages = file_names(self.incubators)
        self.rule_pages = file_names(report.rules)
        self._archived: dict[str, bool] = {}
        self._environment = _environment(
            report=report,
            sections=self.sections,
            incubators=self.incubators,
            incubator_pages=self.incubator_pages,
            rule_pages=self.rule_pages,
            standing=report.overrides,
            ending={override.key for override in report.overrides.ending},
            has_corrections=any(line.is_corrected for card in self.cards for line in card.lines),
            mending={rule: dict(parts).get(MEND) for rule, (_, parts) in self.sections.items()},
        )

    def files(self) -> Iterator[tuple[str, str]]:
        yield from self._overviews()
        for card in self.cards:
            yield from self._service(card)
        for incubator, cards in self.incubators.items():
            yield self._incubator(incubator, cards)
        for rule in self.report.rules.values():
            yield self._rule(rule)
        yield "data/summary.json", render_summary(self.report.run, self.report.all_figures, "json")

    def _overviews(self) -> Iterator[tuple[str, str]]:
        report = self.report
        by_phase = table(report.parts("phase"), [group.value for group in PhaseGroup])
        corrected = self._corrected()
        yield self._page(
            "index.html",
            "index.html",
            by_phase=by_phase,
            undecided=self._undecided(),
            cards=self.cards,
            corrected=len(corrected),
        )
        yield self._page("services/index.html", "services.html", cards=self.cards)
        parts = table(report.parts("incubator"), self.incubators)
        yield self._page("incubators/index.html", "incubators.html", table=parts)
        sponsors = {figure.group for figure in report.parts("sponsor")}
        parts = table(report.parts("sponsor"), sorted(sponsors, key=lambda name: (fold(name), name)))
        yield self._page("sponsors/index.html", "sponsors.html", table=parts)
        counts = {rule: Counter(line.outcome for _, line in self._lines(rule)) for rule in report.rules}
        yield self._page("rules/index.html", "rules.html", counts=counts)
        yield self._page("corrections.html", "corrections.html", corrected=corrected)
        yield self._page("accessibilite.html", "accessibility.html")

    def _service(self, card: Card) -> Iterator[tuple[str, str]]:
        for evidence in (evidence for line in card.lines for evidence in line.evidence):
            yield from self._archive(evidence, card.audited.service.id)
        groups = [
            (outcome, [line for line in card.lines if line.outcome is outcome])
            for outcome in words.OUTCOMES
            if card.count(outcome)
        ]
        outcomes = {line.rule.id: line.outcome for line in card.lines if not line.is_brief}
        yield self._page(
            f"services/{card.page}.html",
            "service.html",
            card=card,
            groups=groups,
            outcomes=outcomes,
            archive=self._link,
        )

    def _archive(self, evidence: Evidence, service: str) -> Iterator[tuple[str, str]]:
        """Many evidences point into one exchange: it is written once."""
        name = archive_name(evidence.capture)
        if name is None or name in self._archived:
            return
        text = self.report.evidence(evidence, service)
        self._archived[name] = text is not None
        if text is not None:
            # Plain text says nothing of its encoding where no server does: this mark does.
            yield f"preuves/{name}", "\ufeff" + shown(text)

    def _link(self, evidence: Evidence) -> str | None:
        name = archive_name(evidence.capture)
        return f"preuves/{name}" if name and self._archived.get(name) else None

    def _incubator(self, incubator: str, cards: tuple[Card, ...]) -> tuple[str, str]:
        figures = [figure for figure in self.report.parts("incubator") if figure.group == incubator]
        page = self.incubator_pages[incubator]
        path = f"incubators/{page}.html"
        return self._page(path, "incubator.html", incubator=incubator, page=page, cards=cards, figures=figures)

    def _rule(self, rule: Rule) -> tuple[str, str]:
        found: defaultdict[str, list[tuple[Card, Judged]]] = defaultdict(list)
        outcomes: dict[str, Outcome] = {**OBSTACLES, **rule.outcomes}
        for card, line in self._lines(rule.id):
            found[line.reason].append((card, line))
            outcomes.setdefault(line.reason, line.found)
        cases = [
            Case(reason=reason, outcome=outcome, message=message(rule, reason), found=tuple(found[reason]))
            for reason, outcome in outcomes.items()
        ]
        own = [case for case in cases if case.reason in rule.outcomes or case.reason not in OBSTACLES]
        common = [case for case in cases if case not in own]
        path = f"rules/{self.rule_pages[rule.id]}.html"
        return self._page(path, "rule.html", rule=rule, own=own, common=common)

    def _lines(self, rule: str) -> Iterator[tuple[Card, Judged]]:
        position = tuple(self.report.rules).index(rule)
        return ((card, card.lines[position]) for card in self.cards)

    def _corrected(self) -> list[tuple[Card, Judged]]:
        """Every override in force, the first to end first."""
        found = [(card, line, line.override.until) for card in self.cards for line in card.lines if line.override]
        return [(card, line) for card, line, _ in sorted(found, key=lambda one: one[2])]

    def _undecided(self) -> list[tuple[str, int, list[tuple[Rule, int]]]]:
        """Why nothing could be told: message, number of services, and how many for each rule."""
        services: defaultdict[str, set[str]] = defaultdict(set)
        rules: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for card in self.cards:
            for line in card.lines:
                if line.outcome is Outcome.CANT_TELL:
                    why = words.CORRECTED if line.is_corrected else line.message
                    services[why].add(card.page)
                    rules[why][line.rule.id] += 1
        ordered = sorted(services, key=lambda message: (-len(services[message]), message))
        return [
            (text, len(services[text]), [(self.report.rules[rule], count) for rule, count in rules[text].items()])
            for text in ordered
        ]

    def _by_incubator(self) -> dict[str, tuple[Card, ...]]:
        """A service of two incubators is shown by both; one known by its figures only has no service to show."""
        found: dict[str, list[Card]] = {figure.group: [] for figure in self.report.parts("incubator")}
        for card in self.cards:
            for incubator in card.incubators:
                found.setdefault(incubator, []).append(card)
        return {key: tuple(found[key]) for key in sorted(found, key=lambda key: (fold(key), key))}

    def _page(self, path: str, template: str, **context: Any) -> tuple[str, str]:
        root = "../" * path.count("/")
        return path, self._environment.get_template(template).render(root=root, path=path, **context)


def table(figures: Iterable[Figure], groups: Iterable[str]) -> Table:
    """The figures of each group, groups in the order given and only those that have some."""
    columns: dict[str, Figure] = {}
    cells: defaultdict[str, dict[str, Figure]] = defaultdict(dict)
    for figure in figures:
        columns.setdefault(figure.id, figure)
        cells[figure.group][figure.id] = figure
    return Table(columns=tuple(columns.values()), cells={group: cells[group] for group in groups if group in cells})


def _environment(**shared: Any) -> Environment:
    environment = Environment(
        loader=PackageLoader("reports.render"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    functions: tuple[Callable[..., Any], ...] = (anchor, blocks, cut, quote, shortened, web_address)
    environment.globals |= {function.__name__: function for function in functions}
    environment.globals |= {"words": words, "Outcome": Outcome, "few": FEW, **shared}
    return environment


def _shown(value: Any) -> Any:
    """Every text printed by a template passes here, so that none can be forgotten."""
    return shown(value) if isinstance(value, str) and not isinstance(value, Markup) else value
