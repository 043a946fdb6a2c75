"""The pages of services, written by several processes: each page is made of its own service alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from checks.model.rule import Finding
from reports.language import Language, speaking, spoken
from reports.processes import Helpers, size
from reports.render.directory import Directory
from reports.render.pages import scorecards
from reports.render.pages.writer import Writer
from reports.render.report import Report, no_changes, no_history
from reports.render.written import SiteFolder

WORTH_ONE = 100
"""Services that take as long as the start of a process."""

LARGEST = 100
"""Services of a batch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """What is to be written; the ``batches`` are the first and the last service of each."""

    report: Report
    directory: Directory
    folder: Path
    batches: Sequence[tuple[str, str]]
    language: Language

    def work(self, numbers: Iterable[int]) -> None:
        with speaking(self.language):
            _write(self, Writer(self.report, self.directory), SiteFolder(self.folder), numbers)


def begin(report: Report, writer: Writer, folder: SiteFolder, helped: Helpers) -> Callable[[], None]:
    """Hands the pages of all services to the helpers. What it gives is to be called once: it takes part in them, and returns when
    each is written, or raises what a helper raised."""
    if not helped.processes or report.part is None:
        return partial(_write_all, writer, folder)
    # What only other pages show, or only this process can read, stays here.
    rules = {rule.id: replace(rule, judge=_judge) for rule in report.rules.values()}
    shared = replace(
        report, rules=rules, services=(), bare_services=(), history=no_history, since=None, changes=no_changes, past=()
    )
    task = Pages(
        report=shared,
        directory=writer.directory,
        folder=folder.path,
        batches=_batches(writer.directory.ids, len(helped.processes) + 1),
        language=spoken(),
    )
    helped.hand(task)
    return partial(_finish, task, writer, folder, helped)


def _write_all(writer: Writer, folder: SiteFolder) -> None:
    for path, text in scorecards.pages(writer):
        folder.write(path, text)


def _finish(task: Pages, writer: Writer, folder: SiteFolder, helped: Helpers) -> None:
    _write(task, writer, folder, helped.taken(task))
    helped.hear()


def _judge() -> Finding:
    """In the place of what judges: to import all rules and what they read pages with would take as long as fifty scorecards."""
    raise NotImplementedError


def _batches(ids: Sequence[str], processes: int) -> list[tuple[str, str]]:
    step = size(len(ids), processes, LARGEST)
    parts = [ids[start : start + step] for start in range(0, len(ids), step)]
    return [(part[0], part[-1]) for part in parts]


def _write(task: Pages, writer: Writer, folder: SiteFolder, numbers: Iterable[int]) -> None:
    for number in numbers:
        for path, text in scorecards.part(writer, *task.batches[number]):
            folder.write(path, text)
