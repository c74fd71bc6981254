"""Reads the terms of an offer as people write them: months without rent, deposits, rises, what a price includes."""

import re

from geo.errors import UnreadableQuantityError
from geo.importers.value_numbers import Parsed, plain_text
from geo.importers.value_words import NO, YES
from geo.quantities import heading_unit, parse_number_with_unit

MOST_MONTHS, MOST_PERCENT, MOST_CNY_M2 = 60, 50, 100_000
DAYS_A_MONTH = 30

_NUMBER = r"(\d+(?:\.\d+)?|[一二两三四五六七八九十半])"
_CHINESE = {character: number for number, character in enumerate("一二三四五六七八九十", 1)} | {"两": 2, "半": 0.5}
_MONTHS = re.compile(rf"约?\s*{_NUMBER}\s*(?:个?月|months?|mo)?(?:租金|押金|房租)?", re.I)
_DAYS = re.compile(rf"约?\s*{_NUMBER}\s*(?:天|日|days?)", re.I)
_DEPOSIT = re.compile(rf"押\s*{_NUMBER}\s*(?:个?月)?\s*(?:付.*)?")
_RISE = re.compile(
    r"(?:每年|逐年|年度?|第二年起)?\s*(?:租金)?(?:递增|增长|上浮|上涨|涨幅?)?\s*"
    r"(\d+(?:\.\d+)?)\s*(%?)\s*(?:/年|每年|a year|p\.?a\.?)?",
    re.I,
)
_NO_RISE = re.compile(r"不递增|无递增|不涨|固定|fixed|none", re.I)
_FEE = r"物业(?:管理)?费"
_WITHOUT_FEE = re.compile(rf"不(?:包?含|免){_FEE}|{_FEE}(?:照付|另付|自付)|excl(?:uding|\.)? (?:property )?fee", re.I)
_REMARK = re.compile(rf"[(,，;；].*|不?包?[含免]?{_FEE}.*|(?:incl|excl).*", re.I)
_INCLUDED = re.compile(r"(?:已|包)?含.*|全包|包|incl(?:uded|usive|\.)?", re.I)
_NOT_INCLUDED = re.compile(r"不(?:包)?含.*|未含.*|另(?:付|计|收).*|自付|excl(?:uded|usive|\.)?", re.I)


def rent_free(value: object, unit: str | None) -> Parsed:
    """Read months without rent, and whether the property fee is not due in them where that is said, as a pair."""
    text = plain_text(value)
    waived = None if not re.search(f"{_FEE}|fee", text, re.I) else not _WITHOUT_FEE.search(text)
    bare = _REMARK.sub("", text.removeprefix("免租期").removeprefix("免租")).strip()
    days = _DAYS.fullmatch(bare) or (_DAYS.fullmatch(f"{bare}天") if unit and unit in "天日" else None)
    found = _months(str(round(_amount(days[1]) / DAYS_A_MONTH)) if days else bare)
    return found if found.value is None else Parsed((found.value, waived))


def deposit(value: object, unit: str | None) -> Parsed:
    """Read a deposit in months of rent: "押三付一", "2个月", "3"."""
    text = plain_text(value)
    match = _DEPOSIT.fullmatch(text)
    return _months(match[1] if match else text)


def percent(value: object, unit: str | None) -> Parsed:
    """Read a rise per year in per cent; spreadsheets keep 5% as 0.05, which is so taken."""
    text = plain_text(value)
    if _NO_RISE.fullmatch(text):
        return Parsed(0.0)
    match = _RISE.fullmatch(text)
    if match is None:
        return Parsed(None, "value_unreadable", {"expected": "rise per year in %", "expected_zh": "年递增（%）"})
    number = float(match[1])
    if not match[2] and 0 < number < MOST_PERCENT / 100:
        number = round(number * 100, 4)
    return _within(number, MOST_PERCENT)


def per_m2(value: object, unit: str | None) -> Parsed:
    """Read CNY per m², once."""
    try:
        found = parse_number_with_unit(plain_text(value), heading_unit(f"({unit})") if unit else None)
    except UnreadableQuantityError:
        found = None
    if found is None or found.low is None or found.low != found.high or found.unit not in (None, "cny", "cny_m2"):
        return Parsed(None, "value_unreadable", {"expected": "amount in CNY/m²", "expected_zh": "金额（元/㎡）"})
    return _within(float(found.low), MOST_CNY_M2)


def included(value: object, unit: str | None) -> Parsed:
    """Read whether a price includes something: yes or no, "含", "另付"."""
    word = plain_text(value).casefold()
    if word in YES or (_INCLUDED.fullmatch(word) and not _NOT_INCLUDED.fullmatch(word)):
        return Parsed(True)
    if word in NO or _NOT_INCLUDED.fullmatch(word):
        return Parsed(False)
    return Parsed(None, "choice_unknown", {"allowed": "是, 否, 含, 不含, 另付"})


def _months(text: str) -> Parsed:
    match = _MONTHS.fullmatch(text)
    number = _amount(match[1]) if match else 0.5
    if not number.is_integer():
        return Parsed(None, "value_unreadable", {"expected": "number of months", "expected_zh": "月数"})
    found = _within(number, MOST_MONTHS)
    return found if found.value is None else Parsed(int(found.value))


def _amount(text: str) -> float:
    return float(_CHINESE.get(text, text))


def _within(number: float, most: float) -> Parsed:
    if 0 <= number <= most:
        return Parsed(number)
    return Parsed(None, "value_out_of_range", {"low": "0", "high": f"{most:,}"})
