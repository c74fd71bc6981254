"""Which buildings owe a return, and where the return of each stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, ColumnElement, cast, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.orm import Session

from geo.errors import NotFoundError
from geo.model import Building, Unit
from geo.text import search_terms
from webmap.vacancy.models import VacancyReturn
from webmap.vacancy.rules import rules_for

OWING = (Building.managed, Building.status == "operating", Building.withdrawn_at.is_(None))
"""Followed floor by floor, and in use: of these a return is asked every week."""

SHOWN = 200
AT_ONCE = 5000
"""Rows of one statement, whose values PostgreSQL counts."""


@dataclass(frozen=True, slots=True)
class Clock:
    """The moment, the day it is in the district, and its time zone."""

    now: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        """The day where the district lies."""
        return self.now.astimezone(self.zone).date()


@dataclass(frozen=True, slots=True)
class Owed:
    """A building with its return of the week and what is known of its units."""

    building: Building
    vacancy_return: VacancyReturn
    units: int
    on_market: int
    reported_on: date | None

    def standing(self, now: datetime) -> str:
        """'open', 'late', 'received', 'accepted' or 'rejected'."""
        return standing_of(self.vacancy_return, now)


def standing_of(vacancy_return: VacancyReturn, now: datetime) -> str:
    """Where a return stands: as kept, and 'late' when it is open past its time."""
    is_late = vacancy_return.state == "open" and vacancy_return.due_at < now
    return "late" if is_late else vacancy_return.state


def owed_by(session: Session, mine: ColumnElement[bool], week: date, clock: Clock, asked: str = "") -> list[Owed]:
    """The returns of the buildings of a condition for a week, what is to be done first; at most `SHOWN`."""
    found = select(Building).where(mine, *OWING)
    for term in search_terms(asked):
        found = found.where(Building.search_text.contains(term, autoescape=True))
    buildings = session.scalars(found.order_by(Building.name, Building.id).limit(SHOWN)).all()
    returns = open_returns(session, [building.id for building in buildings], week, clock.zone)
    counts = _counts(session, [building.id for building in buildings])
    owed = [Owed(building, returns[building.id], *counts.get(building.id, (0, 0, None))) for building in buildings]
    order = {"rejected": 0, "late": 1, "open": 2, "received": 3, "accepted": 4}
    return sorted(owed, key=lambda each: order[each.standing(clock.now)])


def open_returns(
    session: Session, building_ids: Sequence[int], week: date, zone: ZoneInfo
) -> dict[int, VacancyReturn]:
    """The returns of some buildings for a week; those that nobody has opened yet are made."""
    _open(session, building_ids, week, zone)
    chosen = select(VacancyReturn).where(VacancyReturn.week == week, VacancyReturn.building_id.in_(building_ids))
    return {found.building_id: found for found in session.scalars(chosen)}


def open_all(session: Session, week: date, zone: ZoneInfo) -> int:
    """Open the returns of a week for all buildings that owe one; gives how many."""
    every = session.scalars(select(Building.id).where(*OWING)).all()
    _open(session, every, week, zone)
    return len(every)


def ask_anew(session: Session, week: date, zone: ZoneInfo) -> int:
    """Let the rules of now hold for returns from a week on that nothing has come for; gives how many are due else."""
    nothing_yet = (VacancyReturn.week >= week, VacancyReturn.state == "open", VacancyReturn.received_at.is_(None))
    columns = (VacancyReturn.id, VacancyReturn.building_id, VacancyReturn.week, VacancyReturn.due_at)
    waiting = session.execute(select(*columns).where(*nothing_yet)).all()
    rules = rules_for(session, [row.building_id for row in waiting])
    moved: dict[datetime, list[int]] = {}
    for row in waiting:
        if (due := rules[row.building_id].due_at(row.week, zone)) != row.due_at:
            moved.setdefault(due, []).append(row.id)
    for due, ids in moved.items():
        which = VacancyReturn.id == func.any(cast(ids, ARRAY(BigInteger)))
        session.execute(update(VacancyReturn).where(which).values(due_at=due, reminded_at=None))
    return sum(map(len, moved.values()))


def _open(session: Session, building_ids: Sequence[int], week: date, zone: ZoneInfo) -> None:
    rules = rules_for(session, list(building_ids))
    rows = [{"building_id": ident, "week": week, "due_at": rules[ident].due_at(week, zone)} for ident in building_ids]
    for start in range(0, len(rows), AT_ONCE):
        session.execute(insert(VacancyReturn).values(rows[start : start + AT_ONCE]).on_conflict_do_nothing())


def owing_building(session: Session, code: str) -> Building:
    """The building of a code, if a return is asked of it.

    Raises
    ------
    NotFoundError
        There is none, or it owes no return.
    """
    building = session.scalar(select(Building).where(Building.code == code, *OWING))
    if building is None:
        raise NotFoundError(f"There is no building {code!r} that owes a return.")
    return building


def _counts(session: Session, building_ids: Sequence[int]) -> dict[int, Any]:
    on_market = func.count().filter(Unit.public_status.in_(("vacant", "soon")))
    counted = (
        select(Unit.building_id, func.count(), on_market, func.min(Unit.reported_on))
        .where(Unit.building_id.in_(building_ids), Unit.withdrawn_at.is_(None), func.upper_inf(Unit.valid))
        .group_by(Unit.building_id)
    )
    return {row[0]: tuple(row[1:]) for row in session.execute(counted)}
