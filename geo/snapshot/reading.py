"""Reads what a state file is made of: rows of numbers as arrays, without a Python object for each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from psycopg import Connection
from psycopg.rows import TupleRow

from geo.columns import Array
from geo.db import query
from geo.looking_back import Moment
from geo.stamps import stale_before

_HEAD_BYTES = 19
_TAIL_BYTES = 2
"""Of the COPY BINARY format: signature, flags and extension in front of the first row, a mark after the last."""

_CHUNK_BYTES = 2**22


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of the state: from which snapshot of the database, of which day, for whom, in which words.

    `connection` is in a repeatable-read transaction in which something has been read already, and looks back to the
    moment if there is one; `only` limits the reading to some buildings; units on the market are stale after so many
    days without a word (0 is never).
    """

    connection: Connection[TupleRow]
    words: Mapping[str, list[str]]
    today: date
    moment: Moment | None = None
    staff: bool = False
    only: list[int] | None = None
    stale_days: int = 0

    @property
    def as_of(self) -> date:
        """The day that is read."""
        return self.moment.as_of if self.moment else self.today

    def rows(self, name: str, types: Mapping[str, str], **values: object) -> Array:
        """The rows of a query as a structured array; `types` are those of its columns, none of which may be null."""
        with self.connection.cursor() as cursor:
            asked = query(name, staff=self.staff).rstrip().removesuffix(";")
            statement = f"COPY ({asked}) TO STDOUT (FORMAT BINARY)"
            with cursor.copy(statement, self._values(values)) as copy:
                return _parsed(_messages(copy, self.connection.pgconn), types)

    def row(self, name: str) -> TupleRow:
        """The only row of a query."""
        found = self.connection.execute(query(name, staff=self.staff), self._values({})).fetchone()
        assert found is not None
        return found

    def _values(self, more: Mapping[str, object]) -> dict[str, object]:
        days = {"today": self.as_of, "stale_before": stale_before(self.as_of, self.stale_days)}
        return {**self.words, **days, "only": self.only, **more}


def _messages(copy: Any, server: Any) -> Iterator[bytes]:
    """What the server sends, row by row: waits for the first that is to come, then takes all that are here."""
    for waited in copy:
        row = waited
        while row:
            yield row
            if len(row) <= _HEAD_BYTES + _TAIL_BYTES:
                break  # perhaps the last: its end is for `copy` to see
            _, row = server.get_copy_data(1)


def _parsed(messages: Iterator[bytes], types: Mapping[str, str]) -> Array:
    native = np.dtype(list(types.items()))
    sent = _sent(native)
    chunks, waiting = [np.empty(0, native)], bytearray()
    start = _HEAD_BYTES
    for message in messages:
        waiting += message
        if len(waiting) >= _CHUNK_BYTES:
            chunks.append(_native(memoryview(waiting)[start:], sent, native))
            waiting, start = bytearray(), 0
    rows = memoryview(waiting)[start:-_TAIL_BYTES] if len(waiting) > start + _TAIL_BYTES else memoryview(b"")
    chunks.append(_native(rows, sent, native))
    return np.concatenate(chunks)


def _sent(native: np.dtype[Any]) -> np.dtype[Any]:
    """How the server sends such a row: each value in network order with its length in front."""
    fields = [("fields", ">i2")]
    for name in native.names or ():
        fields += [(f"{name} bytes", ">i4"), (name, native[name].newbyteorder(">").str)]
    return np.dtype(fields)


def _native(rows: memoryview, sent: np.dtype[Any], native: np.dtype[Any]) -> Array:
    received = np.frombuffer(rows, sent)
    found = np.empty(len(received), native)
    for name in native.names or ():
        if (received[f"{name} bytes"] != native[name].itemsize).any():
            raise TypeError(f"The column {name} is null or not of {native[name].itemsize} bytes.")
        found[name] = received[name]
    return found
