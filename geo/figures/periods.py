"""Periods that figures are of: months, quarters, half-years and calendar years, and how people write them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from psycopg.types.range import Range

from geo.errors import UnknownValueError

_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_NUMERALS = {"一": 1, "二": 2, "三": 3, "四": 4, "上": 1, "下": 2}
_ORDINALS = "一二三四"
_YEAR, _MONTH, _DAY = r"((?:19|20)\d\d)", "0?[1-9]|1[0-2]", r"\d{4}-\d\d-\d\d"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A stretch of days from `start` up to, not including, `end`."""

    start: date
    end: date

    @classmethod
    def year(cls, year: int) -> "Period":
        """A calendar year."""
        return cls(date(year, 1, 1), date(year + 1, 1, 1))

    @classmethod
    def of(cls, found: Range[date]) -> "Period":
        """That of a column."""
        assert found.lower is not None
        assert found.upper is not None
        return cls(found.lower, found.upper)

    @property
    def kind(self) -> str:
        """``month``, ``quarter``, ``half``, ``year``, or ``other``."""
        for kind, months in _MONTHS.items():
            starts = (self.start.month - 1) % months == 0 and self.start.day == 1
            if starts and _months_after(self.start, months) == self.end:
                return kind
        return "other"

    @property
    def last_day(self) -> date:
        """The last day that belongs to it."""
        return self.end - timedelta(days=1)

    @property
    def range(self) -> Range[date]:
        """As a column has it."""
        return Range(self.start, self.end)

    def parts(self) -> tuple["Period", ...]:
        """What it falls into: a year into halves, these into quarters, these, and what else begins and ends with
        months, into months; a month, and what cuts through one, into nothing."""
        finer = {"year": 6, "half": 3, "quarter": 1, "other": 1}.get(self.kind)
        if finer is None or self.start.day != 1 or self.end.day != 1:
            return ()
        return tuple(self._steps(finer))

    def contains(self, other: "Period") -> bool:
        """Whether another period lies in it."""
        return self.start <= other.start and other.end <= self.end

    @property
    def code(self) -> str:
        """A short form that `period_from_text` reads: 2025, 2025H1, 2025Q3, 2025-07, 2025-01-01~2025-09-30."""
        year, month = self.start.year, self.start.month
        forms = {
            "year": f"{year}",
            "half": f"{year}H{(month + 5) // 6}",
            "quarter": f"{year}Q{(month + 2) // 3}",
            "month": f"{year}-{month:02}",
        }
        return forms.get(self.kind, f"{self.start}~{self.last_day}")

    def label(self, locale: str = "zh") -> str:
        """Its name on a page: 2025年三季度."""
        if locale.lower().startswith("en"):
            return self.code.replace("Q", " Q").replace("H", " H").replace("~", " – ")
        year, month = self.start.year, self.start.month
        forms = {
            "year": f"{year}年",
            "half": f"{year}年{'上' if month == 1 else '下'}半年",
            "quarter": f"{year}年{_ORDINALS[(month - 1) // 3]}季度",
            "month": f"{year}年{month}月",
        }
        return forms.get(self.kind, f"{self.start} 至 {self.last_day}")

    def _steps(self, months: int) -> Iterator["Period"]:
        start = self.start
        while start < self.end:
            end = _months_after(start, months)
            yield Period(start, end)
            start = end


def period_from_text(text: str) -> Period:
    """Read 2025, 2025年度, 2025Q1, 2025年一季度, 2025上半年, 2025-03, 2025年3月, 2025年1-9月, or two days with ~ or 至.

    Raises
    ------
    UnknownValueError
        It is none of these.
    """
    plain = re.sub(r"\s|第", "", text.strip()).upper().replace("年度", "年").replace("季度", "季").removesuffix(".0")
    if found := re.fullmatch(_YEAR + "年?", plain):
        return Period.year(int(found[1]))
    if found := re.fullmatch(_YEAR + "年?-?(?:Q([1-4])|([一二三四1-4])季)", plain):
        return _months(int(found[1]), 3 * _number(found[2] or found[3]) - 2, 3)
    if found := re.fullmatch(_YEAR + "年?-?(?:H([12])|([上下])半年?)", plain):
        return _months(int(found[1]), 6 * _number(found[2] or found[3]) - 5, 6)
    if found := re.fullmatch(f"{_YEAR}(?:[-/.年]({_MONTH})|(0[1-9]|1[0-2]))月?(?:-({_MONTH})月)?", plain):
        month = int(found[2] or found[3])
        if (last := int(found[4] or month)) >= month:
            return _months(int(found[1]), month, last - month + 1)
    if (found := re.fullmatch(f"({_DAY})[~至到]({_DAY})", plain)) and (days := _days(*found.groups())):
        return days
    allowed = "2025, 2025年一季度, 2025年上半年, 2025-03, 2025-01-01~2025-09-30"
    raise UnknownValueError(f"The period {text!r} is not understood; allowed: {allowed}.")


def _days(first: str, last: str) -> Period | None:
    try:
        start, last_day = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        return None
    return Period(start, last_day + timedelta(days=1)) if start <= last_day else None


def _months(year: int, month: int, count: int) -> Period:
    start = date(year, month, 1)
    return Period(start, _months_after(start, count))


def _number(text: str) -> int:
    return _NUMERALS.get(text) or int(text)


def _months_after(day: date, months: int) -> date:
    month = day.month - 1 + months
    return date(day.year + month // 12, month % 12 + 1, 1)
