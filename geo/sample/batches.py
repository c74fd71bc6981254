"""Batches of rows on their way into a table, as columns, and their text for `COPY … FROM STDIN`."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import repeat
from typing import Any

import numpy as np

_SPECIAL = re.compile(r"[\\\t\n\r]")
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
        return "\n".join([*map("\t".join, zip(*cells, strict=True)), ""])


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
    if isinstance(column, range):
        return map(str, column)
    if isinstance(column, (list, tuple)):
        return _list_cells(column)
    return repeat(_cell(column), rows)


def _array_cells(column: np.ndarray[Any, Any]) -> Iterable[str]:
    kind = column.dtype.kind
    if kind == "f":
        return (r"\N" if value != value else repr(value) for value in column.tolist())
    return map(str, column.tolist()) if kind in "iuM" else _list_cells(column.tolist())


def _list_cells(column: Sequence[Any]) -> Iterable[str]:
    """The cells of a list; the usual lists of one kind, with or without nulls, go a quicker way."""
    kinds = set(map(type, column)) - {type(None)}
    if kinds <= {str} and not _SPECIAL.search("".join(filter(None, column))):
        return (r"\N" if value is None else value for value in column)
    if len(kinds) == 1 and kinds <= {int, date}:
        return (r"\N" if value is None else str(value) for value in column)
    return map(_cell, column)


def _cell(value: Any) -> str:
    if value is None or value != value:
        return r"\N"
    if isinstance(value, str):
        return value.translate(_ESCAPES)
    if isinstance(value, bool):
        return "t" if value else "f"
    return value.isoformat() if isinstance(value, date) else str(value)
