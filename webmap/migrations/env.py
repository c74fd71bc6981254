"""Alembic's entry: runs the migrations on the connection that `webmap/migrate.py` hands over."""

from alembic import context

from webmap.migrate import comparison, tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables(),
    **comparison(),
)
with context.begin_transaction():
    context.run_migrations()
