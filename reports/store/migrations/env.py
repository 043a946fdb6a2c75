"""Run by Alembic with the connection that ``reports.store.session`` gives; logging stays as the program set it."""

from __future__ import annotations

from alembic import context

from reports.store.schema import Base

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata, transactional_ddl=True
)
with context.begin_transaction():
    context.run_migrations()
