"""A return is due on the Friday of its week, or on the working day that stands for it."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from geo.returns.weeks import DueRule, due_at, due_on, is_working_day, week_name, week_of


@pytest.mark.parametrize(
    ("week", "due"),
    [
        (date(2026, 11, 16), date(2026, 11, 20)),
        # 2026-02-20 is a day off of the Spring Festival, as is the whole week: due when offices open again.
        (date(2026, 2, 16), date(2026, 2, 24)),
        # The Dragon Boat Festival is a Friday: due on Thursday.
        (date(2026, 6, 15), date(2026, 6, 18)),
        # In the week of National Day only Monday to Wednesday are worked.
        (date(2026, 9, 28), date(2026, 9, 30)),
    ],
)
def test_a_return_is_due_on_a_working_day(week: date, due: date) -> None:
    assert due_on(week) == due
    assert is_working_day(due)


def test_a_make_up_saturday_is_worked_and_a_plain_one_is_not() -> None:
    assert is_working_day(date(2026, 2, 14))
    assert not is_working_day(date(2026, 11, 21))


def test_an_area_may_ask_for_another_day_and_hour() -> None:
    rule = DueRule(weekday=2, closing=time(12, 0))
    assert due_at(date(2026, 11, 16), rule, ZoneInfo("Asia/Shanghai")) == datetime(2026, 11, 18, 4, 0, tzinfo=UTC)


def test_a_week_is_its_monday_and_named_as_iso_names_it() -> None:
    assert week_of(date(2026, 11, 22)) == date(2026, 11, 16)
    assert week_name(date(2026, 11, 16)) == "2026-W47"
    assert week_name(date(2024, 12, 30)) == "2025-W01"
