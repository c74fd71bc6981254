"""Measures of tax: of the last calendar year that had ended, never of a year to date; of one way of counting each.

Tax is received, without one-off taxes, by place of registration. Sums of buildings that lack a month or a firm are not
known; what visitors are told was published for buildings and areas together (`geo/figures/publishing.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from geo.figures import Asked, Counted, Period, read_published, read_sums
from geo.indicators.days import Day
from geo.indicators.measuring import Amount, Floats, among, enterprises, register
from geo.indicators.record import Record, YearOfTax
from geo.indicators.rows import Rows
from geo.looking_back import Moment

TAX = "tax"
SCOPES = ("full", "local", "retained")
TIER_CNY, THOUSANDS_CNY, NEXT_FROM = 1e8, 1e7, 0.8
"""亿元楼, 千万元楼, and from which share of the former a building is next to cross."""


@dataclass(frozen=True, slots=True)
class _Reading:
    session: Session
    ids: NDArray[np.int64]
    moment: Moment | None


def with_taxes(record: Record, session: Session, moment: Moment | None) -> Record:
    """The record with the taxes of the last two full years; for tax officers, by a login that may read them."""
    reading = _Reading(session, record.buildings["id"], moment)
    years = _years(record.moment)
    taxes = {(year, scope): _year_of_tax(reading, year, scope) for year in years for scope in SCOPES}
    return replace(record, taxes=taxes)


def with_published(record: Record, session: Session, moment: Moment | None) -> Record:
    """The record with what was published of the last two full years; for everybody."""
    ids = record.buildings["id"]
    found = {}
    for year in _years(record.moment):
        published = read_published(session, Asked(TAX, Period.year(year), Counted()), moment)
        by_building = _aligned(ids, {ident: float(value) for ident, value in published.buildings.items() if value})
        areas = {ident: float(value) for ident, value in published.areas.items() if value is not None}
        found[year] = (by_building, areas)
    return replace(record, published=found)


def _years(moment: Moment) -> tuple[int, int]:
    return moment.as_of.year - 1, moment.as_of.year - 2


def _year_of_tax(reading: _Reading, year: int, scope: str) -> YearOfTax:
    asked = Asked(TAX, Period.year(year), Counted(scope=scope))
    sums = read_sums(reading.session, asked, moment=reading.moment).buildings
    whole = {ident: float(each.value) for ident, each in sums.items() if each.value is not None}
    given = [
        (ident, who[1], float(value))
        for ident, each in sums.items()
        for who, value in each.taken.given.items()
        if who[0] == "enterprise"
    ]
    payers = sorted({firm for _, firm, value in given if value > 0})
    return YearOfTax(_aligned(reading.ids, whole), np.array(payers, np.int64), _gifts(reading.ids, whole, given))


def _gifts(ids: NDArray[np.int64], whole: Mapping[int, float], given: Sequence[tuple[int, int, float]]) -> Rows:
    """What enterprises gave in the buildings whose year is whole."""
    rows = {ident: row for row, ident in enumerate(ids.tolist()) if ident in whole}
    kept = sorted((firm, rows[ident], value) for ident, firm, value in given if ident in rows)
    firms, places, amounts = zip(*kept, strict=True) if kept else ((), (), ())
    columns = {"building": np.array(places, np.int64), "enterprise": np.array(firms, np.int64)}
    return Rows({**columns, "amount": np.array(amounts, float)})


def _aligned(ids: NDArray[np.int64], values: Mapping[int, float]) -> Floats:
    """Values by id as an array of the buildings; NaN where there is none."""
    return np.array([values.get(ident, np.nan) for ident in ids.tolist()], float)


def _tax(day: Day, scope: str = "full") -> Floats:
    """Of each building of the part; NaN where it is not known."""
    year = day.part.record.taxes.get((day.day.year - 1, scope))
    return np.full(day.n, np.nan) if year is None else year.cny[day.part.rows]


def _known(day: Day, values: Floats) -> Amount:
    """The sum of what is known; not known where nothing is."""
    return Amount(values, float(np.nansum(values)) if (~np.isnan(values)).any() else np.nan)


def _counted(day: Day, those: NDArray[np.bool_]) -> Amount:
    """How many buildings there are of those; not known where no tax is."""
    found = np.where(np.isnan(_tax(day)), np.nan, those.astype(float))
    return _known(day, found)


@register("tax_full_cny", "cny", tax=True)
def _full(day: Day) -> Amount:
    return _known(day, _tax(day))


@register("tax_local_cny", "cny", tax=True)
def _local(day: Day) -> Amount:
    return _known(day, _tax(day, "local"))


@register("tax_retained_cny", "cny", tax=True)
def _retained(day: Day) -> Amount:
    return _known(day, _tax(day, "retained"))


@register("tax_unstated", "buildings", tax=True)
def _unstated(day: Day) -> Amount:
    missing = (np.isnan(_tax(day)) & day.operating).astype(float)
    return Amount(missing, float(missing.sum()))


@register("base_with_tax_m2", "m2", tax=True)
def _base_with_tax(day: Day) -> Amount:
    base = np.where(np.isnan(_tax(day)), 0, day.base)
    return Amount(base / 100, int(base.sum()) / 100)


@register("over_100_million", "buildings", tax=True)
def _over_100_million(day: Day) -> Amount:
    return _counted(day, _tax(day) >= TIER_CNY)


@register("over_10_million", "buildings", tax=True)
def _over_10_million(day: Day) -> Amount:
    return _counted(day, (_tax(day) >= THOUSANDS_CNY) & (_tax(day) < TIER_CNY))


@register("next_to_100_million", "buildings", tax=True)
def _next(day: Day) -> Amount:
    return _counted(day, (_tax(day) >= NEXT_FROM * TIER_CNY) & (_tax(day) < TIER_CNY))


@enterprises("tax_payers", tax=True)
def _payers(day: Day) -> Rows:
    year = day.part.record.taxes.get((day.day.year - 1, "full"))
    rows = day.residents
    return rows[among(rows["enterprise"], year.payers if year else np.zeros(0, np.int64))]


@register("published_tax_cny", "cny")
def _published(day: Day) -> Amount:
    """What was published of the area or the one building itself: of a choice of buildings that is none, nothing."""
    by_building, areas = day.part.record.published.get(day.day.year - 1, (None, {}))
    values = np.full(day.n, np.nan) if by_building is None else by_building[day.part.rows]
    alone = float(values[0]) if day.part.area_id is None and day.n == 1 else np.nan
    return Amount(values, areas.get(day.part.area_id or 0, alone))
