"""What each unit of a part gives to an indicator: the part told anew as if every unit were a building of its own.

So no measure is taken twice: what holds of a building's areas and rents holds of a unit's. What a building has beside
its units (leasable area that no unit is told of, area that is coming) is what is left of its own figure.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from geo.indicators.days import Day
from geo.indicators.dictionary import Indicator
from geo.indicators.measuring import Floats, measure
from geo.indicators.record import ABSENT, Part
from geo.indicators.rows import Rows

OF_UNITS = frozenset(
    {
        *("base_m2", "occupied_m2", "vacant_m2", "unknown_m2", "asked_m2", "asked_rent_cny_day"),
        *("absorbed_m2", "absorbed_m2_a_month", "vacant_to_3_months_m2", "vacant_3_to_6_months_m2"),
        *("vacant_6_to_12_months_m2", "vacant_over_12_months_m2"),
    }
)
"""Measures that units give something to."""

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class UnitFigures:
    """Units of a part, by their ids, with what each gives to an indicator, in the units of its measures.

    Attributes
    ----------
    unit, building
        Its id, and the row of its building in the part.
    state, area_m2
        On the day; ABSENT and 0 where it is not there.
    source
        Of its last stretch up to the day.
    numerator, denominator, unknown
        Zeros where the indicator has none.
    """

    unit: Counts
    building: Counts
    state: Counts
    area_m2: Floats
    source: Counts
    numerator: Floats
    denominator: Floats
    unknown: Floats


def is_of_units(indicator: Indicator) -> bool:
    """Whether units give anything to an indicator."""
    return bool(OF_UNITS.intersection((*indicator.numerator, *indicator.denominator)))


def by_unit(on: Day, indicator: Indicator) -> UnitFigures:
    """What every unit gives to an indicator on a day; units that are not there and give nothing are left out."""
    units, homes, part = _as_buildings(on.part)
    day = Day(part, on.day)
    state, area, source = _standing(day, len(units))

    def total(names: Sequence[str]) -> Floats:
        found = np.zeros(len(units))
        for name in names:
            found += measure(day, name).by_building if name in OF_UNITS else 0
        return found

    found = UnitFigures(
        *(units, homes, state, area / 100, source),
        *(total(names) for names in (indicator.numerator, indicator.denominator, indicator.unknown)),
    )
    kept = (state != ABSENT) | (found.numerator != 0) | (found.denominator != 0)
    return UnitFigures(*(getattr(found, name)[kept] for name in UnitFigures.__dataclass_fields__))


def _as_buildings(part: Part) -> tuple[Counts, Counts, Part]:
    """The ids of all units, the rows of their buildings, and a part with the units for buildings."""
    spaces = part.spaces
    units, first = np.unique(spaces["unit"], return_index=True)
    homes = spaces["building"][first].astype(np.int64)
    offers = part.offers[np.isin(part.offers["unit"], units)]
    nothing = np.zeros(len(units), np.int64)
    buildings = part.buildings[homes].having(id=units, gross=nothing, leasable=nothing)
    record = replace(
        part.record,
        buildings=buildings,
        spaces=_at(spaces, units),
        offers=_at(offers, units),
        stays=part.record.stays[np.zeros(0, np.int64)],
        published={},
        taxes={},
        staff=None,
    )
    return units, homes, record.whole


def _at(rows: Rows, units: Counts) -> Rows:
    return rows.having(building=np.searchsorted(units, rows["unit"]))


def _standing(day: Day, n: int) -> tuple[Counts, Counts, Counts]:
    """State and area (dm²) of each unit on the day, and the source of its last stretch until then."""
    rows = day.part.spaces
    begun = rows[rows["start"] <= day.number]
    order = np.lexsort((begun["start"], begun["building"]))
    source = np.zeros(n, np.int64)
    source[begun["building"][order]] = begun["source"][order]
    state, area = np.full(n, ABSENT), np.zeros(n, np.int64)
    there = day.spaces
    state[there["building"]], area[there["building"]] = there["state"], there["area"]
    return state, area, source
