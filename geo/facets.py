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

Weighed = tuple[Rows | None, Numbers]
"""Buildings (None is all), and for each one building and its matching units in one number."""


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
    matching = _matching(search)
    found = {
        **_sums(search, matching),
        "near": _apart(_near(search, matching) + _near(search, _let_in(search, "near"))),
    }
    return {field: _counts(values(search, field), found[field]) for field in VOCABULARIES}


def sums(search: Search) -> dict[str, Sums]:
    """Sums for every value of every field but `near`, each without what is asked of its own field."""
    return _sums(search, _matching(search))


def near(search: Search) -> Sums:
    """Sums for every category of amenities within reach, among the matching buildings."""
    return _apart(_near(search, _matching(search)))


def values(search: Search, field: str) -> list[str]:
    """The values of a field, in the order of its counts."""
    return STARS if field == "star" else search.table.words[VOCABULARIES[field]]


def _sums(search: Search, matching: Weighed) -> dict[str, Sums]:
    return {
        **_by_kinds(search, matching),
        "fitout": _by_fitout(search),
        "occupancy": _by_occupancy(search),
    }


def _near(search: Search, weighed: Weighed) -> Numbers:
    return search.table.near(search.filters.near_m).sums(*weighed)


def _by_kinds(search: Search, matching: Weighed) -> dict[str, Sums]:
    """Sums for every value of the fields that speak of words of buildings."""
    kinds = search.table.kinds
    of_matching, found = kinds.sums(*matching), {}
    for field, members in kinds.members.items():
        by_kind = of_matching + kinds.sums(*_let_in(search, field)) if field in search.masks else of_matching
        found[field] = _apart(np.bincount(members.values, by_kind[members.kinds], len(members.words)))
    return found


def _matching(search: Search) -> Weighed:
    """The matching buildings; where they are many it is all buildings, of which the others weigh nothing."""
    if search.building_count > _MANY * search.table.building_count:
        weights = search.units_per_building + _BUILDING
        if search.building_count < search.table.building_count:
            weights *= search.buildings
        return None, weights
    return _weighed(search, np.flatnonzero(search.buildings))


def _let_in(search: Search, field: str) -> Weighed:
    """The buildings that one field alone keeps out."""
    return _weighed(search, search.kept_out_by(field))


def _weighed(search: Search, rows: Rows) -> Weighed:
    return rows, search.units_per_building[rows] + _BUILDING


def _apart(sums: Numbers) -> Sums:
    buildings = np.floor(sums / _BUILDING)
    return buildings, sums - buildings * _BUILDING


def _by_occupancy(search: Search) -> Sums:
    """Sums for every public state."""
    return _transposed([_sums_of(search, search.names_of(word)) for word in values(search, "occupancy")])


def _sums_of(search: Search, names: tuple[str, ...]) -> tuple[int, int]:
    if len(names) > 1:
        return search.sums_of(search.counted(names))
    hits = search.hits(names[0])
    if hits.everything or hits.mask is not None:
        return search.sums_of(hits.per_building)
    inside = search.inside(hits)
    return inside.building_count, inside.count


def _by_fitout(search: Search) -> Sums:
    """Sums for every kind of fit-out."""
    groups = [search.table.groups[name] for name in search.asked]
    kinds = len(values(search, "fitout")) + 1  # 0 is not known
    if search.checks.keys() <= {"fitout"}:
        fitted = search.table.fitted(tuple(group.name for group in groups if group.has_fitout))
        return _transposed([search.sums_of(counts) for counts in fitted])
    seen, units = np.zeros((kinds, search.table.building_count), bool), np.zeros(kinds)
    for group in groups:
        if group.has_fitout:
            inside = search.inside(search.hits(group.name, any_fitout=True))
            seen.reshape(-1)[group.fitout_places[inside.chosen]] = True
            units += inside.fitouts(kinds)
    return np.array([np.count_nonzero(each) for each in seen[1:]], float), units[1:]


def _transposed(pairs: list[tuple[int, int]]) -> Sums:
    buildings, units = np.array(pairs, float).reshape(-1, 2).T
    return buildings, units


def _counts(words: list[str], sums: Sums) -> list[Count]:
    numbers = zip(words, *(part.tolist() for part in sums), strict=True)
    return [Count(word, int(buildings), int(units)) for word, buildings, units in numbers]
