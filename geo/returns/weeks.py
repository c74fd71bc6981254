"""Weeks of returns: named by their Monday, due on a working day of mainland China's calendar.

Days off and make-up days (调休) come from the package `holidays`, which follows the notices of the State Council. Of a
year that is not announced yet it knows the holidays but no make-up days.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

FRIDAY = 4
CLOSING = time(18, 0)


@dataclass(frozen=True, slots=True)
class DueRule:
    """When a return is due: a day of the week (Monday is 0) and the time of that day where the district lies."""

    weekday: int = FRIDAY
    closing: time = CLOSING


def week_of(day: date) -> date:
    """The Monday of the week a day lies in."""
    return day - timedelta(days=day.weekday())


def week_name(week: date) -> str:
    """The week as ISO 8601 writes it: "2026-W47"."""
    year, number, _ = week.isocalendar()
    return f"{year}-W{number:02}"


def is_working_day(day: date) -> bool:
    """Whether offices in mainland China are open on a day: weekends and holidays are not, make-up days are."""
    calendar = _calendar(day.year)
    return bool(calendar.is_working_day(day))


def holiday_name(day: date) -> str | None:
    """The Chinese name of the holiday a day is, None on other days."""
    return _calendar(day.year).get(day)


def due_on(week: date, weekday: int = FRIDAY) -> date:
    """The day the return of a week is due.

    The weekday itself when it is a working day, else the last working day before it in the same week, else the first
    one after it: in a week that is all holiday the return is due when offices open again.
    """
    wanted = week + timedelta(days=weekday)
    earlier = (wanted - timedelta(days=back) for back in range(weekday + 1))
    found = next((day for day in earlier if is_working_day(day)), None)
    later = (wanted + timedelta(days=on) for on in range(1, 15))
    return found or next(day for day in later if is_working_day(day))


def due_at(week: date, rule: DueRule, zone: ZoneInfo) -> datetime:
    """The instant (UTC) until which the return of a week is in time."""
    return datetime.combine(due_on(week, rule.weekday), rule.closing, zone).astimezone(UTC)


@cache
def _calendar(year: int) -> holidays.HolidayBase:
    return holidays.country_holidays("CN", years=year, expand=False, language="zh_CN")
