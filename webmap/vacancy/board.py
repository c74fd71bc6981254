"""The board of the alliance office: who is late, how complete and how old every building is, who has been in time.

It ranks buildings, never persons.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from geo.model import Building, Unit
from webmap.vacancy.models import ReturnSubmission, VacancyReturn
from webmap.vacancy.owing import OWING, Clock, open_returns, standing_of

WEEKS = 12
SHOWN = 2000
PUNCTUAL = ("in_time", "late", "missing")


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A building on the board.

    `weeks` tells of each of the last weeks, the oldest first, 'in_time', 'late', 'missing', 'open' or 'none' (nothing
    was asked). `complete` is the share of units whose state and area are known; ages are days since the last report.
    """

    building: Building
    vacancy_return: VacancyReturn
    standing: str
    late_days: int
    weeks: tuple[str, ...]
    complete: float | None
    median_age: int | None
    oldest_age: int | None

    @property
    def punctuality(self) -> float | None:
        """Returns in time over those that were due; None where none was due yet."""
        due = [week for week in self.weeks if week in PUNCTUAL]
        return due.count("in_time") / len(due) if due else None


@dataclass(frozen=True, slots=True)
class Board:
    """All buildings of the board, what is to be done first on top, with counts by standing."""

    week: date
    rows: Sequence[BoardRow]
    counts: dict[str, int]

    @property
    def league(self) -> list[BoardRow]:
        """The buildings of which returns were due, the most punctual first."""
        ranked = [row for row in self.rows if row.punctuality is not None]
        return sorted(ranked, key=lambda row: (-(row.punctuality or 0), row.building.name or row.building.code))


def board(session: Session, mine: ColumnElement[bool], week: date, clock: Clock) -> Board:
    """The board for the buildings of a condition."""
    found = select(Building).where(mine, *OWING).order_by(Building.name, Building.id).limit(SHOWN)
    buildings = session.scalars(found).all()
    ids = [building.id for building in buildings]
    present = open_returns(session, ids, week, clock.zone)
    past, units = _past(session, ids, week, clock.now), _units(session, ids)
    rows = [_row(each, present[each.id], past[each.id], units[each.id], week, clock) for each in buildings]
    order = {"late": 0, "rejected": 1, "open": 2, "received": 3, "accepted": 4}
    rows.sort(key=lambda row: (order[row.standing], -row.late_days))
    counts = {standing: sum(row.standing == standing for row in rows) for standing in order}
    return Board(week, rows, counts)


def _row(
    building: Building,
    owed: VacancyReturn,
    past: dict[date, str],
    units: Sequence[Any],
    week: date,
    clock: Clock,
) -> BoardRow:
    ages = sorted((clock.today - unit.reported_on).days for unit in units if unit.reported_on)
    known = [unit for unit in units if unit.area_m2 is not None and unit.occupancy != "unknown"]
    standing = standing_of(owed, clock.now)
    return BoardRow(
        building,
        owed,
        standing,
        max(0, (clock.now - owed.due_at).days) if standing in ("late", "rejected") else 0,
        tuple(past.get(week - timedelta(weeks=back), "none") for back in reversed(range(WEEKS))),
        len(known) / len(units) if units else None,
        round(median(ages)) if ages else None,
        ages[-1] if ages else None,
    )


def _past(session: Session, ids: Iterable[int], week: date, now: datetime) -> dict[int, dict[date, str]]:
    """Building → week → how its return came; the first sending of a week counts."""
    first = func.min(ReturnSubmission.received_at)
    chosen = (
        select(VacancyReturn.building_id, VacancyReturn.week, VacancyReturn.due_at, first.label("first"))
        .outerjoin(ReturnSubmission, ReturnSubmission.return_id == VacancyReturn.id)
        .where(VacancyReturn.building_id.in_(list(ids)), VacancyReturn.week > week - timedelta(weeks=WEEKS))
        .group_by(VacancyReturn.id)
    )
    past: dict[int, dict[date, str]] = defaultdict(dict)
    for row in session.execute(chosen):
        past[row.building_id][row.week] = _came(row.first, row.due_at, now)
    return past


def _came(first: datetime | None, due_at: datetime, now: datetime) -> str:
    if first is None:
        return "missing" if due_at < now else "open"
    return "in_time" if first <= due_at else "late"


def _units(session: Session, ids: Iterable[int]) -> dict[int, list[Any]]:
    columns = (Unit.building_id, Unit.reported_on, Unit.area_m2, Unit.occupancy)
    here = (Unit.building_id.in_(list(ids)), Unit.withdrawn_at.is_(None), func.upper_inf(Unit.valid))
    units: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(select(*columns).where(*here)):
        units[row.building_id].append(row)
    return units
