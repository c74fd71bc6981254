"""Keeps the history of units: what the file says becomes known now, what was held before is closed, never erased."""

from psycopg import Connection
from psycopg.rows import TupleRow

WRITERS_LOCK = 0x10F3A5
"""Key of the advisory lock that writers of unit states share; freezing a report or link takes it alone."""


def share_writing(connection: Connection[TupleRow]) -> None:
    """Hold the writers' lock until the transaction ends, together with any number of other writers."""
    connection.execute("SELECT pg_advisory_xact_lock_shared(%s)", [WRITERS_LOCK])
