"""A plan's targets beside what is: gap and light by the stated rule, and no year that a plan does not give."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from geo.indicators.targets import Asked, asked_of, read_targets
from geo.looking_back import Moment
from tests.factories import create_area, create_source, create_target

NOW = Moment(date(2026, 6, 30), datetime(2100, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("bound", "value", "light", "gap"),
    [
        ("at_least", 0.8, "met", 0),
        ("at_least", 0.77, "near", 0.03),
        ("at_least", 0.7, "missed", 0.1),
        ("at_most", 0.8, "met", 0),
        ("at_most", 0.9, "missed", 0.1),
        ("at_least", None, "", None),
    ],
)
def test_the_light_follows_the_rule(bound: str, value: float | None, light: str, gap: float | None) -> None:
    asked = Asked(2026, bound, 0.8, "规划")
    assert asked.light(value) == light
    assert asked.gap(value) == (None if gap is None else pytest.approx(gap))


def test_a_target_of_another_year_says_nothing_and_one_without_a_year_always_does(session: Session) -> None:
    area = create_area(session)
    create_target(session, area, year=2027, value=0.9, publishable=True)
    create_target(session, area, year=None, indicator="star_buildings", value=20, publishable=True)
    found = read_targets(session, area.id, NOW)
    assert found.keys() == {("star_buildings", "")}
    assert found["star_buildings", ""][0].year is None


def test_the_target_of_the_year_goes_before_one_of_none(session: Session) -> None:
    area = create_area(session)
    create_target(session, area, year=None, value=0.95, publishable=True)
    create_target(session, area, year=2026, value=0.85, publishable=True)
    assert [each.value for each in read_targets(session, area.id, NOW)["occupancy_rate", ""]] == [0.85, 0.95]


def test_visitors_are_told_of_published_targets_alone(session: Session) -> None:
    area, hidden = create_area(session), create_source(session, secrecy="internal", publishable=False)
    create_target(session, area, year=2026, publishable=False)
    create_target(session, area, year=2026, indicator="residents", publishable=True, source_id=hidden.id)
    assert read_targets(session, area.id, NOW) == {}
    assert len(read_targets(session, area.id, NOW, staff=True)) == 2


def test_tax_of_a_calendar_year_is_held_against_the_target_of_that_year(session: Session) -> None:
    area = create_area(session)
    for year, value in ((2025, 4e9), (2026, 5e9)):
        create_target(session, area, year=year, indicator="tax", scope="full", value=value, publishable=True)
    found = read_targets(session, area.id, NOW)
    for code in ("building_tax", "published_tax"):
        asked = asked_of(found, code, "full", "calendar_year", NOW.as_of)
        assert asked is not None
        assert (asked.year, asked.value) == (2025, 4e9)
    assert asked_of(found, "building_tax_local", "local", "calendar_year", NOW.as_of) is None
