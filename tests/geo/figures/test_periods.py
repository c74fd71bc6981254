"""Periods are read as offices write them, and no period is taken for another."""

from datetime import date

import pytest

from geo.errors import UnknownValueError
from geo.figures import Period, period_from_text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2025", "2025"),
        ("2025年度", "2025"),
        ("2025.0", "2025"),
        ("2025Q1", "2025Q1"),
        ("2025年一季度", "2025Q1"),
        ("2025年第3季度", "2025Q3"),
        ("2025上半年", "2025H1"),
        ("2025H2", "2025H2"),
        ("2025-03", "2025-03"),
        ("202503", "2025-03"),
        ("2025年11月", "2025-11"),
        ("2025年1-9月", "2025-01-01~2025-09-30"),
        ("2025-01-01至2025-02-10", "2025-01-01~2025-02-10"),
    ],
)
def test_a_period_is_read_as_offices_write_it(text: str, code: str) -> None:
    period = period_from_text(text)
    assert period.code == code
    assert period_from_text(code) == period


@pytest.mark.parametrize(
    "text", ["", "25", "20255", "2025Q5", "2025-13", "一季度", "2025年9-1月", "2025-02-30~2025-03-01"]
)
def test_what_is_no_period_is_said_with_what_is_one(text: str) -> None:
    with pytest.raises(UnknownValueError, match="2025年一季度"):
        period_from_text(text)


def test_the_year_to_date_is_not_the_year() -> None:
    assert period_from_text("2025年1-9月") != Period.year(2025)
    assert period_from_text("2025年1-12月") == Period.year(2025)


def test_a_year_falls_into_halves_quarters_and_months() -> None:
    halves = Period.year(2025).parts()
    assert [half.kind for half in halves] == ["half", "half"]
    assert [quarter.code for quarter in halves[1].parts()] == ["2025Q3", "2025Q4"]
    assert [month.code for month in halves[1].parts()[1].parts()] == ["2025-10", "2025-11", "2025-12"]
    assert Period(date(2025, 1, 1), date(2025, 1, 20)).parts() == ()


def test_names_of_periods_are_those_of_the_language() -> None:
    assert period_from_text("2025Q3").label() == "2025年三季度"
    assert period_from_text("2025H1").label() == "2025年上半年"
    assert period_from_text("2025Q3").label("en") == "2025 Q3"
