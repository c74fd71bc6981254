"""Sums of tax are whole or say what they lack, and two sources that disagree are both told."""

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from psycopg.types.range import Range
from sqlalchemy.orm import Session

from geo.figures import Asked, Counted, Period, period_from_text, read_sums, standing_in
from geo.looking_back import Moment
from geo.model import Building, Tenancy
from tests.factories import create_area, create_building, create_enterprise, create_figure, create_source, square

YEAR = Asked("tax", Period.year(2025), Counted())


def enter(session: Session, text: str, value: float, **values: Any) -> None:
    create_figure(session, indicator="tax", period=period_from_text(text).range, value=value, **values)


@pytest.fixture
def building(session: Session) -> Building:
    return create_building(session)


def test_four_quarters_of_every_firm_are_the_year_of_the_building(session: Session, building: Building) -> None:
    source = create_source(session)
    for size in (10, 20, 70):
        firm = create_enterprise(session, building)
        for quarter in range(1, 5):
            enter(session, f"2025Q{quarter}", size, enterprise_id=firm.id, source_id=source.id)
    taken = read_sums(session, YEAR).buildings[building.id].taken
    assert (taken.value, taken.contributors, taken.largest_share) == (400, 3, 0.7)


def test_three_quarters_are_not_the_year_and_the_fourth_is_named(session: Session, building: Building) -> None:
    source, firms = create_source(session), [create_enterprise(session, building) for _ in range(2)]
    for firm in firms:
        for quarter in range(1, 4):
            enter(session, f"2025Q{quarter}", 5, enterprise_id=firm.id, source_id=source.id)
    found = read_sums(session, YEAR).buildings[building.id]
    assert found.value is None
    assert found.taken.known_part == 30
    assert [gap.period.code for gap in found.taken.gaps] == ["2025Q4"]


def test_a_firm_that_lacks_a_quarter_is_named_only_while_it_sat_there(session: Session, building: Building) -> None:
    source = create_source(session)
    whole, silent, late = (create_enterprise(session, building) for _ in range(3))
    stay = session.query(Tenancy).filter_by(enterprise_id=late.id).one()
    stay.valid = Range(date(2025, 7, 1), None)
    say = partial(enter, session, source_id=source.id)
    say("2025", 40, enterprise_id=whole.id)
    for quarter in (1, 2, 4):
        say(f"2025Q{quarter}", 10, enterprise_id=silent.id)
    for quarter in (3, 4):
        say(f"2025Q{quarter}", 10, enterprise_id=late.id)
    gaps = read_sums(session, YEAR).buildings[building.id].taken.gaps
    assert [(gap.enterprise_id, gap.period.code) for gap in gaps] == [(silent.id, "2025Q3")]


def test_a_firm_that_moved_gives_each_building_its_own_months(session: Session, building: Building) -> None:
    source, there = create_source(session), create_building(session, square(121.5, 31.3))
    firm = create_enterprise(session, building)
    stay = session.query(Tenancy).filter_by(enterprise_id=firm.id).one()
    stay.valid = Range(date(2020, 1, 1), date(2025, 7, 1))
    tenancy = {"enterprise_id": firm.id, "building_id": there.id, "source_id": source.id}
    session.add(Tenancy(valid=Range(date(2025, 7, 1), None), **tenancy))
    for half, value in ((1, 10), (2, 30)):
        enter(session, f"2025H{half}", value, enterprise_id=firm.id, source_id=source.id)
    sums = read_sums(session, YEAR).buildings
    assert {ident: each.taken.known_part for ident, each in sums.items()} == {building.id: 10, there.id: 30}


def test_two_sources_are_both_told_and_the_one_entered_last_is_taken(session: Session, building: Building) -> None:
    first, second = create_source(session), create_source(session)
    enter(session, "2025", 100, building_id=building.id, source_id=first.id, contributors=9, largest_share_pct=30)
    enter(session, "2025", 130, building_id=building.id, source_id=second.id)
    found = read_sums(session, YEAR).buildings[building.id]
    assert (found.value, found.taken.source_id, found.disagreement) == (130, second.id, 30)
    told = {each.source_id: (each.contributors, each.largest_share) for each in found.by_source}
    assert told == {first.id: (9, 0.3), second.id: (None, None)}


