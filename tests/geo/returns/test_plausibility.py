"""Whoever accepts a return is told what about it is hard to believe, with the rows that make it so."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from psycopg.types.range import Range
from sqlalchemy.orm import Session

from geo.model import Building, UnitState
from geo.returns.plausibility import Doubt, Limits, Told, doubts_about
from geo.returns.said import Said
from geo.returns.standing import UnitNow, units_now
from tests.factories import create_building, create_enterprise, create_floor, create_unit

TODAY = date(2026, 11, 20)
LIMITS = Limits(20, Decimal("0.3"), Decimal(30))


@pytest.fixture
def tower(session: Session) -> Building:
    return create_building(session)


@pytest.fixture
def units(session: Session, tower: Building) -> list[UnitNow]:
    floor = create_floor(session, tower, 12, area_m2=1000)
    for number in range(1, 6):
        create_unit(session, floor, label=f"120{number}", area_m2=200, occupancy="tenant", public_status="in_use")
    return units_now(session, tower.id, TODAY)


def doubts(
    session: Session, units: list[UnitNow], *changed: tuple[int, dict[str, Any]], since: date = TODAY
) -> list[Doubt]:
    told = [Told(units[n], Said(**{"state": "in_use", "area_m2": Decimal(200)} | said), since) for n, said in changed]
    return doubts_about(session, told, units, LIMITS, TODAY)


def test_a_plain_change_raises_no_doubt(session: Session, units: list[UnitNow]) -> None:
    usual = {"offered": True, "rent_amount": Decimal("4.2"), "rent_unit": "cny_m2_day"}
    assert doubts(session, units, (0, {"tenant": "某某公司"}), (1, usual)) == []


def test_areas_over_their_floor_name_every_unit_of_it(session: Session, units: list[UnitNow]) -> None:
    (doubt,) = doubts(session, units, (0, {"area_m2": Decimal(320)}))
    assert doubt.kind == "over_floor"
    assert set(doubt.unit_ids) == {unit.id for unit in units}
    assert (doubt.details["sum"], doubt.details["area"]) == ("1,120", "1,000")


def test_a_jump_of_vacancy_is_doubted_from_its_threshold_on(session: Session, units: list[UnitNow]) -> None:
    (doubt,) = doubts(session, units, (0, {"state": "vacant"}))
    assert (doubt.kind, doubt.unit_ids) == ("jump", (units[0].id,))
    assert (doubt.details["before"], doubt.details["after"]) == ("0.0", "20.0")
    calm = Limits(21, LIMITS.rent_low_cny_m2_day, LIMITS.rent_high_cny_m2_day)
    told = [Told(units[0], Said("vacant", area_m2=Decimal(200)), TODAY)]
    assert doubts_about(session, told, units, calm, TODAY) == []


@pytest.mark.parametrize(("amount", "unit"), [("31", "cny_m2_day"), ("0.2", "cny_m2_day"), ("900000", "cny_month")])
def test_rents_out_of_the_usual_range_are_doubted_in_any_unit(
    session: Session, units: list[UnitNow], amount: str, unit: str
) -> None:
    said = {"offered": True, "rent_amount": Decimal(amount), "rent_unit": unit}
    assert [doubt.kind for doubt in doubts(session, units, (2, said))] == ["rent"]


def test_a_tenant_who_sits_elsewhere_is_doubted_with_the_place(session: Session, units: list[UnitNow]) -> None:
    other = create_building(session, name="汇川大厦")
    firm = create_enterprise(session, other)
    (doubt,) = doubts(session, units, (0, {"tenant": firm.name}))
    assert (doubt.kind, doubt.details["building"]) == ("tenant_elsewhere", "汇川大厦")


def test_a_tenant_who_sits_in_this_building_is_not_doubted(session: Session, tower: Building, units) -> None:
    firm = create_enterprise(session, tower)
    assert doubts(session, units, (0, {"tenant": firm.name})) == []


def test_a_state_that_would_end_before_it_began_is_doubted(session: Session, tower: Building, units) -> None:
    state = UnitState(unit_id=units[0].id, occupancy="tenant", contract="let", source_id=tower.source_id)
    state.valid = Range(TODAY - timedelta(days=3), None, "[)")
    session.add(state)
    session.flush()
    fresh = units_now(session, tower.id, TODAY)
    (doubt,) = doubts(session, fresh, (0, {"state": "own_use"}), since=TODAY - timedelta(days=9))
    assert (doubt.kind, doubt.details["then"]) == ("end_before_start", "2026-11-11")


def test_space_that_is_free_before_its_tenant_came_is_doubted(session: Session, units: list[UnitNow]) -> None:
    said = {"offered": True, "available_on": TODAY - timedelta(days=1)}
    assert [doubt.kind for doubt in doubts(session, units, (0, said))] == ["end_before_start"]


def test_a_room_that_stands_twice_on_its_floor_is_doubted(session: Session, tower: Building, units) -> None:
    create_unit(session, create_floor(session, tower, 13, label="12F"), label="12-01", area_m2=200)
    fresh = units_now(session, tower.id, TODAY)
    again = next(place for place, each in enumerate(fresh) if each.label == "1201")
    kinds = [doubt.kind for doubt in doubts(session, fresh, (again, {"tenant": "某某公司"}))]
    assert kinds == ["twice"]
