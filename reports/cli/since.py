"""What changed between two loaded runs, for the verbs that tell of it; the earlier captures are judged again where they are
still there."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from tempfile import SpooledTemporaryFile

from sqlalchemy import Engine

from checks.judge import Crash
from checks.model.errors import InputError
from checks.model.place import Place
from checks.model.run_folder import RunFolder
from reports.cli.comparing import choice_of, todays_versions
from reports.cli.console import progress
from reports.cli.retrial import Retrial
from reports.figures.news import Kind, News, Origin, Passage
from reports.figures.since import Judging, Since, news_of, terms_of, without_captures
from reports.store.differences import changed_services
from reports.store.queries import BATCH, some_services
from reports.store.records import RunRecord

MEMORY = 4 * 1024 * 1024
"""Bytes of news kept in memory; what is more waits in a file without a name."""


@contextmanager
def since(
    engine: Engine, old: RunRecord, new: RunRecord, runs: Place | None
) -> Iterator[tuple[Since, tuple[Crash, ...]]]:
    """What changed, as long as it is read, and the faults of ours met while judging again.

    ``runs`` is where the captures of the earlier run are looked for; without it, or without them, no cause that they alone
    tell is known, and it costs no judgement.
    """
    terms = terms_of(old, new, todays_versions())
    folder = run_folder(old.id, runs) if runs else None
    retrial = Retrial(folder, terms) if folder else None
    has_passages = choice_of(old.state) == choice_of(new.state)
    with SpooledTemporaryFile(MEMORY, "w+b") as file:
        ledger = _Ledger(file)
        judging: Judging = retrial.of if retrial else without_captures
        names = changed_services(engine, old.id, new.id)
        with progress("Comparaison", len(names)) if retrial else nullcontext(lambda: None) as advance:
            for start in range(0, len(names), BATCH):
                some = names[start : start + BATCH]
                before, after = (some_services(engine, run.id, some) for run in (old, new))
                for name in some:
                    news = news_of(before.get(name), after.get(name), terms, judging)
                    if news and (has_passages or not news.passage):
                        ledger.add(news)
                    advance()
        found = Since(
            old=old,
            new=new,
            terms=terms,
            counts=ledger.counts,
            passages=ledger.passages,
            corrections=ledger.corrections,
            has_passages=has_passages,
            all=ledger.all,
            of=ledger.of,
        )
        yield found, tuple(retrial.crashes) if retrial else ()


def run_folder(run: str, runs: Place) -> RunFolder | None:
    """The folder of a loaded run, if it is still there."""
    try:
        folder = RunFolder.find(run, runs)
    except InputError:
        return None
    return folder if folder.id == run else None


class _Ledger:
    """The news found, one a line of a file: in memory there is a number a line, and one for each of its incubators."""

    def __init__(self, file: SpooledTemporaryFile[bytes]) -> None:
        self._file = file
        self._places: list[int] = []
        self._by_incubator: dict[str, list[int]] = defaultdict(list)
        self.counts: Counter[tuple[Kind, tuple[Origin, ...]]] = Counter()
        self.passages: Counter[Passage] = Counter()
        self.corrections = 0

    def add(self, news: News) -> None:
        place = self._file.tell()
        self._file.write(json.dumps(news.to_json()).encode() + b"\n")
        self._places.append(place)
        for incubator in news.incubators:
            self._by_incubator[incubator].append(place)
        self.counts.update((shift.kind, shift.origins) for shift in news.shifts)
        self.passages.update([news.passage] if news.passage else [])
        self.corrections += len(news.corrections)

    def all(self) -> Iterator[News]:
        return self._read(self._places)

    def of(self, incubator: str) -> Iterator[News]:
        return self._read(self._by_incubator.get(incubator, ()))

    def _read(self, places: Iterable[int]) -> Iterator[News]:
        for place in places:
            self._file.seek(place)  # two readers may take turns
            yield News.from_json(json.loads(self._file.readline()))
