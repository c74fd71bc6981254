"""Vacancy and asked rent month by month as charts, and a building then and now beside each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy.orm import Session

from geo.errors import BadParameterError
from geo.exports.svg_chart import Point, draw_chart
from geo.exports.svg_stack import draw_stack
from geo.stacking import StackingPlan
from geo.vacancy import Vacancy, vacancy_of
from webmap.buildings import rows
from webmap.buildings.operations import Asker, BuildingPage, plan_of
from webmap.buildings.past import Archive, Month, months_of, on_floors, rents_of
from webmap.numbers import day as write_day
from webmap.numbers import percent

VACANT, RENT = "#b4570d", "#14508f"


@dataclass(frozen=True, slots=True)
class Charts:
    """Months with their charts; the rent's is empty when none was asked. `floor` is the position they are of."""

    months: list[Month]
    vacancy: Markup
    rent: Markup
    floor: int | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """A building on a day."""

    day: date
    vacancy: Vacancy
    rents: tuple[float, float, float] | None
    stack: Markup


@dataclass(frozen=True, slots=True)
class Change:
    """A unit that is not as it was; a status is None when the unit was or is not there. `code` of one that stands."""

    label: str
    floor: Any
    code: str | None
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class ThenAndNow:
    """Before, after, and the units between which they differ; only `asked` when nothing is known of that day."""

    asked: date
    sides: tuple[Side, Side] | None
    changes: list[Change]
    first_day: date | None
    known_on: date | None = None


def charts_of(archive: Archive, today: date, leasable_m2: Any, floor: int | None = None) -> Charts | None:
    """The charts of some units; nothing when their past is not known."""
    months = months_of(archive, today, leasable_m2)
    if not any(month.rate is not None for month in months):
        return None
    rents = [_rent_point(month) for month in months]
    asked = any(point.value is not None for point in rents)
    rent_title = gettext("每月一日的挂牌租金，元/m²·天")
    return Charts(
        months,
        Markup(draw_chart(_rates(months), title=gettext("每月一日的空置率"), say=percent, colour=VACANT)),
        Markup(draw_chart(rents, title=rent_title, say=_say_rent, colour=RENT, from_zero=False)) if asked else Markup(),
        floor,
    )


def floor_charts(archive: Archive, page: BuildingPage, today: date, position: str) -> Charts | None:
    """The charts of the building, or of its floors at a position (as sent) when it has such.

    Raises
    ------
    BadParameterError
        The position is no whole number.
    """
    if not position:
        return charts_of(archive, today, page.building.leasable_area_m2)
    if not (position.removeprefix("-").isdecimal() and len(position) < 5):
        raise BadParameterError("floor", position[:20], "a whole number: 1 is the ground floor")
    there = [floor.id for floor in page.floors.values() if floor.position == int(position)]
    return charts_of(on_floors(archive, there), today, None, int(position))


def read_day(text: str, today: date, name: str = "as_of") -> date | None:
    """The day that somebody wants to see beside today, or whose knowledge is asked for; nothing for nothing.

    Raises
    ------
    BadParameterError
        It is no date, or still to come.
    """
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadParameterError(name, text[:20], "a date such as 2026-03-01") from None
    if day > today:
        raise BadParameterError(name, text, f"a day up to {today}")
    return day


def then_and_now(session: Session, page: BuildingPage, archive: Archive, asker: Asker, day: date) -> ThenAndNow:
    """The building on a day of the past beside today."""
    before = archive.units_on(day)
    if not any(unit.status != "unknown" for unit in before):
        return ThenAndNow(day, None, [], archive.first_day)
    changes = _changes(page, before)
    changed = {ident for ident, _ in changes}
    plan = plan_of(rows.sections_of(session, page.building.id, asker.staff), list(page.floors.values()), before)
    vacancy = vacancy_of([(unit.status, unit.area_m2) for unit in before], page.building.leasable_area_m2)
    now = Side(asker.today, page.vacancy, rents_of(page.market), _stack(page.plan, asker.today, changed))
    sides = Side(day, vacancy, rents_of(before), _stack(plan, day, changed)), now
    return ThenAndNow(day, sides, [change for _, change in changes], archive.first_day)


def _changes(page: BuildingPage, before: Sequence[Any]) -> list[tuple[int, Change]]:
    """Id and change of the units whose status differs, from the top floor down."""
    then = {unit.id: unit for unit in before}
    found = []
    for ident in dict.fromkeys([*then, *page.units]):
        was, is_now = then.get(ident), page.units.get(ident)
        statuses = (was.status if was else None, is_now.status if is_now else None)
        if statuses[0] != statuses[1]:
            unit = is_now or was
            floor = page.floors.get(unit.floor_id)
            code = is_now.code if is_now else None
            found.append((ident, Change(unit.label, floor, code, *statuses)))
    return sorted(found, key=lambda pair: -(pair[1].floor.position if pair[1].floor else -99))


def _stack(plan: StackingPlan, day: date, changed: set[int]) -> Markup:
    title = gettext("%(day)s 的楼层剖面", day=write_day(day))
    floors = sum(max(len(table.rows) for table in tier) for tier in plan.tiers)
    height = min(12 * max(floors, 1), 400)
    return Markup(draw_stack(plan, title=title, width=480, height=height, mark=changed))  # escaped where it is drawn


def _rates(months: Sequence[Month]) -> list[Point]:
    return [Point(f"{m.day:%Y-%m}", None if m.rate is None else float(m.rate)) for m in months]


def _rent_point(month: Month) -> Point:
    low, middle, high = month.rents or (None, None, None)
    return Point(f"{month.day:%Y-%m}", middle, low, high)


def _say_rent(value: float) -> str:
    return f"{value:.2f}"
