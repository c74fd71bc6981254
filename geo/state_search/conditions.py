"""What filters ask of the columns of a state: one mask per field for buildings, one check per field for units."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.columns import Array
from geo.filters import RENT_SLACK, UNIT_FIELDS, Filters, land_of
from geo.shapes import Shape
from geo.state_search.kinds import OF_KINDS
from geo.state_search.table import Table
from geo.state_search.units import Mask, Rows, UnitGroup
from geo.text import search_terms

Check = Callable[[UnitGroup, "Rows | None"], Mask]
"""Of the given rows of a group, or of all of them, which ones pass."""

_EPOCH = date(1970, 1, 1)


def building_masks(table: Table, filters: Filters) -> dict[str, Mask]:
    """Field in force → which buildings pass it."""
    masks = {field: table.kinds.having(field, chosen) for field in OF_KINDS if (chosen := getattr(filters, field))}
    if filters.bbox:
        masks["bbox"] = boxed(table, filters.bbox)
    if filters.shape:
        masks["shape"] = _drawn(table, filters.shape)
    if filters.near:
        asked = _bits(table.words["amenity"], filters.near)
        masks["near"] = table.near(filters.near_m).bits & asked == asked
    if filters.walk_from:
        masks["walk_from"] = _inside(table, land_of(filters.walk_from))
    if terms := search_terms(filters.q):
        masks["q"] = all_of([table.texts.having(term) for term in terms], table.building_count)
    return masks


def unit_checks(filters: Filters) -> dict[str, Check]:
    """Field in force → which units pass it; `occupancy` chooses groups and is none of them."""
    checks: dict[str, Check] = {
        "area_min": _compared("area", np.greater_equal, np.float32(filters.area_min or 0)),
        "area_max": _compared("least", np.less_equal, np.float32(filters.area_max or 0)),
        "rent_min": _compared("rent", np.greater_equal, _rent(filters, filters.rent_min) - RENT_SLACK),
        "rent_max": _compared("rent", np.less_equal, _rent(filters, filters.rent_max) + RENT_SLACK),
        "floor_min": _floors(np.greater_equal, filters.floor_min or 0),
        "floor_max": _floors(np.less_equal, filters.floor_max or 0),
        "fitout": _fitted(filters.fitout),
        "available_by": _ready(filters.available_by or _EPOCH),
    }
    assert checks.keys() | {"occupancy"} == UNIT_FIELDS
    return {name: check for name, check in checks.items() if getattr(filters, name) not in (None, ())}


def all_of(masks: list[Mask], rows: int) -> Mask:
    """Rows that pass every mask."""
    found = np.ones(rows, bool)
    for mask in masks:
        found &= mask
    return found


def boxed(table: Table, box: tuple[float, float, float, float]) -> Mask:
    """Buildings whose point is in a box of degrees (west, south, east, north)."""
    lon, lat = table.building("lon"), table.building("lat")
    west, south, east, north = (degrees * 1e6 for degrees in box)
    return (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)


def _inside(table: Table, land: bytes) -> Mask:
    """Buildings whose point is on some land."""
    area = shapely.from_wkb(land)
    lon, lat = table.building("lon") / 1e6, table.building("lat") / 1e6
    west, south, east, north = shapely.bounds(area)
    found: Mask = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    near = np.flatnonzero(found)
    found[near] = shapely.contains_xy(area, lon[near], lat[near])
    return found


def _drawn(table: Table, shape: Shape) -> Mask:
    """Buildings whose point is in a shape."""
    found = boxed(table, shape.bounds)
    near = np.flatnonzero(found)
    found[near] = shape.holds(table.building("lon")[near], table.building("lat")[near])
    return found


def _any_of(column: NDArray[np.uint8], numbers: list[int]) -> Mask:
    found = np.zeros(len(column), bool)
    for number in numbers:
        found |= column == number
    return found


def _bits(words: list[str], chosen: tuple[str, ...]) -> np.uint32:
    return np.uint32(sum(1 << words.index(word) for word in chosen if word in words))


def _rent(filters: Filters, amount: Decimal | None) -> float:
    return filters.rent_cny_m2_day(amount or Decimal(0))


def _compared(column: str, compare: Callable[..., Mask], limit: float | np.float32) -> Check:
    def check(group: UnitGroup, rows: Rows | None) -> Mask:
        return compare(_values(group, column, rows), limit)

    return check


def _floors(compare: Callable[..., Mask], limit: int) -> Check:
    def check(group: UnitGroup, rows: Rows | None) -> Mask:
        floors = _values(group, "floor", rows)
        known: Mask = floors != 0
        return compare(floors, limit) & known

    return check


def _fitted(chosen: tuple[str, ...]) -> Check:
    def check(group: UnitGroup, rows: Rows | None) -> Mask:
        words = group.words["fitout"]
        return _any_of(_values(group, "fitout", rows), [words.index(word) + 1 for word in chosen if word in words])

    return check


def _ready(by: date) -> Check:
    def check(group: UnitGroup, rows: Rows | None) -> Mask:
        """Vacant now, or on the market with a date that comes early enough."""
        available = _values(group, "available", rows)
        stated: Mask = (available > 0) & (available <= (by - _EPOCH).days)
        if group.word == "vacant":
            stated |= available == 0
        elif group.word != "soon":
            stated[:] = False
        return stated

    return check


def _values(group: UnitGroup, column: str, rows: Rows | None) -> Array:
    values = group.column(column)
    return values if rows is None else values[rows]
