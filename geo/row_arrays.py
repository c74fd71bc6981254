"""Rows of numbers as arrays, without a Python object for each: what PostgreSQL sends for a binary COPY."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from psycopg import Connection
from psycopg.rows import TupleRow

Array = NDArray[Any]

_HEAD_BYTES = 19
_TAIL_BYTES = 2
"""Of the COPY BINARY format: signature, flags and extension in front of the first row, a mark after the last."""

_CHUNK_BYTES = 2**22


def rows_as_array(
    connection: Connection[TupleRow], asked: str, types: Mapping[str, str], values: Mapping[str, object]
) -> Array:
    """The rows of a query as a structured array; `types` are those of its columns, none of which may be null.

    Raises
    ------
    TypeError
        A column is null or of another width.
    """
    statement = f"COPY ({asked.rstrip().removesuffix(';')}) TO STDOUT (FORMAT BINARY)"
    with connection.cursor() as cursor, cursor.copy(statement, values) as copy:
        return _parsed(_messages(copy, connection.pgconn), types)


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
