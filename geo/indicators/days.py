"""What holds of a part of the record on one day: the arrays that measures are made of, worked out once."""

from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geo.indicators.record import ABSENT, OCCUPIED, OPERATING, UNKNOWN, VACANT, Part
from geo.indicators.rows import Column, Rows

Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]

EPOCH = date(1970, 1, 1)


def number_of(day: date) -> int:
    """A day as the record counts them."""
    return (day - EPOCH).days


def year_before(day: date) -> date:
    """The same day a year before; 28 February for 29 February."""
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if leap else day.day)


class Day:
    """A part of the record on a day; areas are whole dm², by building of the part."""

    def __init__(self, part: Part, day: date) -> None:
        self.part, self.day, self.number = part, day, number_of(day)
        self.n = len(part.rows)

    def __repr__(self) -> str:
        return f"Day({self.n} buildings, {self.day})"

    @cached_property
    def year_before(self) -> "Day":
        """The same part on the same day a year before."""
        return Day(self.part, year_before(self.day))

    @cached_property
    def spaces(self) -> Rows:
        """The stretches that hold on the day, of units that are there."""
        rows = self.part.spaces
        holds: Mask = (rows["start"] <= self.number) & (rows["stop"] > self.number) & (rows["state"] != ABSENT)
        return rows[holds]

    @cached_property
    def operating(self) -> Mask:
        """Which buildings are in operation: such by now, completed by then, and their units there, if they have any."""
        rows = self.part.buildings
        ever = np.bincount(self.part.spaces["building"], minlength=self.n) > 0
        there = (self.listed > 0) | ~ever
        completed: Mask = (rows["status"] == OPERATING) & (rows["year"] <= self.day.year) & there
        return completed

    @cached_property
    def listed(self) -> Counts:
        """The area of all units."""
        return self._area(slice(None))

    @cached_property
    def vacant(self) -> Counts:
        """Vacant area of operating buildings; likewise `occupied`."""
        return np.where(self.operating, self._area(self.spaces["state"] == VACANT), 0)

    @cached_property
    def occupied(self) -> Counts:
        """Area that is used or let."""
        return np.where(self.operating, self._area(self.spaces["state"] == OCCUPIED), 0)

    @cached_property
    def base(self) -> Counts:
        """The stated leasable area; where none is stated, or units come to more, their sum."""
        return np.where(self.operating, np.maximum(self.part.buildings["leasable"], self.listed), 0)

    @cached_property
    def unknown(self) -> Counts:
        """What of the base is neither known to be vacant nor to be used."""
        return self.base - self.vacant - self.occupied

    @cached_property
    def units_unknown(self) -> Counts:
        """Area of units whose state is not known."""
        return np.where(self.operating, self._area(self.spaces["state"] == UNKNOWN), 0)

    def vacant_for(self, least: int, most: int) -> Counts:
        """Vacant area that has been so for at least `least` and fewer than `most` days."""
        rows = self.spaces
        days = self.number - rows["since"].astype(np.int64)
        return np.where(self.operating, self._area((rows["state"] == VACANT) & (days >= least) & (days < most)), 0)

    @cached_property
    def residents(self) -> Rows:
        """Who is in a followed building on the day, each once in a building; by enterprise."""
        return self._there(self.part.stays)

    @cached_property
    def elsewhere(self) -> Rows:
        """Who is in a building around that is not followed."""
        return self._there(self.part.stays_elsewhere)

    @cached_property
    def asked(self) -> tuple[Counts, NDArray[np.float64]]:
        """Area for which a rent is asked on the day, and rent times area (CNY a day, in hundredths), by building."""
        rows = self.part.offers
        rows = rows[(rows["start"] <= self.number) & (rows["stop"] > self.number)]
        # The last one of each unit: that published last.
        units, last = np.unique(rows["unit"][::-1], return_index=True)
        rows = rows[::-1][last]
        areas = np.zeros(len(rows), np.int64)
        there = self.spaces
        at = np.minimum(np.searchsorted(there["unit"], units), max(len(there) - 1, 0))
        if len(there):
            areas = np.where(there["unit"][at] == units, there["area"][at], 0)
        area = self.sums(rows["building"], areas)
        rents: NDArray[np.float64] = np.bincount(rows["building"], areas * rows["rent"], self.n).astype(float)
        return area, rents

    def sums(self, building: Column, values: NDArray[np.int64] | None = None) -> Counts:
        """Whole numbers added up by building; how many there are without `values`."""
        return np.bincount(building, values, self.n).astype(np.int64)

    def _there(self, rows: Rows) -> Rows:
        rows = rows[(rows["start"] <= self.number) & (rows["stop"] > self.number)]
        again = (rows["enterprise"][1:] == rows["enterprise"][:-1]) & (rows["building"][1:] == rows["building"][:-1])
        return rows[np.append(True, ~again)] if len(rows) else rows

    def _area(self, chosen: Mask | slice) -> Counts:
        rows = self.spaces[chosen]
        return self.sums(rows["building"], rows["area"])
