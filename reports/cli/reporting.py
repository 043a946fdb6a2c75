"""From a loaded run to its site."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from pathlib import Path

from sqlalchemy import Engine

from checks.catalogue import BY_ID
from checks.model.machine import spare_collector
from checks.model.place import Place
from checks.model.run_folder import RunFolder
from reports.cli.comparing import choice_of, say_crashes
from reports.cli.console import warn
from reports.cli.exchanges import Exchanges
from reports.cli.since import since
from reports.figures.audited import audited_figures, audited_figures_by
from reports.figures.figure import Figure
from reports.figures.past import Counted, year_before
from reports.figures.registry import registry_figures
from reports.figures.since import Since
from reports.processes import helpers, worth
from reports.publisher.publisher import Publisher
from reports.render.paper import check_paper
from reports.render.report import Report
from reports.render.sharing import WORTH_ONE
from reports.render.site import build_site
from reports.render.theme import Theme
from reports.store.history import History
from reports.store.parts import Parts, can_be_reopened, count_services
from reports.store.past import earlier_runs
from reports.store.queries import audited_services
from reports.store.records import AuditedService, RunRecord

_NOBODY = (
    "le site ne dit pas qui le publie, et n'est pas prêt à être publié : donnez --publisher FICHIER"
    " (docs/publishing.md en contient un exemple)."
)

EARLIER = 24
"""Runs that a scorecard and the charts look back on."""

PAST = 10
"""Runs, before the last change, whose changes a feed still tells: a reader that was away for weeks misses nothing."""


@dataclass(frozen=True, slots=True)
class Services:
    """The services of a run, read from the database each time they are asked for."""

    engine: Engine
    run: str
    is_bare: bool = False

    def __iter__(self) -> Iterator[AuditedService]:
        return audited_services(self.engine, self.run, is_bare=self.is_bare)


def report_stage(
    run: RunRecord,
    engine: Engine,
    runs: Place,
    output: Path,
    publisher: Publisher | None = None,
    theme: Theme = "toise",
    *,
    has_pdf: bool = False,
) -> Path:
    """Builds the site of a loaded run; archived exchanges are taken from its folder, where that is still there."""
    if has_pdf:
        check_paper()
    if publisher is None:
        warn([_NOBODY])
    spare_collector()
    known = earlier_runs(engine, run)
    earlier = known[:EARLIER]
    # Services are read against every run that knows them; figures against those that count the same services.
    alike = [one for one in known if choice_of(one.state) == choice_of(run.state)]
    with helpers(_helpers(engine, run), (Exchanges,)) as helped, _since(engine, run, earlier, runs) as found:
        report = replace(
            _report(engine, run, runs),
            earlier=earlier,
            history=History(engine, run.id, earlier).of,
            part=Parts(engine, run.id, earlier),
            past=tuple(Counted(run=one, figures=audited_figures(engine, one)) for one in alike[:EARLIER]),
            year_before=_year_before(engine, run, alike),
            since=found,
            changes=partial(changes_of, engine, found, earlier),
            has_pdf=has_pdf,
            publisher=publisher,
            theme=theme,
        )
        return build_site(report, output, helped)


def _helpers(engine: Engine, run: RunRecord) -> int:
    return worth(count_services(engine, run.id), WORTH_ONE) if can_be_reopened(engine) else 0


def _report(engine: Engine, run: RunRecord, runs: Place) -> Report:
    figures, by_phase, by_incubator, by_sponsor = audited_figures_by(engine, run, None, "phase", "incubator", "sponsor")
    return Report(
        run=run,
        figures=figures,
        registry_figures=_registry_figures(engine, run),
        by_phase=by_phase,
        by_incubator=by_incubator,
        by_sponsor=by_sponsor,
        services=Services(engine, run.id),
        bare_services=Services(engine, run.id, is_bare=True),
        rules=BY_ID,
        evidence=Exchanges(RunFolder(runs / run.id)),
    )


@contextmanager
def _since(engine: Engine, run: RunRecord, earlier: Sequence[RunRecord], runs: Place) -> Iterator[Since | None]:
    """What changed since the run before; ``None`` where there is none."""
    if not earlier:
        yield None
        return
    with since(engine, earlier[0], run, runs) as (found, crashes):
        say_crashes(crashes)
        yield found


def changes_of(engine: Engine, found: Since | None, earlier: Sequence[RunRecord]) -> Iterator[Since]:
    """The last changes first. No capture is read for the others: of these, the cause is told where the database tells it."""
    if found:
        yield found
    for new, old in pairwise(earlier[: PAST + 1]):
        with since(engine, old, new, None) as (before, _crashes):
            yield before


def _registry_figures(engine: Engine, run: RunRecord) -> tuple[Figure, ...]:
    settings = run.state.get("settings", {})
    return registry_figures(
        (one.service for one in audited_services(engine, run.id, ())),  # no verdict is needed
        phase_rule=settings.get("phase_rule", "latest-start"),
        as_of=settings.get("as_of"),
        today=run.as_of,
        year=int(run.as_of[:4]) - 1,
    )


def _year_before(engine: Engine, run: RunRecord, known: Sequence[RunRecord]) -> Counted | None:
    one = year_before(run, known)
    if one is None:
        return None
    return Counted(run=one, figures=(*audited_figures(engine, one), *_registry_figures(engine, one)))
