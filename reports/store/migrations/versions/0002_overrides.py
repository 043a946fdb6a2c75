"""Overrides: what people found in place of the verdicts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# As in 0001: sorted by code point on PostgreSQL too.
_WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "overrides",
        sa.Column("run_id", _WORDS, nullable=False),
        sa.Column("service_id", _WORDS, nullable=False),
        sa.Column("rule", _WORDS, nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("reason", _WORDS, nullable=False),
        sa.Column("author", _WORDS, nullable=False),
        sa.Column("evidence", _WORDS, nullable=False),
        sa.Column("until", _WORDS, nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id", "service_id"], ["services.run_id", "services.id"], name=op.f("fk_overrides_services")
        ),
        sa.PrimaryKeyConstraint("run_id", "service_id", "rule", name=op.f("pk_overrides")),
    )


def downgrade() -> None:
    op.drop_table("overrides")
