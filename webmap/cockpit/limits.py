"""How limits of warnings are said, and the figures that reached them."""

from flask_babel import gettext

from geo.indicators.warnings import Rule, Warned
from webmap import numbers
from webmap.names import label


def said(rule: Rule) -> str:
    """The limit in words: "≥ 35%，且不小于 2,000 m²"."""
    told = f"≥ {_figure(rule.limit, rule.unit)}"
    if rule.days:
        told = gettext("%(days)s 天内 %(limit)s", days=rule.days, limit=told)
    if rule.least_m2:
        told = gettext("%(limit)s，且不小于 %(area)s", limit=told, area=numbers.area(rule.least_m2))
    return told


def value(warned: Warned) -> str:
    """The figure that reached the limit, with the area that it concerns."""
    told = _figure(warned.value, warned.rule.unit)
    return f"{told} · {numbers.area(warned.area_m2)}" if warned.rule.least_m2 else told


def definition(rule: Rule) -> str:
    """What is warned of, in the reader's language."""
    return label(_Text(rule.definition, rule.definition_en))


def _figure(value: float, unit: str) -> str:
    if unit == "share":
        return numbers.percent(value)
    if unit == "points":
        return gettext("%(n)s 个百分点", n=numbers.number(value * 100, 1))
    if unit == "returns":
        return gettext("%(n)s 份", n=numbers.number(value))
    return gettext("%(n)s 家", n=numbers.number(value))


class _Text:
    def __init__(self, name: str, name_en: str) -> None:
        self.name, self.name_en = name, name_en
