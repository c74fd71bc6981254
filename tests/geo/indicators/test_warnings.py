"""What is warned of, and what is not, on towers that can be reckoned in the head."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from geo.disclosure import Audience
from geo.indicators.days import Day
from geo.indicators.warnings import BadWarningError, rules, warn
from geo.model import Building
from tests.factories import create_building
from tests.geo.indicators.lives import record_of, unit_with

DAY, LONG_AGO, THIS_MONTH = date(2026, 6, 30), date(2024, 1, 1), date(2026, 6, 10)
PUBLIC = [rule for rule in rules() if rule.audience is Audience.PUBLIC]


def warned(session: Session) -> list[tuple[str, int, float, float]]:
    """Rule, building, figure and area of every warning that visitors see."""
    found = warn(Day(record_of(session, DAY).whole, DAY), PUBLIC)
    return [(each.rule.code, each.building_id, round(each.value, 3), each.area_m2) for each in found]


def tower(session: Session, let_m2: float, empty_m2: float, emptied: date = LONG_AGO) -> Building:
    """A tower of 10,000 m² of which so much is let and so much stands empty, since a day before which it was let."""
    building = create_building(session, leasable_area_m2=10_000)
    unit_with(session, building, [("tenant", LONG_AGO, None)], let_m2)
    before = [("tenant", LONG_AGO, emptied)] if emptied > LONG_AGO else []
    unit_with(session, building, [*before, ("vacant", emptied, None)], empty_m2)
    return building


def test_much_empty_space_is_warned_of_and_long_empty_space_again(session: Session) -> None:
    empty, full = tower(session, 6000, 4000), tower(session, 9000, 1000)
    assert warned(session) == [("high_vacancy", empty.id, 0.4, 4000), ("long_vacancy", empty.id, 0.4, 4000)]
    assert full.id not in [ident for _, ident, _, _ in warned(session)]


def test_a_large_share_of_little_space_is_no_warning(session: Session) -> None:
    building = create_building(session, leasable_area_m2=1000)
    unit_with(session, building, [("vacant", THIS_MONTH, None)], 900)
    assert warned(session) == []


def test_tenants_who_left_lately_are_a_fall_and_space_of_which_nothing_is_known_is_none(session: Session) -> None:
    left = tower(session, 8000, 2000, emptied=THIS_MONTH)
    unknown = create_building(session, leasable_area_m2=10_000)
    unit_with(session, unknown, [("tenant", LONG_AGO, THIS_MONTH), ("unknown", THIS_MONTH, None)], 5000)
    assert warned(session) == [("sudden_fall", left.id, 0.2, 2000)]


def test_those_that_it_concerns_most_come_first(session: Session) -> None:
    small, large = tower(session, 6000, 4000, THIS_MONTH), tower(session, 2000, 8000, THIS_MONTH)
    high = [ident for code, ident, _, _ in warned(session) if code == "high_vacancy"]
    assert high == [large.id, small.id]


def test_more_space_in_use_than_there_is_is_for_staff_to_mend(session: Session) -> None:
    building = create_building(session, leasable_area_m2=1000)
    unit_with(session, building, [("tenant", LONG_AGO, None)], 1200)
    [rule] = [rule for rule in rules() if rule.code == "over_full"]
    assert rule.audience is Audience.STAFF
    [found] = warn(Day(record_of(session, DAY, staff=True).whole, DAY), [rule])
    assert (found.building_id, found.value, found.area_m2) == (building.id, 0.2, 200)


def test_an_office_changes_a_limit_and_the_others_stay(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "limits.toml"
    path.write_text('[[warning]]\ncode = "high_vacancy"\nlimit = 0.05\nleast_m2 = 100\n', "utf-8")
    changed = {rule.code: rule.limit for rule in rules(path)}
    assert changed == {rule.code: rule.limit for rule in rules()} | {"high_vacancy": 0.05}
    tower(session, 9000, 1000, THIS_MONTH)
    [found] = warn(Day(record_of(session, DAY).whole, DAY), rules(path)[:1])
    assert (found.rule.code, found.rule.limit, found.value) == ("high_vacancy", 0.05, 0.1)


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ('[[warning]]\ncode = "fire"\nlimit = 1', "no warning 'fire'"),
        ('[[warning]]\ncode = "high_vacancy"\nlimit = "much"', "limit = 'much'"),
        ('[[warning]]\ncode = "high_vacancy"\nconfidentiality = "public"', "confidentiality"),
        ("[[warning", "cannot be read as TOML"),
    ],
)
def test_a_file_of_limits_that_cannot_be_used_is_said(tmp_path: Path, said: str, problem: str) -> None:
    path = tmp_path / "limits.toml"
    path.write_text(said, "utf-8")
    with pytest.raises(BadWarningError, match=problem):
        rules(path)
