"""The vacancy of buildings and areas from the present state of their units, with its base and the unknown beside it.

空置率 is known vacant area over leasable area. What nobody has reported is a figure of its own and never counts as let.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

KNOWN = frozenset({"vacant", "soon", "in_use", "own_use"})


@dataclass(frozen=True, slots=True)
class Vacancy:
    """Vacancy with its parts, all in m²; the rates are shares of one, None without a base.

    `base` says what the rates are of: 'leasable' (the stated 可租售面积), 'units' (the sum of the listed units, where
    no leasable area is stated or it is less than they add up to) or 'mixed' (a sum over buildings of both kinds).
    `area_unknown` units have no known area and are in none of the sums.
    """

    vacant_m2: Decimal
    soon_m2: Decimal
    unknown_m2: Decimal
    base_m2: Decimal
    base: Literal["leasable", "units", "mixed"]
    vacant_units: int
    soon_units: int
    area_unknown: int

    @property
    def rate(self) -> Decimal | None:
        """Known vacant area over the base."""
        return self.vacant_m2 / self.base_m2 if self.base_m2 else None

    @property
    def unknown_share(self) -> Decimal | None:
        """Area of unknown state over the base: reported as unknown, or leasable but in no listed unit."""
        return self.unknown_m2 / self.base_m2 if self.base_m2 else None


def vacancy_of(units: Iterable[tuple[str, Decimal | None]], leasable_m2: Decimal | None) -> Vacancy:
    """The vacancy of some units, given as (public status, area in m² or None), against a stated leasable area."""
    sums = dict.fromkeys((*KNOWN, "unknown"), Decimal(0))
    counts = dict.fromkeys(sums, 0)
    area_unknown = 0
    for status, area_m2 in units:
        known = status if status in KNOWN else "unknown"
        counts[known] += 1
        sums[known] += area_m2 or 0
        area_unknown += area_m2 is None
    listed = sum(sums.values(), Decimal(0))
    stated = leasable_m2 is not None and leasable_m2 >= listed
    base = leasable_m2 if stated and leasable_m2 is not None else listed
    return Vacancy(
        vacant_m2=sums["vacant"],
        soon_m2=sums["soon"],
        unknown_m2=sums["unknown"] + base - listed,
        base_m2=base,
        base="leasable" if stated else "units",
        vacant_units=counts["vacant"],
        soon_units=counts["soon"],
        area_unknown=area_unknown,
    )


def total_vacancy(parts: Iterable[Vacancy]) -> Vacancy:
    """The vacancy of several buildings together: sums over sums, not a mean of rates."""
    parts = list(parts)
    bases = {part.base for part in parts}
    return Vacancy(
        vacant_m2=sum((part.vacant_m2 for part in parts), Decimal(0)),
        soon_m2=sum((part.soon_m2 for part in parts), Decimal(0)),
        unknown_m2=sum((part.unknown_m2 for part in parts), Decimal(0)),
        base_m2=sum((part.base_m2 for part in parts), Decimal(0)),
        base=bases.pop() if len(bases) == 1 else "mixed",
        vacant_units=sum(part.vacant_units for part in parts),
        soon_units=sum(part.soon_units for part in parts),
        area_unknown=sum(part.area_unknown for part in parts),
    )
