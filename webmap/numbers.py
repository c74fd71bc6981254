"""How numbers, rents and dates are written for the reader, as filters for templates.

Areas are m², rents are kept as quoted with the same per day and per month beside them, dates are days in the time
zone of the installation. What is not known is written as a dash, never as zero.
"""

from datetime import date, datetime
from decimal import Decimal

from flask import Flask, current_app
from flask_babel import gettext, ngettext

from geo.filters import RENT_UNITS
from geo.quantities import format_area
from geo.stamps import age_of, last_word
from webmap.left_out import left_out
from webmap.locale import current_locale
from webmap.words import word

UNKNOWN = "—"

Number = int | float | Decimal

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_RENT_DIGITS = {"cny_m2_day": 2, "cny_m2_month": 1}


def number(value: Number | None, digits: int = 0) -> str:
    """1234.5 → "1,235"; with `digits` at most so many decimals, zeros at the end left out."""
    if value is None:
        return UNKNOWN
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if digits else text


def area(value: Number | None) -> str:
    """Square metres: "86.5 m²", "1,200 m²", in Chinese from 10,000 on "3.2 万 m²"."""
    if value is None:
        return UNKNOWN
    return f"{number(value, 1)} m²" if value < 100 else format_area(float(value), _tag())


def exact_area(value: Number | None) -> str:
    """Square metres to the digit, for tables that are added up: "32,480.5 m²"."""
    return UNKNOWN if value is None else f"{number(value, 2)} m²"


def metres(value: Number | None) -> str:
    """A distance: "320 m", also beyond a kilometre."""
    return UNKNOWN if value is None else f"{number(value)} m"


def distance(value: Number | None, method: str) -> str:
    """How far, and how that was measured: "步行 430 米", "直线 380 米"; in English "430 m on foot"."""
    if value is None:
        return UNKNOWN
    if method == "walking":
        return gettext("步行 %(metres)s 米", metres=number(value))
    return gettext("直线 %(metres)s 米", metres=number(value))


def percent(share: Number | None) -> str:
    """A share of one: 0.125 → "12.5%"; little is not called nothing."""
    if share is None:
        return UNKNOWN
    return "<0.1%" if 0 < share < 0.0005 else f"{number(float(share) * 100, 1)}%"


def quoted(amount: Number | None, unit: str | None) -> str:
    """A rent as it was quoted: 4.5, 'cny_m2_day' → "4.5 元/m²·天", in English "CNY 4.5/m²/day"."""
    return UNKNOWN if amount is None or not unit else _with_unit(number(amount, 2), unit)


def quoted_range(low: Number, high: Number, unit: str) -> str:
    """Rents from–to in one unit: "4.5–6 元/m²·天"."""
    return _with_unit(number(low, 2) if low == high else f"{number(low, 2)}–{number(high, 2)}", unit)


def beside(cny_m2_day: Number | None, quoted_unit: str | None = None) -> list[str]:
    """The same rent per m² in the units it was not quoted in, rounded: ["≈ 136.9 元/m²·月"]."""
    return [] if cny_m2_day is None else _normalised((float(cny_m2_day),), quoted_unit)


def beside_range(cny_m2_day: tuple[float, float], quoted_unit: str | None = None) -> list[str]:
    """As `beside`, for rents from–to: ["≈ 121.7–182.5 元/m²·月"]."""
    return _normalised(cny_m2_day, quoted_unit)


def day(value: date | None) -> str:
    """A date: "2026-11-20", in English "20 Nov 2026"."""
    if value is None:
        return UNKNOWN
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}" if _english() else value.isoformat()


def month(value: date | None) -> str:
    """A month: "2027 年 1 月", in English "Jan 2027"."""
    if value is None:
        return UNKNOWN
    return f"{_MONTHS[value.month - 1]} {value.year}" if _english() else f"{value.year} 年 {value.month} 月"


def ago(value: date | None, today: date) -> str:
    """How long ago a day was, in the largest unit that is still fair: "3 天前", "2 个月前"."""
    if value is None:
        return UNKNOWN
    days = (today - value).days
    if days <= 0:
        return gettext("今天")
    if days == 1:
        return gettext("昨天")
    if days < 60:
        return ngettext("%(num)s 天前", "%(num)s 天前", days)
    if days < 730:
        return ngettext("%(num)s 个月前", "%(num)s 个月前", days // 30)
    return ngettext("%(num)s 年前", "%(num)s 年前", days // 365)


def day_of(instant: datetime | None) -> str:
    """The day of an instant where the district lies, written as `day` does."""
    zone = current_app.extensions["loumap_settings"].timezone
    return day(instant.astimezone(zone).date() if instant else None)


def floor_label(label: str) -> str:
    """What the lift says: "12" → "12 层", in English "12F"; "B1" and "12A" stay as they are."""
    if not label.isdecimal():
        return label
    return f"{label}F" if _english() else gettext("%(number)s 层", number=label)


def add_filters(app: Flask) -> None:
    """Make these functions filters of the app's templates, under their own names."""
    filters = (
        number,
        area,
        exact_area,
        metres,
        distance,
        percent,
        quoted,
        beside,
        day,
        month,
        ago,
        age_of,
        last_word,
        left_out,
        day_of,
        floor_label,
    )
    for function in filters:
        app.add_template_filter(function)
    app.add_template_global(quoted_range)
    app.add_template_global(beside_range)


def _normalised(cny_m2_day: tuple[float, ...], quoted_unit: str | None) -> list[str]:
    texts = []
    for unit, factor in RENT_UNITS.items():
        if unit != quoted_unit:
            rounded = dict.fromkeys(number(rent / factor, _RENT_DIGITS[unit]) for rent in cny_m2_day)
            texts.append("≈ " + _with_unit("–".join(rounded), unit))
    return texts


def _with_unit(text: str, unit: str) -> str:
    name = word(unit, "rent_unit")
    return name.replace("CNY", f"CNY {text}", 1) if _english() else f"{text} {name}"


def _tag() -> str:
    locale = current_locale()
    if locale is None:
        return "zh"
    return f"{locale.language}-{locale.script}".lower() if locale.script else locale.language


def _english() -> bool:
    locale = current_locale()
    return locale is not None and locale.language == "en"
