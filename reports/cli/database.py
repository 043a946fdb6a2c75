from __future__ import annotations

import click
from sqlalchemy import Engine

from reports.store.session import open_store


def open_database(database: str) -> Engine:
    """The database of the command that runs, whose connections are closed when it ends. Raises :class:`InputError`."""
    engine = open_store(database)
    click.get_current_context().call_on_close(engine.dispose)
    return engine
