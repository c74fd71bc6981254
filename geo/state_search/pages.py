"""Pages of units out of a state: the same orders and the same keys to go on from as `geo/search.py` has in SQL."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.state_search.hits import FEW, Hits
from geo.state_search.search import Search
from geo.state_search.table import Mask, Rows

Numbers = NDArray[Any]
Start = tuple[float | Decimal | date | int, int] | tuple[int]
"""What a page goes on from: the value of the order and the id, or the id alone."""

TRIED = 4
"""Times as many rows as are wanted are tried first, where not all of them pass."""

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class IdPage:
    """The ids of a page in their order, and whether there are more behind."""

    ids: list[int]
    more: bool


ORDERS: Mapping[str, str] = {
    "area": "area",
    "rent": "known_rent",
    "floor": "floor",
    "available_on": "available",
    "reported_on": "reported",
}
"""Order → the column with its values, as `geo.search.UNIT_SORTS`; single precision as in the state file."""


def unit_page(search: Search, sort: str, start: Start | None, limit: int) -> IdPage:
    """Ids of matching units.

    Parameters
    ----------
    sort
        One of `ORDERS`, with - in front for the largest first; '' is by id.
    start
        The values of the last row of the page before.
    """
    name, order = sort.removeprefix("-"), _Order(sort.startswith("-"), start, limit + 1)
    return _page([_first_units(search, hits, name, order) for hits in map(search.hits, search.asked)], order)


def building_page(search: Search, sort: str, start: Start | None, limit: int) -> IdPage:
    """Ids of matching buildings by id or, with the sort year, by the year of completion."""
    ids, order = search.table.building("id"), _Order(sort.startswith("-"), start, limit + 1)
    values = search.table.building("year") if sort.removeprefix("-") else ids
    return _page([_first(_Listed(ids, values, np.flatnonzero(search.buildings)), None, order)], order)


@dataclass(frozen=True, slots=True)
class _Order:
    down: bool
    start: Start | None
    limit: int
    """One more than the page holds, so that it is known whether there is another."""


@dataclass(frozen=True, slots=True)
class _Listed:
    """What a list is made of: ids, values of its order, and which rows of these (None is all)."""

    ids: Numbers
    values: Numbers
    rows: Rows | None

    def rows_at(self, places: Rows) -> Rows:
        return places if self.rows is None else self.rows[places]


@dataclass(frozen=True, slots=True)
class _Passes:
    """Which units of a group pass, by themselves and through their buildings, and about what share of them does."""

    mask: Mask | None
    passing: Mask | None
    buildings: Rows
    share: float

    def of(self, rows: Rows) -> Mask:
        passed = np.ones(len(rows), bool) if self.mask is None else self.mask[rows]
        if self.passing is not None:
            passed &= self.passing[self.buildings[rows]]
        return passed


Firsts = tuple[Numbers, Numbers]
"""Values and ids, negated where the largest come first."""


def _first_units(search: Search, hits: Hits, name: str, order: _Order) -> Firsts:
    group = hits.group
    ids = group.column("id")
    rows, passes = _rows_to_order(search, hits)
    if not name or not group.is_constant(ORDERS[name]):
        return _first(_Listed(ids, group.column(ORDERS[name]) if name else ids, rows), passes, order)
    value = _signed(group.column(ORDERS[name])[:1], -1 if order.down else 1)
    if order.start is not None:
        start = _number(order.start[0], value.dtype) * (-1 if order.down else 1)
        if value < start:
            return value[:0], ids[:0]
        order = replace(order, start=order.start[-1:] if value == start else None)
    first = _first(_Listed(ids, ids, rows), passes, order)[1]
    return np.repeat(value, len(first)), first


def _rows_to_order(search: Search, hits: Hits) -> tuple[Rows | None, _Passes | None]:
    """Rows among which the first are to be found (None is all), and which of them pass (None is all)."""
    passing, group = search.passing_or_all, hits.group
    if search.share * hits.share < FEW:
        return search.inside(hits), None
    if hits.mask is not None:
        return None, _Passes(hits.mask, passing, group.buildings, search.share * hits.share)
    if passing is None:
        return hits.rows, None
    return hits.rows, _Passes(None, passing, group.buildings, search.share)


def _first(listed: _Listed, passes: _Passes | None, order: _Order) -> Firsts:
    """The first behind the start, of those that pass."""
    sign = -1 if order.down else 1
    values = _signed(listed.values if listed.rows is None else listed.values[listed.rows], sign)

    def ids_at(places: Rows) -> Numbers:
        return _signed(listed.ids[listed.rows_at(places)], sign)

    places = None
    if order.start is not None:
        value, ident = sign * _number(order.start[0], values.dtype), sign * order.start[-1]
        ties = np.flatnonzero(values == value)
        places = np.concatenate([np.flatnonzero(values > value), ties[ids_at(ties) > ident]])
        values = values[places]
    if passes is not None:
        behind = places
        near = _passing(
            values,
            lambda at: passes.of(listed.rows_at(at if behind is None else behind[at])),
            int(order.limit / passes.share),
            order.limit,
        )
        places, values = near if places is None else places[near], values[near]
    first = least(lambda at: ids_at(at if places is None else places[at]), values, order.limit)
    return values[first], ids_at(first if places is None else places[first])


def _passing(values: Numbers, passes: Callable[[Rows], Mask], likely: int, most: int) -> Rows:
    """Where the values are that pass, at least the `most` least of these: looked for among ever more of the least."""
    reach = TRIED * likely
    while reach < len(values) / 2:
        near = np.flatnonzero(values <= np.partition(values, reach)[reach])
        near = near[passes(near)]
        if len(near) >= most:
            return near
        reach *= TRIED * TRIED
    return np.flatnonzero(passes(np.arange(len(values))))


def _page(firsts: list[Firsts], order: _Order) -> IdPage:
    values, ids = (np.concatenate(parts) for parts in zip(*firsts, strict=True))
    chosen = ids[np.lexsort((ids, values))[: order.limit]]
    found = (-chosen if order.down else chosen).tolist()
    return IdPage(found[: order.limit - 1], len(found) == order.limit)


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
