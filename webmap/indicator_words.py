"""How values of indicators, their changes and their formulas are said."""

from collections.abc import Sequence
from typing import Protocol

from flask_babel import gettext, ngettext

from geo.indicators import Indicator
from geo.indicators.measures import measure_names
from geo.indicators.record import OCCUPIED, UNKNOWN, VACANT
from webmap import numbers
from webmap.locale import current_locale
from webmap.names import label
from webmap.words import industry_name, word

_UNKNOWN = numbers.UNKNOWN


class Directed(Protocol):
    """An indicator, as far as its changes can be judged: its unit, and whether more is better."""

    @property
    def unit(self) -> str:
        """The unit of its value."""

    @property
    def direction(self) -> str:
        """'up', 'down' or 'none'."""


def group_name(group: str) -> str:
    """What a group of indicators is called."""
    names = {
        "space": gettext("空间"),
        "buildings": gettext("楼宇"),
        "enterprises": gettext("企业"),
        "tax": gettext("税收"),
        "data": gettext("数据质量"),
        "own": gettext("自定指标"),
    }
    return names[group]


def period_name(period: str) -> str:
    """What time a value is about."""
    names = {
        "day": gettext("当日"),
        "last_12_months": gettext("过去 12 个月"),
        "last_13_weeks": gettext("最近 13 周"),
        "calendar_year": gettext("上一完整年度"),
    }
    return names[period]


def step_name(step: str) -> str:
    """Why occupied area or its base changed."""
    names = {
        "corrected": gettext("更正此前的数字"),
        "redefined": gettext("面积重新认定"),
        "recorded": gettext("首次纳入统计"),
        "supply": gettext("新增供应"),
        "removed": gettext("移出统计"),
        "told": gettext("未知与已知之间"),
        "moved_in": gettext("迁入"),
        "moved_out": gettext("迁出"),
    }
    return names[step]


def state_name(state: int) -> str:
    """The state of a unit, as far as indicators tell them apart."""
    names = {VACANT: gettext("空置"), OCCUPIED: gettext("使用中"), UNKNOWN: gettext("状态未知")}
    return names.get(state, gettext("当日不在"))


def industry(code: str) -> str:
    """An industry by its name, with the code of GB/T 4754 in front where it has one."""
    known = (code.isalpha() and len(code) == 1) or code.isdigit()
    return f"{code} {industry_name(code)}" if known else industry_name(code)


def rows_name(what: str, count: int) -> str:
    """How many units, enterprises or buildings a source tells of."""
    return say(count, what)


def light_name(light: str) -> str:
    """How a target stands."""
    return {"met": gettext("达标"), "near": gettext("接近"), "missed": gettext("未达标"), "": ""}[light]


def bound_name(bound: str) -> str:
    """The sign of a floor or a ceiling."""
    return "≥" if bound == "at_least" else "≤"


def say(value: float | None, unit: str) -> str:
    """A value with its unit, rounded as people say it."""
    if value is None:
        return _UNKNOWN
    said = _counted(value, unit)
    if said is not None:
        return said
    if unit == "share":
        return numbers.percent(value) if value >= 0 else "−" + numbers.percent(-value)
    if unit in ("m2", "m2_a_month"):
        return numbers.area(value) if value >= 0 else "−" + numbers.area(-value)
    if unit == "cny_m2_day":
        return numbers.quoted(value, unit)
    if unit in ("cny", "cny_day", "cny_m2"):
        return say_money(value)
    return numbers.number(value, 2)


def unit_sign(unit: str) -> str:
    """The unit of an axis; empty where figures have it themselves or are counts."""
    signs = {
        "m2": "m²",
        "cny_m2_day": word("cny_m2_day", "rent_unit"),
        "cny": gettext("元"),
        "cny_m2": gettext("元/m²"),
        "months": gettext("个月"),
        "days": gettext("天"),
    }
    return signs.get(unit, "")


def say_shortly(value: float, unit: str) -> str:
    """A value for the axis of a chart, where there is room for six letters; its unit stands beside the chart."""
    if unit == "share":
        return numbers.percent(value)
    english = _english()
    large, sign = (1e6, "M") if english else (1e8, "亿")
    small, letter = (1e3, "k") if english else (1e4, "万")
    for size, name in ((large, sign), (small, letter)):
        if abs(value) >= size:
            return f"{numbers.number(value / size, 2 if abs(value) < 10 * size else 1)}{name}"
    return numbers.number(value, 2)


