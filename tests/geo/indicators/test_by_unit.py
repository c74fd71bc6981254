"""What units and sources give to an indicator comes to the indicator itself, and nothing is told twice."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from geo.indicators import Indicator, Part, indicators, work_out
from geo.indicators.by_source import area_disputes, by_source
from geo.indicators.by_unit import by_unit, is_of_units
from geo.indicators.days import Day
from geo.indicators.record import OCCUPIED, VACANT
from tests.factories import create_building, create_enterprise, create_source, square
from tests.geo.indicators.lives import record_of, unit_with

DAY, LONG_AGO = date(2026, 3, 31), date(2024, 1, 1)


def named(code: str) -> Indicator:
    return next(each for each in indicators() if each.code == code)


@pytest.fixture
def tower(session: Session) -> Part:
    """A tower of 1,000 m²: 300 let since last summer, 200 vacant for long, of 500 nothing is told."""
    building = create_building(session, square(121.47), leasable_area_m2=1000)
    let = [("vacant", LONG_AGO, date(2025, 7, 1)), ("tenant", date(2025, 7, 1), None)]
    unit_with(session, building, let, 300)
    unit_with(session, building, [("vacant", LONG_AGO, None)], 200)
    create_building(session, square(121.48), leasable_area_m2=400)
    return record_of(session, DAY).whole


def test_units_and_what_is_beside_them_come_to_the_figure_of_the_building(tower: Part) -> None:
    on = Day(tower, DAY)
    for indicator in filter(is_of_units, indicators()):
        figures = by_unit(on, indicator)
        [told] = work_out(tower, DAY, [indicator])
        assert figures.numerator.sum() <= (told.numerator or 0) + 0.005
    rate = by_unit(on, named("occupancy_rate"))
    assert sorted(zip(rate.state.tolist(), rate.numerator.tolist(), rate.denominator.tolist(), strict=True)) == [
        (VACANT, 0, 200),
        (OCCUPIED, 300, 300),
    ]
    absorbed = by_unit(on, named("net_absorption"))
    assert sorted(absorbed.numerator.tolist()) == [0, 300]
    assert by_unit(on, named("long_vacant_share")).numerator.sum() == 200


def test_every_source_is_told_with_its_part_and_the_parts_come_to_the_whole(session: Session, tower: Part) -> None:
    shares = by_source(Day(tower, DAY), named("occupancy_rate"))
    assert sum(each.numerator for each in shares) == 300
    assert sum(each.denominator for each in shares) == 1400
    told = sorted((each.what, each.rows) for each in shares)
    assert told == [("buildings", 1), ("buildings", 1), ("units", 1), ("units", 1)]


def test_enterprises_count_for_the_source_of_their_stay(session: Session) -> None:
    building = create_building(session, square(121.47))
    register = create_source(session)
    create_enterprise(session, building, industry_group="finance")
    create_enterprise(session, building, industry_group="it")
    shares = by_source(Day(record_of(session, date(2026, 6, 1)).whole, date(2026, 6, 1)), named("residents"))
    assert sum(each.numerator for each in shares) == 2
    assert {each.what for each in shares} == {"enterprises"}
    assert register.id not in {each.source_id for each in shares}


def test_buildings_whose_units_do_not_come_to_what_is_stated_are_told_the_largest_first(
    session: Session, tower: Part
) -> None:
    more = create_building(session, square(121.49), leasable_area_m2=100)
    unit_with(session, more, [("tenant", LONG_AGO, None)], 150)
    found = area_disputes(Day(record_of(session, DAY).whole, DAY))
    assert [(each.stated_m2, each.units_m2, each.more_m2) for each in found.listed] == [
        (1000, 500, -500),
        (100, 150, 50),
    ]
    assert (found.buildings, found.more_m2, found.less_m2) == (2, 50, 500)
    assert found.listed[1].unit_sources != (found.listed[1].building_source_id,)
