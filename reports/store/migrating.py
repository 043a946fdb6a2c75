"""A database created or brought to this version of Toise, by Alembic."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from checks.model.errors import InputError
from reports.store.engine import shown
from reports.store.schema import Base


def migrations(connection: Connection) -> Config:
    """What Alembic's commands need to work on a connection; the migrations are found wherever Toise is installed."""
    config = Config()
    config.set_main_option("script_location", "reports.store:migrations")
    config.attributes["connection"] = connection
    return config


def migrate(connection: Connection) -> None:
    config = migrations(connection)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    current = set(MigrationContext.configure(connection).get_current_heads())
    if current - known:
        raise InputError(
            f"La base {shown(connection.engine.url)} a été écrite par une version plus récente de Toise"
            " ou par un autre logiciel : mettez Toise à jour, ou donnez une autre base."
        )
    taken = Base.metadata.tables.keys() & set(inspect(connection).get_table_names())
    if taken and not current:
        raise InputError(
            f"La base {shown(connection.engine.url)} contient déjà une table « {min(taken)} » qui n'est pas de Toise :"
            " donnez une autre base."
        )
    command.upgrade(config, "head")
