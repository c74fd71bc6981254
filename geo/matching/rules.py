"""The rule of every criterion: how far a unit is from what is asked for, and what it says of itself.

The points for a criterion are full at the target and go down linearly to nothing at a stated limit, the end of the
room that is given; what is not stated is neither met nor missed, and gives nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.columns import Array
from geo.filters import RENT_SLACK
from geo.matching.area import high_of, lacking, low_of, supply, taken, taken_m2, wanted
from geo.matching.market import NEVER, Mask, Units, days_of, in_areas
from geo.matching.requirement import BANDS, PERMITS, STARS, Requirement, amenities
from geo.snapshot import NO_PARKING
from geo.state_search.around import knows_firms

Numbers = NDArray[np.float32]

RENT_ROOM = BUDGET_ROOM = 0.2
"""Part of the limit above it at which nothing is left."""

DAYS_ROOM, FLOORS_ROOM = 90, 10
PRESENT_SHARE = PARTLY_REGISTRABLE_SHARE = 0.5

BUDGET_SLACK = 0.01
"""CNY a month: rents by the day must not miss a limit in months by rounding."""

LEAST_ROOM = 0.01
"""What an excess is a part of at least, where a limit of 0 leaves no room."""

REGISTRABLE = {1: "yes", 2: "partly", 3: "no"}
"""What the state file has in `registrable`; 0 is not stated."""

OF_UNITS = frozenset({"area", "available", "rent", "budget", "floor", "band", "fitout"})
"""Criteria that ask something of a unit; all others ask it of its building, so that its units are alike in them."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What some units say under a criterion.

    Attributes
    ----------
    lack
        How far each is from what is asked for, as a part of the room: 0 or less is met, from 1 on nothing is left of
        the points; NaN where it is not stated.
    values
        What each says.
    silent
        Which do not say all that is asked for, where that is not the same as a `lack` of NaN.
    """

    lack: Numbers
    values: Array
    silent: Mask | None = None

    @property
    def met(self) -> Mask:
        """Which have all that is asked for: those that pass, if it is a must."""
        met: Mask = self.lack <= 0
        return met

    @property
    def unstated(self) -> Mask:
        """Which do not say."""
        return np.isnan(self.lack) if self.silent is None else self.silent

    @property
    def shares(self) -> Numbers:
        """The share of the points that each gets, 0 to 1."""
        return shares_of(self.lack)


Rule = Callable[[Units, Requirement], Judged]


def judged(name: str, units: Units, requirement: Requirement) -> Judged:
    """What `units` say under the criterion `name`, which is asked for."""
    rule = RULES.get(name)
    return rule(units, requirement) if rule else _walk(name, units, requirement)


def passes(name: str, units: Units, requirement: Requirement) -> Mask:
    """Which of `units` meet a criterion, as `judged` has it; the musts that are usual are looked at in no other way."""
    quick = _PASSES.get(name)
    return quick(units, requirement) if quick else judged(name, units, requirement).met


def shares_of(lack: NDArray[np.floating]) -> Numbers:
    """The shares of points for what is lacking; nothing for NaN."""
    shares: Numbers = np.fmin(np.fmax(1 - lack, 0), 1).astype(np.float32, copy=False)
    return shares


def budget_lack(month: NDArray[np.floating], requirement: Requirement) -> Numbers:
    """How far costs of a month are from the budget."""
    most = float(requirement.budget_month or 0)
    return _over(month - (most + BUDGET_SLACK), BUDGET_ROOM * most)


def _area(units: Units, requirement: Requirement) -> Judged:
    asked, offered = wanted(requirement), supply(units, requirement)
    assert asked is not None
    lack = lacking(offered.least, offered.most, asked)
    return Judged(_stated(lack, units.column("area") > 0), taken(offered.least, offered.most, asked) * offered.m2)


def _available(units: Units, requirement: Requirement) -> Judged:
    assert requirement.available_by is not None
    ready = units.column("ready")
    late = ready.astype(np.float32) - np.float32(days_of(requirement.available_by))
    return Judged(_stated(_over(late, DAYS_ROOM), ready != NEVER), ready)


def _rent(units: Units, requirement: Requirement) -> Judged:
    rent, most = units.column("rent"), _most_rent(requirement)
    return Judged(_over(rent - np.float32(most + RENT_SLACK), RENT_ROOM * most), rent)


def _most_rent(requirement: Requirement) -> float:
    assert requirement.rent_max is not None
    return requirement.rent_cny_m2_day(requirement.rent_max)


def _budget(units: Units, requirement: Requirement) -> Judged:
    area = taken_m2(units, requirement).astype(float)
    month = np.where(area > 0, area, np.nan) * units.column("price")
    return Judged(budget_lack(month, requirement), month)


def _floor(units: Units, requirement: Requirement) -> Judged:
    floor = units.column("floor")
    lack, position = np.zeros(len(floor), np.float32), floor.astype(np.float32)
    if requirement.floor_min is not None:
        lack = np.maximum(lack, _over(requirement.floor_min - position, FLOORS_ROOM))
    if requirement.floor_max is not None:
        lack = np.maximum(lack, _over(position - requirement.floor_max, FLOORS_ROOM))
    return Judged(_stated(lack, floor != 0), floor)


def _worded(field: str, words: tuple[str, ...] = ()) -> Rule:
    """Any of some words; of a fixed list, or of that of the state."""

    def rule(units: Units, requirement: Requirement) -> Judged:
        number = (units.column if field in OF_UNITS else units.of_building)(field)
        known, asked = words or tuple(units.words(field)), getattr(requirement, field)
        lack = [np.nan, *(0.0 if word in asked else 1.0 for word in known)]
        return Judged(np.array(lack, np.float32)[number], number)

    return rule


def _theme(units: Units, requirement: Requirement) -> Judged:
    words, bits = units.words("theme"), units.of_building("themes")
    wanted = np.uint32(sum(1 << words.index(word) for word in requirement.theme if word in words))
    return Judged(_missing(bits & wanted > 0), bits)


def _industry(units: Units, requirement: Requirement) -> Judged:
    bits, number = units.of_building("industries"), units.words("industry").index(requirement.industry)
    present = bits >> np.uint32(number) & np.uint32(1)
    level = np.where(units.of_building("leading") == number + 1, np.uint32(2), present)
    lack = np.array([1, 1 - PRESENT_SHARE, 0], np.float32)[level]
    return Judged(_stated(lack, bits > 0), level)


def _neighbours(units: Units, requirement: Requirement) -> Judged:
    rows, table = units.of_building("row"), units.table
    if not knows_firms(table.columns):
        return Judged(np.full(len(rows), np.nan, np.float32), np.zeros(len(rows), np.uint32))
    firms = table.around(requirement.industry).firms[rows]
    return Judged((1 - firms / (requirement.neighbours or 1)).astype(np.float32), firms)


def _registrable(units: Units, _: Requirement) -> Judged:
    told = units.of_building("registrable")
    return Judged(np.array([np.nan, 0, 1 - PARTLY_REGISTRABLE_SHARE, 1], np.float32)[told], told)


def _permits(units: Units, requirement: Requirement) -> Judged:
    bits = units.of_building("permits").astype(np.uint8)
    asked = np.uint8(sum(1 << PERMITS.index(permit) for permit in requirement.permits))
    told = bits & asked | bits >> len(PERMITS) & asked
    return Judged(1 - _ONES_IN[bits & asked] / np.float32(len(requirement.permits)), bits, told != asked)


def _parking(units: Units, requirement: Requirement) -> Judged:
    places = units.of_building("parking")
    return Judged(_stated(1 - places / np.float32(requirement.parking or 1), places != NO_PARKING), places)


def _in_areas(field: str) -> Rule:
    def rule(units: Units, requirement: Requirement) -> Judged:
        inside = in_areas(units.table, getattr(requirement, field))[units.of_building("row")]
        return Judged(_missing(inside), inside)

    return rule


def _bbox(units: Units, requirement: Requirement) -> Judged:
    assert requirement.bbox is not None
    lon, lat = units.of_building("lon"), units.of_building("lat")
    west, south, east, north = (degrees * 1e6 for degrees in requirement.bbox)
    inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    return Judged(_missing(inside), inside)


def _walk(name: str, units: Units, requirement: Requirement) -> Judged:
    """What is out of reach is farther than any room."""
    most = next(walk.metres for walk in requirement.walks if walk.name == name)
    columns = [units.of_building(f"near_{category}") for category in amenities()[name]]
    metres = columns[0] if len(columns) == 1 else np.maximum.reduce(columns)
    return Judged(_stated(_over(metres.astype(np.float32) - most, most), units.of_building("reached")), metres)


RULES: Mapping[str, Rule] = {
    "area": _area,
    "available": _available,
    "rent": _rent,
    "budget": _budget,
    "floor": _floor,
    "band": _worded("band", BANDS),
    "grade": _worded("grade"),
    "star": _worded("star", STARS),
    "theme": _theme,
    "fitout": _worded("fitout"),
    "industry": _industry,
    "neighbours": _neighbours,
    "registrable": _registrable,
    "permits": _permits,
    "parking": _parking,
    "zone": _in_areas("zone"),
    "within": _in_areas("within"),
    "bbox": _bbox,
}
"""Criterion → its rule; those of amenities are alike."""


def _fits(units: Units, requirement: Requirement) -> Mask:
    asked, offered = wanted(requirement), supply(units, requirement)
    assert asked is not None
    fits: Mask = (offered.most >= low_of(asked)) & (offered.most > 0)
    return fits & (offered.least <= high_of(asked)) if np.isfinite(asked.high) else fits


def _in_time(units: Units, requirement: Requirement) -> Mask:
    assert requirement.available_by is not None
    ready = units.column("ready")
    in_time: Mask = (ready <= days_of(requirement.available_by)) & (ready != NEVER)
    return in_time


def _affordable(units: Units, requirement: Requirement) -> Mask:
    affordable: Mask = units.column("rent") <= np.float32(_most_rent(requirement) + RENT_SLACK)
    return affordable


_PASSES: Mapping[str, Callable[[Units, Requirement], Mask]] = {
    "area": _fits,
    "available": _in_time,
    "rent": _affordable,
}


def _over(excess: NDArray[np.floating], room: float) -> Numbers:
    """An excess as a part of the room there is for it; where there is none (a rent of 0), any is far too much."""
    lack: Numbers = excess.astype(np.float32, copy=False) * np.float32(1 / max(room, LEAST_ROOM))
    return lack


def _missing(has: Mask) -> Numbers:
    return 1 - has.astype(np.float32)


def _stated(lack: NDArray[np.floating], known: Mask) -> Numbers:
    return np.where(known, lack, np.float32(np.nan)).astype(np.float32, copy=False)


_ONES_IN = np.array([bin(number).count("1") for number in range(256)], np.float32)
