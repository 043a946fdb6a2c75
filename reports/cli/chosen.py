from __future__ import annotations

from sqlalchemy import Engine

from reports.cli.console import say
from reports.store.queries import find_run, runs
from reports.store.records import RunRecord


def chosen_run(engine: Engine, run: str) -> RunRecord:
    """The run to read figures of; where a later one is left aside because it is not sound, that is said."""
    record = find_run(engine, run)
    if run == "latest" and (newest := runs(engine)[0]).id != record.id:
        say(f"L'audit {newest.id}, plus récent, n'est pas sain : voici {record.id}, le dernier qui le soit.")
    return record
