"""Reads single numbers of a file: areas, heights, storeys, years, rents, coordinates, and says what is doubtful."""

import math
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from geo.errors import UnreadableQuantityError
from geo.quantities import HeadingUnit, Quantity, heading_unit, parse_number_with_unit


@dataclass(frozen=True, slots=True)
class Parsed:
    """A typed value, or several for types with several outputs, and the issue to report, if any."""

    value: Any
    issue: str | None = None
    more: dict[str, Any] = field(default_factory=dict)


BLANK_TEXTS = frozenset({"", "[]", "{}", "nan", "null", "none", "n/a", "#n/a", "-", "--", "---", "—", "——", "/", "\\"})
"""Signs that people and programs write for nothing."""

BLANKS = BLANK_TEXTS | {
    "na",
    "n.a.",
    "?",
    "无",
    "空",
    "暂无",
    "不详",
    "未知",
    "待定",
    "待补充",
    "未填",
    "unknown",
    "tbc",
    "tbd",
}
"""What is nothing in a column of numbers, dates or choices."""

_FEET = re.compile(r"(\d+(?:\.\d+)?)\s*(?:'|ft|feet|英尺)\s*(?:(\d+(?:\.\d+)?)\s*(?:\"|''|in))?", re.I)
_YEAR = re.compile(r"(?<!\d)(1[0-9]\d\d|20\d\d)(?!\d)")
_STOREYS = re.compile(r"(?:地上|地下|共|约|负|-|B)?(\d+(?:\.\d+)?)\s*(?:层|F|storeys?|floors?|levels?)?", re.I)
_BOTH = re.compile(
    r"(?:地上|共)?(?P<above>\d+)(?:层|F)?[,，、;；/+＋ (（-]*(?:地下|负|-|B)(?P<below>\d+)(?:层|F)?[)）]?"
    r"|(?:地下|负|-|B)(?P<below_first>\d+)(?:层|F)?[,，、;；/+＋ ]*(?:地上)?(?P<above_last>\d+)(?:层|F)?",
    re.I,
)
_DEGREES = re.compile(
    r"(\d{1,3})\s*[°度]\s*(?:(\d{1,2}(?:\.\d+)?)\s*[\u2032'分]\s*)?(?:(\d{1,2}(?:\.\d+)?)\s*(?:[\u2033\"秒]|''))?"
)
_LIMITS = {
    "area_m2": (0, 10_000_000),
    "height_m": (0, 999.9),
    "base_height_m": (0, 999.9),
    "length_m": (0, 50),
    "storeys": (0, 200),
    "count": (0, 2_000_000_000),
    "star": (1, 5),
    "year": (1000, 2100),
    "money": (0, 1e14),
    "coordinate": (-1e8, 1e8),
}


def plain_text(value: object) -> str:
    """Return a cell as half-width text; whole floats without their ".0"."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return unicodedata.normalize("NFKC", str(value)).strip()


def within(kind: str, number: float) -> Parsed:
    """Return a number that lies inside what its type allows, else nothing with the limits."""
    low, high = _LIMITS[kind]
    if math.isfinite(number) and low <= number <= high:
        return Parsed(number)
    return Parsed(None, "value_out_of_range", {"low": f"{low:,}", "high": f"{high:,.0f}"})


def limits_of(kind: str) -> tuple[float, float] | None:
    """Return what a type of number allows, both ends included."""
    return _LIMITS.get(kind)


def area(value: object, unit: str | None) -> Parsed:
    """Read an area in m² as (low, high); both are equal for a plain number."""
    try:
        found = parse_number_with_unit(plain_text(value), _unit(unit))
    except UnreadableQuantityError:
        return Parsed(None, "value_unreadable", {"expected": "area in m²", "expected_zh": "面积（㎡）"})
    if found.unit not in (None, "m2"):
        return Parsed(None, "value_unreadable", {"expected": "area in m²", "expected_zh": "面积（㎡）"})
    low, high = _ends(found)
    checked = within("area_m2", high)
    return checked if checked.issue else Parsed((low, high))


def metres(value: object, unit: str | None, kind: str = "length_m") -> Parsed:
    """Read a length in metres; feet and inches are converted."""
    text = plain_text(value)
    feet = _FEET.fullmatch(text)
    if feet or (unit and re.fullmatch(r"ft|feet|英尺", unit, re.I)):
        number = float(feet[1]) + float(feet[2] or 0) / 12 if feet else _float(text)
        return within(kind, round(number * 0.3048, 2)) if number is not None else _no_number()
    match = re.fullmatch(
        r"约?\s*(-?\d+(?:\.\d+)?)\s*(?:m|米|公尺|metres?|meters?)?(?:左右)?", text.replace(",", ""), re.I
    )
    if match:
        return within(kind, float(match[1]))
    ends = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(?:m|米)?\s*[-~–—至到]\s*(\d+(?:\.\d+)?)\s*(?:m|米)?", text, re.I)
    return Parsed(float(ends[1]), "value_a_range", {"result": ends[1]}) if ends else _no_number()


def storeys(value: object, unit: str | None) -> Parsed:
    """Read a number of storeys; half storeys are left out and said."""
    text = plain_text(value).replace(",", "")
    match = _STOREYS.fullmatch(text)
    if match is None:
        ends = re.fullmatch(r"(\d+)\s*(?:层|F)?\s*[-~–—至到]\s*(\d+)\s*(?:层|F)?", text, re.I)
        return Parsed(int(ends[2]), "value_a_range", {"result": ends[2]}) if ends else _no_number()
    number = float(match[1])
    found = within("storeys", number)
    if found.value is None or number.is_integer():
        return Parsed(None if found.value is None else int(number), found.issue, found.more)
    return Parsed(int(number), "value_rounded", {"result": int(number)})


def storeys_both(value: object, unit: str | None) -> Parsed:
    """Read storeys above and below ground in one text ("地上30层地下3层", "30/-3"): (above, below)."""
    match = _BOTH.fullmatch(plain_text(value).replace(" ", ""))
    if match:
        above, below = match["above"] or match["above_last"], match["below"] or match["below_first"]
        return Parsed((int(above), int(below)))
    found = storeys(value, unit)
    return Parsed(None if found.value is None else (found.value, None), found.issue, found.more)


def year(value: object, unit: str | None) -> Parsed:
    """Read a year out of a year, a date or a text with one in it."""
    if isinstance(value, (date, datetime)):
        return Parsed(value.year)
    if isinstance(value, float) and 20_000 < value < 60_000:
        return Parsed(date.fromordinal(_EXCEL_EPOCH + int(value)).year)
    match = _YEAR.search(plain_text(value))
    return (
        Parsed(int(match[1]))
        if match
        else Parsed(None, "value_unreadable", {"expected": "year", "expected_zh": "年份"})
    )


def count(value: object, unit: str | None) -> Parsed:
    """Read a whole number, with a thousands' comma, a 约 and a measure word allowed."""
    match = re.fullmatch(r"[约近>≥]?\s*(\d[\d,]*)(?:\.(\d+))?\s*([万千])?\s*[^\W\d]{0,3}\+?", plain_text(value))
    if match is None:
        ends = re.fullmatch(r"(\d+)\s*[-~–—至到]\s*(\d+)\s*[^\W\d]{0,2}", plain_text(value))
        return Parsed(int(ends[1]), "value_a_range", {"result": ends[1]}) if ends else _no_number()
    number = float(f"{match[1].replace(',', '')}.{match[2] or 0}") * {"万": 10_000, "千": 1000}.get(match[3] or "", 1)
    found = within("count", number)
    return Parsed(None if found.value is None else round(number), found.issue, found.more)


