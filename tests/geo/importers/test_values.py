from datetime import date, datetime

import numpy as np
import pyarrow as pa
import pytest

from geo.importers.fields import FIELDS, Field, Kind
from geo.importers.report import IssueLog
from geo.importers.values import parse_column, text_column


def parsed(kind, value, unit=None):
    """Return what one value of a type gives, and the codes of its issues."""
    log = IssueLog()
    columns = parse_column(Field("f", kind), [value], np.array([7]), log, heading="标题", unit=unit)
    values = [column[0].as_py() for column in columns.values()]
    return (values[0] if len(values) == 1 else tuple(values)), [issue.code for issue in log]


@pytest.mark.parametrize(
    ("kind", "value", "unit", "result"),
    [
        ("area_m2", "1,200㎡", None, (1200, 1200)),
        ("area_m2", "3.2", "万㎡", (32000, 32000)),
        ("area_m2", "3.2万㎡", None, (32000, 32000)),
        ("area_m2", "150-800㎡", None, (150, 800)),
        ("area_m2", 860.5, None, (860.5, 860.5)),
        ("height_m", "16 m", None, 16),
        ("height_m", "99.5米", None, 99.5),
        ("height_m", "52'", None, 15.85),
        ("height_m", 0, None, 0),
        ("storeys", "地上30层", None, 30),
        ("storeys", "B3", None, 3),
        ("storeys", "-2", None, 2),
        ("storeys_both", "地上30层地下3层", None, (30, 3)),
        ("storeys_both", "30/-3", None, (30, 3)),
        ("storeys_both", "24层", None, (24, None)),
        ("year", "2015年6月", None, 2015),
        ("year", datetime(1998, 3, 1), None, 1998),
        ("count", "约120个", None, 120),
        ("count", "1,200", None, 1200),
        ("money", "1000", "万元", 10_000_000),
        ("coordinate", "121°28'30\"E", None, pytest.approx(121.475)),
        ("coordinate", "1.7530W", None, -1.753),
        ("date", "2025年3月", None, date(2025, 3, 1)),
        ("date", "2025/3/1", None, date(2025, 3, 1)),
        ("date", "20250301", None, date(2025, 3, 1)),
        ("date", "31/12/2025", None, date(2025, 12, 31)),
        ("date", 45717, None, date(2025, 3, 1)),
        ("date", "随时", None, None),
        ("yes_no", "是", None, True),
        ("yes_no", "N", None, False),
        ("star", "★★★★★", None, 5),
        ("star", "五星级", None, 5),
        ("grade", "甲级", None, ("a", "gbt39069")),
        ("grade", "Grade A", None, ("a", "market")),
        ("fitout", "精装修", None, "full"),
        ("building_status", "在建", None, "under_construction"),
        ("occupancy", "待租", None, "vacant"),
        ("occupancy", "Y", None, "in_use"),
        ("vacant", "是", None, "vacant"),
        ("floor", "地下一层", None, ("B1", -1, None)),
        ("floor", "12A", None, ("12A", 12, None)),
        ("list", "金融、法律服务", None, ["finance", "legal"]),
        ("industry_code", "J66", None, "66"),
        ("rent", "4.5", "元/㎡·天", (4.5, 4.5, "cny_m2_day", "4.5 元/㎡·天")),
        ("rent", "4-5元/㎡/天", None, (4, 5, "cny_m2_day", "4-5元/㎡/天")),
        ("rent", "135元/㎡/月", "元/㎡·天", (135, 135, "cny_m2_month", "135元/㎡/月")),
        ("rent", "面议", None, (None, None, None, "面议")),
    ],
)
def test_values_are_read_as_people_write_them(kind, value, unit, result):
    assert parsed(kind, value, unit) == (result, [])


@pytest.mark.parametrize(
    ("kind", "value", "result", "issue"),
    [
        ("area_m2", "很大", (None, None), "value_unreadable"),
        ("area_m2", "3亩", (None, None), "value_unreadable"),
        ("height_m", "1200", None, "value_out_of_range"),
        ("storeys", "3.5", 3, "value_rounded"),
        ("storeys", "20-24层", 24, "value_a_range"),
        ("year", "去年", None, "value_unreadable"),
        ("date", "2020-02-30", None, "value_unreadable"),
        ("occupancy", "Land", "unknown", "choice_unknown"),
        ("floor", "整栋", (None, None, None), "value_unreadable"),
        ("floor", "3F-4F", ("3", 3, "4"), "floor_range"),
        ("rent", "4.5", (None, None, None, "4.5"), "unit_doubtful"),
        ("money", "100万美元", None, "unit_doubtful"),
        ("credit_code", "91310000MA1FL0000L", "91310000MA1FL0000L", "credit_code_bad"),
    ],
)
def test_what_cannot_be_read_is_left_blank_or_kept_and_always_said(kind, value, result, issue):
    assert parsed(kind, value) == (result, [issue])


