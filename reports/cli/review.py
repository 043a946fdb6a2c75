from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

import click
from sqlalchemy import Engine

from checks.catalogue import BY_ID
from checks.model.errors import InputError
from checks.model.place import Place
from reports.cli import options
from reports.cli import overrides as corrections
from reports.cli.chosen import chosen_run
from reports.cli.console import put, say, warn
from reports.cli.database import open_database
from reports.cli.export import opened
from reports.overrides.override import Override
from reports.overrides.writing import as_toml
from reports.render.foreign import one_line
from reports.render.words import counted
from reports.review import ranking
from reports.review.concern import ORDER, Kind
from reports.review.ranking import Asked, Review
from reports.review.table import as_csv, as_json, write_xlsx
from reports.review.text import as_text
from reports.store.queries import audited_services
from reports.store.records import RunRecord

Form = Literal["text", "csv", "xlsx", "json"]

_NAMED = 10
SHOWN = 20
"""Lines of a review that a terminal shows by itself: what is read in a minute."""


@click.command(short_help="Liste les verdicts douteux d'un audit, à regarder et à trancher.")
@options.run_argument
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice([kind.value for kind in ORDER]),
    help="Cette sorte de doute seule.",
)
@click.option("--rule", "rules", multiple=True, metavar="ID", help="Cette règle seule.")
@click.option("--service", "services", multiple=True, metavar="ID", help="Ce service seul.")
@click.option("--incubator", "incubators", multiple=True, metavar="ID", help="Cet incubateur seul.")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    help=f"Nombre de lignes ; sans cette option, {SHOWN} dans un terminal (text), toutes ailleurs.",
)
@options.form("text", "csv", "xlsx", "json")
@click.option("--output", type=click.Path(path_type=Path), help="Fichier à écrire au lieu de la sortie standard.")
@click.option(
    "--decisions",
    type=click.Path(path_type=Path),
    metavar="FICHIER",
    help="Tableau rempli (CSV) : donne ses décisions en TOML, à ajouter au fichier des corrections.",
)
@options.runs
@options.database
def review(
    run: str,
    kinds: Sequence[str],
    rules: Sequence[str],
    services: Sequence[str],
    incubators: Sequence[str],
    limit: int | None,
    form: Form,
    output: Path | None,
    decisions: Path | None,
    runs: Place,
    database: str,
) -> int:
    """Liste les verdicts d'un audit chargé qu'il vaut la peine de regarder, les plus douteux d'abord : pourquoi, quoi
    ouvrir, et les chiffres qu'ils peuvent déplacer.

    En csv ou xlsx, le tableau a des colonnes à remplir (decision, …). Rempli puis enregistré en CSV, « toise load
    --overrides FICHIER » l'applique, et « toise review --decisions FICHIER » en fait des corrections à garder.

    Chaque option de choix peut être répétée.

    \b
    Exemple : toise review latest --format xlsx --output a-regarder.xlsx
    """
    if form == "xlsx" and output is None and sys.stdout.isatty():
        raise InputError(
            "Un classeur ne se lit pas dans un terminal : donnez un fichier, « --output a-regarder.xlsx »."
        )
    engine = open_database(database)
    record = chosen_run(engine, run)
    if decisions:
        return _as_toml(decisions, record, engine, output)
    asked = Asked(kinds=[Kind(kind) for kind in kinds], rules=rules, services=services, incubators=incubators)
    _check(asked, record, engine)
    found = ranking.review(engine, record, BY_ID, asked)
    _write(found, form, output, runs, limit)
    return 0


def _as_toml(path: Path, record: RunRecord, engine: Engine, output: Path | None) -> int:
    given = corrections.read_given([path], frozenset((*BY_ID, *record.state["ruleset"]["rules"])))
    given.warn_changed(engine, record)
    warn(_unknown(given.overrides, record, engine))
    with opened(output) as file:
        file.write(as_toml(given.overrides).encode("utf-8"))
    return 0


def _unknown(overrides: Sequence[Override], record: RunRecord, engine: Engine) -> Iterator[str]:
    known = {one.service.id for one in audited_services(engine, record.id, ())}
    named = list(dict.fromkeys(one.service for one in overrides if one.service not in known))
    if named:
        which = one_line(", ".join(named[:_NAMED])) + (
            f" et {len(named) - _NAMED} autres" if len(named) > _NAMED else ""
        )
        yield f"des décisions portent sur des services que l'audit {record.id} ne contient pas : {which}."


def _check(asked: Asked, record: RunRecord, engine: Engine) -> None:
    """Whoever names what the run does not hold is told so, rather than that there is nothing to look at."""
    audited = (
        [one.service for one in audited_services(engine, record.id, ())] if asked.services or asked.incubators else []
    )
    known = {
        "--rule": (asked.rules, set(record.state["ruleset"]["rules"])),
        "--service": (asked.services, {service.id for service in audited}),
        "--incubator": (asked.incubators, {name for service in audited for name in service.incubators}),
    }
    for option, (named, held) in known.items():
        if unknown := sorted(set(named) - held):
            raise InputError(f"{option} {unknown[0]} : l'audit {record.id} n'en a pas de ce nom.")


def _write(found: Review, form: Form, output: Path | None, runs: Place, limit: int | None) -> None:
    if form == "text" and output is None:
        for part in as_text(found, runs, limit or SHOWN):
            put(part)
        return
    with opened(output) as file:
        if form == "xlsx":
            with tempfile.TemporaryFile() as whole:  # a workbook is not written from its beginning to its end
                write_xlsx(whole, found, runs, limit)
                whole.seek(0)
                shutil.copyfileobj(whole, file)
        else:
            file.writelines(line.encode("utf-8") for line in _lines(found, form, runs, limit))
    if output:
        say(f"{counted(len(found.cases[:limit]), 'ligne')} à regarder : {output}")


def _lines(found: Review, form: Form, runs: Place, limit: int | None) -> Sequence[str]:
    match form:
        case "csv":
            return list(as_csv(found, runs, limit))
        case "json":
            return [as_json(found, runs, limit) + "\n"]
        case _:
            return [f"{part}\n" for part in as_text(found, runs, limit)]
