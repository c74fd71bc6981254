"""What is known of the followed buildings at an instant, as arrays: their units' lives, who sat there, what was asked.

One record answers for every day, so that a trend, a comparison and a change between two days need no further query.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.indicators.rows import Rows
from geo.looking_back import Moment

ABSENT, VACANT, OCCUPIED, UNKNOWN = range(4)
"""States of a unit in `spaces`."""

OPERATING, UNDER_CONSTRUCTION, PLANNED = 1, 2, 3
"""`status` in `buildings`."""

FOREVER = 1_000_000
"""The day on which what still holds ends."""

Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Staff:
    """What staff alone hold.

    `people` of enterprises, in the order of their ids; weekly `returns`; the `areas` that enterprises use from when to
    when (building, enterprise, start, stop, area in dm²), by enterprise.
    """

    people: Rows
    returns: Rows
    areas: Rows


@dataclass(frozen=True)
class YearOfTax:
    """Tax of a calendar year in one way of counting: of each building (NaN not known), who paid any, in order, and what
    each enterprise gave where (`gifts`: building, enterprise, amount; by enterprise)."""

    cny: NDArray[np.float64]
    payers: Numbers
    gifts: Rows


@dataclass(frozen=True)
class Record:
    """Everything known at an instant; `building` is everywhere a row of `buildings`, -1 for one that is not followed.

    Attributes
    ----------
    moment
        The day asked about, which only `reports` are limited to, and the instant.
    buildings
        id, lon, lat, gross and leasable (dm²), status, year, star, themes, source.
    spaces
        building, unit, start, stop (days), state, area (dm²), source, since (the day its vacancy began), before and
        area_before (state and area of the unit just before); each unit's stretches stand together, without gaps.
    stays
        building, enterprise, start, stop, industry, section and division (by number, 0 none), foreign, headquarters,
        large, lon, lat, source; by enterprise.
    offers
        building, unit, start, stop, rent (CNY per m² and day); those published last at the end.
    answers
        Of each kept fact and building 0 not stated, 1 yes, 2 in part, 3 no, shape (facts, n).
    services
        Whether law or accounting, and whether a bank, is within a walk, shape (2, n); -1 where nothing was measured.
    reports
        units, told, days, fresh of each building, shape (n,).
    lineage
        parent, child: ids of units.
    staff
        None in a record for visitors.
    taxes
        By year and scope; for tax officers.
    published
        By year: the published tax of each building (NaN where none is), and that of areas by their ids.
    """

    moment: Moment
    buildings: Rows
    spaces: Rows
    stays: Rows
    offers: Rows
    answers: NDArray[np.int8]
    services: NDArray[np.int8]
    reports: Rows
    lineage: Rows
    staff: Staff | None = None
    taxes: Mapping[tuple[int, str], YearOfTax] = field(default_factory=dict)
    published: Mapping[int, tuple[NDArray[np.float64], Mapping[int, float]]] = field(default_factory=dict)

    @cached_property
    def whole(self) -> "Part":
        """All followed buildings, with the enterprises that sit anywhere."""
        return Part(self, np.arange(len(self.buildings)), np.ones(len(self.stays), bool))

    def part_in(self, outline: Any, area_id: int | None = None) -> "Part":
        """The buildings whose point lies in an outline (a shapely geometry), and the enterprises in it.

        `area_id` is that of the area whose outline it is.
        """
        shapely.prepare(outline)
        inside = shapely.intersects_xy(outline, self.buildings["lon"], self.buildings["lat"])
        there = shapely.intersects_xy(outline, self.stays["lon"], self.stays["lat"])
        homes = self.stays["building"]
        followed = np.append(inside, False)[homes]
        return Part(self, np.flatnonzero(inside), np.where(homes >= 0, followed, there), area_id)

    def part_of(self, building_ids: Numbers) -> "Part":
        """Some buildings by their ids; enterprises elsewhere are left out."""
        inside = np.isin(self.buildings["id"], building_ids)
        return Part(self, np.flatnonzero(inside), np.append(inside, False)[self.stays["building"]])


@dataclass(frozen=True)
class Part:
    """Some buildings of a record: `rows` of its `buildings`, and which `stays` belong to it.

    The arrays of the part are those of the record, limited to it, with `building` as a row of the part.
    """

    record: Record
    rows: Numbers
    _stays: Mask = field(repr=False)
    area_id: int | None = None

    @cached_property
    def buildings(self) -> Rows:
        """The buildings of the part."""
        return self.record.buildings[self.rows]

    @cached_property
    def spaces(self) -> Rows:
        """Stretches of the lives of their units."""
        return self.limited(self.record.spaces)

    @cached_property
    def stays(self) -> Rows:
        """Who sat when in the buildings."""
        return self.limited(self.record.stays[self._stays])

    @cached_property
    def stays_elsewhere(self) -> Rows:
        """Who sat when in buildings around them that are not followed."""
        rows = self.record.stays
        return rows[self._stays & (rows["building"] < 0)]

    @cached_property
    def offers(self) -> Rows:
        """Rents asked for their units."""
        return self.limited(self.record.offers)

    @cached_property
    def returns(self) -> Rows:
        """Their weekly returns; for staff."""
        assert self.record.staff
        return self.limited(self.record.staff.returns)

    @cached_property
    def areas(self) -> Rows:
        """What enterprises use of their buildings; for staff."""
        assert self.record.staff
        return self.limited(self.record.staff.areas)

    def with_spaces(self, spaces: Rows) -> "Part":
        """The same part as if its units' lives were others; nothing is written anywhere."""
        changed = replace(self, rows=self.rows)
        changed.__dict__["spaces"] = spaces
        return changed

    @cached_property
    def _place(self) -> Numbers:
        """Row of the record → row of the part; -1 for others, which is also what stands behind -1."""
        place = np.full(len(self.record.buildings) + 1, -1)
        place[self.rows] = np.arange(len(self.rows))
        return place

    def _placed(self, rows: Rows) -> Rows:
        if len(self.rows) == len(self.record.buildings):
            return rows
        return rows.having(building=self._place[rows["building"]])

    def limited(self, rows: Rows) -> Rows:
        """Rows of the record with `building`, as far as they are of the part."""
        chosen = self._place[rows["building"]] >= 0
        return self._placed(rows if chosen.all() else rows[chosen])
