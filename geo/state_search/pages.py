"""Pages of units out of a state: the same orders and the same keys to go on from as `geo/search.py` has in SQL."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.state_search.search import Search
from geo.state_search.table import Rows, UnitGroup

Numbers = NDArray[Any]
Start = tuple[float | Decimal | date | int, int] | tuple[int]
"""What a page goes on from: the value of the order and the id, or the id alone."""

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class IdPage:
    """The ids of a page in their order, and whether there are more behind."""

    ids: list[int]
    more: bool


ORDERS: Mapping[str, Callable[[UnitGroup], Numbers]] = {
    "area": lambda group: group.column("area"),
    "rent": lambda group: group.column("known_rent"),
    "floor": lambda group: group.column("floor"),
    "available_on": lambda group: group.column("available"),
    "reported_on": lambda group: group.column("reported"),
}
"""Order → its values, as `geo.search.UNIT_SORTS`; single precision as in the state file."""


def unit_page(search: Search, sort: str, start: Start | None, limit: int) -> IdPage:
    """Ids of matching units.

    Parameters
    ----------
    sort
        One of `ORDERS`, with - in front for the largest first; '' is by id.
    start
        The values of the last row of the page before.
    """
    name = sort.removeprefix("-")
    parts = []
    for hits in search.units:
        ids = hits.group.column("id")
        values = ORDERS[name](hits.group) if name else ids
        parts.append(_first(ids, values, hits.rows, _Order(sort.startswith("-"), start, limit)))
    return _page(parts, sort.startswith("-"), limit)


def building_page(search: Search, sort: str, start: Start | None, limit: int) -> IdPage:
    """Ids of matching buildings by id or, with the sort year, by the year of completion."""
    ids = search.table.building("id")
    values = search.table.building("year") if sort.removeprefix("-") else ids
    order = _Order(sort.startswith("-"), start, limit)
    return _page([_first(ids, values, np.flatnonzero(search.buildings), order)], order.down, limit)


@dataclass(frozen=True, slots=True)
class _Order:
    down: bool
    start: Start | None
    limit: int


@dataclass(frozen=True, slots=True)
class _Part:
    """The first rows of a part in their order, negated where the largest come first, and how many there are in all."""

    ids: Numbers
    values: Numbers
    count: int


def _first(ids: Numbers, values: Numbers, rows: Rows | None, order: _Order) -> _Part:
    """The first of the given rows (None is all) behind the start."""
    sign = -1 if order.down else 1
    chosen = values if rows is None else values[rows]
    chosen = _signed(chosen, sign)

    def ids_at(places: Rows) -> Numbers:
        return _signed(ids[places] if rows is None else ids[rows[places]], sign)

    if order.start is None:
        first, count = least(ids_at, chosen, order.limit), len(chosen)
        return _Part(ids_at(first), chosen[first], count)
    value, ident = sign * _number(order.start[0], chosen.dtype), sign * order.start[-1]
    ties = np.flatnonzero(chosen == value)
    behind = np.concatenate([np.flatnonzero(chosen > value), ties[ids_at(ties) > ident]])
    first = behind[least(lambda places: ids_at(behind[places]), chosen[behind], order.limit)]
    return _Part(ids_at(first), chosen[first], len(behind))


def _page(parts: list[_Part], down: bool, limit: int) -> IdPage:
    ids, values = np.concatenate([part.ids for part in parts]), np.concatenate([part.values for part in parts])
    chosen = ids[np.lexsort((ids, values))[:limit]]
    return IdPage((-chosen if down else chosen).tolist(), sum(part.count for part in parts) > limit)


def least(ids_at: Callable[[Rows], Numbers], values: Numbers, limit: int) -> Rows:
    """Where the `limit` least values are, the lesser ids among equals; `ids_at` gives the ids of places."""
    if len(values) <= limit:
        return np.arange(len(values))
    edge = np.partition(values, limit - 1)[limit - 1]
    below, ties = np.flatnonzero(values < edge), np.flatnonzero(values == edge)
    room = limit - len(below)
    if len(ties) > room:
        ids = ids_at(ties)
        ties = ties[ids <= np.partition(ids, room - 1)[room - 1]]
    return np.concatenate([below, ties])


def _signed(values: Numbers, sign: int) -> Numbers:
    """The values in a type that has room for their negatives, negated if so."""
    if values.dtype == np.int16:
        values = values.astype(np.int32)
    elif values.dtype == np.uint32:
        values = values.astype(np.int64)
    return values if sign > 0 else -values


def _number(value: float | Decimal | date | int, kind: np.dtype[Any]) -> Any:
    """A value of a key as the column has it."""
    return np.array((value - _EPOCH).days if isinstance(value, date) else value).astype(kind)[()]
