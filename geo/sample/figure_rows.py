"""Rows of what offices entered: tax by enterprise of the last two years, employees, coverage, and targets of a plan.

As in life some of it was corrected later, an office states a sum of its own that differs, and the plan leaves the year
of one target open.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from geo.figures import Period
from geo.sample.batches import Batch, batch, days, instants
from geo.sample.core import Core
from geo.sample.names import trades
from geo.sample.people_rows import Residents
from geo.sample.plane import stream
from geo.sample.records import read_list

YEARS = 2
CORRECTED = 7
"""Figures of last year that were entered with another value first."""

_COUNTED = {"scope": "full", "basis": "received", "one_off": False, "attribution": "registered"}
_UNCOUNTED = dict.fromkeys(_COUNTED)
_EMPTY = {"area_id": None, "building_id": None, "enterprise_id": None, "note": None, "contributors": None,
          "largest_share_pct": None}  # fmt: skip
_TAX_CNY_QUARTER = {"finance": 620_000, "headquarters": 900_000, "law": 210_000, "it": 260_000, "trade": 150_000}
_OTHER_TAX = 110_000
_TARGETS = (
    ("A2", "occupancy_rate", 0, "at_least", 0.88),
    ("A6", "occupancy_rate", 0, "at_least", 0.9),
    ("A6", "tax", 0, "at_least", 2_400_000_000),
    ("A2", "vacancy_rate", 1, "at_most", 0.1),
    ("A2", "party_coverage", None, "at_least", 0.95),
)
"""Area, indicator, years from now (None: the plan names none), bound and value."""


def figures(core: Core, people: Residents) -> Iterator[Batch]:
    """The figures, oldest first, with those that were corrected."""
    rows = [*_taxes(core, people), *_of_offices(core)]
    ids = core.keys.take("figures", len(rows))
    codes = core.keys.codes("figures", ids)
    yield from batch("figures", [{"id": i, "code": c} | row for i, c, row in zip(ids, codes, rows, strict=True)])


def targets(core: Core) -> Iterator[Batch]:
    """What an invented plan asks of the areas."""
    ids, areas = core.keys.take("targets", len(_TARGETS)), [row["key"] for row in read_list("areas")]
    known = instants(_noon(date(core.today.year, 1, 8)), None)
    yield from batch("targets", [
        {"id": ident, "code": code, "area_id": core.area_ids[areas.index(area)], "indicator": indicator,
         "year": None if years is None else core.today.year + years, "bound": bound, "value": value,
         "scope": "full" if indicator == "tax" else None, "note": "虚构规划", "known": known}
        for ident, code, (area, indicator, years, bound, value)
        in zip(ids, core.keys.codes("targets", ids), _TARGETS, strict=True)
    ], source_id=core.source, publishable=True)  # fmt: skip


def _taxes(core: Core, people: Residents) -> Iterator[dict[str, Any]]:
    """Tax of every enterprise for each period at whose end it sat in a tower."""
    rng, corrected = stream(core.seed, "figures"), 0
    stays: dict[int, list[tuple[date, date | None]]] = {}
    for stay in core.tenants.stays:
        stays.setdefault(stay.enterprise, []).append((stay.start, stay.end))
    size = rng.lognormal(0, 1.1, len(core.tenants.lines))
    for period in _periods(core.today.year):
        said, last = _noon(period.end + timedelta(days=20)), period.last_day
        quarters = 4 if period.kind == "year" else 1
        for firm, times in stays.items():
            swing = float(rng.uniform(0.75, 1.3))
            if period.start.year == core.today.year - 1 and (firm % 3 == 0) != (period.kind == "quarter"):
                continue  # one in three files by quarters
            if not any(start <= last and (end is None or last < end) for start, end in times):
                continue
            usual = _TAX_CNY_QUARTER.get(trades()[people.lines[firm]]["group"], _OTHER_TAX)
            value = round(usual * quarters * float(size[firm]) * swing, 2)
            row = {**_EMPTY, **_COUNTED, "enterprise_id": people.ids[firm], "period": _days(period)}
            row |= {"indicator": "tax", "source_id": core.internal_source}
            again = period.start.year == core.today.year - 1 and corrected < CORRECTED and firm % 9 == 4
            if again:
                corrected += 1
                later = said + timedelta(days=34)
                yield row | {"value": round(value * 0.8, 2), "known": instants(said, later)}
                yield row | {"value": value, "known": instants(later, None), "note": "申报更正"}
            else:
                yield row | {"value": value, "known": instants(said, None)}


def _of_offices(core: Core) -> Iterator[dict[str, Any]]:
    """What offices state of an area or a building: employees, coverage, and a sum of tax that differs from ours."""
    areas, year = [row["key"] for row in read_list("areas")], Period.year(core.today.year - 1)
    rows: tuple[tuple[str, str, int, float, dict[str, Any]], ...] = (
        ("party_coverage", "area_id", core.area_ids[areas.index("A2")], 0.87, {}),
        ("smart_platform_coverage", "area_id", core.area_ids[areas.index("A2")], 0.62, {}),
        ("employees", "area_id", core.area_ids[areas.index("A6")], 41_300, {}),
        ("employees", "building_id", core.building_ids[0], 2_140, {}),
        ("tax", "area_id", core.area_ids[areas.index("A7")], 4_310_000_000, _COUNTED),
    )
    for indicator, place, ident, value, counted in rows:
        yield {
            **_EMPTY, **_UNCOUNTED, **counted, "indicator": indicator, place: ident, "period": _days(year),
            "source_id": core.source, "value": value,
            "known": instants(_noon(year.end + timedelta(days=40)), None), "note": "街道上报（虚构）",
        }  # fmt: skip


def _periods(year: int) -> Iterator[Period]:
    """The years, and last year by quarters."""
    yield from (Period.year(year - back) for back in range(YEARS, 0, -1))
    for half in Period.year(year - 1).parts():
        yield from half.parts()


def _days(period: Period) -> str:
    return days(period.start, period.end)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(4), UTC)
