"""How fresh a fact is by the day of its last word: stamps fade after 7, 14 and 28 days and are stale after 60.

A unit on the market whose last word is older than a number of days (a setting) is left out of searches that do not ask
for such units. A unit of which nobody has said a day stays: how old its word is cannot be told.
"""

from datetime import date, timedelta

from geo.filters import MARKET

AGES = ("week", "fortnight", "month", "older", "stale", "none")
"""From fresh to stale; 'none' when nobody has reported."""

UP_TO_DAYS = {"week": 7, "fortnight": 14, "month": 28, "older": 60}


def age_of(last_word_on: date | None, today: date) -> str:
    """Which of `AGES` a fact is of whose last word is of a day; the last day of a band belongs to it."""
    if last_word_on is None:
        return "none"
    days = (today - last_word_on).days
    return next((age for age, most in UP_TO_DAYS.items() if days <= most), "stale")


def last_word(reported_on: date | None, verified_on: date | None) -> date | None:
    """The day on which a fact was last reported, confirmed ("no change" moves the report's day on) or verified."""
    return max(filter(None, (reported_on, verified_on)), default=None)


def stale_before(today: date, days: int) -> date | None:
    """The day before which the last word of a unit is too old for it to be found unasked; None where none is."""
    return today - timedelta(days=days) if days else None


def is_stale(status: str, last_word_on: date | None, before: date | None) -> bool:
    """Whether a unit is left out of searches: on the market by a word of before a day."""
    return before is not None and status in MARKET and last_word_on is not None and last_word_on < before
