from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.exc import DBAPIError

from checks.model.errors import InputError
from reports.store.engine import cause, engine_of, shown, writing
from reports.store.schema import Base


def open_store(url: str) -> Engine:
    """The database at an SQLAlchemy URL, created or migrated to this version of Toise if it has to be.

    Raises :class:`InputError` if the URL, the server or the file cannot be used; passwords are not repeated.
    """
    engine = engine_of(url)
    try:
        with writing(engine, "migrations") as connection:
            _migrate(connection)
    except DBAPIError as error:
        engine.dispose()
        advice = (
            "vérifiez que ce fichier est une base SQLite et que vous pouvez écrire dans son dossier"
            if engine.dialect.name == "sqlite"
            else "vérifiez que le serveur répond, et que la base, l'utilisateur et le mot de passe sont les bons"
        )
        raise InputError(
            f"La base {shown(engine.url)} ne peut pas être ouverte ({cause(error, engine.url)}) : {advice}."
        ) from error
    except InputError:
        engine.dispose()
        raise
    return engine


def migrations(connection: Connection) -> Config:
    """What Alembic's commands need to work on a connection; the migrations are found wherever Toise is installed."""
    config = Config()
    config.set_main_option("script_location", "reports.store:migrations")
    config.attributes["connection"] = connection
    return config


def _migrate(connection: Connection) -> None:
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
