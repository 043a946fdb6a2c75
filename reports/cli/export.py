from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Literal

import click

from checks.catalogue import BY_ID
from checks.model.errors import InputError
from reports.cli import options
from reports.cli.chosen import chosen_run
from reports.cli.database import open_database
from reports.render.earl import earl_chunks
from reports.render.exports import csv_verdicts, jsonl_lines
from reports.render.workbooks import write_ods, write_xlsx
from reports.store.queries import audited_services
from reports.store.records import AuditedService, RunRecord

Format = Literal["jsonl", "csv", "xlsx", "ods", "earl"]

_WORKBOOKS = {"xlsx": write_xlsx, "ods": write_ods}


@click.command(short_help="Donne les verdicts d'un audit.")
@options.run_argument
@options.form("jsonl", "csv", "xlsx", "ods", "earl")
@click.option("--output", type=click.Path(path_type=Path), help="Fichier à écrire au lieu de la sortie standard.")
@options.database
def export(run: str, form: Format, output: Path | None, database: str) -> int:
    """Donne les verdicts d'un audit chargé.

    \b
    jsonl  entiers, avec toutes leurs preuves : un objet JSON par ligne
    csv    en tableau, avec la première preuve de chacun
    xlsx   le même tableau, en classeur : dates, nombres, filtre
    ods    le même classeur, au format de LibreOffice
    earl   dans le vocabulaire EARL 1.0 du W3C, en JSON-LD

    \b
    Exemple : toise export latest --format ods --output verdicts.ods
    """
    if form in _WORKBOOKS and output is None and sys.stdout.isatty():
        raise InputError(
            f"Un classeur ne se lit pas dans un terminal : donnez un fichier, « --output verdicts.{form} »."
        )
    engine = open_database(database)
    record = chosen_run(engine, run)
    services = audited_services(engine, record.id)
    with opened(output) as file:
        if form in _WORKBOOKS:
            with tempfile.TemporaryFile() as whole:  # a workbook is not written from its beginning to its end
                _WORKBOOKS[form](whole, record, services, BY_ID)
                whole.seek(0)
                shutil.copyfileobj(whole, file)
        else:
            file.writelines(chunk.encode("utf-8") for chunk in _chunks(form, record, services))
    return 0


def _chunks(form: Format, run: RunRecord, services: Iterable[AuditedService]) -> Iterator[str]:
    if form == "jsonl":
        return jsonl_lines(services)
    return csv_verdicts(services, BY_ID) if form == "csv" else earl_chunks(run, services, BY_ID)


@contextmanager
def opened(output: Path | None) -> Iterator[IO[bytes]]:
    """Standard output, or a file that takes its name once it is whole."""
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    part = output.with_name(f".{output.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(output)
    except OSError as error:
        raise InputError(
            f"Impossible d'écrire {output} ({error.strerror}) : donnez un autre fichier avec --output."
        ) from error
    finally:
        with suppress(OSError):
            part.unlink()
