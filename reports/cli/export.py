from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Literal

import click

from checks.catalogue import BY_ID
from checks.model.errors import InputError
from reports.cli import options
from reports.cli.chosen import chosen_run
from reports.render.exports import csv_verdicts, jsonl_lines, write_xlsx
from reports.store.queries import audited_services
from reports.store.session import open_store


@click.command(short_help="Donne les verdicts d'un audit.")
@options.run_argument
@options.form("jsonl", "csv", "xlsx")
@click.option("--output", type=click.Path(path_type=Path), help="Fichier à écrire au lieu de la sortie standard.")
@options.database
def export(run: str, form: Literal["jsonl", "csv", "xlsx"], output: Path | None, database: str) -> int:
    """Donne les verdicts d'un audit chargé : en jsonl, entiers, avec toutes leurs preuves ; en csv ou xlsx, en tableau.

    \b
    Exemple : toise export latest --format xlsx --output verdicts.xlsx
    """
    if form == "xlsx" and output is None and sys.stdout.isatty():
        raise InputError("Un classeur ne se lit pas dans un terminal : donnez un fichier, « --output verdicts.xlsx ».")
    engine = open_store(database)
    record = chosen_run(engine, run)
    services = audited_services(engine, record.id)
    with opened(output) as file:
        if form == "xlsx":
            with tempfile.TemporaryFile() as whole:  # a workbook is not written from its beginning to its end
                write_xlsx(whole, record, services, BY_ID)
                whole.seek(0)
                shutil.copyfileobj(whole, file)
        else:
            lines = jsonl_lines(services) if form == "jsonl" else csv_verdicts(services, BY_ID)
            file.writelines(line.encode("utf-8") for line in lines)
    return 0


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
