"""The orders of the list of results: which of the matching buildings come first.

The same orders are in `static/src/map/results-model.js`; values are negated where the largest come first.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from geo.state_search.pages import least
from geo.state_search.search import Search
from geo.state_search.units import Rows

Keys = NDArray[np.float64]

DEFAULT = "area"


def best(search: Search, rows: Rows, sort: str, most: int) -> Rows:
    """The first `most` of the given buildings in the order `sort`, as rows."""
    keys = ORDERS[sort](search)[rows]
    ids = search.table.building("id")[rows]
    first = least(ids.__getitem__, keys, most)
    found: Rows = rows[first[np.lexsort((ids[first], keys[first]))]]
    return found


def _lowest_rent(search: Search) -> Keys:
    return _extreme(search, "rent", np.minimum, np.inf)


def _highest_rent(search: Search) -> Keys:
    highest = _extreme(search, "rent", np.maximum, -np.inf)
    return np.where(np.isfinite(highest), -highest, np.inf)


def _newest(search: Search) -> Keys:
    return -_extreme(search, "reported", np.maximum, 0)


def _floors(search: Search) -> Keys:
    return -search.table.building("floors").astype(float)


def _name(search: Search) -> Keys:
    return search.table.name_ranks.astype(float)


def _area(search: Search) -> Keys:
    return -search.area_per_building


ORDERS: dict[str, Callable[[Search], Keys]] = {
    "area": _area,
    "rent": _lowest_rent,
    "rent_desc": _highest_rent,
    "newest": _newest,
    "floors": _floors,
    "name": _name,
}


def _extreme(search: Search, column: str, of: np.ufunc, nothing: float) -> Keys:
    """The least or largest known value among the matching units of each building."""
    found = np.full(search.table.building_count, nothing)
    for hits in search.units:
        values = hits.group.column(column)[hits.chosen]
        known = ~np.isnan(values)
        of.at(found, hits.group.buildings[hits.chosen][known], values[known].astype(float))
    return found
