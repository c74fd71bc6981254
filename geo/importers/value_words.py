"""Reads single words of a file: dates, yes and no, floors, states, grades, codes, with what to say when doubtful."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from geo.errors import UnknownValueError, UnreadableQuantityError
from geo.floor_labels import parse_floors
from geo.importers.value_numbers import Parsed, plain_text
from geo.taxonomy import (
    building_status_from_text,
    fitout_from_text,
    grade_from_text,
    industry_code,
    occupancy_from_text,
    theme_from_text,
)

YES = frozenset(["y", "yes", "true", "t", "1", "x", "是", "有", "√", "✓", "✔", "对", "在用", "是的"])
NO = frozenset(["n", "no", "false", "f", "0", "否", "无", "×", "✗", "不", "没有", "不是"])
_EMPTY = frozenset(["unoccupied", "not occupied", "void", "empty property", "无人使用", "未使用"])

_FULL_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2})\s*日?)?\s*月?(?:[T ].*)?")
_COMPACT_DATE = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)?")
_WESTERN_DATE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?: .*)?")
_AT_ONCE = re.compile(r"即时|即刻|即日|立即|随时|现房|现在|随租随用|immediate(ly)?|now|asap|vacant possession", re.I)
_EXCEL_EPOCH = date(1899, 12, 30).toordinal()
_STARS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}
_CREDIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def day(value: object, unit: str | None) -> Parsed:
    """Read a date; a month alone gives its first day. "即日" and the like give no date and no complaint."""
    if isinstance(value, datetime):
        return Parsed(value.date())
    if isinstance(value, date):
        return Parsed(value)
    text = plain_text(value)
    if re.fullmatch(r"[2-6]\d{4}(\.\d+)?", text):
        return Parsed(date.fromordinal(_EXCEL_EPOCH + int(float(text))))
    if _AT_ONCE.fullmatch(text):
        return Parsed(None)
    for pattern, order in ((_FULL_DATE, (1, 2, 3)), (_COMPACT_DATE, (1, 2, 3)), (_WESTERN_DATE, (3, 2, 1))):
        if match := pattern.fullmatch(text):
            return _date(*(int(match[place] or 1) for place in order))
    return _date(int(text[:4]), 1, 1) if re.fullmatch(r"(19|20)\d\d年?", text) else _no_date()


def yes_no(value: object, unit: str | None) -> Parsed:
    """Read yes or no."""
    word = plain_text(value).casefold()
    if word in YES or word in NO:
        return Parsed(word in YES)
    return Parsed(None, "choice_unknown", {"allowed": "是, 否"})


def occupancy(value: object, unit: str | None) -> Parsed:
    """Read the state of a unit as a code of `occupancy.csv`; yes means in use, anything unknown "unknown"."""
    return _state(value, yes="in_use", no="vacant")


def vacant(value: object, unit: str | None) -> Parsed:
    """Read a column that asks whether a unit is vacant, as a code of `occupancy.csv`."""
    return _state(value, yes="vacant", no="in_use")


def floor(value: object, unit: str | None) -> Parsed:
    """Read a floor as (label, number, label of the top floor of a range)."""
    try:
        low, high = parse_floors(plain_text(value))
    except UnreadableQuantityError:
        return Parsed(
            None, "value_unreadable", {"expected": "floor such as 3, 12A or B1", "expected_zh": "楼层（如 3、12A、B1）"}
        )
    if low == high:
        return Parsed((low.label, low.number, None))
    return Parsed((low.label, low.number, high.label), "floor_range")


def star(value: object, unit: str | None) -> Parsed:
    """Read a number of stars: 5, 五星级, ★★★★★."""
    text = plain_text(value)
    if signs := text.count("★"):
        return Parsed(signs) if signs <= 5 else _choice("1–5")
    match = re.search(r"([1-5一二两三四五])\s*(?:星|stars?|$)", text, re.I)
    return Parsed(_STARS.get(match[1]) or int(match[1])) if match else _choice("1–5")


def grade(value: object, unit: str | None) -> Parsed:
    """Read a grade as (code, scheme)."""
    try:
        found = grade_from_text(plain_text(value))
    except UnknownValueError:
        return _choice("超甲级, 甲级, 乙级, A, B, C, 5A")
    return Parsed((found.code, found.scheme))


def building_status(value: object, unit: str | None) -> Parsed:
    """Read the state of a building as its code."""
    return _from_vocabulary(value, building_status_from_text, "已投入运营, 在建, 规划")


def fitout(value: object, unit: str | None) -> Parsed:
    """Read a delivery state as its code."""
    return _from_vocabulary(value, fitout_from_text, "毛坯, 简装, 精装, 带家具")


def theme_list(value: object, unit: str | None) -> Parsed:
    """Read themes, parted by commas and the like, as a list of codes."""
    codes, unknown = [], False
    for word in re.split(r"[,，、;；|/]+", plain_text(value)):
        try:
            codes.append(theme_from_text(word).code)
        except UnknownValueError:
            unknown = True
    return Parsed(list(dict.fromkeys(codes)) or None, "theme_unknown" if unknown else None)


def industry(value: object, unit: str | None) -> Parsed:
    """Read an industry code of GB/T 4754-2017."""
    try:
        return Parsed(industry_code(plain_text(value)))
    except UnknownValueError:
        return _choice("GB/T 4754-2017: J, 66, 6621")


def credit_code(value: object, unit: str | None) -> Parsed:
    """Read a unified social credit code and check its last sign (GB 32100-2015); a wrong one is kept and said."""
    code = re.sub(r"\s", "", plain_text(value)).upper()
    if len(code) != 18 or any(sign not in _CREDIT_SIGNS for sign in code):
        return Parsed(code, "credit_code_bad")
    total = sum(_CREDIT_SIGNS.index(sign) * pow(3, place, 31) for place, sign in enumerate(code[:17]))
    return Parsed(code, None if _CREDIT_SIGNS[(31 - total % 31) % 31] == code[17] else "credit_code_bad")


def _state(value: object, yes: str, no: str) -> Parsed:
    text = plain_text(value)
    word = text.casefold()
    if word in YES or word in NO:
        return Parsed(yes if word in YES else no)
    if word in _EMPTY:
        return Parsed("vacant")
    try:
        return Parsed(occupancy_from_text(text).code)
    except UnknownValueError:
        return Parsed("unknown", "choice_unknown", {"allowed": "空置, 在租, 自用, 装修 …"})


def _from_vocabulary(value: object, look_up: Callable[[str], Any], allowed: str) -> Parsed:
    try:
        return Parsed(look_up(plain_text(value)).code)
    except UnknownValueError:
        return _choice(allowed)


def _choice(allowed: str) -> Parsed:
    return Parsed(None, "choice_unknown", {"allowed": allowed})


def _date(year: int, month: int, day_of_month: int) -> Parsed:
    try:
        return Parsed(date(year, month, day_of_month))
    except ValueError:
        return _no_date()


def _no_date() -> Parsed:
    return Parsed(None, "value_unreadable", {"expected": "date", "expected_zh": "日期"})
