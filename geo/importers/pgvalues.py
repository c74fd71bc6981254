"""Writes the values that COPY wants in a form of their own: numerics, arrays of texts, outlines; else as `pgcopy`."""

import struct
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from geoalchemy2 import Geometry
from numpy.typing import NDArray
from sqlalchemy import ARRAY, Column, Float, Numeric, SmallInteger

from geo.errors import ImportRefusedError
from geo.importers.load_sql import LIST_SEPARATOR, copy_kind
from geo.importers.pgcopy import Cells, cells

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MOST = 1e12
_SMALLINT = 32_767
_NUMERIC = np.dtype([("head", ">i2", 4), ("digits", ">i2", 4)])
_NUMERIC_HEAD = (4, 2, 0, 2)  # digits of base 10,000, the weight of the first, sign, decimals shown
_NEGATIVE = 0x4000
_TEXT_OID = 25
_POLYGON, _AS_MULTI = 3, struct.pack("<BII", 1, 6, 1)


def column_cells(column: Column[Any], values: Any) -> Cells:
    """Return the values of a column just as the column's own type takes them.

    A null in a column that must be filled becomes the column's default.

    Raises
    ------
    ImportRefusedError
        A number is larger than the column can hold.
    """
    made = values if isinstance(values, pa.Array) else _array(column, values)
    if not column.nullable and column.server_default is not None and made.null_count:
        made = made.fill_null(_default(column, made.type))
    return _writer(column)(column, made)


def instant(moment: datetime) -> int:
    """Return a moment as COPY wants it for a timestamp: microseconds since the year 2000."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def numerics(values: pa.Array) -> Cells:
    """Return numbers as numerics with two decimals, rounded just as PostgreSQL does it."""
    absent = np.asarray(values.is_null())
    numbers = np.asarray(values.fill_null(0).cast(pa.float64()))
    cents = _hundredths(numbers[~absent])
    made = np.empty(len(cents), _NUMERIC)
    made["head"] = _NUMERIC_HEAD
    made["head"][:, 2] = np.where(cents < 0, _NEGATIVE, 0)
    whole, part = np.divmod(np.abs(cents), 100)
    made["digits"] = np.column_stack([whole // 10_000**2, whole // 10_000 % 10_000, whole % 10_000, part * 100])
    return Cells(made.view(np.uint8), np.where(absent, -1, _NUMERIC.itemsize).astype(np.int64))


def text_arrays(values: pa.Array) -> Cells:
    """Return texts joined by `LIST_SEPARATOR` as arrays of texts; each different one is made once."""
    encoded = values.cast(pa.string()).dictionary_encode()
    made = pa.array([_text_array(text) for text in encoded.dictionary.to_pylist()], pa.large_binary())
    return cells(made.take(encoded.indices), "bytes")


def multipolygons(values: pa.Array) -> Cells:
    """Return outlines, given as little-endian WKB, as multipolygons."""
    plain = cells(values, "bytes")
    starts = np.cumsum(np.maximum(plain.lengths, 0)) - np.maximum(plain.lengths, 0)
    single = (plain.lengths > 0) & (plain.data[np.minimum(starts + 1, max(len(plain.data) - 1, 0))] == _POLYGON)
    if not single.any():
        return plain
    head, nothing = (pa.scalar(part, pa.large_binary()) for part in (_AS_MULTI, b""))
    heads = pc.if_else(pa.array(single), head, nothing)
    return cells(pc.binary_join_element_wise(heads, values.cast(pa.large_binary()), nothing), "bytes")


def _array(column: Column[Any], values: Any) -> pa.Array:
    return pa.array(values, pa.binary() if isinstance(column.type, Geometry) else None, from_pandas=True)


def _default(column: Column[Any], kind: pa.DataType) -> pa.Scalar:
    text = str(column.server_default.arg)  # type: ignore[union-attr]  # a default of a staged column is a plain text
    return pa.scalar("" if isinstance(column.type, ARRAY) else text, pa.string()).cast(kind)


def _writer(column: Column[Any]) -> Callable[[Column[Any], pa.Array], Cells]:
    if isinstance(column.type, Geometry):
        multi = (column.type.geometry_type or "").startswith("MULTI")
        return (lambda _, values: multipolygons(values)) if multi else _plain
    if isinstance(column.type, ARRAY):
        return lambda _, values: text_arrays(values)
    if isinstance(column.type, Numeric) and not isinstance(column.type, Float):
        return lambda _, values: numerics(values)
    return _smallints if isinstance(column.type, SmallInteger) else _plain


def _plain(column: Column[Any], values: pa.Array) -> Cells:
    return cells(values, copy_kind(column))


def _smallints(column: Column[Any], values: pa.Array) -> Cells:
    most = pc.max(pc.abs(values)).as_py()
    if most is not None and most > _SMALLINT:
        raise ImportRefusedError(f"{column.name}: {most:,} is more than the database can hold; correct the file.")
    return cells(values, "int2")


def _hundredths(numbers: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return numbers times a hundred: PostgreSQL takes their first 15 digits, then rounds halves away from nought."""
    if len(numbers) and not np.abs(numbers).max() < _MOST:
        raise ImportRefusedError(f"{np.abs(numbers).max():g} is more than the database can hold; correct the file.")
    scaled = np.abs(numbers) * 100
    rounded = np.floor(scaled + 0.5)
    for index in np.flatnonzero(np.abs(scaled - np.floor(scaled) - 0.5) < 1e-3):
        exact = Decimal(f"{abs(numbers[index]):.15g}") * 100
        rounded[index] = float(exact.quantize(Decimal(1), ROUND_HALF_UP))
    cents: NDArray[np.int64] = np.copysign(rounded, numbers).astype(np.int64)
    return cents


def _text_array(text: str | None) -> bytes | None:
    if text is None:
        return None
    parts = [part.encode() for part in text.split(LIST_SEPARATOR)] if text else []
    head = struct.pack(">iii", bool(parts), 0, _TEXT_OID) + (struct.pack(">ii", len(parts), 1) if parts else b"")
    return head + b"".join(struct.pack(">i", len(part)) + part for part in parts)
