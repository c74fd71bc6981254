"""A part of a state as a state of its own: what stands in a box, so that a search there costs what the box holds.

The box itself is found from west to east, so that a city ten times as large costs next to nothing more.
"""

from dataclasses import replace
from typing import Any

import numpy as np

from geo.columns import Column, Columns, ListColumn, TextColumn
from geo.filters import Filters
from geo.state_search.search import Search
from geo.state_search.table import Table
from geo.state_search.units import FEW, Rows, spans


def searched(table: Table, filters: Filters) -> Search:
    """The search for what matches `filters`; in the part that a box cuts out, where that is a small one."""
    if filters.bbox is None:
        return Search(table, filters)
    inside = table.rows_in(filters.bbox)
    if len(inside) > FEW * table.building_count:
        return Search(table, filters)
    return Search(part(table, inside), replace(filters, bbox=None))


def part(table: Table, rows: Rows) -> Table:
    """The state with the given buildings (ascending) and their units alone."""
    units, _ = table.unit_rows(rows)
    sizes, header = {"buildings": len(rows), "units": len(units)}, table.columns.header
    described = {name: {**about, "rows": sizes[name]} for name, about in header["tables"].items()}
    return Table(Columns({**header, "tables": described}, _chosen(table, rows)), table.unit_ids[units])


def restricted(table: Table, rows: Rows) -> dict[str, dict[str, Column]]:
    """The tables of a state with the given buildings (ascending) alone, to be packed."""
    described = table.columns.header["tables"]
    return {
        name: {column: (described[name]["columns"][column]["type"], values) for column, values in columns.items()}
        for name, columns in _chosen(table, rows).items()
    }


def _chosen(table: Table, rows: Rows) -> dict[str, dict[str, Any]]:
    units, counts = table.unit_rows(rows)
    places = {"buildings": rows, "units": units}
    chosen = {
        name: {column: _rows_of(values, places[name]) for column, values in columns.items()}
        for name, columns in table.columns.tables.items()
    }
    chosen["units"]["b"] = np.repeat(np.arange(len(rows), dtype="<u4"), counts)
    return chosen


def _rows_of(column: Any, rows: Rows) -> Any:
    if isinstance(column, np.ndarray):
        return column[rows]
    ends = column.ends[rows].astype(np.intp)
    starts = np.where(rows > 0, column.ends[rows - 1], 0).astype(np.intp)
    values = np.frombuffer(column.data, np.uint8) if isinstance(column, TextColumn) else column.values
    chosen, until = values[spans(starts, ends - starts)], np.cumsum(ends - starts).astype("<u4")
    return TextColumn(chosen.data, until) if isinstance(column, TextColumn) else ListColumn(chosen, until)
