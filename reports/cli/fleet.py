"""The verbs of a fleet: a worker, and what the queue holds."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click

from checks.model.errors import InputError
from checks.model.machine import cores
from checks.model.unseen import json_text
from crawler.fleet.queue import STALLED, QueueLostError, Workers, queue_at, workers_of
from crawler.fleet.shift import Shift
from crawler.fleet.tally import Tallies, Tally
from reports.cli import options
from reports.cli.console import put, say
from reports.cli.passing import JUDGING
from reports.render.foreign import one_line
from reports.render.words import counted

_STATES = {"todo": "en attente", "doing": "en cours", "succeeded": "faits", "failed": "abandonnés"}


@click.command(short_help="Ouvrier d'une flotte : visite et juge ce que d'autres machines demandent.")
@options.fleet(is_required=True)
@options.processes
def worker(fleet: str, processes: int | None) -> int:
    """Prend dans la file les services à visiter, les visite, les juge, et range les captures dans le dossier de l'audit.

    L'ouvrier attend du travail jusqu'à ce qu'on l'arrête. Il peut être tué à tout moment : un autre reprend ce qu'il
    faisait, en moins d'une minute. Si PostgreSQL s'arrête, il attend son retour.

    \b
    Exemple : toise worker --fleet postgresql://toise@serveur/toise
    """
    with _sentences():
        asyncio.run(Shift(fleet, JUDGING, processes or cores(), say).work())
    return 0


@click.group(short_help="Ce que fait une flotte.")
def fleet() -> None:
    """Ce que fait une flotte d'ouvriers.

    \b
    Exemple : toise fleet status --fleet postgresql://toise@serveur/toise
    """


@fleet.command(short_help="Avancement des audits confiés à une flotte.")
@options.fleet(is_required=True)
@options.form("text", "json")
def status(fleet: str, form: str) -> int:
    """Affiche, pour chaque audit de la file, ses services en attente, en cours, faits et abandonnés, et les ouvriers.

    \b
    Exemple : toise fleet status --fleet postgresql://toise@serveur/toise
    """
    with _sentences():
        found, workers = asyncio.run(_looked(fleet))
    put(_json(found, workers) if form == "json" else "\n".join([*map(_line, found), _sentence(workers)]))
    return 0


@contextmanager
def _sentences() -> Iterator[None]:
    try:
        yield
    except QueueLostError as error:
        raise InputError(f"La flotte : {error} ; vérifiez que le serveur répond, et que la base existe.") from error


def check_queue(fleet: str) -> None:
    """Raises :class:`InputError` where nobody answers at the address of a queue."""
    with _sentences():
        asyncio.run(_looked(fleet))


async def _looked(url: str) -> tuple[Sequence[Tally], Workers]:
    async with queue_at(url) as app:
        return await Tallies().all(app), await workers_of(app)


def _line(tally: Tally) -> str:
    cells = (
        f"{tally.visits.get(state, 0)} {word} ({counted(tally.shards.get(state, 0), 'lot', 'lots')})"
        for state, word in _STATES.items()
        if tally.shards.get(state)
    )
    return f"{one_line(tally.run)} : {', '.join(cells)}"


def _sentence(workers: Workers) -> str:
    if not workers.alive and not workers.busy:
        return "Aucun ouvrier n'est là ; « toise worker » en démarre un."
    alive = counted(workers.alive, "ouvrier", "ouvriers")
    busy = counted(workers.busy, "lot en cours", "lots en cours")
    silent = f", dont {workers.silent} d'un ouvrier muet depuis plus de {STALLED:g} secondes" if workers.silent else ""
    return f"{alive}, {busy}{silent}."


def _json(found: Sequence[Tally], workers: Workers) -> str:
    runs = [{"run": one.run, "shards": dict(one.shards), "visits": dict(one.visits)} for one in found]
    return json_text(
        {"runs": runs, "workers": {"alive": workers.alive, "busy": workers.busy, "silent": workers.silent}}, indent=2
    )
