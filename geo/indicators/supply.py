"""What is coming onto the market, year by year, beside what is empty and how fast space is taken up."""

from dataclasses import dataclass

import numpy as np

from geo.indicators.days import Day
from geo.indicators.measures import measure


@dataclass(frozen=True, slots=True)
class ComingYear:
    """Buildings that are to be completed in a year (None: not stated), and their area in m²."""

    year: int | None
    buildings: int
    area_m2: float


@dataclass(frozen=True, slots=True)
class Supply:
    """Vacant area, what is coming, and what is taken up a month on average of the last twelve, in m²."""

    vacant_m2: float
    coming: tuple[ComingYear, ...]
    absorbed_m2_a_month: float

    @property
    def coming_m2(self) -> float:
        """All that is coming."""
        return sum(each.area_m2 for each in self.coming)

    def months(self, *, with_coming: bool) -> float | None:
        """How long it would take at this pace; None where nothing is taken up."""
        if self.absorbed_m2_a_month <= 0:
            return None
        return (self.vacant_m2 + (self.coming_m2 if with_coming else 0)) / self.absorbed_m2_a_month


def supply_of(on: Day) -> Supply:
    """The supply of a part on a day."""
    coming = measure(on, "coming_m2").by_building
    years = on.part.buildings["year"][coming > 0]
    found = [
        ComingYear(int(year) or None, int((years == year).sum()), float(coming[coming > 0][years == year].sum()))
        for year in np.unique(years)
    ]
    found.sort(key=lambda each: (each.year is None, each.year or 0))
    pace = measure(on, "absorbed_m2_a_month").total
    return Supply(measure(on, "vacant_m2").total, tuple(found), pace)
