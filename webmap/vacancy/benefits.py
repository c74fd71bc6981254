"""What a return brings its building: readers, questions, how it compares with like buildings, and what is missing.

Other buildings are never named: a figure is shown only where at least `LEAST` of them make it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from statistics import median
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from geo.model import Building, BuildingFact, Unit
from geo.taxonomy import building_facts
from geo.vacancy import Vacancy, vacancy_of
from webmap.vacancy.being_read import BeingRead, being_read, lately_read
from webmap.vacancy.owing import OWING

LEAST = 4
"""Other buildings that a figure is made of, at least."""

ASKED_DAYS = 90
_ASKED = text(
    "SELECT count(*) FILTER (WHERE kind = 'inquiry') AS inquiries, count(*) FILTER (WHERE kind = 'error') AS errors,"
    " count(*) FILTER (WHERE state = 'waiting') AS waiting"
    " FROM inquiries WHERE building_id = :building AND created_at > :since"
)
_COLUMNS = (
    *("leasable_area_m2", "gross_area_m2", "completed_year", "property_fee_cny_m2_month"),
    *("parking_spaces", "lifts"),
)
"""Of the building itself: what tenants ask first."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Our figure beside the middle one of buildings like ours; None where too few are known."""

    ours: float | None
    others: float | None


@dataclass(frozen=True, slots=True)
class Benefits:
    """What a return brings: readers, questions of the last 90 days, the comparison, and what is still missing.

    `alike` buildings are compared with: of the same grade (`of_grade`), or all where there are too few of these.
    """

    read: BeingRead
    inquiries: int
    errors: int
    waiting: int
    on_market: int
    alike: int
    of_grade: bool
    vacancy_rate: Compared
    rent_cny_m2_day: Compared
    reads: Compared
    missing_columns: Sequence[str]
    missing_facts: Sequence[str]


def benefits(session: Session, building: Building, today: date) -> Benefits:
    """What the return of a building brings it."""
    asked = session.execute(
        _ASKED, {"building": building.id, "since": datetime.now(UTC) - timedelta(days=ASKED_DAYS)}
    ).one()
    others, of_grade = _alike(session, building)
    figures = _figures(session, [building, *others])
    ours = figures[building.id]
    read = lately_read(session, [building.id, *(other.id for other in others)], today)
    known = set(session.scalars(select(BuildingFact.fact).where(BuildingFact.building_id == building.id)))
    return Benefits(
        being_read(session, building.id, today),
        asked.inquiries,
        asked.errors,
        asked.waiting,
        ours[2],
        len(others),
        of_grade,
        Compared(ours[0], _middle(figures[other.id][0] for other in others)),
        Compared(ours[1], _middle(figures[other.id][1] for other in others)),
        Compared(read[building.id], _middle(read[other.id] for other in others)),
        [name for name in _COLUMNS if getattr(building, name) is None],
        [kind.code for kind in building_facts() if kind.asked and kind.code not in known],
    )


def _alike(session: Session, building: Building) -> tuple[Sequence[Building], bool]:
    """Buildings of the same grade, of half to twice the height where there are enough of these; and that it is so.

    Where there are too few of the grade, all others that report.
    """
    others = select(Building).where(*OWING, Building.id != building.id).order_by(Building.id).limit(500)
    same = others.where(Building.grade.is_not_distinct_from(building.grade))
    if building.floors_above:
        near = Building.floors_above.between(building.floors_above / 2, building.floors_above * 2)
        found = session.scalars(same.where(near)).all()
        if len(found) >= LEAST:
            return found, True
    found = session.scalars(same).all()
    return (found, True) if len(found) >= LEAST else (session.scalars(others).all(), False)


def _figures(session: Session, buildings: Sequence[Building]) -> dict[int, tuple[float | None, float | None, int]]:
    """Building → vacancy rate, middle rent asked per m² and day, units on the market."""
    columns = (Unit.building_id, Unit.public_status, Unit.area_m2, Unit.rent_cny_m2_day)
    here = (Unit.building_id.in_([each.id for each in buildings]), Unit.withdrawn_at.is_(None))
    rows = session.execute(select(*columns).where(*here, func.upper_inf(Unit.valid))).all()
    units: dict[int, list[Any]] = {each.id: [] for each in buildings}
    for row in rows:
        units[row.building_id].append(row)
    return {each.id: _figure(units[each.id], each.leasable_area_m2) for each in buildings}


def _figure(units: Sequence[Any], leasable_m2: Decimal | None) -> tuple[float | None, float | None, int]:
    vacancy: Vacancy = vacancy_of([(unit.public_status, unit.area_m2) for unit in units], leasable_m2)
    rents = [unit.rent_cny_m2_day for unit in units if unit.rent_cny_m2_day is not None]
    rate = float(vacancy.rate) if vacancy.rate is not None else None
    return rate, (median(rents) if rents else None), vacancy.vacant_units + vacancy.soon_units


def _middle(figures: Any) -> float | None:
    known = [figure for figure in figures if figure is not None]
    return median(known) if len(known) >= LEAST else None