def test_of_a_firm_of_which_two_sources_speak_the_last_word_is_taken_and_the_dispute_is_told(
    session: Session, building: Building
) -> None:
    first, second = create_source(session), create_source(session)
    one, other = create_enterprise(session, building), create_enterprise(session, building)
    enter(session, "2025", 10, enterprise_id=one.id, source_id=first.id)
    enter(session, "2025", 20, enterprise_id=other.id, source_id=first.id)
    enter(session, "2025", 25, enterprise_id=other.id, source_id=second.id)
    taken = read_sums(session, YEAR).buildings[building.id].taken
    assert (taken.value, taken.source_id, taken.disputed) == (35, None, 1)


def test_scopes_and_ways_of_counting_are_never_added_up(session: Session, building: Building) -> None:
    for values in ({}, {"scope": "retained"}, {"basis": "declared"}, {"one_off": True}, {"attribution": "operating"}):
        enter(session, "2025", 10, building_id=building.id, **values)
    assert read_sums(session, YEAR).buildings[building.id].value == 10
    retained = Asked("tax", Period.year(2025), Counted(scope="retained"))
    assert read_sums(session, retained).buildings[building.id].value == 10


def test_areas_that_overlap_each_have_the_sum_of_their_buildings(session: Session, building: Building) -> None:
    away = create_building(session, square(121.48, 31.24))
    both, one = create_area(session), create_area(session, square(half=0.001))
    for place, value in ((building, 10), (away, 20)):
        enter(session, "2025", value, building_id=place.id, contributors=5, largest_share_pct=40)
    members = standing_in(session, [both.id, one.id])
    assert members == {both.id: sorted([building.id, away.id]), one.id: [building.id]}
    areas = read_sums(session, YEAR, members).areas
    assert {ident: each.value for ident, each in areas.items()} == {both.id: 30, one.id: 10}
    assert areas[both.id].taken.contributors == 10


def test_an_area_that_lacks_a_building_says_so_and_what_an_office_states_stands_beside_it(
    session: Session, building: Building
) -> None:
    area = create_area(session)
    enter(session, "2025H1", 10, building_id=building.id)
    assert read_sums(session, YEAR, standing_in(session, [area.id])).areas[area.id].value is None
    enter(session, "2025", 44, area_id=area.id)
    found = read_sums(session, YEAR, standing_in(session, [area.id])).areas[area.id]
    assert found.value == 44
    assert len(found.by_source) == 2


def test_employees_are_those_at_the_end_and_are_not_added_up_over_time(session: Session, building: Building) -> None:
    counted = dict.fromkeys(("scope", "basis", "one_off", "attribution"))
    for quarter, people in ((1, 100), (4, 130)):
        period = period_from_text(f"2025Q{quarter}").range
        values = {"indicator": "employees", "period": period, "building_id": building.id, **counted}
        create_figure(session, value=people, source_id=building.source_id, **values)
    assert read_sums(session, Asked("employees", Period.year(2025))).buildings[building.id].value == 130


def test_the_past_is_read_as_it_was_known(session: Session, building: Building) -> None:
    then, now = datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)
    values = {"building_id": building.id, "source_id": building.source_id}
    enter(session, "2025", 10, known=Range(then, now), **values)
    enter(session, "2025", 12, known=Range(now, None), **values)
    past = Moment(date(2026, 3, 1), datetime(2026, 3, 1, tzinfo=UTC))
    assert read_sums(session, YEAR, moment=past).buildings[building.id].value == Decimal(10)
    assert read_sums(session, YEAR).buildings[building.id].value == Decimal(12)
    early = Moment(date(2025, 11, 1), past.known_at)
    assert read_sums(session, YEAR, moment=early).buildings == {}
