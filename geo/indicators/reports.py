"""Measures of the data themselves: how old the last word on units is, and whether weekly returns came in time."""

import math

import numpy as np

from geo.indicators.days import Day
from geo.indicators.measuring import Amount, register, summed
from geo.indicators.rows import Rows


@register("units", "units")
def _units(day: Day) -> Amount:
    return _reported(day, "units")


@register("units_told_of", "units")
def _units_told_of(day: Day) -> Amount:
    return _reported(day, "told")


@register("units_told_of_this_week", "units")
def _units_told_of_this_week(day: Day) -> Amount:
    return _reported(day, "fresh")


@register("units_untold_of", "units")
def _units_untold_of(day: Day) -> Amount:
    units, told = _reported(day, "units"), _reported(day, "told")
    return Amount(units.by_building - told.by_building, units.total - told.total)


@register("days_since_last_word", "days")
def _days_since_last_word(day: Day) -> Amount:
    return _reported(day, "days")


def _reported(day: Day, column: str) -> Amount:
    """Of the last word on units only what it was on the day of the record is known."""
    if day.day != day.part.record.moment.as_of:
        return Amount(np.full(day.n, np.nan), math.nan)
    values = day.part.record.reports[column][day.part.rows]
    return Amount(values.astype(float), float(values.sum()))


summed("returns_due", "returns", 1, staff=True)(lambda day: day.sums(_returns(day)["building"]))
summed("returns_in_time", "returns", 1, staff=True)(
    lambda day: day.sums(_returns(day)["building"], _returns(day)["in_time"].astype(np.int64))
)


def _returns(day: Day) -> Rows:
    """Weekly returns of the last thirteen weeks."""
    rows = day.part.returns
    return rows[(rows["week"] <= day.number) & (rows["week"] > day.number - 91)]
