from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from checks.model.evidence import Evidence
from checks.model.rule import Rule
from reports.figures.figure import Figure
from reports.figures.past import Counted
from reports.figures.since import Since
from reports.overrides.standing import Standing
from reports.publisher.publisher import Publisher
from reports.render.theme import Theme
from reports.store.history import Past
from reports.store.parts import Part
from reports.store.records import AuditedService, RunRecord


def no_history(_service: str) -> Past:
    return {}


def no_changes() -> Iterator[Since]:
    return iter(())


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the site of one run shows.

    ``services`` come in the order of their ids, and again each time they are asked for; ``bare_services`` are the same
    without evidence nor facts, which costs much less. ``rules`` are in the order to show.
    ``evidence`` gives, for an evidence and a service id, the text of the archived exchange, or ``None`` when the archive no
    longer holds it. ``earlier`` are the runs to read this one against, the latest first, and ``history`` what they said of
    a service, by rule and in their order; it is asked for services in the order of their ids. ``part`` gives both of the
    services from one to another, and can be handed to another process, as ``evidence`` then can. ``since`` is what changed
    since the first of them, and ``changes`` that, then what each of them had changed, which is read before the next comes.
    ``past`` holds the audited figures of those that count the same services, and ``year_before`` those, with the registry's,
    of the one to compare a year with.
    With ``has_pdf`` the site holds its annual page as a document to print too. Without a ``publisher`` it says that nobody
    answers for it.
    """

    run: RunRecord
    figures: tuple[Figure, ...]
    registry_figures: tuple[Figure, ...]
    by_phase: tuple[Figure, ...]
    by_incubator: tuple[Figure, ...]
    by_sponsor: tuple[Figure, ...]
    services: Iterable[AuditedService]
    bare_services: Iterable[AuditedService]
    rules: Mapping[str, Rule]
    evidence: Callable[[Evidence, str], str | None]
    earlier: tuple[RunRecord, ...] = ()
    history: Callable[[str], Past] = no_history
    since: Since | None = None
    changes: Callable[[], Iterator[Since]] = no_changes
    past: tuple[Counted, ...] = ()
    year_before: Counted | None = None
    part: Callable[[str, str], Part] | None = None
    has_pdf: bool = False
    publisher: Publisher | None = None
    theme: Theme = "toise"

    @property
    def problems(self) -> tuple[str, ...] | None:
        """Why the run is unhealthy, in French (maybe nothing is said); ``None`` for a healthy run."""
        return None if self.run.is_healthy else self._reasons

    @property
    def accepted_problems(self) -> tuple[str, ...]:
        """What a person accepted of the health of the run (``run.acceptance`` says why)."""
        return self._reasons if self.run.acceptance else ()

    @property
    def _reasons(self) -> tuple[str, ...]:
        return tuple(map(str, self._part("health").get("reasons", ())))

    @property
    def version(self) -> str:
        """The version of Toise that made the run; empty if the run does not say."""
        return str(self._part("versions").get("toise", ""))

    @property
    def overrides(self) -> Standing:
        """What became of the overrides of the run; those applied are with the services."""
        return Standing.from_json(self._part("overrides"))

    @property
    def overrides_digest(self) -> str:
        """Of the overrides of the run; empty for a run without any."""
        return str(self._part("overrides").get("digest") or "")

    @property
    def all_figures(self) -> tuple[Figure, ...]:
        return (*self.figures, *self.registry_figures, *self.by_phase, *self.by_incubator, *self.by_sponsor)

    def parts(self, by: str) -> tuple[Figure, ...]:
        """The figures of every part of the population, those of the registry first."""
        return tuple(sorted((f for f in self.all_figures if f.by == by), key=lambda figure: figure.share is not None))

    def _part(self, name: str) -> Mapping[str, Any]:
        part = self.run.state.get(name)
        return part if isinstance(part, Mapping) else {}
