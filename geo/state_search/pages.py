"""Pages of units out of a state: the same orders and the same keys to go on from as `geo/search.py` has in SQL."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from geo.state_search.search import Search
from geo.state_search.table import Rows, UnitGroup

Numbers = NDArray[np.number]
Start = tuple[float | Decimal | date | int, int] | tuple[int]
"""What a page goes on from: the value of the order and the id, or the id alone."""

NO_RENT = np.float32(1e9)
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class IdPage:
    """The ids of a page in their order, and whether there are more behind."""

    ids: list[int]
    more: bool


ORDERS: Mapping[str, Callable[[UnitGroup, Rows], Numbers]] = {
    "area": lambda group, rows: group.column("area")[rows],
    "rent": lambda group, rows: _known_rent(group.column("rent")[rows]),
    "floor": lambda group, rows: group.column("floor")[rows].astype(np.int32),
    "available_on": lambda group, rows: group.column("available")[rows],
    "reported_on": lambda group, rows: group.column("reported")[rows],
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
    name, down = sort.removeprefix("-"), sort.startswith("-")
    found = search.units
    ids = np.concatenate([group.column("id")[rows] for group, rows in found])
    values = np.concatenate([ORDERS[name](group, rows) for group, rows in found]) if name else ids
    return _page(ids, values, (_number(start[0], values.dtype), start[-1]) if start else None, down, limit)


def building_page(search: Search, sort: str, start: Start | None, limit: int) -> IdPage:
    """Ids of matching buildings by id or, with the sort year, by the year of completion."""
    name, down = sort.removeprefix("-"), sort.startswith("-")
    rows = np.flatnonzero(search.buildings)
    ids = search.table.building("id")[rows].astype(np.int64)
    values = search.table.building("year")[rows].astype(np.int32) if name else ids
    return _page(ids, values, (_number(start[0], values.dtype), start[-1]) if start else None, down, limit)


def _page(ids: Numbers, values: Numbers, start: tuple[Numbers, int] | None, down: bool, limit: int) -> IdPage:
    if down:
        ids, values = -ids, -values
    if start is not None:
        value, ident = (-start[0], -start[1]) if down else start
        behind = np.flatnonzero((values > value) | ((values == value) & (ids > ident)))
        ids, values = ids[behind], values[behind]
    first = least(ids, values, limit)
    chosen = ids[first[np.lexsort((ids[first], values[first]))]]
    return IdPage((-chosen if down else chosen).tolist(), len(ids) > limit)


def least(ids: Numbers, values: Numbers, limit: int) -> Rows:
    """Where the `limit` least values are, the lesser ids among equals."""
    if len(values) <= limit:
        return np.arange(len(values))
    edge = np.partition(values, limit - 1)[limit - 1]
    below, ties = np.flatnonzero(values < edge), np.flatnonzero(values == edge)
    room = limit - len(below)
    if len(ties) > room:
        ties = ties[ids[ties] <= np.partition(ids[ties], room - 1)[room - 1]]
    return np.concatenate([below, ties])


def _number(value: float | Decimal | date | int, kind: np.dtype[np.number]) -> Numbers:
    return np.array((value - _EPOCH).days if isinstance(value, date) else value).astype(kind)


def _known_rent(rents: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.where(np.isnan(rents), NO_RENT, rents)
