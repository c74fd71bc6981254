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
from geo.state_search.kinds import STARS
from geo.state_search.search import Search
from geo.state_search.table import Table
from geo.state_search.units import Mask, Rows

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

_BUILDING = 2.0**26
"""One building in a sum of units; sums of both stay whole numbers that a double holds."""

_MANY = 1 / 2
"""Share of the buildings from which on it costs less to count all of them than to pick them out."""

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
    return STARS if field == "star" else search.table.words[VOCABULARIES[field]]


def near(search: Search, buildings: Mask) -> Sums:
    """Sums for every category of amenities within reach, among the given buildings."""
    rows, weights = _chosen(buildings, _weights(search))
    return _apart(search.table.near(search.filters.near_m).sums(rows, weights))


def _by_kinds(search: Search) -> dict[str, Sums]:
    """Sums for every value of the fields that speak of words of buildings."""
    kinds, weights = search.table.kinds, _weights(search)
    rows, chosen = _chosen(search.buildings, weights)
    matching = np.bincount(kinds.of if rows is None else kinds.of[rows], chosen, kinds.count)
    found = {}
    for field, members in kinds.members.items():
        by_kind = matching
        if field in search.masks:
            let_in = search.let_in_without(field)
            by_kind = matching + np.bincount(kinds.of[let_in], weights[let_in], kinds.count)
        found[field] = _apart(np.bincount(members.values, by_kind[members.kinds], len(members.words)))
    return found


def _weights(search: Search) -> Numbers:
    """For each building one building and its matching units in one number."""
    return search.units_per_building + _BUILDING


def _chosen(buildings: Mask, weights: Numbers) -> tuple[Rows | None, Numbers]:
    """The rows of the given buildings and their weights; where they are many, all rows, the others weighing nothing."""
    if np.count_nonzero(buildings) > _MANY * len(buildings):
        return None, weights * buildings
    rows = np.flatnonzero(buildings)
    return rows, weights[rows]


def _apart(sums: Numbers) -> Sums:
    buildings = np.floor(sums / _BUILDING)
    return buildings, sums - buildings * _BUILDING


def _by_occupancy(search: Search) -> Sums:
    counts = [search.per_building(word) for word in values(search, "occupancy")]
    buildings = [np.count_nonzero((each > 0) & search.passing) for each in counts]
    return np.array(buildings, float), np.array([search.sum_of(each) for each in counts], float)


def _by_fitout(search: Search) -> Sums:
    """Sums for every kind of fit-out."""
    kinds = len(values(search, "fitout")) + 1  # 0 is not known
    seen, units = np.zeros((kinds, search.table.building_count), bool), np.zeros(kinds)
    for hits in (search.hits(word, any_fitout=True) for word in search.asked):
        if not hits.group.has_fitout:
            continue
        if hits.everything:
            for number in range(1, kinds):
                per_building, has = hits.group.fitted(number)
                seen[number] |= has
                units[number] += search.sum_of(per_building)
        else:
            inside = search.inside(hits)
            seen.reshape(-1)[hits.group.fitout_places[inside.chosen]] = True
            units += inside.fitouts(kinds)
    return np.count_nonzero(seen & search.passing, axis=1)[1:].astype(float), units[1:]


def _counts(words: list[str], sums: Sums) -> list[Count]:
    numbers = zip(words, *(part.tolist() for part in sums), strict=True)
    return [Count(word, int(buildings), int(units)) for word, buildings, units in numbers]
