"""Dates of moving in as people say them: "明年 3 月前", "by next March", "三个月内", "immediately"."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from geo.matching.plain_text import NUMBER, compiled, number
from geo.matching.reading import Reading

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?P<name>{'|'.join(_MONTHS)})[a-z]*\.?"
_IN = r"(?:\s*(?:能|可以?|要)?(?:入驻|搬入|搬家|搬|起租|交付|交房|进场|使用|入住|move in|moving in))?"
_BY = (
    r"(?:move in |moving in |available |ready |needed |start(?:ing)? )?(?:by|before|until|no later than)\s+(?:the\s+)?"
)
_WORDS = {"今年": 0, "本年": 0, "明年": 1, "后年": 2, "this year": 0, "next year": 1}

Dates = Callable[[re.Match[str], date], date | None]


def dates(text: str, today: date) -> Iterator[Reading]:
    """What is said of the latest date in a folded text."""
    for pattern, read in _RULES:
        for match in pattern.finditer(text):
            day = _tried(read, match, today)
            if day is not None:
                yield Reading(match.start(), match.end(), (("available_by", day.isoformat()),))


def _tried(read: Dates, match: re.Match[str], today: date) -> date | None:
    try:
        return read(match, today)
    except ValueError:  # 31 February
        return None


def _full(match: re.Match[str], _: date) -> date:
    return date(int(match["year"]), int(match["month"]), int(match["day"]))


def _chinese_month(match: re.Match[str], today: date) -> date:
    month, said = int(number(match["month"])), match.groupdict()
    year = _year(said["year"], today) or _next(month, today)
    if said.get("day"):
        return date(year, month, int(number(said["day"])))
    return _last(year, month) if said.get("end") or not said.get("before") else date(year, month, 1)


def _english_month(match: re.Match[str], today: date) -> date:
    month = _MONTHS.index(match["name"][:3]) + 1
    year = int(match["year"]) if match["year"] else _next(month, today)
    if match["day"]:
        return date(year, month, int(match["day"]))
    return _last(year, month) if match.groupdict().get("end") else date(year, month, 1)


def _year(text: str | None, today: date) -> int | None:
    if not text:
        return None
    text = text.strip()
    return today.year + _WORDS[text] if text in _WORDS else int(re.sub(r"\D", "", text))


def _next(month: int, today: date) -> int:
    """The year of the month when it comes next."""
    return today.year + (month <= today.month)


def _last(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _after_months(match: re.Match[str], today: date) -> date:
    months = today.year * 12 + today.month - 1 + int(number(match["n"]))
    return date(months // 12, months % 12 + 1, min(today.day, 28))


def _after_weeks(match: re.Match[str], today: date) -> date:
    return today + timedelta(days=int(number(match["n"])) * (1 if match["unit"][0] in "天d" else 7))


def _quarter(match: re.Match[str], today: date) -> date:
    quarter = int(number(match["q"]))
    year = _year(match["year"], today) or _next(3 * quarter, today)
    return _last(year, 3 * quarter)


def _half(match: re.Match[str], today: date) -> date:
    year = _year(match["year"], today) or today.year
    return date(year, 6, 30) if match["half"] == "上" else date(year, 12, 31)


def _year_end(match: re.Match[str], today: date) -> date:
    return date(_year(match["year"], today) or today.year, 12, 31)


def _next_month(_: re.Match[str], today: date) -> date:
    year, month = (today.year + today.month // 12, today.month % 12 + 1)
    return _last(year, month)


_YEAR = r"(?P<year>\d{4}\s*年|今年|本年|明年|后年)?"
_NUMERAL = r"\d{1,2}|十[一二]?|[一二三四五六七八九]"
_BEFORE = r"(?:之前|以前|前)"
_RULES: tuple[tuple[re.Pattern[str], Dates], ...] = tuple(
    (compiled(pattern), read)
    for pattern, read in (
        (rf"(?:{_BY})?(?P<year>20\d\d)[-/.年](?P<month>\d\d?)[-/.月](?P<day>\d\d?)日?{_BEFORE}?{_IN}", _full),
        (
            rf"{_YEAR}\s*(?P<month>{_NUMERAL})\s*月(?P<day>{NUMBER})[日号]{_BEFORE}?{_IN}",
            _chinese_month,
        ),
        (
            rf"{_YEAR}\s*(?P<month>{_NUMERAL})\s*月份?(?:(?P<end>底|末)|初)?(?P<before>{_BEFORE})?(?:内|之内)?{_IN}",
            _chinese_month,
        ),
        (rf"{_YEAR}\s*第?(?P<q>[一二三四1-4])\s*季度?(?:底|末)?{_BEFORE}?内?{_IN}", _quarter),
        (rf"(?:{_BY})?q(?P<q>[1-4])\s*(?P<year>20\d\d)?(?![a-z0-9])", _quarter),
        (rf"{_YEAR}\s*(?P<half>[上下])半年{_BEFORE}?内?{_IN}", _half),
        (rf"{_YEAR}\s*年?(?:底|末){_BEFORE}?{_IN}", _year_end),
        (
            rf"{_BY}(?:(?P<end>the\s+end\s+of|end\s+of)\s+)?(?:next\s+)?{_MONTH}"
            r"(?:\s+(?P<day>\d\d?)(?:st|nd|rd|th)?(?!\d))?,?(?:\s+(?P<year>20\d\d))?",
            _english_month,
        ),
        (
            rf"{_BY}(?P<day>\d\d?)(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH},?(?:\s+(?P<year>20\d\d))?",
            _english_month,
        ),
        (rf"(?:{_BY}|at\s+)?(?:end of |year.?end)(?:the |this )?(?P<year>next year)?(?:year)?(?![a-z])", _year_end),
        (rf"(?:在|within\s+|in\s+)?(?P<n>{NUMBER})\s*(?:个月|months?)(?:以?内|之内)?{_IN}", _after_months),
        (
            rf"(?:在|within\s+|in\s+)(?P<n>{NUMBER})\s*(?P<unit>周|个?星期|天|weeks?|days?)(?:以?内|之内)?{_IN}",
            _after_weeks,
        ),
        (rf"(?P<n>{NUMBER})\s*(?P<unit>周|个?星期|天)(?:以?内|之内){_IN}", _after_weeks),
        (rf"(?:{_BY})?(?:下个?月|next month){_BEFORE}?内?{_IN}", _next_month),
        (
            rf"(?:马上|立即|立刻|尽快|现在|即刻|随时|immediately|asap|right away|as soon as possible|now(?![a-z])){_IN}"
            r"(?:\s*available)?",
            lambda _, today: today,
        ),
    )
)
