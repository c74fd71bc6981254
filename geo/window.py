"""A window of the present state for browsers of cities too large to be sent whole.

It is a state file of its own (`geo/columns.py`): all listed buildings of a box with their units where these are few,
else the best of those that match; what the page says of the whole city stands in its header.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from geo.columns import Column, ListColumn, TextColumn, pack
from geo.errors import BadParameterError
from geo.filters import Box, parse
from geo.state_search import Table
from geo.state_search.classes import LEGENDS, codes
from geo.state_search.conditions import boxed
from geo.state_search.orders import ORDERS, best
from geo.state_search.table import Rows, spans
from geo.window_counts import CityAnswer, Question

MOST_UNITS = 40_000
MOST_BUILDINGS = 300
"""Of those that match, in a window that does not hold everything."""

MOST_COMPLETE_BUILDINGS = 10_000
"""In a window that holds everything."""


@dataclass(frozen=True, slots=True)
class WindowQuery:
    """What a window is asked for: its box, the order of the best, and the question to the city."""

    box: Box
    question: Question
    sort: str


def read_query(query: Mapping[str, str]) -> WindowQuery:
    """The window that a query string asks for; its `bbox` is the box, `filter_bbox` the filter of that name.

    Raises
    ------
    BadParameterError
        A parameter that nobody knows, or a value that it does not take.
    """
    box = parse({"bbox": query.get("bbox", "")}).bbox
    if box is None:
        raise BadParameterError("bbox", "", "west,south,east,north in degrees")
    given = {name: value for name, value in query.items() if name != "bbox"}
    filters = parse(given, also=("bbox", "filter_bbox", "sort", "by", "only"))
    filters = replace(filters, bbox=_filter_box(query.get("filter_bbox", "")))
    sort, legend = _one_of("sort", query, tuple(ORDERS)), _one_of("by", query, LEGENDS)
    only = tuple(filter(None, query.get("only", "").split(",")))
    return WindowQuery(box, Question(filters, legend, only), sort)


def cut(answer: CityAnswer, query: WindowQuery) -> bytes:
    """The window as a columns file."""
    table = answer.table
    inside = boxed(table, query.box)
    rows, complete = np.flatnonzero(inside), True
    if len(rows) > MOST_COMPLETE_BUILDINGS or table.units_of(rows) > MOST_UNITS:
        rows, complete = _best(answer, np.flatnonzero(inside & answer.search.buildings), query.sort), False
    header = {
        **{name: value for name, value in table.columns.header.items() if name != "tables"},
        "complete": complete,
        "bare": answer.bare,
        "bbox": list(query.box),
        "totals": {"box": answer.totals(inside), "city": answer.totals()},
        **answer.header,
    }
    return pack(header, restricted(table, rows))


def restricted(table: Table, rows: Rows) -> dict[str, dict[str, Column]]:
    """The tables of a state with the given buildings (ascending) alone."""
    described = table.columns.header["tables"]
    units, counts = table.unit_rows(rows)
    tables: dict[str, dict[str, Column]] = {"buildings": {}, "units": {}}
    for name, chosen in (("buildings", rows), ("units", units)):
        for column, about in described[name]["columns"].items():
            tables[name][column] = about["type"], _rows_of(table.columns.tables[name][column], chosen)
    tables["units"]["b"] = "u4", np.repeat(np.arange(len(rows), dtype="<u4"), counts)
    return tables


def _best(answer: CityAnswer, rows: Rows, sort: str) -> Rows:
    """The first in their order that together have no more than `MOST_UNITS` units, as ascending rows."""
    first = best(answer.search, rows, sort, MOST_BUILDINGS)
    few = np.cumsum(answer.table.unit_counts[first]) <= MOST_UNITS
    return np.sort(first[few])


def _rows_of(column: Any, rows: Rows) -> Any:
    if isinstance(column, np.ndarray):
        return column[rows]
    ends = column.ends[rows].astype(np.intp)
    starts = np.where(rows > 0, column.ends[rows - 1], 0).astype(np.intp)
    values = np.frombuffer(column.data, np.uint8) if isinstance(column, TextColumn) else column.values
    chosen, until = values[spans(starts, ends - starts)], np.cumsum(ends - starts).astype("<u4")
    return TextColumn(chosen.data, until) if isinstance(column, TextColumn) else ListColumn(chosen, until)


def check_classes(table: Table, question: Question) -> None:
    """Refuse classes that the legend does not have.

    Raises
    ------
    BadParameterError
        Names the first of them and those there are.
    """
    known = codes(table, question.legend)
    for code in question.only:
        if code not in known:
            raise BadParameterError("only", code, ", ".join(known))


def _filter_box(value: str) -> Box | None:
    try:
        return parse({"bbox": value}).bbox
    except BadParameterError as error:
        raise BadParameterError("filter_bbox", value, error.allowed) from error


def _one_of(name: str, query: Mapping[str, str], allowed: tuple[str, ...]) -> str:
    value = query.get(name, "") or allowed[0]
    if value not in allowed:
        raise BadParameterError(name, value, ", ".join(allowed))
    return value
