"""亿元楼, 准亿元楼, 千万元楼: the tiers of towers by tax, and what one lacks to the next.

A tier is by the tax of a whole calendar year in a stated scope, never of a year to date. Whoever shows tiers makes them
of sums that may be shown.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from geo.indicators.taxes import NEXT_FROM, THOUSANDS_CNY, TIER_CNY

OVER, NEXT, THOUSANDS, BELOW = "over_100_million", "next_to_100_million", "over_10_million", "below"
TIERS = (OVER, NEXT, THOUSANDS, BELOW)
"""From the highest; each tower is in one, so that 准亿元楼 are not among the 千万元楼 here."""

_FROM = {OVER: TIER_CNY, NEXT: NEXT_FROM * TIER_CNY, THOUSANDS: THOUSANDS_CNY, BELOW: float("-inf")}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a tower stands; `missing` is what it lacks to 100 million (None from there on)."""

    tier: str
    tax_cny: float

    @property
    def missing(self) -> float | None:
        """What it lacks to cross 100 million, in yuan."""
        return None if self.tier == OVER else TIER_CNY - self.tax_cny


def standing(tax_cny: float) -> Standing:
    """The tier of a tower by its tax of a year."""
    return Standing(next(tier for tier in TIERS if tax_cny >= _FROM[tier]), tax_cny)


def count_tiers(taxes_cny: Iterable[float]) -> dict[str, int]:
    """How many towers are in each tier, from the highest."""
    found = dict.fromkeys(TIERS, 0)
    for tax in taxes_cny:
        found[standing(tax).tier] += 1
    return found
