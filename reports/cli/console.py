from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

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
    if stderr.is_terminal:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=stderr, transient=True) as bar:
            task = bar.add_task(label, total=total)
            yield lambda: bar.advance(task)
        return
    done, said = 0, time.monotonic()

    def advance() -> None:
        nonlocal done, said
        done += 1
        is_due = done % max(1, total // _STEPS) == 0 and time.monotonic() - said > _QUICK
        if done == total or is_due:
            said = time.monotonic()
            say(f"{label} : {done} sur {total}")

    yield advance
