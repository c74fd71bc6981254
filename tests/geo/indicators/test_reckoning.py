"""What indicators come to, on small districts that can be reckoned in the head."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from geoalchemy2.shape import to_shape
from psycopg.types.range import Range
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.indicators import Reckoned, by_building, indicators, work_out
from geo.indicators.days import Day
from geo.model import BuildingFact, Tenancy
from tests.factories import (
    create_area,
    create_building,
    create_enterprise,
    create_offer,
    create_source,
    create_unit,
    square,
)
from tests.geo.indicators.lives import KNOWN, create_floor_once, record_of, state, unit_with

DAY, YEAR_AGO, LONG_AGO = date(2026, 6, 30), date(2025, 6, 30), date(2024, 1, 1)


def told(session: Session, day: date = DAY, *, staff: bool = False) -> dict[str, Reckoned]:
    """Every indicator by its code."""
    return {each.indicator.code: each for each in work_out(record_of(session, day, staff=staff).whole, day)}


def test_what_is_not_known_stays_in_the_base_and_is_told_beside_it(session: Session) -> None:
    tower = create_building(session, leasable_area_m2=1000)
    unit_with(session, tower, [("tenant", LONG_AGO, None)], 300)
    unit_with(session, tower, [("vacant", LONG_AGO, None)], 200)
    unit_with(session, tower, [("unknown", LONG_AGO, None)], 100)
    found = told(session)["occupancy_rate"]
    assert (found.numerator, found.denominator, found.value) == (300, 1000, 0.3)
    # 100 m² that nobody knows of, and 400 m² in no listed unit.
    assert (found.unknown, found.unknown_share) == (500, 0.5)
    assert told(session)["vacancy_rate"].value == 0.2


def test_where_units_come_to_more_than_is_stated_they_are_the_base(session: Session) -> None:
    unit_with(session, create_building(session, leasable_area_m2=150), [("tenant", LONG_AGO, None)], 200)
    found = told(session)["occupancy_rate"]
    assert (found.denominator, found.value) == (200, 1)


def test_signed_for_is_not_vacant_and_parking_is_not_leasable(session: Session) -> None:
    tower = create_building(session, leasable_area_m2=300)
    unit_with(session, tower, [("vacant", LONG_AGO, None)], 100, contract="signed")
    unit_with(session, tower, [("vacant", LONG_AGO, None)], 100)
    unit_with(session, tower, [("vacant", LONG_AGO, None)], 100, use="parking")
    found = told(session)
    assert (found["vacant_area"].value, found["occupancy_rate"].numerator) == (100, 100)


def test_what_only_a_source_that_is_not_public_says_is_unknown_to_visitors(session: Session) -> None:
    hidden = create_source(session, secrecy="internal", publishable=False)
    tower = create_building(session, leasable_area_m2=100)
    unit_with(session, tower, [("vacant", LONG_AGO, None)], 100, source_id=hidden.id)
    assert told(session)["vacant_area"].value is None
    assert told(session)["vacancy_rate"].unknown_share == 1
    assert told(session, staff=True)["vacancy_rate"].value == 1


def test_a_building_that_is_being_built_has_no_vacancy_but_comes(session: Session) -> None:
    coming = create_building(session, status="under_construction", leasable_area_m2=5000)
    unit_with(session, coming, [("vacant", LONG_AGO, None)], 500)
    create_building(session, square(121.48), leasable_area_m2=1000)
    found = told(session)
    assert (found["operating_buildings"].value, found["coming_supply"].value) == (1, 5000)
    assert found["vacant_area"].numerator == 0


def test_vacancy_is_aged_from_the_day_it_began_however_often_it_was_said_again(session: Session) -> None:
    tower = create_building(session)
    stretches = [
        ("tenant", LONG_AGO, YEAR_AGO),
        ("vacant", YEAR_AGO, date(2026, 1, 1)),
        ("vacant", date(2026, 1, 1), None),
    ]
    unit_with(session, tower, stretches, 40)
    unit_with(session, tower, [("tenant", LONG_AGO, date(2026, 6, 1)), ("vacant", date(2026, 6, 1), None)], 60)
    assert told(session)["long_vacant_share"].value == 0.4


def test_net_absorption_and_the_months_that_what_is_empty_would_take(session: Session) -> None:
    tower = create_building(session, leasable_area_m2=1000)
    unit_with(session, tower, [("vacant", LONG_AGO, date(2026, 1, 1)), ("tenant", date(2026, 1, 1), None)], 240)
    unit_with(session, tower, [("vacant", LONG_AGO, None)], 100)
    found = told(session)
    assert found["net_absorption"].value == 240
    assert dict(found["months_to_absorb"].terms) == {"vacant_m2": 100, "coming_m2": 0, "absorbed_m2_a_month": 20}
    assert found["months_to_absorb"].value == 5
    emptying = told(session, date(2025, 12, 31))["months_to_absorb"]
    assert (emptying.value, emptying.denominator) == (None, 0)


def test_rents_asked_are_weighted_by_area_and_a_month_has_its_days(session: Session) -> None:
    tower = create_building(session)
    big, small = (unit_with(session, tower, [("vacant", LONG_AGO, None)], area) for area in (300, 100))
    said = {"known": KNOWN, "published_at": datetime(2026, 1, 1, tzinfo=UTC)}
    create_offer(session, big, rent_low=4, rent_high=6, **said)
    create_offer(session, small, rent_low=365, rent_high=365, rent_unit="cny_m2_month", **said)
    found = told(session)["asked_rent"]
    assert found.denominator == 400
    assert found.value == pytest.approx((300 * 5 + 100 * 12) / 400)


def test_an_enterprise_in_two_buildings_counts_once_in_the_area_and_in_each_of_them(session: Session) -> None:
    first, second = create_building(session), create_building(session, square(121.48))
    twice = create_enterprise(session, first)
    session.add(Tenancy(enterprise_id=twice.id, building_id=second.id, source_id=twice.source_id))
    create_enterprise(session, second, is_individual=True)
    record = record_of(session, DAY)
    [residents] = [each for each in indicators() if each.code == "residents"]
    [found] = work_out(record.whole, DAY, [residents])
    assert found.value == 1
    assert by_building(Day(record.whole, DAY), residents).value.tolist() == [1, 1]


def test_who_came_who_left_and_who_moved_within(session: Session) -> None:
    first, second = create_building(session), create_building(session, square(121.48))
    stayed, moved, left, came = (create_enterprise(session, first, registered_capital_cny=2e7) for _ in range(4))
    session.execute(text("DELETE FROM tenancies"))
    lives = [(stayed, first, LONG_AGO, None), (moved, first, LONG_AGO, date(2026, 1, 1))]
    lives += [(moved, second, date(2026, 1, 1), None), (left, first, LONG_AGO, date(2026, 1, 1))]
    lives += [(came, second, date(2026, 1, 1), None)]
    for who, where, start, end in lives:
        session.add(
            Tenancy(
                enterprise_id=who.id,
                building_id=where.id,
                valid=Range(start, end),
                known=KNOWN,
                source_id=who.source_id,
            )
        )
    found = told(session)
    counts = {
        name: found[name].value for name in ("residents", "newcomers", "large_newcomers", "leavers", "movers_within")
    }
    assert counts == {"residents": 3, "newcomers": 1, "large_newcomers": 1, "leavers": 1, "movers_within": 1}


def test_the_leading_industry_and_what_is_not_stated_of_foreign_funds(session: Session) -> None:
    tower = create_building(session)
    for group, foreign in (("finance", True), ("finance", None), ("finance", False), ("it", False)):
        create_enterprise(session, tower, industry_group=group, is_foreign_funded=foreign)
    found = told(session)
    assert found["industry_concentration"].value == 0.75
    assert (found["foreign_share"].value, found["foreign_share"].unknown_share) == (0.25, 0.25)


def test_enterprises_of_the_area_that_sit_elsewhere_count_where_shares_are_asked(session: Session) -> None:
    create_enterprise(session, create_building(session))
    house = create_building(session, square(121.475), managed=False)
    create_enterprise(session, house)
    area = create_area(session)
    record = record_of(session, DAY)
    chosen = [each for each in indicators() if each.code == "share_in_buildings"]
    [share] = work_out(record.part_in(to_shape(area.geom)), DAY, chosen)
    assert (share.numerator, share.denominator) == (1, 2)


def test_of_coverage_nothing_said_is_not_known_rather_than_none(session: Session) -> None:
    towers = [create_building(session, square(121.47 + n / 100)) for n in range(3)]
    assert told(session)["party_coverage"].value is None
    for tower, answer in zip(towers, ("有", "无"), strict=False):
        session.add(
            BuildingFact(building_id=tower.id, fact="party_organisation", value=answer, source_id=tower.source_id)
        )
    found = told(session)["party_coverage"]
    assert (found.numerator, found.denominator, found.unknown) == (1, 3, 1)


def test_visitors_are_told_nothing_that_rests_on_what_staff_hold(session: Session) -> None:
    create_area(session, level="district", name="江湾区（试样）")
    tower = create_building(session)
    here, elsewhere = "某市江湾区一路1号", "某市外区一路1号"
    for address, employees in ((here, 10), (elsewhere, None), (None, 5)):
        create_enterprise(session, tower, registered_address=address, employees=employees)
    assert told(session).keys() & {"registration_rate", "employees"} == set()
    found = told(session, staff=True)
    assert found["registration_rate"].value == pytest.approx(1 / 3)
    assert found["registration_rate"].unknown_share == pytest.approx(1 / 3)
    assert (found["employees"].value, found["employees"].unknown) == (15, 1)


def test_a_correction_changes_what_is_known_now_and_not_what_was_known_then(session: Session) -> None:
    tower = create_building(session, leasable_area_m2=100)
    unit = create_unit(session, create_floor_once(session, tower), area_m2=100)
    corrected = datetime(2026, 6, 1, tzinfo=UTC)
    state(session, unit, "vacant", LONG_AGO, None, known=Range(KNOWN.lower, corrected))
    state(session, unit, "tenant", LONG_AGO, None, known=Range(corrected, None))
    before = record_of(session, DAY, datetime(2026, 5, 1, tzinfo=UTC))
    assert work_out(before.whole, DAY)[2].value == 0
    assert work_out(record_of(session, DAY).whole, DAY)[2].value == 1


def test_hundredths_of_a_square_metre_are_kept(session: Session) -> None:
    tower = create_building(session, leasable_area_m2=None)
    for _ in range(3):
        unit_with(session, tower, [("tenant", LONG_AGO, None)], Decimal("33.33"))
    assert told(session)["leasable_area"].value == 99.99


def test_a_unit_of_which_nothing_is_held_any_more_is_unknown_and_one_without_states_is_what_its_row_says(
    session: Session,
) -> None:
    tower = create_building(session, leasable_area_m2=300)
    unit_with(session, tower, [("vacant", LONG_AGO, YEAR_AGO)], 100)
    create_unit(session, create_floor_once(session, tower), area_m2=100, public_status="in_use")
    found = told(session)["occupancy_rate"]
    assert (found.numerator, found.unknown) == (100, 200)
