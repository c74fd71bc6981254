"""How many buildings and units would match with each other value of each filter, counted over the state file.

A building counts as its kind (`geo/state_search/kinds.py`), with its matching units as a weight: one count by kind
gives all words of all fields at once, and only a field that is in force itself needs another.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.columns import Columns
from geo.filters import Filters
from geo.state_search.search import Search
from geo.state_search.table import Mask, Rows, Table

STARS = ("1", "2", "3", "4", "5")
VOCABULARIES = {
    "grade": "grade",
    "star": "star",
    "theme": "theme",
    "industry": "industry",
    "fitout": "fitout",
    "occupancy": "occupancy",
    "status": "status",
    "near": "amenity",
    "within": "areas",
    "cluster": "clusters",
}
"""Field → the vocabulary of its values."""

OF_KINDS = ("grade", "star", "theme", "industry", "status", "within", "cluster")

_BUILDING = 2.0**26
"""One building in a sum of units; sums of both stay whole numbers that a double holds."""

Numbers = NDArray[Any]
Sums = tuple[Numbers, Numbers]
"""Of buildings and of units."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Which rows of a state file match: one flag per building and one per unit (of matching buildings only)."""

    buildings: Mask
    units: Mask


class Count(NamedTuple):
    """How many buildings and units match when `value` alone is chosen in its filter, all other filters as they are."""

    value: str
    buildings: int
    units: int


def matching(state: Columns, filters: Filters) -> Answer:
    """The rows that match `filters`; who asks more than once makes a `Table` of the state and keeps it."""
    search = Search(Table(state, np.zeros(0, np.int64)), filters)
    units = np.zeros(state.header["tables"]["units"]["rows"], bool)
    for hits in search.units:
        units[hits.group.rows[hits.chosen]] = True
    return Answer(search.buildings, units)


def facets(search: Search) -> dict[str, list[Count]]:
    """For every filter with a fixed vocabulary, what each of its values would give."""
    found = {**sums(search), "near": near(search, search.matching_but("near"))}
    return {field: _counts(values(search, field), found[field]) for field in VOCABULARIES}


def sums(search: Search) -> dict[str, Sums]:
    """Sums for every value of every field but `near`, each without what is asked of its own field."""
    return {**_by_kinds(search), "fitout": _by_fitout(search), "occupancy": _by_occupancy(search)}


def values(search: Search, field: str) -> list[str]:
    """The values of a field, in the order of its counts."""
    return list(STARS) if field == "star" else search.table.words[VOCABULARIES[field]]


def _by_kinds(search: Search) -> dict[str, Sums]:
    """Sums for every value of the fields that speak of words of buildings."""
    kinds = search.table.kinds
    others = _summed_by_kind(search, search.buildings)
    found = {}
    for field in OF_KINDS:
        buildings, units = _summed_by_kind(search, search.matching_but(field)) if field in search.masks else others
        members, size = kinds.members[field], len(values(search, field))
        found[field] = (
            np.bincount(members.values, buildings[members.kinds], size),
            np.bincount(members.values, units[members.kinds], size),
        )
    return found


def near(search: Search, buildings: Mask) -> Sums:
    """Sums for every category of amenities within reach, among the given buildings."""
    return _apart(search.table.near(search.filters.near_m).sums(*_weighted(search, buildings)))


def _summed_by_kind(search: Search, buildings: Mask) -> Sums:
    kinds = search.table.kinds
    rows, weights = _weighted(search, buildings)
    return _apart(np.bincount(_of(kinds.of, rows), weights, kinds.count))


def _rows(buildings: Mask) -> Rows | None:
    return None if buildings.all() else np.flatnonzero(buildings)


def _of(values: Numbers, rows: Rows | None) -> Numbers:
    return values if rows is None else values[rows]


def _weighted(search: Search, buildings: Mask) -> tuple[Rows | None, Numbers]:
    """The given buildings (None is all), and for each one building and its matching units in one number."""
    rows = _rows(buildings)
    return rows, _of(search.units_per_building, rows) + _BUILDING


def _apart(sums: Numbers) -> Sums:
    buildings = np.floor(sums / _BUILDING)
    return buildings, sums - buildings * _BUILDING


def _by_occupancy(search: Search) -> Sums:
    rows = _rows(search.passing)
    counts = [_of(search.per_building(word), rows) for word in values(search, "occupancy")]
    return np.array([np.count_nonzero(c) for c in counts], float), np.array([c.sum() for c in counts], float)


def _by_fitout(search: Search) -> Sums:
    """Sums for every kind of fit-out."""
    kinds = len(values(search, "fitout")) + 1  # 0 is not known
    rows = _rows(search.passing)
    seen, units = np.zeros((kinds, search.table.building_count), bool), np.zeros(kinds)
    for hits in (search.hits(word, any_fitout=True) for word in search.asked):
        if not hits.group.has_fitout:
            continue
        if hits.everything:
            for number in range(1, kinds):
                per_building, has = hits.group.fitted(number)
                seen[number] |= has
                units[number] += _of(per_building, rows).sum()
        else:
            inside = search.inside(hits)
            fitouts = hits.group.column("fitout")[inside]
            seen.reshape(-1)[hits.group.fitout_places[inside]] = True
            units += np.bincount(fitouts, minlength=kinds)
    return np.count_nonzero(seen & search.passing, axis=1)[1:].astype(float), units[1:]


def _counts(words: list[str], sums: Sums) -> list[Count]:
    numbers = zip(words, *(part.tolist() for part in sums), strict=True)
    return [Count(word, int(buildings), int(units)) for word, buildings, units in numbers]
