"""The dictionary says of every indicator what it is made of; an office adds its own in a file."""

from pathlib import Path

import pytest

from geo.disclosure import Audience
from geo.indicators import indicators
from geo.indicators.dictionary import BadIndicatorError
from geo.indicators.measures import MEASURES, measure_names

OWN = """
[[indicator]]
code = "vacant_per_building"
name = "楼均空置面积"
definition = "空置面积除以运营楼宇数。"
numerator = ["vacant_m2"]
denominator = ["operating"]
unit = "m2"
direction = "down"
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tmp_path / "own.toml"


def test_the_dictionary_has_what_a_plan_of_a_district_asks_for() -> None:
    codes = {each.code for each in indicators()}
    plan = {"gross_area", "leasable_area", "occupancy_rate", "registration_rate", "industry_concentration"}
    plan |= {"party_coverage", "service_coverage", "smart_platform_coverage", "star_buildings", "themed_buildings"}
    assert plan - codes == set()


def test_every_indicator_is_defined_in_both_languages_and_every_measure_has_a_name() -> None:
    assert [each.code for each in indicators() if not (each.definition and each.definition_en and each.name_en)] == []
    assert measure_names().keys() == MEASURES.keys()


def test_what_rests_on_what_staff_alone_may_see_is_not_public() -> None:
    of_staff = {each.code for each in indicators() if any(MEASURES[name].staff for name in each.measures)}
    assert {"registration_rate", "registered_elsewhere", "employees", "returns_in_time"} <= of_staff
    assert [each.code for each in indicators() if each.code in of_staff and each.audience is Audience.PUBLIC] == []


def test_an_office_adds_its_own(own: Path) -> None:
    own.write_text(OWN, "utf-8")
    added = indicators(own)[-1]
    assert (added.code, added.group, added.name_en) == ("vacant_per_building", "own", "楼均空置面积")
    assert len(indicators(own)) == len(indicators()) + 1


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('code = "vacant_per_building"', 'code = "vacancy_rate"', "is taken"),
        ('code = "vacant_per_building"', 'code = "Ä!"', "the code is"),
        ('"vacant_m2"', '"__import__"', "there is no measure '__import__'"),
        ('unit = "m2"', 'unit = "miles"', "unit is one of"),
        ('name = "楼均空置面积"', "", "'name' is missing"),
        ('direction = "down"', 'sense = "down"', "'sense' is not a field"),
        ('"vacant_m2"', '"employees"', "staff"),
        ("[[indicator]]", "[[indicator", "cannot be read as TOML"),
    ],
)
def test_an_entry_that_cannot_be_used_is_refused_with_the_reason(own: Path, before: str, after: str, said: str) -> None:
    own.write_text(OWN.replace(before, after), "utf-8")
    with pytest.raises(BadIndicatorError, match=said):
        indicators(own)
