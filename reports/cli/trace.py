from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import click
from sqlalchemy import Engine

from checks.catalogue import BY_ID
from checks.model.errors import InputError
from checks.model.outcome import Outcome
from checks.model.place import Place
from reports.cli import options
from reports.cli.chosen import chosen_run
from reports.cli.console import put, say
from reports.cli.database import open_database
from reports.figures.breakdown import By
from reports.figures.tracing import Trace, audited_traces, registry_traces
from reports.render.tracing import Archives, Request, as_jsonl, as_text
from reports.store.queries import audited_services
from reports.store.records import RunRecord


@click.command(short_help="Montre les services, verdicts et captures derrière un chiffre.")
@click.argument("figure", metavar="FIGURE")
@options.run_argument
@click.option("--by", type=click.Choice(["phase", "incubator", "sponsor"]), help="Une part du chiffre, ou chacune.")
@click.option("--group", metavar="NOM", help="La part : une phase, un incubateur, un sponsor, une année.")
@click.option(
    "--outcome",
    type=click.Choice([outcome.value for outcome in Outcome]),
    help="Seulement les services de ce résultat.",
)
@click.option("--service", metavar="ID", help="Seulement ce service.")
@options.form("text", "jsonl")
@options.runs
@options.database
def trace(
    figure: str,
    run: str,
    by: By | None,
    group: str | None,
    outcome: str | None,
    service: str | None,
    form: Literal["text", "jsonl"],
    runs: Place,
    database: str,
) -> int:
    """Montre, derrière le chiffre FIGURE d'un audit chargé, chaque service compté, ses verdicts, leurs preuves, et l'archive
    qui contient les captures.

    Les chiffres sont ceux de « toise summary » et, pour ceux que le registre donne seul, de « toise registry --figures ».

    \b
    Exemple : toise trace accessibility-obligations latest --outcome failed
    """
    engine = open_database(database)
    record = chosen_run(engine, run)
    asked = Request(
        run=record,
        archives=Archives(runs),
        rules=BY_ID,
        outcomes=[Outcome(outcome)] if outcome else list(Outcome),
        service=service,
    )
    found = _of_group(_named(engine, record, figure, by), figure, by, group)
    if service:
        found = _with(service, found, engine, record)
    for number, one in enumerate(found):
        if number and form == "text":
            put("")
        for part in (as_text if form == "text" else as_jsonl)(one, asked):
            put(part)
    return 0


def _named(engine: Engine, record: RunRecord, figure: str, by: By | None) -> list[Trace]:
    audited = list(audited_traces(engine, record, by))
    if any(one.figure.id == figure for one in audited):
        return [one for one in audited if one.figure.id == figure]
    known = [*audited, *registry_traces(engine, record)]
    named = [one for one in known if one.figure.id == figure]
    if not named:
        names = ", ".join(dict.fromkeys(one.figure.id for one in known))
        raise InputError(f"Aucun chiffre {figure} dans cet audit ; il a : {names}.")
    if by and all(one.figure.by != by for one in named):
        raise InputError(
            f"--by {by} : le chiffre {figure}, du registre, ne se détaille pas ainsi ; retirez cette option."
        )
    return named


def _of_group(named: Sequence[Trace], figure: str, by: By | None, group: str | None) -> list[Trace]:
    chosen = [one for one in named if group in {None, one.figure.group}]
    if not chosen:
        groups = ", ".join(one.figure.group for one in named if one.figure.group)
        known = groups or ("aucune part" if by else "un ensemble seul : ajoutez --by")
        raise InputError(f"--group {group} : aucune part de ce nom ; le chiffre {figure} a {known}.")
    return chosen


def _with(service: str, found: Sequence[Trace], engine: Engine, record: RunRecord) -> list[Trace]:
    """The parts of a figure in which a service counts; all of them where it counts in none."""
    if all(one.service.id != service for one in audited_services(engine, record.id, ())):
        raise InputError(f"--service {service} : l'audit {record.id} n'a pas de service de ce nom.")
    counting = [trace for trace in found if any(one.service.id == service for one in trace.services())]
    if not counting:
        say(f"{service} n'est pas compté dans ce chiffre : il n'est pas de sa population.")
    return counting or list(found)
