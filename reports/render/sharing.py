"""The pages of services, written by several processes: each page is made of its own service alone.

A process is started anew (``spawn``) and never forked: it shares no connection, no lock and no thread of the one that asks, on
any system. They are started before there is anything to write, since they first import what they need.
"""

from __future__ import annotations

import multiprocessing
import pickle
import signal
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

from checks.model.machine import cores, spare_collector
from checks.model.rule import Finding
from reports.language import Language, speaking, spoken
from reports.render.directory import Directory
from reports.render.pages import scorecards
from reports.render.pages.writer import Writer
from reports.render.report import Report, no_changes, no_history
from reports.render.written import SiteFolder

WORTH_ONE = 100
"""Services that take as long as the start of a process."""

MOST = 15
"""Processes beside this one: each takes some 100 MB, and a disk does not follow many more."""

BATCHES = 8
"""Of services, for each process: none waits long for the last."""

LARGEST = 100
"""Services of a batch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is to be written; the ``batches`` are the first and the last service of each."""

    report: Report
    directory: Directory
    folder: Path
    batches: Sequence[tuple[str, str]]
    language: Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Helpers:
    """Processes that wait for a task. ``following`` is the number of the batch that nobody has taken yet."""

    processes: Sequence[SpawnProcess] = ()
    pipes: Sequence[Connection] = ()
    following: Synchronized[int] | None = None


ALONE = Helpers()


def worth(services: int) -> int:
    """How many helpers so many services are worth, on this machine."""
    return min(cores() - 1, services // WORTH_ONE, MOST)


@contextmanager
def helpers(count: int, needed: Sequence[type] = ()) -> Iterator[Helpers]:
    """They are gone when this ends, whatever they were at; ``needed`` are classes of what they will be handed, whose modules
    they import meanwhile."""
    if count < 1:
        yield ALONE
        return
    context = multiprocessing.get_context("spawn")
    following: Synchronized[int] = context.Value("i", 0)
    pipes = [context.Pipe() for _ in range(count)]
    processes = [
        context.Process(target=_help, args=(theirs, following, needed), name="toise-pages", daemon=True)
        for _ours, theirs in pipes
    ]
    try:
        with _uninterrupted():
            for process in processes:
                process.start()
        for _ours, theirs in pipes:
            theirs.close()  # else the end of the other process would not be the end of what it says
        yield Helpers(processes=processes, pipes=[ours for ours, _theirs in pipes], following=following)
    finally:
        for process in processes:
            if process.pid is not None:
                process.terminate()
                process.join()
                process.close()
        for ours, _theirs in pipes:
            ours.close()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """What is started meanwhile never hears of a Ctrl-C, which a terminal tells to all: who started it ends it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def begin(report: Report, writer: Writer, folder: SiteFolder, helped: Helpers) -> Callable[[], None]:
    """Hands the pages of all services to the helpers. What it gives is to be called once: it takes part in them, and returns when
    each is written, or raises what a helper raised."""
    if helped.following is None or report.part is None:
        return partial(_write_all, writer, folder)
    # What only other pages show, or only this process can read, stays here.
    rules = {rule.id: replace(rule, judge=_judge) for rule in report.rules.values()}
    shared = replace(
        report, rules=rules, services=(), bare_services=(), history=no_history, since=None, changes=no_changes, past=()
    )
    task = Task(
        report=shared,
        directory=writer.directory,
        folder=folder.path,
        batches=_batches(writer.directory.ids, len(helped.processes) + 1),
        language=spoken(),
    )
    said = pickle.dumps(task)
    for pipe in helped.pipes:
        with suppress(ConnectionError):  # it is gone, which is heard at the end
            pipe.send_bytes(said)
    return partial(_finish, task, writer, folder, helped)


def _write_all(writer: Writer, folder: SiteFolder) -> None:
    for path, text in scorecards.pages(writer):
        folder.write(path, text)


def _finish(task: Task, writer: Writer, folder: SiteFolder, helped: Helpers) -> None:
    if helped.following is not None:
        _write(task, writer, folder, helped.following)
    for pipe in helped.pipes:
        _hear(pipe)


def _judge() -> Finding:
    """In the place of what judges: to import all rules and what they read pages with would take as long as fifty scorecards."""
    raise NotImplementedError


def _batches(ids: Sequence[str], processes: int) -> list[tuple[str, str]]:
    size = min(max(len(ids) // (processes * BATCHES), 1), LARGEST)
    parts = [ids[start : start + size] for start in range(0, len(ids), size)]
    return [(part[0], part[-1]) for part in parts]


def _write(task: Task, writer: Writer, folder: SiteFolder, following: Synchronized[int]) -> None:
    """Batches one after the other, as long as there is one that no process has taken."""
    while _is_wanted() and (number := _taken(following)) < len(task.batches):
        for path, text in scorecards.part(writer, *task.batches[number]):
            folder.write(path, text)


def _is_wanted() -> bool:
    """Of a helper: whether who started it is still there."""
    parent = multiprocessing.parent_process()
    return parent is None or parent.is_alive()


def _taken(following: Synchronized[int]) -> int:
    with following.get_lock():
        number = following.value
        following.value = number + 1
    return number


def _hear(pipe: Connection) -> None:
    try:
        error = pipe.recv()
    except (EOFError, ConnectionError):  # the latter where it was gone before it had read all of its task
        raise RuntimeError("un processus qui écrivait les fiches a été arrêté (mémoire épuisée ?)") from None
    if error is not None:
        raise error


def _help(pipe: Connection, following: Synchronized[int], _needed: Sequence[type]) -> None:
    """The life of a helper."""
    try:
        handed = pipe.recv_bytes()
    except (EOFError, ConnectionError):  # nothing to share after all, or nobody to share with
        return
    spare_collector()
    try:
        task: Task = pickle.loads(handed)  # noqa: S301 - our own process speaks
        with speaking(task.language):
            _write(task, Writer(task.report, task.directory), SiteFolder(task.folder), following)
        said = None
    except Exception as error:  # noqa: BLE001 - whatever it is, the process that asked raises it
        said = _portable(error)
    with suppress(ConnectionError):
        pipe.send(said)


def _portable(error: Exception) -> Exception:
    """With where it was raised, for those who ask (``toise --debug``); an error that cannot leave its process, as its words."""
    error.add_note(traceback.format_exc())
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - we wrote it
    except Exception:  # noqa: BLE001 - any class may fail in its own way
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error
