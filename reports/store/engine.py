"""The database at an address, as it is; :mod:`reports.store.session` opens it as this version of Toise wants it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, func, make_url, select, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from checks.model.errors import InputError

BUSY_SECONDS = 30
"""How long a command waits for another one to finish writing the same SQLite file, or the same run in PostgreSQL."""

CONNECTION_SECONDS = 10
"""How long a PostgreSQL server may take to answer, unless the URL says another ``connect_timeout``."""

_EXAMPLES = "« sqlite:///toise.db » ou « postgresql://utilisateur@serveur/base »"
_POSTGRESQL = {"postgres", "postgresql"}


def engine_of(url: str) -> Engine:
    """Raises :class:`InputError` if the address is none, or its driver is not installed; nothing is asked of the database."""
    parsed = _parsed(url)
    try:
        engine = create_engine(parsed, **_settings(parsed))
    except NoSuchModuleError as error:
        raise InputError(
            f"Toise ne connaît pas de base de données « {parsed.drivername} » : écrivez par exemple {_EXAMPLES}."
        ) from error
    except ImportError as error:
        raise InputError(_missing(parsed, error)) from error
    except (ArgumentError, TypeError, ValueError) as error:
        raise InputError(
            f"L'adresse {shown(parsed)} ne désigne pas une base de données : écrivez par exemple {_EXAMPLES}."
        ) from error
    if engine.dialect.name != "sqlite":
        # What is read in several queries must be one state of the base, as SQLite gives it within a transaction.
        return engine.execution_options(isolation_level="REPEATABLE READ")
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


@contextmanager
def writing(engine: Engine, what: str) -> Iterator[Connection]:
    """A transaction that begins once no other one writes ``what``, and then sees what that one wrote."""
    if engine.dialect.name == "sqlite":  # a file has one writer at a time
        with engine.begin() as connection:
            yield connection
        return
    # A repeatable read would see the base as it was before the wait.
    with engine.connect().execution_options(isolation_level="READ COMMITTED") as connection, connection.begin():
        connection.execute(text(f"SET LOCAL lock_timeout = {max(1, 1000 * BUSY_SECONDS)}"))
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"toise {what}", 0))))
        yield connection


def shown(url: URL) -> str:
    """The URL as it may be printed: no password, and no option, since drivers take passwords there too."""
    return url.set(query={}).render_as_string(hide_password=True)


def cause(error: DBAPIError, url: URL) -> str:
    """The first line of what the driver said."""
    line = (str(error.orig).strip().splitlines() or ["sans explication"])[0].rstrip(" .")
    return line.replace(url.password, "***") if url.password else line


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        # The address is not repeated: what cannot be read may hold a password anywhere.
        raise InputError(f"L'adresse de la base de données est illisible : écrivez par exemple {_EXAMPLES}.") from error
    # Which driver a bare name means is a choice of SQLAlchemy's versions; ours is psycopg 3. Hosting gives « postgres:// ».
    return parsed.set(drivername="postgresql+psycopg") if parsed.drivername in _POSTGRESQL else parsed


def _settings(url: URL) -> dict[str, Any]:
    if url.drivername != "postgresql+psycopg":
        return {}
    given = {"connect_timeout": CONNECTION_SECONDS, "application_name": "toise"}
    return {
        "connect_args": {name: value for name, value in given.items() if name not in url.query},
        "pool_pre_ping": True,  # an audit opens its base hours before it loads: the connection may have been cut since
    }


def _missing(url: URL, error: ImportError) -> str:
    if url.drivername == "postgresql+psycopg":  # also where psycopg is there without the library of PostgreSQL
        return f"La base {shown(url)} demande psycopg, qui n'est pas installé : lancez « pip install 'toise[postgresql]' »."
    return f"La base {shown(url)} demande le module Python « {error.name} », qui n'est pas installé : installez-le."


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    cursor: sqlite3.Cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {1000 * BUSY_SECONDS}")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # Python's driver opens no transaction before a SELECT or a CREATE TABLE; ours hold both.
    # https://docs.sqlalchemy.org/en/21/dialects/sqlite.html#sqlite-transactions
    connection.exec_driver_sql("BEGIN")
