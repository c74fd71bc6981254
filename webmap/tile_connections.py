"""Connections of the tiles: one for each thread, kept open and brought back when the database was restarted."""

import threading
import weakref
from collections.abc import Callable
from typing import Any, TypeVar

import psycopg
from psycopg import pq
from sqlalchemy import Connection, Engine

from webmap.db import Bind

Thing = TypeVar("Thing")
Driver = psycopg.Connection[Any]


class TileConnections:
    """One autocommitting connection per thread, made as the pool makes its own; a test's connection stays its own."""

    def __init__(self, bind: Bind) -> None:
        self._bind = bind
        self._own = threading.local()

    def read(self, ask: Callable[[Driver], Thing]) -> Thing:
        """What `ask` reads; once more from a new connection if the old one turns out to be gone.

        Raises
        ------
        psycopg.OperationalError
            The database does not answer, or took too long.
        """
        if isinstance(self._bind, Connection):
            return ask(self._bind.connection.driver_connection)  # type: ignore[arg-type]  # it is psycopg's
        kept: _Kept | None = getattr(self._own, "kept", None)
        if kept is not None:
            try:
                return ask(kept.connection)
            except psycopg.OperationalError:
                if kept.connection.pgconn.status == pq.ConnStatus.OK:
                    raise
                del self._own.kept
        self._own.kept = _Kept(self._bind)
        return ask(self._own.kept.connection)


class _Kept:
    """A connection that is closed with its thread."""

    def __init__(self, engine: Engine) -> None:
        pooled = engine.raw_connection()
        self.connection: Driver = pooled.driver_connection  # type: ignore[assignment]  # it is psycopg's
        pooled.detach()
        self.connection.autocommit = True
        weakref.finalize(self, self.connection.close)
