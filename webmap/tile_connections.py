"""Connections of the tiles: few, each used by one thread at a time, brought back when the database was restarted."""

import weakref
from collections.abc import Callable
from typing import Any, TypeVar

import psycopg
from psycopg import pq
from sqlalchemy import Connection, Engine

from webmap.admission import tile_lane
from webmap.db import Bind

Thing = TypeVar("Thing")
Driver = psycopg.Connection[Any]


class TileConnections:
    """Autocommitting connections, made as the pool makes its own; a test's connection stays its own."""

    def __init__(self, bind: Bind) -> None:
        self._bind = bind
        self._lane = tile_lane()
        self._free: list[_Kept] = []

    def read(self, ask: Callable[[Driver], Thing]) -> Thing:
        """What `ask` reads; once more from a new connection if the old one turns out to be gone.

        Raises
        ------
        BusyError
            Too many ask at once.
        psycopg.OperationalError
            The database does not answer, or took too long.
        """
        if isinstance(self._bind, Connection):
            return ask(self._bind.connection.driver_connection)  # type: ignore[arg-type]  # it is psycopg's
        with self._lane:
            if self._free:
                kept = self._free.pop()  # the one used last
                try:
                    return self._asked(kept, ask)
                except psycopg.OperationalError:
                    if kept.lives:
                        raise
            return self._asked(_Kept(self._bind), ask)

    def _asked(self, kept: "_Kept", ask: Callable[[Driver], Thing]) -> Thing:
        try:
            return ask(kept.connection)
        finally:
            if kept.lives:
                self._free.append(kept)


class _Kept:
    """A connection that is closed when nobody keeps it any more."""

    def __init__(self, engine: Engine) -> None:
        pooled = engine.raw_connection()
        self.connection: Driver = pooled.driver_connection  # type: ignore[assignment]  # it is psycopg's
        pooled.detach()
        self.connection.autocommit = True
        weakref.finalize(self, self.connection.close)

    @property
    def lives(self) -> bool:
        """Whether it can still be used."""
        return self.connection.pgconn.status == pq.ConnStatus.OK
