"""How fresh a fact is by the day it was reported on: stamps fade after 7, 14 and 28 days and are stale after 60."""

from datetime import date

AGES = ("week", "fortnight", "month", "older", "stale", "none")
"""From fresh to stale; 'none' when nobody has reported."""

UP_TO_DAYS = {"week": 7, "fortnight": 14, "month": 28, "older": 60}


def age_of(reported_on: date | None, today: date) -> str:
    """Which of `AGES` a fact is of that was reported on a day; the last day of a band belongs to it."""
    if reported_on is None:
        return "none"
    days = (today - reported_on).days
    return next((age for age, most in UP_TO_DAYS.items() if days <= most), "stale")
