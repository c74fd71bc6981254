"""A promoter asks what it would be if floors were let or a tenant were lost; nothing is written."""

from datetime import date
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.indicators import indicators, work_out
from geo.indicators.what_if import Supposition, supposing
from geo.model import UnitState
from tests.factories import create_building
from tests.geo.indicators.lives import record_of, unit_with

DAY, LONG_AGO = date(2026, 6, 30), date(2024, 1, 1)


def test_what_is_let_comes_out_of_what_is_vacant_and_what_is_lost_out_of_what_is_used(session: Session) -> None:
    tower = create_building(session, leasable_area_m2=1000)
    unit_with(session, tower, [("vacant", LONG_AGO, None)], 400)
    unit_with(session, tower, [("tenant", LONG_AGO, None)], 500)
    rows = session.scalar(select(func.count(UnitState.id)))
    part = record_of(session, DAY).whole
    said = [Supposition("let", tower.id, Decimal(150)), Supposition("lost", tower.id, Decimal(50))]
    supposed, able = supposing(part, DAY, said)
    found = {each.indicator.code: each for each in work_out(supposed, DAY, indicators()[:4])}
    assert able == [150, 50]
    assert found["occupancy_rate"].value == 0.6
    assert found["vacancy_rate"].value == 0.3
    assert work_out(part, DAY, indicators()[2:3])[0].value == 0.5
    assert session.scalar(select(func.count(UnitState.id))) == rows


def test_no_more_can_be_let_than_stands_empty(session: Session) -> None:
    tower = create_building(session, leasable_area_m2=1000)
    unit_with(session, tower, [("vacant", LONG_AGO, None)], 100)
    said = [Supposition("let", tower.id, Decimal(300)), Supposition("lost", tower.id + 999, Decimal(5))]
    supposed, able = supposing(record_of(session, DAY).whole, DAY, said)
    assert able == [100, 0]
    assert work_out(supposed, DAY, indicators()[2:3])[0].value == 0.1
