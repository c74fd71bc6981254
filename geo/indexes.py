"""Takes indexes and references off tables while very many rows come, and builds them again afterwards.

Building an index once over all rows takes a fraction of the time of keeping it up row by row. Until the transaction
ends nobody else can read such a table: this is for tables that hold little yet.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg import Connection
from psycopg.errors import LockNotAvailable
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Identifier

from geo.change_triggers import changes_told_once

BULK_ROWS = 200_000
"""From so many rows on it pays to build indexes and check references after they have come."""

_BUILD_MEMORY = "256MB"
_WAIT = "3s"
# Uniqueness that a reference relies on stays, as primary keys do.
_CONSTRAINTS = """
    SELECT k.conrelid::regclass::text, k.conname, pg_get_constraintdef(k.oid) FROM pg_constraint k
    WHERE k.contype IN ('f', 'x', 'u') AND k.connamespace = 'public'::regnamespace
      AND k.conrelid::regclass::text = ANY(%s)
      AND NOT EXISTS (SELECT FROM pg_constraint r WHERE r.contype = 'f' AND k.contype = 'u' AND r.conindid = k.conindid)
    ORDER BY array_position(ARRAY['f', 'x', 'u'], k.contype::text), k.conname"""
_INDEXES = """
    SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
    WHERE i.indrelid::regclass::text = ANY(%s)
      AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)
    ORDER BY 1"""


@contextmanager
def indexes_after(connection: Connection[TupleRow], tables: list[str]) -> Iterator[bool]:
    """Take indexes, references and uniqueness off tables and build them again afterwards, all in one transaction.

    What changes meanwhile is told of once, at the end, instead of statement by statement.
    Gives false, and leaves the tables as they are, where the login does not own them or somebody goes on using them.
    """
    if not _owned(connection, tables) or not _alone(connection, tables):
        yield False
        return
    constraints = connection.execute(_CONSTRAINTS, [tables]).fetchall()
    indexes = connection.execute(_INDEXES, [tables]).fetchall()
    for table, name, _ in constraints:
        connection.execute(SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(Identifier(table), Identifier(name)))
    for name, _ in indexes:
        connection.execute(SQL("DROP INDEX {}").format(Identifier(name)))
    with changes_told_once(connection, tables):
        yield True
    connection.execute("SELECT set_config('maintenance_work_mem', %s, true)", [_BUILD_MEMORY])
    for _, definition in indexes:
        connection.execute(definition.encode())
    for table, name, definition in reversed(constraints):
        clause = SQL("ALTER TABLE {} ADD CONSTRAINT {} ").format(Identifier(table), Identifier(name))
        connection.execute(clause.as_bytes(connection) + definition.encode())


def _owned(connection: Connection[TupleRow], tables: list[str]) -> bool:
    row = connection.execute(
        "SELECT bool_and(tableowner = current_user) FROM pg_tables WHERE tablename = ANY(%s)", [tables]
    ).fetchone()
    return bool(row and row[0])


def _alone(connection: Connection[TupleRow], tables: list[str]) -> bool:
    """Wait a little for those who are reading the tables and keep others away; false when it takes longer."""
    names = SQL(", ").join(map(Identifier, tables))
    try:
        with connection.transaction():
            connection.execute("SELECT set_config('lock_timeout', %s, true)", [_WAIT])
            connection.execute(SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(names))
            connection.execute("SET LOCAL lock_timeout TO DEFAULT")
    except LockNotAvailable:
        return False
    return True
