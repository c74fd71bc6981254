"""A manager sees what the return brings, and never which other building a figure is made of."""

from datetime import date, timedelta

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.model import BuildingFact, Unit
from tests.factories import create_building, create_floor, create_unit, create_user
from tests.web import sign_in, text_of
from webmap.auth.models import UserRole
from webmap.models import PageRead
from webmap.vacancy.benefits import benefits

TODAY = date(2026, 3, 5)


def _tower(session: Session, rent: float, **values):
    tower = create_building(session, **values)
    floor = create_floor(session, tower)
    create_unit(session, floor, rent_cny_m2_day=rent)
    create_unit(session, floor, public_status="in_use", occupancy="tenant", rent_cny_m2_day=None)
    return tower


def _read(session: Session, kind: str, thing_id: int, day: date, often: int) -> None:
    session.add(PageRead(kind=kind, thing_id=thing_id, link_id=0, day=day, reads=often))
    session.flush()


def test_the_middle_of_like_buildings_stands_beside_ours(session: Session):
    ours = _tower(session, 5.0, leasable_area_m2=None)
    for rent in (3.0, 4.0, 6.0, 7.0):
        _tower(session, rent, name=f"别处{rent:g}", leasable_area_m2=None)
    _tower(session, 99.0, name="另一等级", grade="super_a")
    made = benefits(session, ours, TODAY)
    assert (made.alike, made.rent_cny_m2_day.ours, made.rent_cny_m2_day.others) == (4, 5.0, 5.0)
    assert (made.vacancy_rate.ours, made.vacancy_rate.others) == (0.5, 0.5)


def test_with_few_like_buildings_nothing_is_told_of_them(session: Session):
    ours = _tower(session, 5.0)
    for rent in (3.0, 4.0, 6.0):
        _tower(session, rent, name=f"别处{rent:g}")
    assert benefits(session, ours, TODAY).rent_cny_m2_day.others is None
    _tower(session, 9.0, name="另一等级", grade="c")
    made = benefits(session, ours, TODAY)
    assert (made.of_grade, made.alike, made.rent_cny_m2_day.others) == (False, 4, 5.0)


def test_openings_of_its_pages_are_told_by_week_and_beside_those_of_others(session: Session):
    ours, others = _tower(session, 5.0), [_tower(session, 5.0, name=f"别处{number}") for number in range(4)]
    unit, other = session.scalars(select(Unit).where(Unit.building_id == ours.id).order_by(Unit.id))
    _read(session, "building", ours.id, TODAY, 4)
    _read(session, "unit", unit.id, TODAY - timedelta(days=7), 9)
    _read(session, "unit", other.id, TODAY - timedelta(days=70), 2)
    for number, each in enumerate(others):
        _read(session, "building", each.id, TODAY, 10 + number)
    made = benefits(session, ours, TODAY)
    assert [week.reads for week in made.read.weeks] == [0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 9, 4]
    assert (made.read.of_building, made.read.of_units, made.read.top) == (4, 11, [(unit, 9), (other, 2)])
    assert (made.reads.ours, made.reads.others) == (13, 11.5)


def test_what_is_missing_is_a_task_until_it_is_known(session: Session):
    ours = _tower(session, 5.0, lifts=None)
    made = benefits(session, ours, TODAY)
    assert "lifts" in made.missing_columns
    assert "passenger_lifts" in made.missing_facts
    session.add(BuildingFact(building_id=ours.id, fact="passenger_lifts", value="8", source_id=ours.source_id))
    session.flush()
    assert "passenger_lifts" not in benefits(session, ours, TODAY).missing_facts


def test_the_page_is_for_those_who_report_on_the_building(app, client: FlaskClient, session: Session):
    ours = _tower(session, 5.0)
    user = create_user(session, name="manager")
    user.roles = [UserRole(role="manager", building_id=ours.id)]
    session.flush()
    manager = app.test_client()
    sign_in(manager, "manager")
    assert "与同类楼宇相比" in text_of(manager.get(f"/return/{ours.code}/result").text)
    assert client.get(f"/return/{ours.code}/result").status_code in (302, 303)
