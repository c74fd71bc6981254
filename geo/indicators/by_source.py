"""Which source says what of an indicator, and where what they say of the same thing differs.

A unit counts for the source of what is held of it, a stay for that of the tenancy, and what a building has beside its
units for that of the building.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geo.indicators.by_unit import by_unit, is_of_units
from geo.indicators.days import Day
from geo.indicators.dictionary import Indicator
from geo.indicators.measuring import MEASURES, Floats
from geo.indicators.reckoning import by_building
from geo.indicators.rows import Column, Rows

_OF_PLACES = ("m2", "m2_a_month", "cny_day", "buildings")
"""Units of measures that are sums of what is held of buildings and units."""


@dataclass(frozen=True, slots=True)
class SourceShare:
    """What a source says of an indicator: of how many units, enterprises (one in several places counts in each) or
    else buildings (`rows`), and what it gives."""

    source_id: int
    what: str
    rows: int
    numerator: float
    denominator: float


@dataclass(frozen=True, slots=True)
class AreaDispute:
    """A building of which one source states the leasable area, and others tell of units that come to something else.

    What counts is the larger; where units come to less, the rest is not known.
    """

    building_id: int
    building_source_id: int
    stated_m2: float
    units_m2: float
    unit_sources: tuple[int, ...]

    @property
    def more_m2(self) -> float:
        """By how much the units come to more."""
        return self.units_m2 - self.stated_m2


@dataclass(frozen=True, slots=True)
class AreaDisputes:
    """How many buildings' areas differ, by how much units come to more and to less, and those that differ most."""

    buildings: int
    more_m2: float
    less_m2: float
    listed: Sequence[AreaDispute]


def by_source(on: Day, indicator: Indicator) -> list[SourceShare]:
    """What every source gives to an indicator, those that give most first; nothing where it rests on more than places
    and stays."""
    measures = [MEASURES[name] for name in (*indicator.numerator, *indicator.denominator)]
    if all(each.rows for each in measures):
        return _ordered(_of_stays(on, indicator))
    if any(each.unit not in _OF_PLACES or each.tax for each in measures):
        return []
    figures = by_building(on, indicator)
    over, under = figures.numerator, figures.denominator
    shares: list[SourceShare] = []
    if is_of_units(indicator):
        units = by_unit(on, indicator)
        shares = _summed("units", units.source, units.numerator, units.denominator)
        over = over - np.bincount(units.building, units.numerator, on.n)
        under = under - np.bincount(units.building, units.denominator, on.n)
    over, under = (np.where(np.abs(np.nan_to_num(each)) < 0.005, 0, np.nan_to_num(each)) for each in (over, under))
    counted = (over != 0) | (under != 0) if shares else on.operating | (over != 0)
    source = on.part.buildings["source"]
    return _ordered([*shares, *_summed("buildings", source[counted], over[counted], under[counted])])


def area_disputes(on: Day, most: int = 8) -> AreaDisputes:
    """Buildings in operation whose stated leasable area is not what their units come to; `most` of them one by one."""
    stated, told = on.part.buildings["leasable"], np.where(on.operating, on.listed, 0)
    differing = np.flatnonzero(on.operating & (stated > 0) & (told > 0) & (stated != told))
    more = (told - stated)[differing]
    first = differing[np.argsort(-np.abs(more), kind="stable")[:most]]
    rows = on.spaces
    rows = rows[np.isin(rows["building"], first)]
    buildings = on.part.buildings
    listed = [
        AreaDispute(
            int(buildings["id"][at]),
            int(buildings["source"][at]),
            int(stated[at]) / 100,
            int(told[at]) / 100,
            tuple(np.unique(rows["source"][rows["building"] == at]).tolist()),
        )
        for at in first.tolist()
    ]
    return AreaDisputes(len(differing), int(more[more > 0].sum()) / 100, -int(more[more < 0].sum()) / 100, listed)


def _of_stays(on: Day, indicator: Indicator) -> list[SourceShare]:
    over, under = (_counts(on, names) for names in (indicator.numerator, indicator.denominator))
    return [
        SourceShare(source, "enterprises", max(over.get(source, 0), under.get(source, 0)), *counts)
        for source in {*over, *under}
        for counts in [(float(over.get(source, 0)), float(under.get(source, 0)))]
    ]


def _counts(on: Day, names: Sequence[str]) -> dict[int, int]:
    found: dict[int, int] = {}
    for name in names:
        taken = MEASURES[name].rows
        assert taken
        rows: Rows = taken(on)
        sources, counts = np.unique(rows["source"], return_counts=True)
        for source, count in zip(sources.tolist(), counts.tolist(), strict=True):
            found[source] = found.get(source, 0) + count
    return found


def _summed(what: str, source: Column, over: Floats, under: Floats) -> list[SourceShare]:
    found, at = np.unique(source, return_inverse=True)
    sums = (np.bincount(at, weights, len(found)).tolist() for weights in (None, over, under))
    rows = zip(found.tolist(), *sums, strict=True)
    return [SourceShare(int(ident), what, int(count), *gave) for ident, count, *gave in rows]


def _ordered(shares: list[SourceShare]) -> list[SourceShare]:
    return sorted(shares, key=lambda each: (-abs(each.numerator), -each.denominator, each.what, each.source_id))
