"""Batches of rows on their way into a table, as columns, and their text for `COPY … FROM STDIN`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import repeat
from typing import Any

import numpy as np

_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of one table by columns; a column that is no list or array is the same value in every row."""

    table: str
    rows: int
    columns: Mapping[str, Any]

    def text(self) -> str:
        """The rows in PostgreSQL's text format, NaN and None as null."""
        cells = [_cells(column, self.rows) for column in self.columns.values()]
        return "".join(f"{row}\n" for row in map("\t".join, zip(*cells, strict=True)))


def batch(table: str, rows: Sequence[Mapping[str, Any]], **same: Any) -> Iterator[Batch]:
    """A batch of rows given as dictionaries with the same keys; none when there are no rows."""
    if rows:
        columns = {name: [row[name] for row in rows] for name in rows[0]}
        yield Batch(table, len(rows), columns | same)


def array(items: Iterable[str]) -> str:
    """A PostgreSQL array of texts without quotes or commas in them."""
    return "{" + ",".join(items) + "}"


def days(low: date | None, high: date | None) -> str:
    """A daterange from `low` up to, and without, `high`."""
    return f"[{low or ''},{high or ''})"


def instants(low: datetime | None, high: datetime | None) -> str:
    """A tstzrange from `low` up to, and without, `high`."""
    return f"[{low.isoformat() if low else ''},{high.isoformat() if high else ''})"


def _cells(column: Any, rows: int) -> Iterable[str]:
    if isinstance(column, np.ndarray):
        return _array_cells(column)
    if isinstance(column, (list, tuple, range)):
        return map(_cell, column)
    return repeat(_cell(column), rows)


def _array_cells(column: np.ndarray[Any, Any]) -> Iterable[str]:
    kind = column.dtype.kind
    if kind == "f":
        return (r"\N" if value != value else repr(value) for value in column.tolist())
    return map(str, column.tolist()) if kind in "iuM" else map(_cell, column.tolist())


def _cell(value: Any) -> str:
    if value is None or value != value:
        return r"\N"
    if isinstance(value, str):
        return value.translate(_ESCAPES) if "\\" in value or "\n" in value or "\t" in value else value
    if isinstance(value, bool):
        return "t" if value else "f"
    return value.isoformat() if isinstance(value, date) else str(value)
