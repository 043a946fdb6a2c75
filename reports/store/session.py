from __future__ import annotations

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from checks.model.errors import InputError
from reports.store.engine import cause, engine_of, shown, writing
from reports.store.schema import REVISION


def open_store(url: str) -> Engine:
    """The database at an SQLAlchemy URL, created or migrated to this version of Toise if it has to be.

    Raises :class:`InputError` if the URL, the server or the file cannot be used; passwords are not repeated.
    """
    engine = engine_of(url)
    try:
        with writing(engine, "migrations") as connection:
            if not _is_current(connection):
                from reports.store.migrating import migrate  # noqa: PLC0415 - Alembic is slow to import, and seldom needed

                migrate(connection)
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


def _is_current(connection: Connection) -> bool:
    if not inspect(connection).has_table("alembic_version"):
        return False
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [REVISION]
