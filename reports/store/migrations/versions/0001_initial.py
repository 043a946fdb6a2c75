"""Runs, services, verdicts and evidence."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Sorted by code point on PostgreSQL too, whatever the language of the base: its ids come in the order of SQLite's.
_WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    _create_runs()
    _create_services()
    _create_list("service_incubators", "incubator")
    _create_list("service_sponsors", "sponsor")
    _create_verdicts()
    _create_evidence()


def downgrade() -> None:
    for table in ("evidence", "verdicts", "service_sponsors", "service_incubators", "services", "runs"):
        op.drop_table(table)


def _create_runs() -> None:
    op.create_table(
        "runs",
        sa.Column("id", _WORDS, nullable=False),
        sa.Column("started_at", _WORDS, nullable=False),
        sa.Column("as_of", _WORDS, nullable=False),
        sa.Column("registry_digest", _WORDS, nullable=False),
        sa.Column("ruleset", _WORDS, nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
    )


def _create_services() -> None:
    op.create_table(
        "services",
        sa.Column("run_id", _WORDS, nullable=False),
        sa.Column("id", _WORDS, nullable=False),
        sa.Column("name", _WORDS, nullable=False),
        sa.Column("url", _WORDS, nullable=True),
        sa.Column("phase_group", sa.String(20), nullable=False),
        sa.Column("statistics_url", _WORDS, nullable=True),
        sa.Column("budget_url", _WORDS, nullable=True),
        sa.Column("repository", _WORDS, nullable=True),
        sa.Column("accessibility_status", _WORDS, nullable=True),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("entry", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_services_runs")),
        sa.PrimaryKeyConstraint("run_id", "id", name=op.f("pk_services")),
    )


def _create_list(table: str, column: str) -> None:
    op.create_table(
        table,
        sa.Column("run_id", _WORDS, nullable=False),
        sa.Column("service_id", _WORDS, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(column, _WORDS, nullable=False),
        _of_service(table),
        sa.PrimaryKeyConstraint("run_id", "service_id", "position", name=op.f(f"pk_{table}")),
    )


def _create_verdicts() -> None:
    op.create_table(
        "verdicts",
        sa.Column("run_id", _WORDS, nullable=False),
        sa.Column("service_id", _WORDS, nullable=False),
        sa.Column("rule", _WORDS, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("reason", _WORDS, nullable=False),
        sa.Column("value", _WORDS, nullable=True),
        sa.Column("at", _WORDS, nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        _of_service("verdicts"),
        sa.PrimaryKeyConstraint("run_id", "service_id", "rule", name=op.f("pk_verdicts")),
    )


def _create_evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("run_id", _WORDS, nullable=False),
        sa.Column("service_id", _WORDS, nullable=False),
        sa.Column("rule", _WORDS, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("url", _WORDS, nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("excerpt", _WORDS, nullable=False),
        sa.Column("locator", _WORDS, nullable=False),
        sa.Column("capture", _WORDS, nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id", "service_id", "rule"],
            ["verdicts.run_id", "verdicts.service_id", "verdicts.rule"],
            name=op.f("fk_evidence_verdicts"),
        ),
        sa.PrimaryKeyConstraint("run_id", "service_id", "rule", "position", name=op.f("pk_evidence")),
    )


def _of_service(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["run_id", "service_id"], ["services.run_id", "services.id"], name=op.f(f"fk_{table}_services")
    )
