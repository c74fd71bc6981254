"""The rule of every criterion: which share of its points a unit gets, and what it says of itself.

Full at the target, linear down to nothing at a stated limit; what is not stated is neither met nor missed, and gives
nothing. A must is passed with the full share alone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from geo.columns import Array
from geo.filters import RENT_SLACK
from geo.matching.area import area_rule, taken_m2
from geo.matching.market import Mask, Units, in_areas
from geo.matching.requirement import PERMITS, Requirement, amenities
from geo.snapshot import NO_AMENITY, NO_PARKING
from geo.taxonomy.rents import DAYS_PER_MONTH

Shares = NDArray[np.float32]

RENT_ROOM = BUDGET_ROOM = 0.2
"""Part of the limit above it at which nothing is left."""

DAYS_ROOM, FLOORS_ROOM = 90, 10
PRESENT_SHARE = PARTLY_REGISTRABLE_SHARE = 0.5

REGISTRABLE = {1: "yes", 2: "partly", 3: "no"}
"""What the state file has in `registrable`; 0 is not stated."""

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Judged:
    """What some units get for a criterion.

    `shares` are from 0 to 1; `unstated` are the units that do not say (None: all say); `values` is what each says.
    """

    shares: Shares
    unstated: Mask | None
    values: Array


Rule = Callable[[Units, Requirement], Judged]


def judged(name: str, units: Units, requirement: Requirement) -> Judged:
    """What `units` get for the criterion `name`, which is asked for."""
    rule = RULES.get(name)
    return rule(units, requirement) if rule else _walk(name, units, requirement)


def _area(units: Units, requirement: Requirement) -> Judged:
    shares, unstated, taken = area_rule(units, requirement)
    return Judged(shares, unstated, taken)


def _available(units: Units, requirement: Requirement) -> Judged:
    assert requirement.available_by is not None
    days = units.column("available")
    unstated = (days == 0) & ~is_vacant(units)
    late = days - (requirement.available_by - _EPOCH).days
    return _judged(_down(late, DAYS_ROOM), unstated, days)


def _rent(units: Units, requirement: Requirement) -> Judged:
    assert requirement.rent_max is not None
    rent, most = units.column("rent"), requirement.rent_cny_m2_day(requirement.rent_max)
    return _judged(_down(rent - np.float32(most + RENT_SLACK), RENT_ROOM * most), np.isnan(rent), rent)


def _budget(units: Units, requirement: Requirement) -> Judged:
    assert requirement.budget_month is not None
    most, month = float(requirement.budget_month), rent_of_month(units, requirement)
    return _judged(_down(month - (most + 0.01), BUDGET_ROOM * most), np.isnan(month), month)


def _floor(units: Units, requirement: Requirement) -> Judged:
    floor = units.column("floor")
    shares = np.ones(len(floor), np.float32)
    if requirement.floor_min is not None:
        shares = np.minimum(shares, _down(requirement.floor_min - floor.astype("i4"), FLOORS_ROOM))
    if requirement.floor_max is not None:
        shares = np.minimum(shares, _down(floor.astype("i4") - requirement.floor_max, FLOORS_ROOM))
    return _judged(shares, floor == 0, floor)


def _band(units: Units, requirement: Requirement) -> Judged:
    floor, floors = units.column("floor").astype("i4"), units.of_building("floors").astype("i4")
    third = np.clip((3 * floor + floors - 1) // np.maximum(floors, 1), 1, 3)  # rounded up
    wanted = [place for place, band in enumerate(("low", "middle", "high"), 1) if band in requirement.band]
    return _judged(_ones(np.isin(third, wanted)), (floors == 0) | (floor == 0), third)


def _worded(field: str, of_building: bool) -> Rule:
    def rule(units: Units, requirement: Requirement) -> Judged:
        number = units.of_building(field) if of_building else units.column(field)
        chosen = np.zeros(256, np.float32)
        words = ["1", "2", "3", "4", "5"] if field == "star" else units.words(field)
        chosen[[words.index(word) + 1 for word in getattr(requirement, field) if word in words]] = 1
        return _judged(chosen[number], number == 0, number)

    return rule


def _theme(units: Units, requirement: Requirement) -> Judged:
    words, bits = units.words("theme"), units.of_building("themes")
    wanted = np.uint32(sum(1 << words.index(word) for word in requirement.theme if word in words))
    return Judged(_ones(bits & wanted > 0), None, bits)


def _industry(units: Units, requirement: Requirement) -> Judged:
    words, bits, leading = units.words("industry"), units.of_building("industries"), units.of_building("leading")
    place = words.index(requirement.industry) if requirement.industry in words else -1
    present = bits >> np.uint32(max(place, 0)) & np.uint32(1) if place >= 0 else np.zeros(len(bits), np.uint32)
    level = np.where(leading == place + 1, 2, present)
    shares = np.array([0, PRESENT_SHARE, 1], np.float32)[level]
    return _judged(shares, bits == 0, level)


def _registrable(units: Units, _: Requirement) -> Judged:
    told = units.of_building("registrable")
    return _judged(np.array([0, 1, PARTLY_REGISTRABLE_SHARE, 0], np.float32)[told], told == 0, told)


def _permits(units: Units, requirement: Requirement) -> Judged:
    bits = units.of_building("permits").astype(np.uint8)
    possible = sum(1 << PERMITS.index(permit) for permit in requirement.permits)
    told = bits & possible | bits >> len(PERMITS) & possible
    shares = _ONES_IN[bits & possible] / np.float32(len(requirement.permits))
    return Judged(shares.astype(np.float32), told != possible, bits)


def _parking(units: Units, requirement: Requirement) -> Judged:
    assert requirement.parking is not None
    places = units.of_building("parking")
    shares = np.minimum(places / np.float32(requirement.parking), 1).astype(np.float32)
    return _judged(shares, places == NO_PARKING, places)


def _in_areas(field: str) -> Rule:
    def rule(units: Units, requirement: Requirement) -> Judged:
        inside = in_areas(units.table, getattr(requirement, field))[units.column("b")]
        return Judged(_ones(inside), None, inside)

    return rule


def _bbox(units: Units, requirement: Requirement) -> Judged:
    assert requirement.bbox is not None
    lon, lat = units.of_building("lon"), units.of_building("lat")
    west, south, east, north = (degrees * 1e6 for degrees in requirement.bbox)
    inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    return Judged(_ones(inside), None, inside)


def _walk(name: str, units: Units, requirement: Requirement) -> Judged:
    most = next(walk.metres for walk in requirement.walks if walk.name == name)
    columns = [units.of_building(f"near_{category}") for category in amenities()[name]]
    metres = columns[0] if len(columns) == 1 else np.maximum.reduce(columns)
    shares = _down(metres.astype("i4") - most, most)
    return _judged(shares, ~units.of_building("reached"), np.where(metres == NO_AMENITY, -1, metres.astype("i4")))


RULES: Mapping[str, Rule] = {
    "area": _area,
    "available": _available,
    "rent": _rent,
    "budget": _budget,
    "floor": _floor,
    "band": _band,
    "grade": _worded("grade", True),
    "star": _worded("star", True),
    "theme": _theme,
    "fitout": _worded("fitout", False),
    "industry": _industry,
    "registrable": _registrable,
    "permits": _permits,
    "parking": _parking,
    "zone": _in_areas("zone"),
    "within": _in_areas("within"),
    "bbox": _bbox,
}
"""Criterion → its rule; those of amenities are alike."""


def is_vacant(units: Units) -> Mask:
    """Which units stand empty now."""
    vacant: Mask = units.column("occupancy") == units.words("occupancy").index("vacant") + 1
    return vacant


def rent_of_month(units: Units, requirement: Requirement) -> NDArray[np.float64]:
    """CNY a month for what would be taken of each unit; NaN where rent or area are not stated."""
    area = taken_m2(units, requirement).astype(float)
    return np.where(area > 0, area, np.nan) * units.column("rent") * DAYS_PER_MONTH


def _judged(shares: Array, unstated: Mask, values: Array) -> Judged:
    return Judged(np.where(unstated, np.float32(0), shares).astype(np.float32, copy=False), unstated, values)


def _down(excess: Array, room: float) -> Shares:
    """1 up to the target, linear down to 0 where the excess over it has used up the room."""
    left: Shares = np.clip(1 - excess.astype(np.float32, copy=False) * np.float32(1 / room), 0, 1)
    return left


def _ones(mask: Mask) -> Shares:
    return mask.astype(np.float32)


_ONES_IN = np.array([bin(number).count("1") for number in range(256)], np.float32)
