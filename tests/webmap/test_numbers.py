"""Numbers, rents and dates as the reader of each language knows them."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask

from webmap import numbers

Reading = Callable[[str], AbstractContextManager[object]]

TODAY = date(2026, 11, 21)


@pytest.fixture
def reading(app: Flask) -> Reading:
    """A request of a reader of a language, by the prefix of its pages."""
    return lambda prefix: app.test_request_context(f"/{prefix}")


@pytest.fixture
def chinese(reading: Reading) -> Iterator[None]:
    with reading(""):
        yield


@pytest.fixture
def english(reading: Reading) -> Iterator[None]:
    with reading("en/"):
        yield


@pytest.mark.parametrize(
    ("area", "written"),
    [
        (None, "—"),
        (0, "0 m²"),
        (Decimal("86.53"), "86.5 m²"),
        (1200, "1,200 m²"),
        (9999, "9,999 m²"),
        (32000, "3.2 万 m²"),
    ],
)
def test_areas_in_chinese(chinese: None, area, written: str):
    assert numbers.area(area) == written


def test_large_areas_have_no_wan_in_english_and_a_traditional_one_in_traditional(reading: Reading):
    with reading("en/"):
        assert numbers.area(32000) == "32,000 m²"
    with reading("zh-hant/"):
        assert numbers.area(32000) == "3.2 萬 m²"


def test_rent_is_written_as_quoted(chinese: None):
    assert numbers.quoted(Decimal("4.50"), "cny_m2_day") == "4.5 元/m²·天"
    assert numbers.quoted(Decimal(98000), "cny_month") == "98,000 元/月"
    assert numbers.quoted(None, "cny_m2_day") == "—"
    assert numbers.quoted_range(88, 105, "cny_m2_month") == "88–105 元/m²·月"
    assert numbers.quoted_range(88, 88, "cny_m2_month") == "88 元/m²·月"


def test_rent_in_english_starts_with_its_currency(english: None):
    assert numbers.quoted(Decimal("4.5"), "cny_m2_day") == "CNY 4.5/m²/day"
    assert numbers.quoted_range(88, 105, "cny_m2_month") == "CNY 88–105/m²/month"


def test_the_other_units_stand_beside_the_quoted_one(chinese: None):
    assert numbers.beside(4.5, "cny_m2_day") == ["≈ 136.9 元/m²·月"]
    assert numbers.beside(4.5, "cny_m2_month") == ["≈ 4.5 元/m²·天"]
    assert numbers.beside(4.5, "cny_month") == ["≈ 4.5 元/m²·天", "≈ 136.9 元/m²·月"]
    assert numbers.beside(None, "cny_month") == []
    assert numbers.beside_range((4, 6), "cny_m2_day") == ["≈ 121.7–182.5 元/m²·月"]
    assert numbers.beside_range((4, 4), "cny_m2_day") == ["≈ 121.7 元/m²·月"]


@pytest.mark.parametrize(
    ("day", "chinese", "english"),
    [
        (date(2026, 11, 21), "今天", "today"),
        (date(2026, 11, 20), "昨天", "yesterday"),
        (date(2026, 11, 18), "3 天前", "3 days ago"),
        (date(2026, 8, 18), "3 个月前", "3 months ago"),
        (date(2024, 1, 1), "2 年前", "2 years ago"),
    ],
)
def test_ages(reading: Reading, day: date, chinese: str, english: str):
    with reading(""):
        assert numbers.ago(day, TODAY) == chinese
    with reading("en/"):
        assert numbers.ago(day, TODAY) == english


def test_dates(reading: Reading):
    day, night = date(2027, 3, 1), datetime(2026, 3, 3, 20, tzinfo=UTC)
    with reading(""):
        assert (numbers.day(day), numbers.month(day), numbers.day_of(night)) == (
            "2027-03-01",
            "2027 年 3 月",
            "2026-03-04",
        )
    with reading("en/"):
        assert (numbers.day(day), numbers.month(day)) == ("1 Mar 2027", "Mar 2027")


@pytest.mark.parametrize(
    ("share", "written"), [(None, "—"), (0, "0%"), (0.125, "12.5%"), (0.0001, "<0.1%"), (1, "100%")]
)
def test_shares(share, written: str):
    assert numbers.percent(share) == written


def test_floor_labels_keep_what_the_lift_says(reading: Reading):
    with reading(""):
        assert [numbers.floor_label(label) for label in ("12", "12A", "B1")] == ["12 层", "12A", "B1"]
    with reading("en/"):
        assert numbers.floor_label("12") == "12F"
