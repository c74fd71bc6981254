"""Statements that PostgreSQL prepares once on a connection and answers in its binary form.

For the few reads where the driver's own way costs as much as the database: values go out as they are, the first row
comes back as bytes. Everything else is better asked through `Connection.execute` or SQLAlchemy.
"""

import re
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import psycopg
from numpy.typing import NDArray
from psycopg import Connection, pq
from psycopg.rows import TupleRow

from geo.db import query

Value = float | int | bytes
"""Numbers are sent as text, bytes are taken for PostgreSQL's binary form (see `binary_array`)."""

_PLACEHOLDER = re.compile(r"%\((\w+)\)s")
_ELEMENT_OID = {"i2": 21, "i4": 23, "i8": 20, "f4": 700, "f8": 701}
_TEXT_OID = 25

_NO_SUCH_STATEMENT = b"26000"

_prepared: WeakKeyDictionary[Connection[Any], set[bytes]] = WeakKeyDictionary()
"""Which statements each connection knows; a connection is used by one thread at a time."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A query of `geo/sql` with its values, in the form that libpq takes them: `$1`, `$2`, … stand for `data`."""

    name: bytes
    text: bytes
    data: list[bytes]
    formats: list[int]
    """0 for text, 1 for binary."""


def bind(name: str, values: Mapping[str, Value], *, staff: bool = False) -> Bound:
    """The query called `name` (see `geo.db.query`) with its values; more than it asks for may be given."""
    text, parameters = _numbered(name, staff)
    sent = [values[parameter] for parameter in parameters]
    return Bound(
        f"{name}_for_staff".encode() if staff else name.encode(),
        text,
        [value if isinstance(value, bytes) else b"%r" % value for value in sent],
        [1 if isinstance(value, bytes) else 0 for value in sent],
    )


def first_row(connection: Connection[TupleRow], asked: Bound) -> tuple[bytes | None, ...]:
    """The first row of the answer, each column in PostgreSQL's binary form.

    Parameters
    ----------
    connection
        In autocommit, where the statement is prepared when it is first used, or inside a transaction, where it is not:
        psycopg has the server forget prepared statements when a transaction is rolled back.

    Raises
    ------
    psycopg.Error
        What PostgreSQL says; `psycopg.OperationalError` when the connection is lost.
    """
    if connection.autocommit:
        result = _from_prepared(connection, asked)
    else:
        result = connection.pgconn.exec_params(asked.text, asked.data, None, asked.formats, 1)
    _check(connection, result, pq.ExecStatus.TUPLES_OK)
    return tuple(result.get_value(0, column) for column in range(result.nfields))


def binary_array(values: NDArray[Any]) -> bytes:
    """A one-dimensional array of whole or floating numbers as PostgreSQL receives it; the type follows the dtype."""
    return array_from(elements(values))


def elements(values: NDArray[Any]) -> NDArray[np.void]:
    """The elements of such an array: parts of them, chosen by whatever index, go into `array_from`."""
    made = np.empty(len(values), [("bytes", ">i4"), ("value", values.dtype.newbyteorder(">"))])
    made["bytes"], made["value"] = values.dtype.itemsize, values
    return made


def array_from(chosen: NDArray[np.void]) -> bytes:
    """An array of these elements as PostgreSQL receives it."""
    return _array_head(_ELEMENT_OID[chosen.dtype["value"].str[1:]], len(chosen)) + chosen.tobytes()


def whole_elements(arrays: Sequence[NDArray[np.int32]]) -> NDArray[np.int64]:
    """The elements of several arrays of int, a row for each; `take` columns of them for `whole_arrays`.

    As one matrix of eight opaque bytes each: choosing from records costs numpy ten times as much.
    """
    return np.array([elements(values).view(np.int64) for values in arrays])


def whole_arrays(chosen: NDArray[np.int64]) -> list[bytes]:
    """Arrays of these elements, one for each row, as PostgreSQL receives them."""
    head = _array_head(_ELEMENT_OID["i4"], chosen.shape[1])
    return [head + row.tobytes() for row in chosen]


def binary_texts(values: Sequence[str]) -> bytes:
    """The same for texts."""
    encoded = [value.encode() for value in values]
    parts = (len(value).to_bytes(4, "big") + value for value in encoded)
    return _array_head(_TEXT_OID, len(values)) + b"".join(parts)


def array_of(data: bytes | None, dtype: str) -> NDArray[Any]:
    """The numbers of a one-dimensional array without NULLs that PostgreSQL sent; nothing gives an empty array."""
    kind = np.dtype(dtype).str[1:]
    if not data or len(data) <= 20:
        return np.empty(0, kind)
    return np.frombuffer(data, [("bytes", ">i4"), ("value", f">{kind}")], offset=20)["value"].astype(kind)


def _array_head(element: int, length: int) -> bytes:
    """Dimensions, whether there are NULLs, the type of the elements, and for a dimension its length and first index."""
    return struct.pack(">5i", 1, 0, element, length, 1) if length else struct.pack(">3i", 0, 0, element)


@cache
def _numbered(name: str, staff: bool) -> tuple[bytes, tuple[str, ...]]:
    """The text of a query with numbered places, and the parameters that belong there."""
    text = query(name, staff=staff)
    parameters = tuple(dict.fromkeys(_PLACEHOLDER.findall(text)))
    numbered = _PLACEHOLDER.sub(lambda found: f"${parameters.index(found[1]) + 1}", text)
    return numbered.replace("%%", "%").encode(), parameters


def _from_prepared(connection: Connection[TupleRow], asked: Bound) -> pq.abc.PGresult:
    known = _prepared.setdefault(connection, set())
    for _ in range(2):
        if asked.name not in known:
            _check(connection, connection.pgconn.prepare(asked.name, asked.text), pq.ExecStatus.COMMAND_OK)
            known.add(asked.name)
        result = connection.pgconn.exec_prepared(asked.name, asked.data, asked.formats, 1)
        if result.error_field(pq.DiagnosticField.SQLSTATE) != _NO_SUCH_STATEMENT:
            break
        known.clear()  # somebody has had the server forget them all
    return result


def _check(connection: Connection[TupleRow], result: pq.abc.PGresult, wanted: pq.ExecStatus) -> None:
    if result.status == wanted:
        return
    if connection.pgconn.status == pq.ConnStatus.BAD:
        raise psycopg.OperationalError(result.get_error_message())
    raise psycopg.errors.error_from_result(result)
