"""Units are split and merged from a day on, counted once, with their offers and tenants, and it can be taken back."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from geo.conditions import standing
from geo.editing.authors import author_of
from geo.editing.reshaping import Part, Terms, merge_units, split_unit
from geo.editing.undoing import undo_reshape
from geo.errors import AreasDifferError, BadParameterError, EditConflictError, NotFoundError
from geo.history import change_unit, present_states, publish_offer
from geo.model import Building, FieldEdit, Offer, OfferUnit, Tenancy, Unit, UnitLineage
from tests.factories import create_building, create_enterprise, create_floor, create_unit

TODAY, NOV_1, NOV_8 = date(2026, 11, 22), date(2026, 11, 1), date(2026, 11, 8)
HALVES = (Part("1201", Decimal("120")), Part("1202", Decimal("80")))
BARE = {"rent_amount": None, "rent_unit": None, "rent_cny_m2_day": None, "fitout": None}


@pytest.fixture
def by(session):
    return author_of(session, 7)


@pytest.fixture
def floor(session):
    return create_floor(session, create_building(session), 12)


@pytest.fixture
def unit(session, floor):
    return create_unit(session, floor, label="1201", **BARE)


def stands(session, building_id, today=TODAY):
    units = select(Unit).where(Unit.building_id == building_id, *standing(today)).order_by(Unit.label, Unit.id)
    return {each.label: (each.area_m2, each.public_status) for each in session.scalars(units)}


def split(session, unit, by, parts=HALVES, **terms):
    return split_unit(session, unit.id, parts, Terms(terms.pop("on", NOV_8), **terms), by=by, today=TODAY)


def offer(session, by, *units):
    terms = {"rent_low": 5, "rent_unit": "cny_m2_day"}
    return publish_offer(session, [unit.id for unit in units], terms, on=NOV_1, by=by, today=TODAY).offer


def promised(session):
    """Of offers that are held now: (from, until) → labels."""
    rows = session.execute(
        select(Offer.valid, func.array_agg(Unit.label.op("ORDER BY")(Unit.label)))
        .join(OfferUnit, OfferUnit.offer_id == Offer.id)
        .join(Unit, Unit.id == OfferUnit.unit_id)
        .where(func.upper_inf(Offer.known), Offer.withdrawn_at.is_(None))
        .group_by(Offer.id)
    )
    return {(valid.lower, valid.upper): labels for valid, labels in rows}


def test_the_parts_stand_instead_of_the_whole_from_the_day_on(session, unit, by):
    act = split(session, unit, by)
    assert stands(session, unit.building_id) == {"1201": (120, "vacant"), "1202": (80, "vacant")}
    assert stands(session, unit.building_id, NOV_1) == {"1201": (200, "vacant")}
    assert (act.area_before_m2, act.area_after_m2, act.user_id) == (200, 200, 7)
    lineage = session.scalars(select(UnitLineage)).all()
    assert {(each.parent_id, each.kind, each.happened_on) for each in lineage} == {(unit.id, "split", NOV_8)}
    parts = session.scalars(select(Unit).where(Unit.id.in_([each.child_id for each in lineage]))).all()
    assert {(part.floor_id, part.reported_on) for part in parts} == {(unit.floor_id, unit.reported_on)}


def test_areas_that_do_not_add_up_need_a_reason(session, unit, by):
    parts = (Part("1201", Decimal(120)), Part("1202", Decimal(75)))
    with pytest.raises(AreasDifferError, match=r"195 m².*200"):
        split(session, unit, by, parts)
    assert split(session, unit, by, parts, reason="新走廊").reason == "新走廊"
    assert sum(area for area, _ in stands(session, unit.building_id).values()) == 195


@pytest.mark.parametrize(
    ("parts", "allowed"),
    [
        (HALVES[:1], "2 to 50"),
        ((HALVES[0], Part("1201", Decimal(80))), "label of its own"),
        ((HALVES[0], Part("1299", Decimal(80))), "no other unit"),
        ((HALVES[0], Part("1202", Decimal(0))), "0.01"),
        ((HALVES[0], Part("1202", Decimal(80), "gone")), "vacant"),
    ],
)
def test_parts_that_cannot_be_are_refused(session, unit, floor, by, parts, allowed):
    create_unit(session, floor, label="1299")
    with pytest.raises(BadParameterError, match=allowed):
        split(session, unit, by, parts)


def test_each_part_has_the_tenant_or_what_is_said_of_it(session, unit, by):
    tenant = create_enterprise(session)
    tenancy = Tenancy(enterprise_id=tenant.id, building_id=unit.building_id, unit_id=unit.id, source_id=by.source_id)
    session.add(tenancy)
    change_unit(session, unit.id, {"occupancy": "tenant", "tenant_id": tenant.id}, on=NOV_1, by=by, today=TODAY)
    act = split(session, unit, by, (HALVES[0], Part("1202", Decimal(80), "vacant")))
    held = {each.label: (each.occupancy, each.tenant_id) for each in present_states(session, unit.building_id, TODAY)}
    assert held == {"1201": ("tenant", tenant.id), "1202": ("vacant", None)}
    now = select(Tenancy.unit_id, Tenancy.valid).where(func.upper_inf(Tenancy.known)).order_by(Tenancy.id)
    (old, before), (new, after) = session.execute(now).all()
    assert (old, before.upper, after.lower) == (unit.id, NOV_8, NOV_8)
    assert session.get(Unit, new).label == "1201"
    undo_reshape(session, act.code, by=by, today=TODAY)
    ((ident, valid),) = session.execute(now).all()
    assert (ident, valid.lower, valid.upper) == (unit.id, None, None)


def test_offers_move_to_the_parts_or_end_as_is_said(session, unit, floor, by):
    other = create_unit(session, floor, label="1210", **BARE)
    offer(session, by, unit, other)
    split(session, unit, by)
    assert promised(session) == {(NOV_1, NOV_8): ["1201", "1210"], (NOV_8, None): ["1201", "1202", "1210"]}
    part = session.scalars(select(Unit).where(Unit.label == "1202")).one()
    assert (part.public_status, part.rent_cny_m2_day) == ("vacant", 5)
    again = (Part("1202A", Decimal(40)), Part("1202B", Decimal(40)))
    split(session, part, by, again, on=date(2026, 11, 15), offers="end")
    assert promised(session)[date(2026, 11, 15), None] == ["1201", "1210"]


def test_an_offer_of_nothing_else_ends_with_its_unit(session, unit, by):
    offer(session, by, unit)
    split(session, unit, by, offers="end")
    assert promised(session) == {(NOV_1, NOV_8): ["1201"]}


def test_several_become_one_across_floors(session, unit, floor, by):
    above = create_floor(session, session.get_one(Building, floor.building_id), 13)
    upper = create_unit(session, above, label="1301", area_m2=150, **BARE)
    offer(session, by, unit)
    offer_of_upper = publish_offer(
        session, [upper.id], {"rent_low": 6, "rent_unit": "cny_m2_day"}, on=NOV_1, by=by, today=TODAY
    )
    act = merge_units(session, [unit.id, upper.id], Part("1201-1301", Decimal(350)), Terms(NOV_8), by=by, today=TODAY)
    assert stands(session, unit.building_id) == {"1201-1301": (350, "vacant")}
    whole = session.scalars(select(Unit).where(Unit.label == "1201-1301")).one()
    assert (whole.floor_id, whole.top_floor_id, whole.rent_amount) == (floor.id, above.id, 6)
    assert promised(session)[NOV_8, None] == ["1201-1301"]
    undo_reshape(session, act.code, by=by, today=TODAY)
    assert stands(session, unit.building_id) == {"1201": (200, "vacant"), "1301": (150, "vacant")}
    assert (unit.rent_amount, upper.rent_amount) == (5, 6)
    assert offer_of_upper.rivals == []


def test_it_is_as_if_it_never_was_once_it_is_taken_back(session, unit, by):
    offer(session, by, unit)
    act = split(session, unit, by)
    undone = undo_reshape(session, act.code, by=by, today=TODAY)
    assert stands(session, unit.building_id) == {"1201": (200, "vacant")}
    assert (unit.rent_amount, unit.reported_on, undone.undone_by) == (5, date(2026, 3, 2), 7)
    assert session.scalars(select(UnitLineage)).all() == []
    assert [edit.ended_as for edit in session.scalars(select(FieldEdit))] == ["undone"]
    with pytest.raises(NotFoundError):
        undo_reshape(session, act.code, by=by, today=TODAY)
    assert split(session, unit, by).code != act.code


def test_an_offer_that_ended_stands_again_when_the_split_is_taken_back(session, unit, by):
    offer(session, by, unit)
    act = split(session, unit, by, on=NOV_1, offers="end")
    assert promised(session) == {}
    undo_reshape(session, act.code, by=by, today=TODAY)
    assert promised(session) == {(NOV_1, None): ["1201"]}
    assert unit.rent_amount == 5


def test_what_has_been_said_of_a_part_since_is_not_lost(session, unit, by):
    act = split(session, unit, by)
    part = session.scalars(select(Unit).where(Unit.label == "1202")).one()
    change_unit(session, part.id, {"occupancy": "own_use"}, on=date(2026, 11, 15), by=by, today=TODAY)
    with pytest.raises(EditConflictError, match="1202"):
        undo_reshape(session, act.code, by=by, today=TODAY)


def test_the_second_of_two_who_split_a_unit_is_told(session, unit, by):
    seen = present_states(session, unit.building_id, TODAY)[0].version
    split(session, unit, by, seen={unit.id: seen})
    with pytest.raises((EditConflictError, BadParameterError), match="1201"):
        split(session, unit, by, on=date(2026, 11, 15), seen={unit.id: seen})


def test_units_of_two_buildings_are_not_merged(session, unit, by):
    far = create_unit(session)
    with pytest.raises(BadParameterError, match="one building"):
        merge_units(session, [unit.id, far.id], Part("1", Decimal(400)), Terms(NOV_8), by=by, today=TODAY)
