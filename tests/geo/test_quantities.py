"""Numbers are read with their units as people type them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import UnreadableQuantityError
from geo.quantities import HeadingUnit, format_area, heading_unit, parse_number_with_unit, unit_code


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("1200", "1200", None), ("1,200㎡", "1200", "m2"), ("1，200 m²", "1200", "m2"), ("１２００平", "1200", "m2"),
        ("1200平方米", "1200", "m2"), ("1200 sqm", "1200", "m2"), ("3.2万㎡", "32000", "m2"),
        ("3.2萬平方米", "32000", "m2"),
        ("1 200", "1200", None), ("1200㎡（套内）", "1200", "m2"), ("85.5%", "85.5", "pct"), ("4.2米", "4.2", "m"),
        ("4.5元/㎡/天", "4.5", "cny_m2_day"), ("4.5元/m²·天", "4.5", "cny_m2_day"),
        ("4.5 元/(㎡·日)", "4.5", "cny_m2_day"),
        ("4.5元每平米每天", "4.5", "cny_m2_day"), ("¥4.5/㎡/day", "4.5", "cny_m2_day"),
        ("4.5/㎡/天", "4.5", "cny_m2_day"),
        ("4.5元/天/平", "4.5", "cny_m2_day"), ("RMB 4.5 per sqm per day", "4.5", "cny_m2_day"),
        ("135元/㎡/月", "135", "cny_m2_month"), ("135元/平米·月（含物业费）", "135", "cny_m2_month"),
        ("12万元/月", "120000", "cny_month"), ("800元/工位/月", "800", "cny_desk_month"), ("50个工位", "50", "desk"),
        ("1.2亿元", "120000000", "cny"), ("3万元/㎡", "30000", "cny_m2"), ("1600元/㎡/年", "1600", "cny_m2_year"),
    ],
)  # fmt: skip
def test_a_number_is_read_with_its_unit(text: str, number: str, unit: str | None) -> None:
    quantity = parse_number_with_unit(text)
    assert quantity.exact() == Decimal(number)
    assert quantity.unit == unit
    assert quantity.text == text
    assert not quantity.approximate


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("150-800㎡", 150, 800, "m2"), ("150㎡～800㎡", 150, 800, "m2"), ("150至800平", 150, 800, "m2"),
        ("1.5-2万㎡", 15000, 20000, "m2"), ("8000-1.2万㎡", 8000, 12000, "m2"), ("3.5—5元/㎡/天", 3.5, 5, "cny_m2_day"),
        ("500㎡以上", 500, None, "m2"), ("3.5元/㎡/天起", 3.5, None, "cny_m2_day"), ("≤2000㎡", None, 2000, "m2"),
        ("200以内", None, 200, None), ("500+", 500, None, None),
    ],
)  # fmt: skip
def test_a_range_keeps_both_ends(text: str, low: float | None, high: float | None, unit: str | None) -> None:
    quantity = parse_number_with_unit(text)
    assert (quantity.low, quantity.high) == tuple(None if end is None else Decimal(str(end)) for end in (low, high))
    assert quantity.unit == unit
    with pytest.raises(UnreadableQuantityError, match="range"):
        quantity.exact()


@pytest.mark.parametrize("text", ["约1200㎡", "1200㎡左右", "1200余㎡", "大约 1200 ㎡", "≈1200㎡"])
def test_an_approximate_number_says_so(text: str) -> None:
    quantity = parse_number_with_unit(text)
    assert quantity.approximate
    assert quantity.exact() == 1200


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("5亩", "666.67"), ("2公顷", "10,000"), ("1200 sq ft", "0.0929"), ("面议", "not a number"),
        ("", "not a number"),
        ("12,5㎡", "point"), ("800-150㎡", "turn it round"), ("30美元/㎡/月", "not known"), ("12箱", "not known"),
        ("-5", "not a number"), ("nan", "not a number"),
    ],
)  # fmt: skip
def test_an_unreadable_number_names_the_remedy(text: str, remedy: str) -> None:
    with pytest.raises(UnreadableQuantityError, match=remedy):
        parse_number_with_unit(text)


@given(st.decimals(min_value=0, max_value=10**8, places=2, allow_nan=False))
def test_any_number_of_square_metres_is_read_as_written(number: Decimal) -> None:
    assert parse_number_with_unit(f"{number:,}㎡").exact() == number


@pytest.mark.parametrize(
    ("heading", "unit", "factor"),
    [
        ("建筑面积（㎡）", "m2", 1), ("建筑面积(万平方米)", "m2", 10_000), ("租金(元/㎡·天)", "cny_m2_day", 1),
        ("租金（元/(平米·月)）", "cny_m2_month", 1), ("租金 元/㎡/天", "cny_m2_day", 1),
        ("注册资本(万元)", "cny", 10_000),
        ("面积㎡", "m2", 1), ("Area (sqm)", "m2", 1), ("月租金（单位：元/月）", "cny_month", 1),
        ("注册资本[万元]", "cny", 10_000),
    ],
)  # fmt: skip
def test_a_heading_gives_the_unit_of_its_column(heading: str, unit: str, factor: int) -> None:
    assert heading_unit(heading) == HeadingUnit(unit, Decimal(factor))


@pytest.mark.parametrize("heading", ["楼宇名称", "单元", "所在单元", "租金(美元/㎡/月)", "备注（可空）", "Name", ""])
def test_a_heading_without_a_unit_gives_none(heading: str) -> None:
    assert heading_unit(heading) is None


def test_the_unit_of_the_heading_fills_in_and_the_one_of_the_cell_is_stronger() -> None:
    heading = HeadingUnit("m2", Decimal(10_000))
    assert parse_number_with_unit("3.2", heading).exact() == 32_000
    assert parse_number_with_unit("3.2万", heading).exact() == 32_000
    assert parse_number_with_unit("1200㎡", heading).exact() == 1200


def test_units_are_known_however_written() -> None:
    assert unit_code("元／平方米·天") == "cny_m2_day"
    assert unit_code("元/㎡/天/天") is None
    assert unit_code("") is None


@pytest.mark.parametrize(
    ("area", "locale", "written"),
    [
        (1200, "zh", "1,200 m²"), (32000, "zh", "3.2 万 m²"), (32480, "zh", "3.25 万 m²"),
        (32000, "zh-hant", "3.2 萬 m²"),
        (32000, "en", "32,000 m²"), (Decimal("9999.4"), "zh", "9,999 m²"), (100000, "zh", "10 万 m²"),
        (0, "zh", "0 m²"),
    ],
)  # fmt: skip
def test_areas_are_written_for_the_page(area: float, locale: str, written: str) -> None:
    assert format_area(area, locale) == written
