"""Turns rents as quoted into comparable figures per m² and day, and per m² and month."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from geo.errors import UnknownValueError
from geo.taxonomy.tables import Word, read_table

DAYS_PER_MONTH = 365 / 12
"""A month of rent is 365/12 days, unless the installation's settings say otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RentUnit(Word):
    """A unit of rent: `per` is ``m2``, ``unit`` or ``desk``, `period` ``day``, ``month`` or ``year``."""

    per: str
    period: str


@cache
def rent_units() -> tuple[RentUnit, ...]:
    """Return the units in which rent is quoted."""
    return read_table(RentUnit, "rent_units.csv")


def rent_cny_m2_day(
    amount: float | Decimal, unit: str, area_m2: float | Decimal | None = None, days_per_month: float = DAYS_PER_MONTH
) -> float | None:
    """Return a rent per m² and day; None for desks, and for a whole unit of unknown area.

    Raises
    ------
    UnknownValueError
        When the unit is no code of `rent_units`.
    """
    known = next((rent_unit for rent_unit in rent_units() if rent_unit.code == unit), None)
    if known is None:
        raise UnknownValueError(
            f"The rent unit {unit!r} is not known; allowed: {', '.join(u.code for u in rent_units())}."
        )
    per_day = float(amount) / {"day": 1.0, "month": days_per_month, "year": 365.0}[known.period]
    if known.per == "m2":
        return per_day
    return per_day / float(area_m2) if known.per == "unit" and area_m2 else None


def rent_cny_m2_month(
    amount: float | Decimal, unit: str, area_m2: float | Decimal | None = None, days_per_month: float = DAYS_PER_MONTH
) -> float | None:
    """Return a rent per m² and month; None and raises as `rent_cny_m2_day`."""
    per_day = rent_cny_m2_day(amount, unit, area_m2, days_per_month)
    return None if per_day is None else per_day * days_per_month
