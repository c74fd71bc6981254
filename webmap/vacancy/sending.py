"""Takes in what is sent for a building and week: once, whatever the network does, and without writing facts yet.

Facts are written when a return is accepted (`deciding.py`). What somebody else wrote between showing and sending is
kept beside the line, so that both are seen.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from geo.errors import BadParameterError
from geo.model import Building
from geo.returns.said import NAME_LENGTH, Said
from geo.returns.standing import UnitNow, units_now
from geo.returns.weeks import week_of
from webmap.vacancy.models import SIGHTINGS, ReturnLine, ReturnSighting, ReturnSubmission, VacancyReturn
from webmap.vacancy.owing import Clock, open_returns

WEEKS_BACK = 3
"""A return that waited in a telephone is taken for so many weeks."""

KEY_LENGTH = range(8, 80)
MOST_SIGHTINGS = 200
NOTE_LENGTH = 1000


@dataclass(frozen=True, slots=True)
class UnitSent:
    """A unit as its sender was shown it and as he says it is; `seen` is the state he was shown."""

    code: str
    was: Said
    said: Said
    seen: int | None
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """Somebody who moved in or out, or works here and is registered elsewhere."""

    kind: str
    name: str
    room: str | None
    seen_on: date | None


@dataclass(frozen=True, slots=True)
class Sent:
    """One sending; the same key twice is one. `said_on` is the day it was written, if that was not today."""

    key: str
    units: Sequence[UnitSent]
    sightings: Sequence[Seen] = ()
    note: str | None = None
    via: str = "page"
    said_on: date | None = None

    @property
    def whole_key(self) -> str:
        """The key with a digest of what is said: a page that is sent again after "back" may say something else."""
        said = [(each.code, each.said.as_json(), each.since) for each in self.units]
        digest = hashlib.sha256(repr((said, list(self.sightings), self.note)).encode()).hexdigest()
        return f"{self.key}.{digest[:16]}"


def receive(
    session: Session, user_id: int | None, building: Building, week: date, sent: Sent, clock: Clock
) -> tuple[ReturnSubmission, bool]:
    """Take in a sending; gives it, and whether it is new.

    Raises
    ------
    BadParameterError
        The week is none that is taken, the key is none, or a unit is not of this building.
    """
    _check(sent, week, clock.today)
    owed = open_returns(session, [building.id], week, clock.zone)[building.id]
    session.refresh(owed, with_for_update=True)
    key = sent.whole_key
    known = session.scalar(select(ReturnSubmission).where(ReturnSubmission.key == key))
    if known is not None:
        return _own(known, owed), False
    made = ReturnSubmission(return_id=owed.id, key=key, via=sent.via, user_id=user_id, note=sent.note or None)
    made.said_on = min(sent.said_on or clock.today, clock.today)
    units = {unit.code: unit for unit in units_now(session, building.id, clock.today)}
    made.lines = [line for each in sent.units if (line := _line(each, units, made.said_on))]
    made.sightings = [_sighting(each, made.said_on) for each in sent.sightings]
    _replace(session, owed, [line.unit_id for line in made.lines])
    session.add(made)
    owed.state, owed.received_at, owed.reason = "received", owed.received_at or datetime.now(UTC), None
    session.flush()
    return made, True


def waiting_lines(session: Session, owed: VacancyReturn) -> Sequence[ReturnLine]:
    """The lines of a return that nobody has decided on."""
    mine = select(ReturnLine).join(ReturnSubmission).where(ReturnSubmission.return_id == owed.id)
    return session.scalars(mine.where(ReturnLine.outcome == "waiting").order_by(ReturnLine.id)).all()


def _check(sent: Sent, week: date, today: date) -> None:
    if len(sent.key) not in KEY_LENGTH or not sent.key.isascii():
        raise BadParameterError("key", sent.key[:20], "8 to 79 plain characters")
    this = week_of(today)
    if week.weekday() or not this - timedelta(weeks=WEEKS_BACK) <= week <= this:
        raise BadParameterError("week", f"{week}", f"a Monday from {this - timedelta(weeks=WEEKS_BACK)} to {this}")
    if len(sent.sightings) > MOST_SIGHTINGS:
        raise BadParameterError("sightings", f"{len(sent.sightings)}", f"at most {MOST_SIGHTINGS}")
    if sent.note and len(sent.note) > NOTE_LENGTH:
        raise BadParameterError("note", sent.note[:20], f"at most {NOTE_LENGTH} characters")


def _own(known: ReturnSubmission, owed: VacancyReturn) -> ReturnSubmission:
    """The submission of a key, if it was for this very return."""
    if known.return_id != owed.id:
        raise BadParameterError("key", known.key[:20], "a key that was not used for another return")
    return known


def _line(sent: UnitSent, units: dict[str, UnitNow], said_on: date) -> ReturnLine | None:
    """What is to be decided on, or nothing where the sender changed nothing or it is so already."""
    now = units.get(sent.code)
    if now is None:
        raise BadParameterError("unit", sent.code[:20], "a unit that stands in this building")
    if sent.said in (sent.was, now.said):
        return None
    overtaken = now.said.as_json() if now.seen != sent.seen and now.said != sent.was else None
    return ReturnLine(
        unit_id=now.id,
        seen_id=sent.seen,
        status=sent.said.state,
        offered=sent.said.offered,
        rent_amount=sent.said.rent_amount,
        rent_unit=sent.said.rent_unit,
        available_on=sent.said.available_on,
        tenant=sent.said.tenant,
        area_m2=sent.said.area_m2,
        since=min(sent.since or said_on, said_on),
        before=sent.was.as_json(),
        overtaken=overtaken,
    )


def _sighting(seen: Seen, said_on: date) -> ReturnSighting:
    if seen.kind not in SIGHTINGS:
        raise BadParameterError("sighting", seen.kind[:20], ", ".join(SIGHTINGS))
    name = " ".join(seen.name.split())
    if not 0 < len(name) <= NAME_LENGTH:
        raise BadParameterError("name", name[:20], f"1 to {NAME_LENGTH} characters")
    room = " ".join((seen.room or "").split())[:NAME_LENGTH] or None
    return ReturnSighting(kind=seen.kind, name=name, room=room, seen_on=min(seen.seen_on or said_on, said_on))


def _replace(session: Session, owed: VacancyReturn, unit_ids: list[int]) -> None:
    """A later word on the same unit takes the place of an earlier one that nobody has decided on."""
    mine = select(ReturnSubmission.id).where(ReturnSubmission.return_id == owed.id)
    earlier = update(ReturnLine).where(ReturnLine.submission_id.in_(mine), ReturnLine.unit_id.in_(unit_ids))
    session.execute(earlier.where(ReturnLine.outcome == "waiting").values(outcome="replaced"))