def exactly(value: float | None, unit: str) -> str:
    """A figure to the digit, for formulas that are to be reckoned again."""
    if value is None:
        return _UNKNOWN
    said = _counted(value, unit)
    if said is not None:
        return said
    if unit in ("m2", "m2_a_month"):
        return f"{numbers.number(value, 2)} m²"
    if unit in ("cny", "cny_day", "cny_m2"):
        return gettext("%(n)s 元", n=numbers.number(value, 2))
    return say(value, unit)


def say_change(change: float | None, unit: str) -> str:
    """By how much a value has changed: "+1.2 个百分点", "−3.1 万 m²"; that of nothing is "±0"."""
    if change is None:
        return _UNKNOWN
    size = abs(change)
    if unit == "cny_m2_day":
        said = gettext("%(n)s 元", n=numbers.number(size, 2))
        return f"{'+' if change > 0 else '−'}{said}" if size >= 0.005 else "±0"
    said = gettext("%(n)s 个百分点", n=numbers.number(size * 100, 1)) if unit == "share" else say(size, unit)
    nothing = say(0, unit) if unit != "share" else gettext("%(n)s 个百分点", n="0")
    return "±0" if said == nothing else f"{'+' if change > 0 else '−'}{said}"


def exact_change(change: float, unit: str) -> str:
    """By how much a figure has changed, to the digit."""
    return f"{'+' if change > 0 else '−' if change < 0 else '±'}{exactly(abs(change), unit)}"


def judged(change: float | None, indicator: Directed) -> str:
    """Whether a change is for the better ('ok') or the worse ('danger'); '' where it is neither."""
    if not change or indicator.direction == "none" or say_change(change, indicator.unit) == "±0":
        return ""
    return "ok" if (change > 0) == (indicator.direction == "up") else "danger"


def formula(terms: Sequence[str]) -> str:
    """Measures in words, added up."""
    return " + ".join(measure_name(name) for name in terms)


def measure_name(name: str) -> str:
    """What a measure is called."""
    return label(measure_names()[name])


def measure_unit(name: str) -> str:
    """The unit of a measure."""
    return measure_names()[name].unit


def definition(indicator: Indicator) -> str:
    """What an indicator means, in the reader's language."""
    return label(_Text(indicator.definition, indicator.definition_en))


def say_money(value: float) -> str:
    """Money in the round: 3.2 亿元, in English CNY 320 million."""
    sign, size = ("−" if value < 0 else ""), abs(value)
    # English counts in thousands and millions.
    english = _english()
    if size >= 1e8:
        return sign + gettext("%(n)s 亿元", n=numbers.number(size / 1e6 if english else size / 1e8, 2))
    if size >= 1e4:
        return sign + gettext("%(n)s 万元", n=numbers.number(size / 1e3 if english else size / 1e4, 1))
    return sign + gettext("%(n)s 元", n=numbers.number(size, 2))


def _english() -> bool:
    locale = current_locale()
    return locale is not None and locale.language == "en"


def _counted(value: float, unit: str) -> str | None:
    """A count of things; None for other units."""
    if unit == "buildings":
        return ngettext("%(n)s 幢", "%(n)s 幢", round(value), n=numbers.number(value))
    if unit == "enterprises":
        return gettext("%(n)s 家", n=numbers.number(value))
    if unit == "people":
        return gettext("%(n)s 人", n=numbers.number(value))
    if unit == "units":
        return ngettext("%(n)s 个单元", "%(n)s 个单元", round(value), n=numbers.number(value))
    if unit == "returns":
        return ngettext("%(n)s 份周报", "%(n)s 份周报", round(value), n=numbers.number(value))
    if unit == "months":
        return gettext("%(n)s 个月", n=numbers.number(value, 1))
    if unit == "days":
        return gettext("%(n)s 天", n=numbers.number(value, 1))
    return None


class _Text:
    def __init__(self, name: str, name_en: str) -> None:
        self.name, self.name_en = name, name_en