@pytest.mark.parametrize("sign", ["", "-", "/", "暂无", "不详", "N/A", "[]", None, float("nan")])
@pytest.mark.parametrize("kind", ["area_m2", "storeys", "date", "rent", "year"])
def test_signs_for_nothing_are_no_mistakes(kind, sign):
    value, issues = parsed(kind, sign)
    assert issues == []
    assert value is None or set(value) == {None}


def test_a_right_credit_code_is_not_complained_of():
    assert parsed("credit_code", "91350100M000100Y43")[1] == []


def test_texts_are_tidied_and_signs_for_nothing_become_null():
    column = text_column(["  云栖　大厦 ", "Ａ座", "[]", None, 1201.0, "无"])
    assert column.to_pylist() == ["云栖 大厦", "A座", None, None, "1201", "无"]


def test_arrow_texts_come_out_as_lists_do():
    words = ["  云栖　大厦 ", "Ａ座", "[]", None, "Mill Lane", "nan", "two  spaces", "", "-", "Café"]
    assert text_column(pa.array(words)).to_pylist() == text_column(words).to_pylist()


def test_a_tidy_arrow_column_is_passed_on_as_it_is():
    column = pa.array(["云栖大厦", None, "Mill Lane 3"])
    assert text_column(column) is column


def test_a_numeric_column_within_limits_needs_no_reading():
    log = IssueLog()
    columns = parse_column(
        Field("height_m", "height_m"), pa.array([3.5, None]), np.array([1, 2]), log, heading="height"
    )
    assert columns["height_m"].to_pylist() == [3.5, None]
    assert not log.issues


def test_a_numeric_column_with_one_bad_value_reports_its_row():
    log = IssueLog()
    column = pa.array([3.5, -2.0, 8.0])
    columns = parse_column(Field("height_m", "height_m"), column, np.array([11, 12, 13]), log, heading="height")
    assert columns["height_m"].to_pylist() == [3.5, None, 8.0]
    assert [(issue.row, issue.column, issue.value) for issue in log] == [(12, "height", "-2")]


def test_numbers_that_stand_for_nothing_are_blank_and_said_once():
    log = IssueLog()
    column = pa.array([-1.0, 12.5, -9999.0])
    columns = parse_column(Field("height_m", "height_m"), column, np.array([1, 2, 3]), log, heading="height")
    assert columns["height_m"].to_pylist() == [None, 12.5, None]
    assert [issue.code for issue in log] == ["number_means_nothing"]


def test_capital_without_a_unit_is_doubtful():
    assert parsed("money", "1000") == (None, ["unit_doubtful"])


def test_blanks_mean_vacant_only_where_nothing_but_yes_occurs(read, tmp_path):
    (tmp_path / "yes.csv").write_text("楼宇名称,房号,在用\n云栖大厦,1,Y\n云栖大厦,2,\n")
    found = read(tmp_path / "yes.csv", Kind.UNITS)
    assert found.column("occupancy") == ["in_use", "vacant"]
    assert found.log.by_code["blank_means"] == 1


def test_a_blank_among_named_states_stays_unknown(read):
    found = read("states.csv", Kind.UNITS)
    assert found.column("occupancy") == ["vacant", "in_use", "unknown", "unknown"]
    assert [issue.row for issue in found.log if issue.code == "choice_unknown"] == [5]


def test_a_column_that_asks_for_vacancy_is_turned_round(read):
    assert read("is_vacant.csv", Kind.UNITS).column("occupancy") == ["vacant", "in_use"]


def test_enterprises_are_completed_from_several_columns(read):
    found = read("enterprises.csv", Kind.ENTERPRISES)
    assert found.column("registered_capital_cny") == [10_000_000, 50_000, None]
    assert found.column("industry_code") == ["65", "62", None]
    assert found.column("is_individual") == [False, True, None]
    assert found.column("is_foreign_funded") == [True, False, None]
    assert found.column("founded_on") == [date(2015, 3, 1), date(2015, 3, 1), None]


@pytest.mark.parametrize("kind", list(Kind))
def test_every_type_of_field_can_be_read(kind):
    for spec in FIELDS[kind].values():
        parse_column(spec, [None], np.array([1]), IssueLog(), heading="x")
