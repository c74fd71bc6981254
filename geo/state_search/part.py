"""A part of a state as a state of its own: what stands in a box, so that a search there costs what the box holds.

The box itself is found from west to east, so that a city ten times as large costs next to nothing more.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from geo.columns import Array, Column, Columns, ListColumn, TextColumn
from geo.filters import Filters
from geo.state_search.search import Search
from geo.state_search.table import Table
from geo.state_search.units import Counts, Rows, spans

SMALL = 1 / 100
"""Share of the buildings in a box up to which they are searched by themselves."""


def searched(table: Table, filters: Filters) -> Search:
    """The search for what matches `filters`; in the part that a box or shape cuts out, where that is a small one."""
    box = filters.bbox or (filters.shape.bounds if filters.shape else None)
    if box is None:
        return Search(table, filters)
    inside = table.rows_in(box)
    if len(inside) > SMALL * table.building_count:
        return Search(table, filters)
    return Search(part(table, inside), replace(filters, bbox=None))


def part(table: Table, rows: Rows) -> Table:
    """The state with the given buildings (ascending) and their units alone; columns are cut out when asked for."""
    units, counts = table.unit_rows(rows)
    sizes, header = {"buildings": len(rows), "units": len(units)}, table.columns.header
    described = {name: {**about, "rows": sizes[name]} for name, about in header["tables"].items()}
    tables = {
        "buildings": _CutOut(table.columns.tables["buildings"], rows),
        "units": _CutOut(table.columns.tables["units"], units, b=_numbered(counts)),
    }
    found = Table(Columns({**header, "tables": described}, tables), table.unit_ids[units])
    found.kinds = table.kinds.of_rows(rows)
    return found


def restricted(table: Table, rows: Rows) -> dict[str, dict[str, Column]]:
    """The tables of a state with the given buildings (ascending) alone, to be packed."""
    described = table.columns.header["tables"]
    units, counts = table.unit_rows(rows)
    places = {"buildings": rows, "units": units}
    found: dict[str, dict[str, Column]] = {
        name: {
            column: (described[name]["columns"][column]["type"], _rows_of(values, places[name]))
            for column, values in columns.items()
        }
        for name, columns in table.columns.tables.items()
    }
    found["units"]["b"] = "u4", _numbered(counts)
    return found


class _CutOut(dict[str, Any]):
    """Some rows of the columns of a table, each cut out when first asked for."""

    def __init__(self, columns: Mapping[str, Any], rows: Rows, **ready: Array) -> None:
        super().__init__(ready)
        self._columns, self._rows = columns, rows

    def __missing__(self, name: str) -> Any:
        found = self[name] = _rows_of(self._columns[name], self._rows)
        return found


def _numbered(counts: Counts) -> Array:
    """The row of the building of each unit."""
    return np.repeat(np.arange(len(counts), dtype="<u4"), counts)


def _rows_of(column: Any, rows: Rows) -> Any:
    if isinstance(column, np.ndarray):
        return column[rows]
    ends = column.ends[rows].astype(np.intp)
    starts = np.where(rows > 0, column.ends[rows - 1], 0).astype(np.intp)
    values = np.frombuffer(column.data, np.uint8) if isinstance(column, TextColumn) else column.values
    chosen, until = values[spans(starts, ends - starts)], np.cumsum(ends - starts).astype("<u4")
    return TextColumn(chosen.data, until) if isinstance(column, TextColumn) else ListColumn(chosen, until)
