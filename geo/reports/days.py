"""The days that a report is of, and the values of indicators on them."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from geo.indicators import Indicator, Part, reckon
from geo.indicators.comparing import first_day
from geo.indicators.days import Day, year_before
from geo.reports.spans import Span


class Days(NamedTuple):
    """The day that is told of, and those it is set beside."""

    now: date
    before: date
    year_ago: date


def days_of(span: Span, today: date) -> Days:
    """The end of a span or today while it lasts, the end of the one before, and the same day a year before."""
    day = span.day(today)
    return Days(day, span.before.ends, span.year_ago.ends if day == span.ends else year_before(day))


def values_on(part: Part, then: date, chosen: Sequence[Indicator]) -> list[float | None]:
    """Values on an earlier day; None for what reaches back to before the record."""
    first, on = first_day(part), Day(part, then)
    return [reckon(on, each).value if first is not None and _begins(each, then) >= first else None for each in chosen]


def _begins(indicator: Indicator, day: date) -> date:
    """The first day that a value of a day is about."""
    return year_before(day) if indicator.period == "last_12_months" else day
