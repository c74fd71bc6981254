"""Measures of space and of buildings: areas by what they are used for, what is asked for them, what is coming."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from geo.indicators.days import Day
from geo.indicators.measuring import Amount, area, buildings, register, summed
from geo.indicators.record import FOREVER, OPERATING

area("gross_m2")(lambda day: np.where(day.operating, day.part.buildings["gross"], 0))
area("stated_leasable_m2")(lambda day: np.where(day.operating, day.part.buildings["leasable"], 0))
area("base_m2")(lambda day: day.base)
area("occupied_m2")(lambda day: day.occupied)
area("vacant_m2")(lambda day: day.vacant)
area("unknown_m2")(lambda day: day.unknown)
area("vacant_to_3_months_m2")(lambda day: day.vacant_for(-FOREVER, 91))
area("vacant_3_to_6_months_m2")(lambda day: day.vacant_for(91, 182))
area("vacant_6_to_12_months_m2")(lambda day: day.vacant_for(182, 365))
area("vacant_over_12_months_m2")(lambda day: day.vacant_for(365, 10 * FOREVER))
area("absorbed_m2")(lambda day: day.occupied - day.year_before.occupied)
area("coming_m2")(
    lambda day: np.where(
        (day.part.buildings["status"] != OPERATING) | (day.part.buildings["year"] > day.day.year),
        np.where(day.part.buildings["leasable"] > 0, day.part.buildings["leasable"], day.part.buildings["gross"]),
        0,
    )
)
summed("absorbed_m2_a_month", "m2_a_month", 1200)(lambda day: day.occupied - day.year_before.occupied)
area("asked_m2")(lambda day: day.asked[0])

buildings("buildings")(lambda day: np.ones(day.n, np.int64))
buildings("operating")(lambda day: day.operating.astype(np.int64))
buildings("starred")(lambda day: (day.operating & (day.part.buildings["star"] > 0)).astype(np.int64))
buildings("themed")(lambda day: (day.operating & (day.part.buildings["themes"] > 0)).astype(np.int64))
buildings("gross_unstated")(lambda day: (day.operating & (day.part.buildings["gross"] == 0)).astype(np.int64))
buildings("leasable_unstated")(lambda day: (day.operating & (day.part.buildings["leasable"] == 0)).astype(np.int64))


def _told(row: int, said: int) -> Callable[[Day], NDArray[np.int64]]:
    return lambda day: (day.operating & (day.part.record.answers[row][day.part.rows] == said)).astype(np.int64)


buildings("with_party_organisation")(_told(0, 1))
buildings("party_organisation_unstated")(_told(0, 0))
buildings("with_smart_platform")(_told(1, 1))
buildings("smart_platform_unstated")(_told(1, 0))


@buildings("with_services")
def _with_services(day: Day) -> NDArray[np.int64]:
    near = day.part.record.services[:, day.part.rows]
    found: NDArray[np.int64] = (day.operating & (near == 1).all(axis=0)).astype(np.int64)
    return found


@buildings("services_unmeasured")
def _services_unmeasured(day: Day) -> NDArray[np.int64]:
    found: NDArray[np.int64] = (day.operating & (day.part.record.services[0, day.part.rows] < 0)).astype(np.int64)
    return found


@register("asked_rent_cny_day", "cny_day")
def _asked_rent(day: Day) -> Amount:
    by_building = day.asked[1] / 100
    return Amount(by_building, math.fsum(by_building))
