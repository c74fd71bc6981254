"""A "no change" that was taken back counts no longer, and a look at the past still finds that it was held."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.history import Author, UnitChange, change_units, confirm_units, undo_confirmations
from geo.model import Unit
from geo.past_units import units_by_id
from geo.snapshot import Moment
from tests.factories import create_unit
from tests.geo.history.test_undoing import TODAY

BEFORE = TODAY - timedelta(days=9)


def test_what_is_taken_back_was_held_in_between_and_other_words_stand(session: Session) -> None:
    unit = create_unit(session)
    by, other = Author(unit.source_id, 1), Author(unit.source_id, 2)
    said = UnitChange(unit.id, {"occupancy": "vacant"}, BEFORE, reported_on=BEFORE)
    change_units(session, [said], by=by, today=TODAY)
    since = session.scalars(select(func.clock_timestamp())).one()
    confirm_units(session, [unit.id], on=TODAY - timedelta(days=2), by=other, today=TODAY)
    assert confirm_units(session, [unit.id], on=TODAY, by=by, today=TODAY) == 1
    held = session.scalars(select(func.clock_timestamp())).one()
    said_today = {"on": TODAY, "since": since, "user_id": 1}
    undone = undo_confirmations(session, unit.building_id, **said_today, undone_by=9, today=TODAY)
    assert undone == [unit.id]
    session.expire_all()
    assert session.get_one(Unit, unit.id).reported_on == TODAY - timedelta(days=2)
    now = session.scalars(select(func.clock_timestamp())).one()
    then, today = (units_by_id(session, [unit.id], Moment(TODAY, known))[0] for known in (held, now))
    assert (then.reported_on, today.reported_on) == (TODAY, TODAY - timedelta(days=2))


def test_nothing_is_taken_back_twice(session: Session) -> None:
    unit = create_unit(session)
    by = Author(unit.source_id, 1)
    since = session.scalars(select(func.clock_timestamp())).one()
    confirm_units(session, [unit.id], on=TODAY, by=by, today=TODAY)
    said = {"on": TODAY, "since": since, "user_id": 1, "undone_by": 9, "today": TODAY}
    assert undo_confirmations(session, unit.building_id, **said) == [unit.id]
    assert undo_confirmations(session, unit.building_id, **said) == []
