from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from reports.render.foreign import shown, visible

_STEPS = 10
_QUICK = 2.0
"""Seconds between two lines at least."""
_ENDLESS = re.compile(r"(\S{300})\S+")

stderr = Console(stderr=True, highlight=False, soft_wrap=True)


def say(message: str) -> None:
    """A message for the person: standard error, so that standard output stays data. What it quotes of others cannot act."""
    stderr.print(shown(message), markup=False, emoji=False)


def on_one_line(sentence: str) -> str:
    """No name quoted in a sentence can pass for the next one, nor fill the screen."""
    return _ENDLESS.sub(r"\1…", " ".join(sentence.splitlines()))


def warn(sentences: Iterable[str]) -> None:
    """What was lost of an input, and where."""
    for sentence in sentences:
        say(f"Attention : {on_one_line(sentence)}")


def put(text: str) -> None:
    """Data: standard output, where nothing that others wrote can act; formats that say it in their own way have said it."""
    text = visible(text)
    sys.stdout.write(text if text.endswith("\n") else text + "\n")
    sys.stdout.flush()


def put_exactly(text: str) -> None:
    """Data that another program compares with files: in UTF-8, line ends as they are, whatever the terminal prefers."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8"))
    sys.stdout.flush()


@contextmanager
def progress(label: str, total: int) -> Iterator[Callable[[], None]]:
    """A bar on a terminal; elsewhere ten sober lines at most, and of what is quick the last alone. Gives what to call after
    each item."""
    with progress_of((label,), total) as (advance,):
        yield advance


@contextmanager
def progress_of(labels: Sequence[str], total: int) -> Iterator[Sequence[Callable[[], None]]]:
    """Of several things that each item goes through: a bar each, or all on one line. Gives what to call after each."""
    if stderr.is_terminal:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=stderr, transient=True) as bars:
            tasks = [bars.add_task(label, total=total) for label in labels]
            yield [partial(bars.advance, task) for task in tasks]
        return
    lines = _Lines(labels, total)
    yield [partial(lines.advance, label) for label in labels]


class _Lines:
    """Said when the last of the things has come a tenth further, and at the end of each."""

    def __init__(self, labels: Sequence[str], total: int) -> None:
        self._done = dict.fromkeys(labels, 0)
        self._last = labels[-1]
        self._total = total
        self._said = time.monotonic()

    def advance(self, label: str) -> None:
        self._done[label] += 1
        if label != self._last:
            return
        done = self._done[label]
        is_due = done % max(1, self._total // _STEPS) == 0 and time.monotonic() - self._said > _QUICK
        if done == self._total or is_due:
            self._said = time.monotonic()
            say(", ".join(f"{name} : {count} sur {self._total}" for name, count in self._done.items()))
