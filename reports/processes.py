"""Processes beside this one, on all cores, that take their part of a task batch by batch.

A process is started anew (``spawn``) and never forked: it shares no connection, no lock and no thread of the one that asks, on
any system. They are started before there is anything to do, since they first import what they need.
"""

from __future__ import annotations

import multiprocessing
import pickle
import signal
import traceback
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from multiprocessing.sharedctypes import Synchronized
from typing import Any, Protocol

from checks.model.machine import cores, spare_collector

MOST = 15
"""Processes beside this one: each takes some 100 MB, and a disk does not follow many more."""

BATCHES = 8
"""For each process: none waits long for the last."""


class Task(Protocol):
    """What each process is handed, pickled."""

    @property
    def batches(self) -> Sequence[Any]: ...

    def work(self, numbers: Iterable[int]) -> None:
        """Does the batches of those numbers, each of which is taken from the other processes when it is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Helpers:
    """Processes that wait for a task. ``following`` is the number of the batch that nobody has taken yet."""

    processes: Sequence[SpawnProcess] = ()
    pipes: Sequence[Connection] = ()
    following: Synchronized[int] | None = None

    def hand(self, task: Task) -> None:
        said = pickle.dumps(task)
        for pipe in self.pipes:
            with suppress(ConnectionError):  # it is gone, which is heard at the end
                pipe.send_bytes(said)

    def taken(self, task: Task) -> Iterator[int]:
        """The batches that are this process's own."""
        return _taken(self.following, len(task.batches)) if self.following else iter(range(len(task.batches)))

    def hear(self) -> None:
        """Returns when each has ended. Raises what one of them raised."""
        for pipe in self.pipes:
            _hear(pipe)


ALONE = Helpers()


def worth(things: int, enough: int) -> int:
    """How many helpers so many things are worth, on this machine, if one is worth its start for ``enough`` of them."""
    return min(cores() - 1, things // enough, MOST)


def size(things: int, processes: int, largest: int) -> int:
    """Of a batch."""
    return min(max(things // (processes * BATCHES), 1), largest)


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
        context.Process(target=_help, args=(theirs, following, needed), name="toise-helper", daemon=True)
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


def _taken(following: Synchronized[int], count: int) -> Iterator[int]:
    """Batches one after the other, as long as there is one that no process has taken."""
    while _is_wanted() and (number := _next(following)) < count:
        yield number


def _is_wanted() -> bool:
    """Of a helper: whether who started it is still there."""
    parent = multiprocessing.parent_process()
    return parent is None or parent.is_alive()


def _next(following: Synchronized[int]) -> int:
    with following.get_lock():
        number = following.value
        following.value = number + 1
    return number


def _hear(pipe: Connection) -> None:
    try:
        error = pipe.recv()
    except (EOFError, ConnectionError):  # the latter where it was gone before it had read all of its task
        raise RuntimeError("un processus auxiliaire a été arrêté (mémoire épuisée ?)") from None
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
        task.work(_taken(following, len(task.batches)))
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