def coordinate(value: object, unit: str | None) -> Parsed:
    """Read a coordinate: a decimal number, or degrees, minutes and seconds."""
    text = plain_text(value).replace("\u2212", "-")
    sign = -1 if re.search(r"[WS西南]", text, re.I) else 1
    text = re.sub(r"[NESW东南西北经纬]", "", text, flags=re.I).strip()
    number = _float(text)
    if number is None and re.fullmatch(r"-?\d{1,3},\d{3,}", text):
        number = _float(text.replace(",", "."))
    if number is None and (match := _DEGREES.fullmatch(text)):
        number = float(match[1]) + float(match[2] or 0) / 60 + float(match[3] or 0) / 3600
    if number is None:
        return Parsed(None, "value_unreadable", {"expected": "coordinate", "expected_zh": "坐标"})
    return within("coordinate", sign * number)


def position(value: object, unit: str | None) -> Parsed:
    """Read longitude and latitude out of one text ("121.47,31.23") in the order in which they stand."""
    parts = [part for part in re.split(r"[,，;；\s]+", re.sub(r"[()\[\]（）]", " ", plain_text(value))) if part]
    numbers = [coordinate(part, None).value for part in parts]
    if len(numbers) != 2 or None in numbers:
        return Parsed(None, "value_unreadable", {"expected": "pair of coordinates", "expected_zh": "经纬度"})
    return Parsed(tuple(numbers))


def rent(value: object, unit: str | None) -> Parsed:
    """Read a rent or fee as (low, high, unit code, text as quoted)."""
    text = value.strip() if isinstance(value, str) else plain_text(value)
    if re.search("面议|洽谈|电询|negotiable|on request|poa", text, re.I):
        return Parsed((None, None, None, text))
    try:
        found = parse_number_with_unit(text, _unit(unit))
    except UnreadableQuantityError:
        return Parsed((None, None, None, text), "value_unreadable", {"expected": "rent", "expected_zh": "租金"})
    quoted = f"{text} {unit}" if unit and re.fullmatch(r"[\d.,\s~-]+", text) else text
    if found.unit is None or found.unit in ("m2", "m", "pct", "cny", "cny_m2", "desk"):
        return Parsed((None, None, None, quoted), "unit_doubtful")
    return Parsed((*_ends(found), found.unit, quoted))


def money(value: object, unit: str | None) -> Parsed:
    """Read an amount in yuan; foreign currency is left out and said."""
    text = re.sub(r"人民币|\(.*?\)", "", plain_text(value)).strip()
    if re.search(r"美元|港元|港币|欧元|日元|英镑|usd|hkd|eur|[$€£]", text + (unit or ""), re.I):
        return Parsed(None, "unit_doubtful")
    try:
        found = parse_number_with_unit(text, _unit(unit))
    except UnreadableQuantityError:
        return _no_number()
    if found.unit is None:
        # Registers in China state capital in 万元 so often that a bare number could be either.
        return Parsed(None, "unit_doubtful")
    return within("money", _ends(found)[0])


_EXCEL_EPOCH = date(1899, 12, 30).toordinal()


@lru_cache(256)
def _unit(unit: str | None) -> HeadingUnit | None:
    return heading_unit(f"({unit})") if unit else None


def _ends(found: Quantity) -> tuple[float, float]:
    low: Decimal | None = found.low if found.low is not None else found.high
    high = found.high if found.high is not None else found.low
    return float(low or 0), float(high or 0)


def _float(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _no_number() -> Parsed:
    return Parsed(None, "value_unreadable", {"expected": "number", "expected_zh": "数字"})
