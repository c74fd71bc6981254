"""A window of the present state for browsers of cities too large to be sent whole.

It is a state file of its own (`geo/columns.py`): all listed buildings of a box with their units where these are few,
else the best of those that match; what the page says of the whole city stands in its header.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from geo.columns import pack
from geo.errors import BadParameterError
from geo.filters import Box, parse
from geo.state_search import Table
from geo.state_search.classes import LEGENDS, codes
from geo.state_search.conditions import boxed
from geo.state_search.orders import ORDERS, best
from geo.state_search.part import restricted
from geo.state_search.units import Rows
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


def _best(answer: CityAnswer, rows: Rows, sort: str) -> Rows:
    """The first in their order that together have no more than `MOST_UNITS` units, as ascending rows."""
    first = best(answer.search, rows, sort, MOST_BUILDINGS)
    few = np.cumsum(answer.table.unit_counts[first]) <= MOST_UNITS
    return np.sort(first[few])


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
