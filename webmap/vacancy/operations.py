"""What the pages of reporters show and do: the plan of a building, a sending with its receipt."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from geo.errors import NotFoundError
from geo.model import Building
from geo.returns.standing import UnitNow, units_now
from geo.returns.weeks import holiday_name
from webmap.vacancy import deciding, doubting
from webmap.vacancy.models import ReturnLine, ReturnSubmission, VacancyReturn
from webmap.vacancy.owing import Clock, open_returns, standing_of
from webmap.vacancy.rules import rule_for
from webmap.vacancy.sending import Sent, waiting_lines
from webmap.vacancy.sending import receive as take_in

RECEIPTS = 100
"""Of a building that are listed."""


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who sends: an account, or whoever holds the link of `token`."""

    user_id: int | None
    token: str | None = None


@dataclass(frozen=True, slots=True)
class FloorRow:
    """A floor with its units; units on no known floor come last, under an empty label."""

    label: str
    units: Sequence[UnitNow]


@dataclass(frozen=True, slots=True)
class PlanPage:
    """The return of a building: its week, its floors from the top down, and what waits for a decision already."""

    building: Building
    vacancy_return: VacancyReturn
    standing: str
    floors: Sequence[FloorRow]
    waiting: dict[int, ReturnLine]
    holiday: str | None

    @property
    def units(self) -> list[UnitNow]:
        """All units of the building."""
        return [unit for floor in self.floors for unit in floor.units]


@dataclass(frozen=True, slots=True)
class Receipt:
    """A sending with its return and the building."""

    submission: ReturnSubmission
    vacancy_return: VacancyReturn
    building: Building
    standing: str


def new_key() -> str:
    """A key for one sending, so that sending it twice is sending it once."""
    return secrets.token_urlsafe(16)


def plan_page(session: Session, building: Building, week: date, clock: Clock) -> PlanPage:
    """What the page of a building's return shows."""
    owed = open_returns(session, [building.id], week, clock.zone)[building.id]
    waiting = {line.unit_id: line for line in waiting_lines(session, owed)}
    floors: dict[str, list[UnitNow]] = {}
    for unit in units_now(session, building.id, clock.today):
        floors.setdefault(unit.floor, []).append(unit)
    rows = [FloorRow(label, units) for label, units in floors.items()]
    usual = week + timedelta(days=rule_for(session, building).due_weekday)
    moved = owed.due_at.astimezone(clock.zone).date() != usual
    return PlanPage(
        building, owed, standing_of(owed, clock.now), rows, waiting, holiday_name(usual) if moved else None
    )


def receive(
    session: Session, reporter: Reporter, building: Building, week: date, sent: Sent, clock: Clock
) -> tuple[ReturnSubmission, bool]:
    """Take in a sending; "no change" is accepted at once where the rule of the area says so. Raises as `sending`."""
    made, is_new = take_in(session, reporter.user_id, building, week, sent, clock)
    owed = made.vacancy_return
    if is_new:
        doubting.look_again(session, owed, building, clock)
    silent = not (made.sightings or made.note or waiting_lines(session, owed))
    if is_new and silent and rule_for(session, building).accept_unchanged:
        deciding.settle(session, None, owed, clock)
    return made, is_new


def receipt(session: Session, code: str, clock: Clock) -> Receipt:
    """The sending of a receipt's number.

    Raises
    ------
    NotFoundError
        There is none.
    """
    found = session.scalar(select(ReturnSubmission).where(ReturnSubmission.code == code.lower().replace("-", "")))
    if found is None:
        raise NotFoundError(f"There is no receipt {code!r}.")
    owed = found.vacancy_return
    return Receipt(found, owed, owed.building, standing_of(owed, clock.now))



def receipts_of(session: Session, building: Building) -> Sequence[ReturnSubmission]:
    """What was sent for a building, the newest first."""
    mine = select(ReturnSubmission).join(VacancyReturn).where(VacancyReturn.building_id == building.id)
    with_lines = mine.options(selectinload(ReturnSubmission.lines), joinedload(ReturnSubmission.vacancy_return))
    return session.scalars(with_lines.order_by(ReturnSubmission.received_at.desc()).limit(RECEIPTS)).all()
