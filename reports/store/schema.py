from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import JSON, Dialect, Enum, ForeignKey, ForeignKeyConstraint, MetaData, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from checks.model.outcome import Outcome
from checks.model.service import PhaseGroup

_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")


class Words(TypeDecorator[str]):
    """Text that every engine stores alike.

    PostgreSQL refuses U+0000 and SQLite half a surrogate pair; a hostile page may hold both, and its excerpt is
    evidence all the same: they are stored as U+FFFD.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", value) if value else value


class Document(TypeDecorator[Any]):
    """JSON whose texts are :class:`Words`: a name is the same one wherever it is read."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002
        return _storable(value)


def _storable(value: Any) -> Any:
    match value:
        case str():
            return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", value)
        case list() | tuple():
            return [_storable(part) for part in value]
        case Mapping():
            return {_storable(key): _storable(part) for key, part in value.items()}
        case _:
            return value


REVISION = "0002"
"""Of the migrations, the one that makes this schema."""


def _words_of(values: type[Outcome | PhaseGroup]) -> Enum:
    # Not a native type: a new outcome or group would need a migration of its own on PostgreSQL.
    return Enum(values, native_enum=False, length=20, values_callable=lambda words: [word.value for word in words])


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012  # SQLAlchemy reads it as it is
        str: Words,
        list[str]: Document,
        dict[str, Any]: Document,
        Outcome: _words_of(Outcome),
        PhaseGroup: _words_of(PhaseGroup),
    }


# Keys are the words of the verdict line themselves: a table is readable alone, bulk inserts need no number given by
# the database, and every query (one run, a range of services, some rules) is a prefix of a primary key.


class RunRow(Base):
    """A loaded run; ``state`` is its whole ``run.json``, ``ruleset`` the digest of its rules."""

    __tablename__ = "runs"

    id: Mapped[str] = mapped_column(primary_key=True)
    started_at: Mapped[str]
    as_of: Mapped[str]
    registry_digest: Mapped[str]
    ruleset: Mapped[str]
    state: Mapped[dict[str, Any]]


class ServiceRow(Base):
    """An entry of the run's registry; ``entry`` is its whole line of ``services.jsonl``."""

    __tablename__ = "services"

    run_id: Mapped[str] = mapped_column(ForeignKey("runs.id"), primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    url: Mapped[str | None]
    phase_group: Mapped[PhaseGroup]
    statistics_url: Mapped[str | None]
    budget_url: Mapped[str | None]
    repository: Mapped[str | None]
    accessibility_status: Mapped[str | None]
    warnings: Mapped[list[str]]
    entry: Mapped[dict[str, Any]]


class IncubatorRow(Base):
    __tablename__ = "service_incubators"
    __table_args__ = (ForeignKeyConstraint(["run_id", "service_id"], ["services.run_id", "services.id"]),)

    run_id: Mapped[str] = mapped_column(primary_key=True)
    service_id: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    incubator: Mapped[str]


class SponsorRow(Base):
    __tablename__ = "service_sponsors"
    __table_args__ = (ForeignKeyConstraint(["run_id", "service_id"], ["services.run_id", "services.id"]),)

    run_id: Mapped[str] = mapped_column(primary_key=True)
    service_id: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    sponsor: Mapped[str]


class VerdictRow(Base):
    __tablename__ = "verdicts"
    __table_args__ = (ForeignKeyConstraint(["run_id", "service_id"], ["services.run_id", "services.id"]),)

    run_id: Mapped[str] = mapped_column(primary_key=True)
    service_id: Mapped[str] = mapped_column(primary_key=True)
    rule: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    outcome: Mapped[Outcome]
    reason: Mapped[str]
    value: Mapped[str | None]
    at: Mapped[str]
    warnings: Mapped[list[str]]
    facts: Mapped[dict[str, Any]]


class EvidenceRow(Base):
    __tablename__ = "evidence"
    __table_args__ = (
        ForeignKeyConstraint(
            ["run_id", "service_id", "rule"], ["verdicts.run_id", "verdicts.service_id", "verdicts.rule"]
        ),
    )

    run_id: Mapped[str] = mapped_column(primary_key=True)
    service_id: Mapped[str] = mapped_column(primary_key=True)
    rule: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str]
    status: Mapped[int | None]
    excerpt: Mapped[str]
    locator: Mapped[str]
    capture: Mapped[str]


class OverrideRow(Base):
    """An override in force on the day of the run, whether or not the rule gave a verdict."""

    __tablename__ = "overrides"
    __table_args__ = (ForeignKeyConstraint(["run_id", "service_id"], ["services.run_id", "services.id"]),)

    run_id: Mapped[str] = mapped_column(primary_key=True)
    service_id: Mapped[str] = mapped_column(primary_key=True)
    rule: Mapped[str] = mapped_column(primary_key=True)
    outcome: Mapped[Outcome]
    reason: Mapped[str]
    author: Mapped[str]
    evidence: Mapped[str]
    until: Mapped[str]
