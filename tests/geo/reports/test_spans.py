"""A report is of a month, a quarter or a year, told of its last day, or of today while it lasts."""

from datetime import date

import pytest

from geo.errors import BadParameterError
from geo.reports import read_span, spans_before

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("said", "begins", "ends", "before", "year_ago"),
    [
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28), "2026-01", "2025-02"),
        ("2026-01", date(2026, 1, 1), date(2026, 1, 31), "2025-12", "2025-01"),
        ("2026-Q3", date(2026, 7, 1), date(2026, 9, 30), "2026-Q2", "2025-Q3"),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31), "2025-Q4", "2025-Q1"),
        ("2024", date(2024, 1, 1), date(2024, 12, 31), "2023", "2023"),
    ],
)
def test_a_span_knows_its_days_and_what_it_is_set_beside(
    said: str, begins: date, ends: date, before: str, year_ago: str
) -> None:
    span = read_span(said, TODAY)
    assert (span.code, span.begins, span.ends) == (said, begins, ends)
    assert (span.before.code, span.year_ago.code) == (before, year_ago)
    assert span.day(TODAY) == ends


def test_one_that_lasts_is_told_of_today() -> None:
    assert read_span("2026-Q4", TODAY).day(TODAY) == TODAY


@pytest.mark.parametrize("said", ["", "2026-13", "2026-Q5", "2026-00", "26", "2027", "2026-12", "0001", "2026-Q3'"])
def test_what_is_no_span_or_has_not_begun_is_refused_with_what_would_do(said: str) -> None:
    with pytest.raises(BadParameterError, match=r"a span that has begun|a month as 2026-09"):
        read_span(said, TODAY)


@pytest.mark.parametrize(
    ("kind", "latest"),
    [
        ("month", ["2026-11", "2026-10", "2026-09"]),
        ("quarter", ["2026-Q4", "2026-Q3", "2026-Q2"]),
        ("year", ["2026", "2025", "2024"]),
    ],
)
def test_the_latest_spans_come_first(kind: str, latest: list[str]) -> None:
    assert [span.code for span in spans_before(kind, TODAY, 3)] == latest
