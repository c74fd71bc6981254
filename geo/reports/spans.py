"""Spans of time that reports are about: a month, a quarter, a calendar year."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from geo.errors import BadParameterError

KINDS = ("month", "quarter", "year")

_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_FORMS = {"month": r"(\d{4})-(0[1-9]|1[0-2])", "quarter": r"(\d{4})-Q([1-4])", "year": r"(\d{4})()"}
_FIRST_YEAR, _LAST_YEAR = 1990, 2200


@dataclass(frozen=True, slots=True)
class Span:
    """A month, quarter or year that begins on `begins`."""

    kind: str
    begins: date

    @property
    def ends(self) -> date:
        """Its last day."""
        return _later(self.begins, _MONTHS[self.kind]) - timedelta(days=1)

    @property
    def code(self) -> str:
        """As numbers of reports say it: 2026-09, 2026-Q3, 2026."""
        year, month = self.begins.year, self.begins.month
        return {"month": f"{year}-{month:02}", "quarter": f"{year}-Q{(month + 2) // 3}", "year": f"{year}"}[self.kind]

    @property
    def before(self) -> "Span":
        """The one before it."""
        return Span(self.kind, _later(self.begins, -_MONTHS[self.kind]))

    @property
    def year_ago(self) -> "Span":
        """The same one a year before."""
        return Span(self.kind, _later(self.begins, -12))

    def day(self, today: date) -> date:
        """The day that it is told of: its last one, or today while it lasts."""
        return min(self.ends, today)


def read_span(said: str, today: date) -> Span:
    """A span by its code.

    Raises
    ------
    BadParameterError
        It is none, or has not begun.
    """
    for kind, form in _FORMS.items():
        if found := re.fullmatch(form, said):
            year, number = int(found[1]), int(found[2] or 1)
            if not _FIRST_YEAR <= year <= _LAST_YEAR:
                break
            span = Span(kind, date(year, number if kind == "month" else 3 * number - 2, 1))
            if span.begins > today:
                raise BadParameterError("span", said, f"a span that has begun by today, {today}")
            return span
    raise BadParameterError("span", said[:40], "a month as 2026-09, a quarter as 2026-Q3 or a year as 2026")


def spans_before(kind: str, today: date, count: int) -> list[Span]:
    """The span that lasts and those before it, latest first."""
    month = {"month": today.month, "quarter": (today.month - 1) // 3 * 3 + 1, "year": 1}[kind]
    spans = [Span(kind, date(today.year, month, 1))]
    while len(spans) < count:
        spans.append(spans[-1].before)
    return spans


def _later(first: date, months: int) -> date:
    number = first.year * 12 + first.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)
