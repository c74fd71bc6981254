"""Connections of visitors' login that see one moment of the database, so that all that is read of it fits together."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Any, TypeVar

import psycopg
from sqlalchemy import Connection

from geo import versions
from webmap.db import Bind, driver_connection

READERS = 2
"""Connections at once; the work is the database's."""

_ASKED_AHEAD = 64

Thing, Found = TypeVar("Thing"), TypeVar("Found")
Driver = psycopg.Connection[Any]


class Snapshot:
    """Some connections, each used by one thread at a time; `versions` are those of the layers at that moment."""

    def __init__(self, connections: list[Driver], current: Mapping[str, int]) -> None:
        self.versions = current
        self._free = connections
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(len(connections))

    def read(self, ask: Callable[[Driver, Thing], Found], things: Iterable[Thing]) -> Iterator[Found]:
        """What is read of each thing, in their order; only so many are read ahead as memory is meant to hold."""
        waiting: list[Any] = []
        for thing in things:
            waiting.append(self._pool.submit(self._asked, ask, thing))
            if len(waiting) >= _ASKED_AHEAD:
                yield waiting.pop(0).result()
        for future in waiting:
            yield future.result()

    def _asked(self, ask: Callable[[Driver, Thing], Found], thing: Thing) -> Found:
        with self._lock:
            connection = self._free.pop()
        try:
            return ask(connection, thing)
        finally:
            with self._lock:
                self._free.append(connection)

    def close(self) -> None:
        """Let the threads go."""
        self._pool.shutdown(cancel_futures=True)


@contextmanager
def snapshot(bind: Bind) -> Iterator[Snapshot]:
    """The database at this moment; on a test's connection its transaction."""
    with ExitStack() as stack:
        first = stack.enter_context(driver_connection(bind, repeatable=True))
        connections, current = [first], versions.current(first)
        if not isinstance(bind, Connection):
            row = first.execute("SELECT pg_export_snapshot()").fetchone()
            for _ in range(READERS - 1):
                other = stack.enter_context(driver_connection(bind, repeatable=True))
                other.execute(f"SET TRANSACTION SNAPSHOT '{row[0] if row else ''}'")
                connections.append(other)
        found = Snapshot(connections, current)
        stack.callback(found.close)
        yield found
