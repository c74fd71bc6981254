"""Reads numbers with units as people type them ("3.2万㎡", "150-800㎡", "4.5元/㎡·天") and writes areas for a page."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from geo.errors import UnreadableQuantityError
from geo.text import to_simplified

WALKING_M_MIN = 80
"""Metres walked in a minute (4.8 km/h), as signs at Chinese stations and advertisements reckon."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number or range with its unit.

    Attributes
    ----------
    low, high
        The ends of the range, equal for a plain number; None where the text leaves that end open ("500㎡以上").
    unit
        ``m2``, ``m``, ``cny``, ``cny_m2``, a code of ``rent_units.csv`` (``cny_m2_day`` …), ``desk``, ``pct``, or None
        when neither text nor heading names one.
    text
        The text as quoted.
    approximate
        Whether the text says 约, 左右 or the like.
    """

    low: Decimal | None
    high: Decimal | None
    unit: str | None
    text: str
    approximate: bool = False

    def exact(self) -> Decimal:
        """Return the one number.

        Raises
        ------
        UnreadableQuantityError
            When the text is a range or open at one end.
        """
        if self.low is None or self.low != self.high:
            raise UnreadableQuantityError(f"{self.text!r} is a range; give one number.")
        return self.low


@dataclass(frozen=True, slots=True)
class HeadingUnit:
    """The unit that a column heading states, and what its numbers are to be multiplied with (万㎡: 10000)."""

    unit: str
    factor: Decimal = Decimal(1)


def parse_number_with_unit(text: str, heading: HeadingUnit | None = None) -> Quantity:
    """Read a number or range with its unit; a unit in the text is stronger than the one of the heading.

    Areas come in m², money in yuan: 万 and 亿 are multiplied out.

    Raises
    ------
    UnreadableQuantityError
        When the text is no number, or its unit is none that is kept (亩, 公顷, sq ft); the message names the remedy.
    """
    match = _matched(text)
    unit = _known_unit(match["unit"] or match["low_unit"] or "", text, match)
    scale = Decimal(1)
    if unit is None and heading is not None:
        unit, scale = heading.unit, Decimal(1) if match["low_scale"] or match["high_scale"] else heading.factor
    low, high = _ends(match, text)
    return Quantity(
        low=None if match["open"] in _DOWNWARD or match["start"] in _AT_MOST else low * scale,
        high=None if match["open"] in _UPWARD or match["start"] in _AT_LEAST else high * scale,
        unit=unit,
        text=text,
        approximate=bool(match["about"] or match["more"] or match["open"] in _AROUND),
    )


def heading_unit(heading: str) -> HeadingUnit | None:
    """Return the unit in the brackets or at the end of a column heading ("租金(元/㎡·天)"), None when there is none."""
    plain = _plain(heading).replace(" ", "")
    candidates = re.findall(r"[(\[【]((?:[^()]|\([^()]*\))+)[)\]】]", plain)
    candidates += re.findall(r"(?:[万千亿]?(?<![单美欧港日])元(?:/.+)?|万?(?:m2|平方米|平米)|%)$", plain)
    for candidate in candidates:
        match = re.fullmatch(r"(?:单位:?)?([万千亿])?(.+)", candidate)
        unit = unit_code(match[2]) if match else None
        if match and unit:
            return HeadingUnit(unit, _SCALES[match[1] or ""])
    return None


def unit_code(text: str) -> str | None:
    """Return the code of a unit however it is written ("元/㎡·天", "元每平米每天": cny_m2_day), None when unknown."""
    words = [word for word in re.split(r"[/·.*•・()每]|per", _plain(text).replace(" ", "")) if word]
    kinds = [_WORD_KINDS.get(word) for word in words]
    if None in kinds or len(set(kinds)) != len(kinds):
        return None
    return _UNITS.get(frozenset(kind for kind in kinds if kind))


def format_area(area_m2: float | Decimal, locale: str = "zh") -> str:
    """Write an area for a page: "1,200 m²", and from 10,000 m² on "3.2 万 m²" in Chinese ("萬" for ``zh-hant``)."""
    area_m2 = float(area_m2)
    if locale.lower().startswith("en") or area_m2 < 10_000:
        return f"{area_m2:,.0f} m²"
    number = f"{area_m2 / 10_000:,.2f}".rstrip("0").rstrip(".")
    return f"{number} {'萬' if 'hant' in locale.lower() else '万'} m²"


def _plain(text: str) -> str:
    return to_simplified(unicodedata.normalize("NFKC", text).casefold()).strip()


def _matched(text: str) -> re.Match[str]:
    """Match the text, without a remark in brackets where it has one ("1200㎡(套内)")."""
    plain = _plain(text).replace(" ", "")
    for candidate in (plain, re.sub(r"\([^()]*\)$", "", plain)):
        match = _QUANTITY.fullmatch(candidate)
        if match and (not match["unit"] or unit_code(match["unit"].lstrip("/"))):
            return match
    match = _QUANTITY.fullmatch(plain)
    if match is None:
        raise UnreadableQuantityError(f"{text!r} is not a number; give digits and a unit, as 1,200㎡ or 4.5元/㎡/天.")
    return match


def _ends(match: re.Match[str], text: str) -> tuple[Decimal, Decimal]:
    low, low_scale = _number(match["low"], text), _SCALES[match["low_scale"] or ""]
    if match["high"] is None:
        return low * low_scale, low * low_scale
    high, high_scale = _number(match["high"], text), _SCALES[match["high_scale"] or ""]
    if match["low_scale"] is None and low <= high:
        low_scale = high_scale  # 1.5-2万㎡, but not 8000-1.2万㎡
    if low * low_scale > high * high_scale:
        raise UnreadableQuantityError(f"{text!r} is a range from the larger to the smaller number; turn it round.")
    return low * low_scale, high * high_scale


def _number(digits: str, text: str) -> Decimal:
    if "," in digits and not re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", digits):
        raise UnreadableQuantityError(f"{text!r} has a comma that parts no thousands; write the decimals with a point.")
    return Decimal(digits.replace(",", ""))


def _known_unit(written: str, text: str, match: re.Match[str]) -> str | None:
    if match["currency"] or written.startswith("/"):
        written = f"元/{written.removeprefix('元')}"
    if not written:
        return None
    if written in _REFUSED:
        raise UnreadableQuantityError(f"{text!r} is in {_REFUSED[written]}; give it in m².")
    code = unit_code(written)
    if code is None:
        raise UnreadableQuantityError(f"The unit in {text!r} is not known; known are {_EXAMPLES}.")
    return code


_SCALES = {"": Decimal(1), "千": Decimal(1000), "万": Decimal(10_000), "亿": Decimal(100_000_000)}
_UPWARD, _DOWNWARD, _AROUND = {"以上", "起", "起租", "起售", "+"}, {"以下", "以内"}, {"左右", "上下"}
_AT_LEAST, _AT_MOST = {">=", "≥", ">"}, {"<=", "≤", "<"}
_NUMBER = r"\d[\d,]*(?:\.\d+)?|\.\d+"
_UNIT = r"[^\d.,~–—至到以起左上<>+-](?:[^~–—至到以起左上+-]*[^~–—至到以起左上+-])??"
_QUANTITY = re.compile(
    rf"""(?P<about>约|大约|大概|近|将近|approx\.?|about|≈)?
    (?P<start>>=|<=|[≥≤<>])?
    (?P<currency>¥|rmb|cny)?
    (?P<low>{_NUMBER})(?P<low_scale>[万千亿])?(?P<more>余)?
    (?:(?P<low_unit>{_UNIT})?(?:[-~–—至到]+)¥?(?P<high>{_NUMBER})(?P<high_scale>[万千亿])?)?
    (?P<unit>{_UNIT})?
    (?P<open>以上|以下|以内|起租|起售|起|左右|上下|\+)?""",
    re.VERBOSE,
)
_WORDS = {
    "yuan": "元 块 块钱 圆 人民币 rmb cny yuan ¥",
    "m2": "m2 m^2 平方米 平米 平 平方 sqm sq.m 方",
    "day": "天 日 day d",
    "month": "月 个月 month mo",
    "year": "年 year yr a",
    "desk": "工位 卡位 座位 卡座 个工位 desk desks seat 个",
    "m": "m 米 metre meter",
    "pct": "%",
}
_WORD_KINDS = {word: kind for kind, words in _WORDS.items() for word in words.split()}
_UNITS = {
    frozenset({"m2"}): "m2",
    frozenset({"m"}): "m",
    frozenset({"pct"}): "pct",
    frozenset({"desk"}): "desk",
    frozenset({"yuan"}): "cny",
    frozenset({"yuan", "m2"}): "cny_m2",
    frozenset({"yuan", "m2", "day"}): "cny_m2_day",
    frozenset({"yuan", "m2", "month"}): "cny_m2_month",
    frozenset({"yuan", "m2", "year"}): "cny_m2_year",
    frozenset({"yuan", "month"}): "cny_month",
    frozenset({"yuan", "year"}): "cny_year",
    frozenset({"yuan", "desk", "month"}): "cny_desk_month",
}
_REFUSED = {
    **dict.fromkeys(["亩", "mu"], "mu (1 亩 = 666.67 m²)"),
    **dict.fromkeys(["公顷", "ha"], "hectares (1 公顷 = 10,000 m²)"),
    **dict.fromkeys(["平方英尺", "尺", "呎", "平方呎", "sqft", "sq.ft", "ft2"], "square feet (1 sq ft = 0.0929 m²)"),
    **dict.fromkeys(["坪"], "ping (1 坪 = 3.306 m²)"),
    **dict.fromkeys(["平方公里", "km2"], "square kilometres (1 km² = 1,000,000 m²)"),
}
_EXAMPLES = "㎡, 元/㎡/天, 元/㎡/月, 元/月, 元/工位/月, 工位"
