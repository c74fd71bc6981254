"""What somebody says of a unit holds from a day on, and what was held before is kept."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from geo.errors import BadParameterError, EditConflictError, NotFoundError, UnknownFieldError
from geo.history import (
    UNIT_USES,
    Author,
    UnitChange,
    change_unit,
    change_units,
    confirm_units,
    present_states,
    verify_units,
)
from geo.history.present import write_due
from geo.importers.unit_words import _USES
from geo.model import Confirmation, FieldEdit, Unit, UnitState
from tests.factories import create_building, create_enterprise, create_floor, create_offer, create_source, create_unit

TODAY = date(2026, 11, 22)
NOV_1, NOV_8, NOV_15 = date(2026, 11, 1), date(2026, 11, 8), date(2026, 11, 15)


@pytest.fixture
def by(session):
    return Author(create_source(session).id, user_id=7)


@pytest.fixture
def unit(session):
    return create_unit(session, reported_on=None, occupancy="unknown", public_status="unknown", label="1203")


def say(session, unit, on, by, *, today=TODAY, seen=None, **changed):
    return change_unit(session, unit.id, changed, on=on, by=by, today=today, seen=seen)


def held(session, unit):
    """What is held now of a unit: (from, until, occupancy, contract)."""
    states = select(UnitState).where(UnitState.unit_id == unit.id, func.upper_inf(UnitState.known))
    found = session.scalars(states.order_by(UnitState.valid))
    return [(state.valid.lower, state.valid.upper, state.occupancy, state.contract) for state in found]


def test_a_first_word_about_a_unit_holds_from_its_day_and_is_its_present(session, unit, by):
    state = say(session, unit, NOV_1, by, occupancy="vacant")
    assert held(session, unit) == [(NOV_1, None, "vacant", "none")]
    assert (state.source_id, state.user_id, state.reported_on, state.area_m2) == (by.source_id, 7, TODAY, 200)
    assert (unit.occupancy, unit.public_status, unit.reported_on) == ("vacant", "vacant", TODAY)
    assert unit.state_source_id == by.source_id


def test_a_change_keeps_what_was_before_and_what_was_held_of_it(session, unit, by):
    say(session, unit, NOV_1, by, occupancy="vacant")
    say(session, unit, NOV_8, by, occupancy="tenant")
    assert held(session, unit) == [(NOV_1, NOV_8, "vacant", "none"), (NOV_8, None, "tenant", "let")]
    closed = session.scalars(select(UnitState).where(~func.upper_inf(UnitState.known))).one()
    assert (closed.occupancy, closed.valid.upper) == ("vacant", None)
    assert unit.public_status == "in_use"


def test_a_correction_of_the_past_leaves_later_reports_alone(session, unit, by):
    say(session, unit, NOV_1, by, occupancy="vacant")
    say(session, unit, NOV_15, by, occupancy="own_use")
    say(session, unit, NOV_8, by, occupancy="tenant", contract="signed")
    assert held(session, unit) == [
        (NOV_1, NOV_8, "vacant", "none"),
        (NOV_8, NOV_15, "tenant", "signed"),
        (NOV_15, None, "own_use", "none"),
    ]
    assert unit.occupancy == "own_use"


def test_something_said_of_days_before_anything_is_held_ends_where_that_begins(session, unit, by):
    say(session, unit, NOV_15, by, occupancy="own_use")
    say(session, unit, NOV_1, by, occupancy="vacant")
    assert held(session, unit) == [(NOV_1, NOV_15, "vacant", "none"), (NOV_15, None, "own_use", "none")]


def test_what_is_said_of_the_same_day_again_replaces_it(session, unit, by):
    say(session, unit, NOV_1, by, occupancy="vacant")
    say(session, unit, NOV_1, by, occupancy="tenant")
    assert held(session, unit) == [(NOV_1, None, "tenant", "let")]
    knowns = session.scalars(select(UnitState.known).order_by(UnitState.id)).all()
    assert knowns[0].upper == knowns[1].lower


def test_the_same_again_is_a_confirmation(session, unit, by):
    say(session, unit, NOV_1, by, occupancy="vacant", area_m2=200)
    say(session, unit, NOV_8, by, occupancy="vacant", area_m2="200.00")
    assert held(session, unit) == [(NOV_1, None, "vacant", "none")]
    assert session.scalars(select(Confirmation.confirmed_on)).all() == [NOV_8]


def test_a_new_occupancy_takes_tenant_rent_and_contract_along(session, unit, by):
    firm = create_enterprise(session)
    say(session, unit, NOV_1, by, occupancy="tenant", tenant_id=firm.id, rent_amount="4.50", rent_unit="cny_m2_day")
    state = say(session, unit, NOV_8, by, occupancy="vacant")
    assert (state.contract, state.tenant_id, state.rent_amount, state.rent_unit) == ("none", None, None, None)
    say(session, unit, NOV_15, by, occupancy="fitting_out", contract="signed", tenant_id=firm.id)
    assert held(session, unit)[-1] == (NOV_15, None, "fitting_out", "signed")


def test_a_day_to_come_is_held_now_and_becomes_the_present_when_it_comes(session, unit, by):
    say(session, unit, NOV_1, by, occupancy="tenant")
    say(session, unit, date(2026, 12, 1), by, occupancy="vacant")
    assert (unit.occupancy, unit.public_status) == ("tenant", "in_use")
    assert write_due(session, date(2026, 11, 30)) == 0
    assert write_due(session, date(2026, 12, 2)) == 1
    assert (unit.occupancy, unit.public_status) == ("vacant", "vacant")


def test_a_unit_that_is_no_more_stands_until_that_day_and_can_come_back(session, unit, by):
    say(session, unit, NOV_1, by, occupancy="vacant")
    say(session, unit, NOV_8, by, exists=False)
    assert (unit.valid.lower, unit.valid.upper) == (None, NOV_8)
    assert present_states(session, unit.building_id, TODAY) == []
    say(session, unit, NOV_15, by, exists=True)
    assert unit.valid.upper is None


def test_an_area_that_a_person_gives_beats_later_files(session, unit, by):
    say(session, unit, NOV_1, by, area_m2="187.5", area_basis="net", area_source="产证")
    assert (unit.area_m2, unit.area_basis) == (Decimal("187.50"), "net")
    edits = session.execute(select(FieldEdit.field, FieldEdit.user_id).where(FieldEdit.row_id == unit.id))
    assert set(edits) == {("area_m2", 7), ("area_basis", 7)}
    again = say(session, unit, NOV_8, by, area_m2=190)
    assert (again.area_source, unit.area_m2) == (None, 190)


def test_the_rent_and_the_word_soon_come_from_the_offer_that_stands(session, unit, by):
    offer = create_offer(
        session,
        unit,
        rent_low=90,
        rent_high=90,
        rent_unit="cny_m2_month",
        available_on=date(2027, 3, 9),
        fitout="full",
        published_at=func.now(),
    )
    say(session, unit, NOV_1, by, occupancy="tenant")
    assert (unit.public_status, unit.offer_id, unit.rent_amount) == ("soon", offer.id, 90)
    assert unit.available_on == date(2027, 3, 1)
    assert unit.rent_cny_m2_day == pytest.approx(90 * 12 / 365)
    say(session, unit, NOV_8, by, occupancy="own_use")
    assert (unit.public_status, unit.fitout) == ("soon", "full")
    say(session, unit, NOV_8, by, occupancy="vacant", contract="signed")
    assert (unit.public_status, unit.offer_id, unit.rent_amount) == ("in_use", None, None)


def test_what_a_source_says_that_is_not_public_is_not_told(session, unit):
    say(session, unit, NOV_1, Author(create_source(session, publishable=False).id), occupancy="vacant")
    assert (unit.occupancy, unit.public_status) == ("vacant", "unknown")


def test_the_second_writer_is_told_and_shown_both(session, unit, by):
    say(session, unit, NOV_1, by, occupancy="vacant")
    (looked_at,) = present_states(session, unit.building_id, TODAY)
    say(session, unit, NOV_15, by, seen=looked_at.version, occupancy="tenant")
    with pytest.raises(EditConflictError, match="1203") as refused:
        say(session, unit, NOV_15, by, seen=looked_at.version, occupancy="own_use")
    assert (refused.value.seen.occupancy, refused.value.held.occupancy) == ("vacant", "tenant")
    assert unit.occupancy == "tenant"


def test_who_saw_nothing_is_told_when_there_is_something_now(session, unit, by):
    (looked_at,) = present_states(session, unit.building_id, TODAY)
    assert looked_at.version == 0
    say(session, unit, NOV_1, by, seen=0, occupancy="vacant")
    with pytest.raises(EditConflictError):
        say(session, unit, NOV_1, by, seen=0, occupancy="tenant")


def test_saying_twice_what_was_sent_once_is_no_conflict(session, unit, by):
    first = say(session, unit, NOV_1, by, seen=0, occupancy="vacant")
    assert say(session, unit, NOV_1, by, seen=0, occupancy="vacant").id == first.id


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"occupancy": "empty"}, "occupancy"),
        ({"contract": None}, "contract"),
        ({"area_m2": 0}, "area_m2"),
        ({"area_m2": "NaN"}, "area_m2"),
        ({"area_m2": True}, "area_m2"),
        ({"rent_amount": -1, "rent_unit": "cny_m2_day"}, "rent_amount"),
        ({"rent_amount": 5}, "rent_unit"),
        ({"rent_unit": "usd"}, "rent_unit"),
        ({"use": "moon base"}, "use"),
        ({"exists": "no"}, "exists"),
        ({"area_source": "x" * 300}, "area_source"),
    ],
)
def test_a_bad_value_is_named_and_nothing_is_written(session, unit, by, changed, named):
    with pytest.raises(BadParameterError, match=named):
        say(session, unit, NOV_1, by, **changed)
    assert held(session, unit) == []


def test_names_units_tenants_and_days_that_there_are_not_are_errors(session, unit, by):
    with pytest.raises(UnknownFieldError, match="lease_end"):
        say(session, unit, NOV_1, by, lease_end="2027-01-01")
    with pytest.raises(NotFoundError, match="unit 999999999"):
        change_unit(session, 999999999, {"occupancy": "vacant"}, on=NOV_1, by=by, today=TODAY)
    with pytest.raises(NotFoundError, match="enterprise 999999999"):
        say(session, unit, NOV_1, by, occupancy="tenant", tenant_id=999999999)
    with pytest.raises(BadParameterError, match="tenant_id"):
        say(session, unit, NOV_1, by, occupancy="own_use", tenant_id=create_enterprise(session).id)
    with pytest.raises(BadParameterError, match="each unit once"):
        change = UnitChange(unit.id, {"occupancy": "vacant"}, NOV_1)
        change_units(session, [change, change], by=by, today=TODAY)
    with pytest.raises(BadParameterError, match="30 years"):
        say(session, unit, date(2100, 1, 1), by, occupancy="vacant")


def test_a_whole_building_is_changed_in_few_statements(session, by, count_queries):
    floor = create_floor(session, create_building(session), 3)
    units = [create_unit(session, floor) for _ in range(40)]
    with count_queries() as seen:
        changes = [UnitChange(unit.id, {"occupancy": "own_use"}, NOV_1, seen=0) for unit in units]
        states = change_units(session, changes, by=by, today=TODAY)
    assert [state.unit_id for state in states] == [unit.id for unit in units]
    assert len(seen) < 70
    assert {unit.public_status for unit in units} == {"own_use"}


def test_no_change_is_noted_once_a_day_and_makes_the_report_younger(session, unit, by):
    change_units(session, [UnitChange(unit.id, {"occupancy": "vacant"}, NOV_1, reported_on=NOV_1)], by=by, today=NOV_1)
    assert unit.reported_on == NOV_1
    assert confirm_units(session, [unit.id], on=NOV_15, by=by, today=TODAY) == 1
    assert confirm_units(session, [unit.id], on=NOV_15, by=by, today=TODAY) == 0
    assert (unit.reported_on, unit.occupancy) == (NOV_15, "vacant")
    assert session.scalar(select(func.count()).select_from(UnitState)) == 1
    with pytest.raises(BadParameterError, match="today"):
        confirm_units(session, [unit.id], on=date(2026, 11, 23), by=by, today=TODAY)


def test_who_went_and_looked_is_known_with_the_day(session, unit, by):
    say(session, unit, NOV_1, by, occupancy="vacant")
    inspector = Author(by.source_id, user_id=9)
    (state,) = verify_units(session, [unit.id], on=NOV_15, by=inspector, today=TODAY, how="照片 3 张")
    assert (state.verified_on, state.verification, state.user_id, state.occupancy) == (NOV_15, "照片 3 张", 9, "vacant")
    assert unit.verified_on == NOV_15
    say(session, unit, NOV_15, by, occupancy="tenant")
    assert unit.verified_on is None
    with pytest.raises(NotFoundError, match="Nothing is held"):
        verify_units(session, [unit.id], on=date(2026, 1, 1), by=inspector, today=TODAY)


def test_imports_know_no_use_that_the_writer_does_not(session):
    assert {code for code, _ in _USES} < set(UNIT_USES)


def test_rows_of_units_are_found_with_their_floor_from_top_to_ground(session, by):
    building = create_building(session)
    low, high = create_floor(session, building, 2), create_floor(session, building, 9)
    rooms = [create_unit(session, low, label="201"), create_unit(session, high, label="901")]
    shown = present_states(session, building.id, TODAY)
    assert [(row.label, row.floor_label, row.occupancy) for row in shown] == [
        ("901", "9F", "vacant"),
        ("201", "2F", "vacant"),
    ]
    assert {row.unit_id for row in shown} == {room.id for room in rooms}
    assert isinstance(session.get_one(Unit, rooms[0].id), Unit)
