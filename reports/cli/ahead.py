"""The visits of a run, judged on all cores before the stage that settles them, and kept as those judged in passing are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from checks.model.place import Place, is_local
from checks.model.run_folder import RunFolder
from checks.model.service import Service
from reports.cli.bench import judging
from reports.cli.console import progress
from reports.cli.passing import keeping
from reports.processes import helpers, size, worth

WORTH_ONE = 40
"""Visits that take as long to judge as a process takes to start."""

LARGEST = 10
"""Visits of a batch."""

Visit = tuple[Service, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visits:
    """What is to be judged, by batches."""

    run: Place
    batches: Sequence[Sequence[Visit]]

    def work(self, numbers: Iterable[int]) -> None:
        folder = RunFolder(self.run)
        judge = judging(folder)
        with keeping(folder) as keep:
            for number in numbers:
                for service, visit in self.batches[number]:
                    keep(judge(service, visit))


def judge_ahead(folder: RunFolder, visits: Sequence[Visit], label: str) -> bool:
    """Whether they were judged: not where they are few, nor where the archives are far, and most of the time is theirs."""
    count = worth(len(visits), WORTH_ONE) if is_local(folder.path) else 0
    if count < 1:
        return False
    step = size(len(visits), count + 1, LARGEST)
    task = Visits(run=folder.path, batches=[visits[start : start + step] for start in range(0, len(visits), step)])
    with helpers(count, (Visits,)) as helped, progress(f"{label}, par {count + 1} processus", len(visits)) as advance:
        helped.hand(task)
        task.work(_told(helped.taken(task), task, advance))
        helped.hear()
    return True


def _told(numbers: Iterable[int], task: Visits, advance: Callable[[], None]) -> Iterator[int]:
    """Batches are taken in their order: those before one that is taken are done, or nearly."""
    told = 0
    for number in numbers:
        for _ in (visit for batch in task.batches[told:number] for visit in batch):
            advance()
        told = number
        yield number
    for _ in (visit for batch in task.batches[told:] for visit in batch):
        advance()
