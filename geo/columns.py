"""A compact file of columns: one JSON header, then plain little-endian arrays that can be memory-mapped.

Layout: ``LMC1``, the header's length as uint32, the header padded with spaces to a multiple of eight bytes, then the
columns at eight-byte aligned offsets counted from the end of the header. Types are those of `TYPES`; ``utf8`` and
``u4[]`` are lists: all values one after the other, with the end of each row's part as uint32 at `ends`.
The browser reads the same bytes (`static/src/data/columns.js`).
"""

import json
import mmap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.errors import LouMapError

MAGIC = b"LMC1"
TYPES = {"u1": "<u1", "u2": "<u2", "u4": "<u4", "i2": "<i2", "i4": "<i4", "f4": "<f4"}

Array = NDArray[Any]
Buffer = bytes | memoryview


class BadColumnsFileError(LouMapError):
    """This is not a columns file, or it is cut off."""


@dataclass(frozen=True, slots=True)
class ListColumn:
    """Rows of varying length; row i holds values[ends[i-1]:ends[i]]."""

    values: Array
    ends: Array

    def row(self, index: int) -> Array:
        """The values of one row."""
        return self.values[self.ends[index - 1] if index else 0 : self.ends[index]]


@dataclass(frozen=True, slots=True)
class TextColumn:
    """Texts as UTF-8 bytes one after the other; row i holds data[ends[i-1]:ends[i]] and is decoded when asked for."""

    data: memoryview
    ends: Array

    def __len__(self) -> int:
        return len(self.ends)

    def __getitem__(self, row: int) -> str:
        return str(self.data[self.ends[row - 1] if row else 0 : self.ends[row]], "utf-8")

    def __iter__(self) -> Iterator[str]:
        return self.rows(range(len(self)))

    def rows(self, chosen: Iterable[int]) -> Iterator[str]:
        """The texts of some rows."""
        return (self[row] for row in chosen)


@dataclass(frozen=True, slots=True)
class Columns:
    """A columns file opened for reading; its columns are views of the mapped file."""

    header: dict[str, Any]
    tables: Mapping[str, Mapping[str, Array | ListColumn | TextColumn]]

    def array(self, table: str, column: str) -> Array:
        """A fixed-type column."""
        found = self.tables[table][column]
        assert isinstance(found, np.ndarray)
        return found

    def lists(self, table: str, column: str) -> ListColumn:
        """A list column."""
        found = self.tables[table][column]
        assert isinstance(found, ListColumn)
        return found

    def texts(self, table: str, column: str) -> TextColumn:
        """A text column."""
        found = self.tables[table][column]
        assert isinstance(found, TextColumn)
        return found


@dataclass(frozen=True, slots=True)
class Stored:
    """A column as it lies in a file: its values piece by piece, and for lists the ends of its rows."""

    kind: str
    rows: int
    values: Sequence[Buffer]
    ends: Sequence[Buffer] = ()


Column = Stored | tuple[str, Array | ListColumn | TextColumn | Sequence[Any]]
"""What can be packed. With its type: an array for the fixed types, strings for 'utf8', whole numbers for 'u4[]'."""


def pack(header: Mapping[str, Any], tables: Mapping[str, Mapping[str, Column]]) -> bytes:
    """The bytes of a columns file; for the parameters see `pieces`."""
    return b"".join(pieces(header, tables))


def pieces(header: Mapping[str, Any], tables: Mapping[str, Mapping[str, Column]]) -> list[Buffer]:
    """The bytes of a columns file in pieces to be written one after the other; columns are not copied.

    Parameters
    ----------
    header
        What else to keep in the header; the description of the tables is added to it.
    tables
        Table → column → (type, values); all columns of a table have the same number of rows.
    """
    body = _Body([])
    described: dict[str, Any] = {}
    for table, columns in tables.items():
        kept = {name: column if isinstance(column, Stored) else stored(*column) for name, column in columns.items()}
        lengths = {column.rows for column in kept.values()}
        if len(lengths) > 1:
            raise ValueError(f"The columns of {table} differ in length: {sorted(lengths)}")
        described[table] = {
            "rows": lengths.pop() if lengths else 0,
            "columns": {name: body.add(column) for name, column in kept.items()},
        }
    text = json.dumps({**header, "tables": described}, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-(8 + len(text)) % 8)
    return [MAGIC + len(text).to_bytes(4, "little") + text, *body.parts]


def stored(kind: str, values: Array | ListColumn | TextColumn | Sequence[Any]) -> Stored:
    """A column as it will lie in a file."""
    if isinstance(values, TextColumn):
        return Stored(kind, len(values.ends), [values.data], [values.ends.data])
    if isinstance(values, ListColumn):
        return Stored(kind, len(values.ends), [values.values.data], [values.ends.data])
    if kind == "utf8":
        parts = [str(value or "").encode() for value in values]
        return Stored(kind, len(parts), [b"".join(parts)], [_ends(map(len, parts)).data])
    if kind == "u4[]":
        flat = np.fromiter((item for row in values for item in row), "<u4")
        return Stored(kind, len(values), [flat.data], [_ends(map(len, values)).data])
    return Stored(kind, len(values), [np.ascontiguousarray(values, dtype=TYPES[kind]).data])


def read(path: Path) -> Columns:
    """Open a columns file; numbers stay in the mapped file and are shared by all processes that open it."""
    with path.open("rb") as file:
        return unpack(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


def unpack(data: bytes | mmap.mmap) -> Columns:
    """The columns in `data`, without copying the fixed-type ones.

    Raises
    ------
    BadColumnsFileError
        The data does not start like a columns file or ends too early.
    """
    view = memoryview(data)
    if bytes(view[:4]) != MAGIC:
        raise BadColumnsFileError
    start = 8 + int.from_bytes(view[4:8], "little")
    try:
        header = json.loads(bytes(view[8:start]))
        tables = {
            table: {name: _view(view, start, about["rows"], column) for name, column in about["columns"].items()}
            for table, about in header["tables"].items()
        }
    except (ValueError, KeyError) as problem:
        raise BadColumnsFileError(f"This columns file is damaged: {problem}.") from problem
    return Columns(header, tables)


@dataclass(slots=True)
class _Body:
    """What follows the header, growing column by column."""

    parts: list[Buffer]
    size: int = 0

    def add(self, column: Stored) -> dict[str, Any]:
        """Append a column; gives what the header says of it."""
        start, size = self._append(column.values)
        if not column.ends:
            return {"type": column.kind, "offset": start}
        return {"type": column.kind, "offset": start, "bytes": size, "ends": self._append(column.ends)[0]}

    def _append(self, parts: Sequence[Buffer]) -> tuple[int, int]:
        padding = -self.size % 8
        start, size = self.size + padding, sum(memoryview(part).nbytes for part in parts)
        self.parts += [bytes(padding), *parts] if padding else parts
        self.size = start + size
        return start, size


def _ends(lengths: Iterable[int]) -> Array:
    return np.fromiter(accumulate(lengths), "<u4")


def _view(view: memoryview, start: int, rows: int, column: dict[str, Any]) -> Array | ListColumn | TextColumn:
    offset = start + column["offset"]
    if column["type"] in TYPES:
        return np.frombuffer(view, TYPES[column["type"]], rows, offset)
    ends = np.frombuffer(view, "<u4", rows, start + column["ends"])
    if column["type"] == "u4[]":
        return ListColumn(np.frombuffer(view, "<u4", column["bytes"] // 4, offset), ends)
    return TextColumn(view[offset : offset + column["bytes"]], ends)
