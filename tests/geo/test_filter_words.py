"""A search reads as a person would say it."""

from datetime import date
from decimal import Decimal

import pytest

from geo.filter_words import in_words
from geo.filters import Filters

WANTED = Filters(
    area_min=Decimal(800),
    area_max=Decimal(1000),
    rent_max=Decimal("4.5"),
    grade=("super_a",),
    near=("metro",),
    available_by=date(2027, 3, 1),
    within=("area0001",),
)


def test_in_chinese() -> None:
    assert in_words(WANTED, "zh", {"area0001": "江湾街道"}) == [
        "面积 800–1,000 m²",
        "租金 ≤ 4.5 元/m²·天",
        "等级 超甲级",
        "地铁站 ≤ 500 m",
        "区域 江湾街道",
        "可入驻不晚于 2027-03-01",
    ]


def test_in_english_codes_without_a_name_stand_for_themselves() -> None:
    said = in_words(WANTED, "en")
    assert said[0] == "area 800–1,000 m²"
    assert "area of town area0001" in said


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_asking_for_nothing_says_nothing(locale: str) -> None:
    assert in_words(Filters(), locale) == []
