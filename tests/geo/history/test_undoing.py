"""What was said by mistake is taken back as a new fact, unless somebody has said something since."""

from datetime import date

import pytest
from sqlalchemy import func, select, text

from geo.errors import NotFoundError, UndoRefusedError
from geo.history import (
    Author,
    UnitChange,
    change_offer,
    change_unit,
    change_units,
    publish_offer,
    undo_entry,
    undo_offer,
    undo_states,
    withdraw_offer,
)
from geo.model import AuditEntry, Offer, OfferUnit, UnitState
from tests.factories import create_building, create_source, create_unit

TODAY, NOV_1, NOV_8 = date(2026, 11, 22), date(2026, 11, 1), date(2026, 11, 8)


@pytest.fixture
def by(session):
    return Author(create_source(session).id, user_id=7)


@pytest.fixture
def unit(session):
    return create_unit(session, label="1203", fitout=None)


def say(session, unit, on, by, **changed):
    return change_unit(session, unit.id, changed, on=on, by=by, today=TODAY)


def held(session, unit):
    states = select(UnitState).where(UnitState.unit_id == unit.id, func.upper_inf(UnitState.known))
    found = session.scalars(states.order_by(UnitState.valid).execution_options(populate_existing=True))
    return [(state.valid.lower, state.valid.upper, state.occupancy, state.user_id) for state in found]


def test_a_state_taken_back_gives_way_to_what_was_held_before(session, unit, by):
    say(session, unit, NOV_1, by, occupancy="vacant")
    wrong = say(session, unit, NOV_8, Author(by.source_id, 8), occupancy="own_use")
    assert undo_states(session, [wrong.id], today=TODAY) == [unit.id]
    assert held(session, unit) == [(NOV_1, None, "vacant", 7)]
    assert unit.public_status == "vacant"
    assert session.scalar(select(func.count()).select_from(UnitState)) == 4


def test_a_first_word_taken_back_leaves_the_unit_unknown(session, unit, by):
    state = say(session, unit, NOV_1, by, occupancy="own_use")
    undo_states(session, [state.id], today=TODAY)
    assert held(session, unit) == []
    assert (unit.occupancy, unit.public_status, unit.reported_on) == ("unknown", "unknown", None)


def test_the_lines_of_a_return_are_taken_back_together_or_not_at_all(session, by):
    units = [create_unit(session, label=f"12{number}") for number in range(3)]
    changes = [UnitChange(unit.id, {"occupancy": "own_use"}, NOV_1) for unit in units]
    states = [state.id for state in change_units(session, changes, by=by, today=TODAY)]
    say(session, units[1], NOV_8, by, occupancy="vacant")
    with pytest.raises(UndoRefusedError, match=r"121 .*take that back first, or say what is right") as refused:
        undo_states(session, states, today=TODAY)
    (later,) = refused.value.later
    assert (later.unit_id, later.user_id) == (units[1].id, 7)
    assert {unit.occupancy for unit in units} == {"own_use", "vacant"}
    undo_states(session, [later.state_id], today=TODAY)
    with pytest.raises(UndoRefusedError):
        undo_states(session, states, today=TODAY)
    assert units[1].occupancy == "own_use"


def test_what_is_taken_back_once_cannot_be_taken_back_again(session, unit, by):
    state = say(session, unit, NOV_1, by, occupancy="own_use")
    undo_states(session, [state.id], today=TODAY)
    with pytest.raises(UndoRefusedError):
        undo_states(session, [state.id], today=TODAY)
    with pytest.raises(NotFoundError):
        undo_states(session, [999999999], today=TODAY)


def test_new_terms_taken_back_leave_the_offer_as_it_stood(session, unit, by):
    terms = {"rent_low": 5, "rent_unit": "cny_m2_day"}
    first = publish_offer(session, [unit.id], terms, on=NOV_1, by=by, today=TODAY).offer
    second = change_offer(session, first.id, {"rent_low": 9}, on=NOV_8, by=by, today=TODAY).offer
    undo_offer(session, second.id, today=TODAY)
    (again,) = session.scalars(select(Offer).where(func.upper_inf(Offer.known)))
    assert (again.valid, again.rent_low, again.code) == (first.valid, 5, first.code)
    assert session.scalars(select(OfferUnit.unit_id).where(OfferUnit.offer_id == again.id)).all() == [unit.id]
    assert (unit.offer_id, unit.rent_amount) == (again.id, 5)
    with pytest.raises(UndoRefusedError):
        undo_offer(session, second.id, today=TODAY)
    ended = withdraw_offer(session, again.id, on=NOV_8, by=by, today=TODAY)
    undo_offer(session, ended.id, today=TODAY)
    assert unit.rent_amount == 5


def test_an_edit_is_taken_back_by_its_entry_in_the_audit(session, unit, by):
    say(session, unit, NOV_1, by, occupancy="vacant")
    state = say(session, unit, NOV_8, by, occupancy="own_use")
    told = select(AuditEntry.id).where(AuditEntry.table_name == "unit_states", AuditEntry.row_key == str(state.id))
    undo_entry(session, session.scalars(told).one(), today=TODAY)
    assert held(session, unit) == [(NOV_1, None, "vacant", 7)]


def test_other_entries_are_not_taken_back_here_and_it_is_said_where(session):
    create_building(session)
    entry = session.scalar(text("SELECT max(id) FROM audit_log WHERE table_name = 'buildings'"))
    with pytest.raises(UndoRefusedError, match="page of imports"):
        undo_entry(session, entry, today=TODAY)
