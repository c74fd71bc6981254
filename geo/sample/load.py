"""Loads batches with COPY through the connection of a session; the sequences follow."""

import time
from collections import Counter
from collections.abc import Callable, Iterable

from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Identifier
from sqlalchemy.orm import Session

from geo.sample.batches import Batch

Report = Callable[[str, int, float], object]
"""Called after each batch with the table, the rows loaded so far and the rows per second."""

_SEQUENCES = """
    SELECT c.relname, pg_get_serial_sequence(c.oid::regclass::text, 'id')
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'id' AND a.attidentity <> ''
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"""


def connection_of(session: Session) -> Connection[TupleRow]:
    """The psycopg connection in whose transaction the session works."""
    driver = session.connection().connection.driver_connection
    assert isinstance(driver, Connection)
    return driver


def first_free_id(connection: Connection[TupleRow]) -> int:
    """An id that no table has given out yet."""
    return max(_next_value(connection, sequence) for sequence in _sequences(connection).values())


def load(connection: Connection[TupleRow], batches: Iterable[Batch], report: Report | None = None) -> dict[str, int]:
    """COPY the batches in their order and move the sequences past them; gives the rows of each table."""
    rows: Counter[str] = Counter()
    started = time.monotonic()
    with connection.cursor() as cursor:
        for batch in batches:
            columns = SQL(", ").join(map(Identifier, batch.columns))
            with cursor.copy(SQL("COPY {} ({}) FROM STDIN").format(Identifier(batch.table), columns)) as copy:
                copy.write(batch.text())
            rows[batch.table] += batch.rows
            if report is not None:
                total = rows.total()
                report(batch.table, total, total / max(time.monotonic() - started, 1e-9))
    _move_sequences(connection, list(rows))
    return dict(rows)


def _sequences(connection: Connection[TupleRow]) -> dict[str, str]:
    return dict(connection.execute(_SEQUENCES).fetchall())


def _next_value(connection: Connection[TupleRow], sequence: str) -> int:
    row = connection.execute("SELECT nextval(%s)", [sequence]).fetchone()
    assert row is not None
    return int(row[0])


def _move_sequences(connection: Connection[TupleRow], tables: list[str]) -> None:
    """Draw the ids that were used: unlike setval this needs no more rights than inserting does."""
    for table, sequence in _sequences(connection).items():
        if table in tables:
            used = connection.execute(SQL("SELECT max(id) FROM {}").format(Identifier(table))).fetchone()
            missing = (used[0] if used else 0) - _next_value(connection, sequence)
            connection.execute("SELECT max(nextval(%s)) FROM generate_series(1, %s)", [sequence, missing])
