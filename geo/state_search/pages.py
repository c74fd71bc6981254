"""Pages of units out of a state: the same orders and the same keys to go on from as `geo/search.py` has in SQL."""

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.state_search.search import Search
from geo.state_search.units import Hits, Rows, UnitGroup

Numbers = NDArray[Any]
Start = tuple[float | Decimal | date | int, int] | tuple[int]
"""What a page goes on from: the value of the order and the id, or the id alone."""

WALKED = 30_000
"""Units of one public state from which on it pays to put them in order once for all searches."""

LONGER = 8
"""Times as many units of the order are looked at next, where those before held too few that match."""

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class IdPage:
    """The ids of a page in their order, and whether there are more behind."""

    ids: list[int]
    more: bool


ORDERS: Mapping[str, str] = {
    "": "id",
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
        One of `ORDERS`, with - in front for the largest first.
    start
        The values of the last row of the page before.
    """
    name, order = ORDERS[sort.removeprefix("-")], _Order(sort.startswith("-"), start, limit + 1)
    return _page([_first_units(search, search.hits(group), name, order) for group in search.asked], order)


def building_page(search: Search, sort: str, start: Start | None, limit: int) -> IdPage:
    """Ids of matching buildings by id or, with the sort year, by the year of completion."""
    ids, order = search.table.building("id"), _Order(sort.startswith("-"), start, limit + 1)
    values = search.table.building("year") if sort.removeprefix("-") else ids
    rows = np.flatnonzero(search.buildings)
    return _page([_first(values[rows], ids[rows], order)], order)


@dataclass(frozen=True, slots=True)
class _Order:
    down: bool
    start: Start | None
    limit: int
    """One more than the page holds, so that it is known whether there is another."""


Firsts = tuple[Numbers, Numbers]
"""Values and ids, negated where the largest come first."""


def _first_units(search: Search, hits: Hits, name: str, order: _Order) -> Firsts:
    """The first behind the start among units of one public state: by walking in their order where many match."""
    values, ids = hits.group.column(name), hits.group.column("id")
    count = search.sums_of(hits.per_building)[1] if hits.everything else search.inside(hits).count
    if len(values) < WALKED or count**2 < order.limit * len(values):
        rows = search.inside(hits).chosen
    else:
        rows = _walked(hits.group, name, _matches(search, hits), order.limit * len(values) // count, order)
    return _first(values[rows], ids[rows], order)


def _matches(search: Search, hits: Hits) -> Callable[[Rows], Rows]:
    """Those of some rows that match."""
    if hits.everything and search.masks:
        return lambda rows: rows[search.passing[hits.group.buildings[rows]]]
    mask = search.inside(hits).mask
    return lambda rows: rows if mask is None else rows[mask[rows]]


def _walked(group: UnitGroup, name: str, matching: Callable[[Rows], Rows], likely: int, order: _Order) -> Rows:
    """The rows of the first behind the start, out of ever longer parts of all rows in their order."""
    ordered = group.order(name)[:: -1 if order.down else 1]
    at, found = _place_behind(group, name, ordered, order), [np.zeros(0, np.intp)]
    while at < len(ordered) and sum(map(len, found)) < order.limit:
        found.append(matching(ordered[at : at + likely].astype(np.intp)))
        at, likely = at + likely, likely * LONGER
    return np.concatenate(found)[: order.limit]


def _place_behind(group: UnitGroup, name: str, ordered: NDArray[np.uint32], order: _Order) -> int:
    """Where in the order the first row behind the start stands."""
    if order.start is None:
        return 0
    values, ids, sign = group.column(name), group.column("id"), -1 if order.down else 1
    start = (sign * _number(order.start[0], values.dtype).item(), sign * int(order.start[-1]))
    return bisect_right(ordered, start, key=lambda row: (sign * values[row].item(), sign * ids[row].item()))


def _first(values: Numbers, ids: Numbers, order: _Order) -> Firsts:
    """The first behind the start."""
    sign = -1 if order.down else 1
    values, ids = _signed(values, sign), _signed(ids, sign)
    if order.start is not None:
        value, ident = sign * _number(order.start[0], values.dtype), sign * int(order.start[-1])
        behind = np.flatnonzero((values > value) | ((values == value) & (ids > ident)))
        values, ids = values[behind], ids[behind]
    first = least(ids.__getitem__, values, order.limit)
    return values[first], ids[first]


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
