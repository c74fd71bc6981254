"""Search in the state file: which rows match, and how many would match with each other value of each filter.

One pass of numpy over the columns per condition. The rules are those of `geo/search.py`, which asks the same of SQL.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from geo.columns import Columns, ListColumn
from geo.filters import RENT_SLACK, UNIT_FIELDS, Filters
from geo.text import search_terms

Mask = NDArray[np.bool_]

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Answer:
    """Which rows of a state file match: one flag per building and one per unit (of matching buildings only)."""

    buildings: Mask
    units: Mask


@dataclass(frozen=True, slots=True)
class Count:
    """How many buildings and units match when `value` alone is chosen in its filter, all other filters as they are."""

    value: str
    buildings: int
    units: int


def matching(state: Columns, filters: Filters) -> Answer:
    """The rows that match `filters`."""
    buildings = _all(_building_masks(state, filters), state.header["tables"]["buildings"]["rows"])
    units = _all(_unit_masks(state, filters), state.header["tables"]["units"]["rows"])
    return _joined(state, filters, buildings, units)


def facets(state: Columns, filters: Filters) -> dict[str, list[Count]]:
    """For every filter with a fixed vocabulary, what each of its values would give."""
    words = state.header["words"]
    values = {
        "grade": words["grade"],
        "star": ["1", "2", "3", "4", "5"],
        "theme": words["theme"],
        "industry": words["industry"],
        "fitout": words["fitout"],
        "occupancy": words["occupancy"],
        "status": words["status"],
        "near": words["amenity"],
        "within": words["areas"],
        "cluster": words["clusters"],
    }
    return {field: _counts(state, filters, field, choices) for field, choices in values.items()}


def _counts(state: Columns, filters: Filters, field: str, choices: list[str]) -> list[Count]:
    """Counts for each choice; what the other filters say is worked out once."""
    others = replace(filters, **{field: ()})  # type: ignore[arg-type]  # every field named here is a tuple of words
    buildings = _all(_building_masks(state, others), state.header["tables"]["buildings"]["rows"])
    units = _all(_unit_masks(state, others), state.header["tables"]["units"]["rows"])
    counts = []
    for choice in choices:
        chosen = Filters(**{field: (choice,)}, near_m=filters.near_m)  # type: ignore[arg-type]  # as above
        with_it = replace(others, **{field: (choice,)})  # type: ignore[arg-type]  # as above
        answer = _joined(
            state,
            with_it,
            _all([buildings, *_building_masks(state, chosen)], len(buildings)),
            _all([units, *_unit_masks(state, chosen)], len(units)),
        )
        counts.append(Count(choice, int(answer.buildings.sum()), int(answer.units.sum())))
    return counts


def _joined(state: Columns, filters: Filters, buildings: Mask, units: Mask) -> Answer:
    row = state.array("units", "b")
    units = units & buildings[row]
    if filters.asks_of_units:
        buildings = buildings & (np.bincount(row[units], minlength=len(buildings)) > 0)
    return Answer(buildings, units)


def _all(masks: list[Mask], rows: int) -> Mask:
    found = np.ones(rows, bool)
    for mask in masks:
        found &= mask
    return found


def _unit_masks(state: Columns, filters: Filters) -> list[Mask]:
    checks: dict[str, Callable[[], Mask]] = {
        "area_min": lambda: _f32(state, "area") >= np.float32(filters.area_min or 0),
        "area_max": lambda: _least_area(state) <= np.float32(filters.area_max or 0),
        "rent_min": lambda: state.array("units", "rent") >= _rent(filters, filters.rent_min) - RENT_SLACK,
        "rent_max": lambda: state.array("units", "rent") <= _rent(filters, filters.rent_max) + RENT_SLACK,
        "floor_min": lambda: _floors(state, lambda floor: floor >= (filters.floor_min or 0)),
        "floor_max": lambda: _floors(state, lambda floor: floor <= (filters.floor_max or 0)),
        "fitout": lambda: _worded(state, "units", "fitout", "fitout", filters.fitout),
        "available_by": lambda: _available(state, filters.available_by or _EPOCH),
        "occupancy": lambda: _worded(state, "units", "occupancy", "occupancy", filters.occupancy),
    }
    assert checks.keys() == UNIT_FIELDS
    return [check() for name, check in checks.items() if getattr(filters, name) not in (None, ())]


def _building_masks(state: Columns, filters: Filters) -> list[Mask]:
    masks = [_texts(state, term) for term in search_terms(filters.q)]
    for field, column in (("grade", "grade"), ("status", "status")):
        if getattr(filters, field):
            masks.append(_worded(state, "buildings", column, field, getattr(filters, field)))
    if filters.star:
        masks.append(np.isin(state.array("buildings", "star"), [int(star) for star in filters.star]))
    for field, column in (("theme", "themes"), ("industry", "industries")):
        if getattr(filters, field):
            masks.append(state.array("buildings", column) & _bits(state, field, getattr(filters, field)) > 0)
    for field, column in (("within", "areas"), ("cluster", "clusters")):
        if getattr(filters, field):
            masks.append(_listed(state, column, getattr(filters, field)))
    if filters.bbox:
        masks.append(_boxed(state, filters.bbox))
    return masks + [state.array("buildings", f"near_{category}") <= filters.near_m for category in filters.near]


def _rent(filters: Filters, amount: Decimal | None) -> float:
    return filters.rent_cny_m2_day(amount or Decimal(0))


def _f32(state: Columns, column: str) -> NDArray[np.float32]:
    return state.array("units", column)


def _least_area(state: Columns) -> NDArray[np.float32]:
    least = _f32(state, "min_area")
    return np.where(least > 0, least, _f32(state, "area"))


def _floors(state: Columns, check: Callable[[NDArray[np.int16]], Mask]) -> Mask:
    floor = state.array("units", "floor")
    known: Mask = floor != 0
    return check(floor) & known


def _available(state: Columns, by: date) -> Mask:
    available, occupancy = state.array("units", "available"), state.array("units", "occupancy")
    words = state.header["words"]["occupancy"]
    vacant, soon = occupancy == words.index("vacant") + 1, occupancy == words.index("soon") + 1
    stated = (available > 0) & (available <= (by - _EPOCH).days)
    ready: Mask = (vacant & (available == 0)) | (stated & (vacant | soon))
    return ready


def _worded(state: Columns, table: str, column: str, vocabulary: str, chosen: tuple[str, ...]) -> Mask:
    words = state.header["words"][vocabulary]
    return np.isin(state.array(table, column), [words.index(word) + 1 for word in chosen if word in words])


def _bits(state: Columns, vocabulary: str, chosen: tuple[str, ...]) -> int:
    words = state.header["words"][vocabulary]
    return sum(1 << words.index(word) for word in chosen if word in words)


def _listed(state: Columns, column: str, chosen: tuple[str, ...]) -> Mask:
    words = state.header["words"][column]
    lists: ListColumn = state.lists("buildings", column)
    hits = np.isin(lists.values, [words.index(word) for word in chosen if word in words])
    before = np.concatenate([[0], np.cumsum(hits)])
    starts = np.concatenate([[0], lists.ends[:-1]]).astype(int)
    return before[lists.ends.astype(int)] > before[starts] if len(lists.ends) else np.zeros(0, bool)


def _boxed(state: Columns, box: tuple[float, float, float, float]) -> Mask:
    lon, lat = state.array("buildings", "lon"), state.array("buildings", "lat")
    west, south, east, north = (degrees * 1e6 for degrees in box)
    return (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)


def _texts(state: Columns, term: str) -> Mask:
    return np.fromiter((term in text for text in state.texts("buildings", "search")), bool)
