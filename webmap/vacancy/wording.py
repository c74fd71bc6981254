"""Filters of the templates of returns: days from a day, a unit's share of its floor, kept texts as what they say."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from flask import Flask
from flask_babel import gettext

from geo.returns.said import Said, from_texts
from geo.returns.standing import UnitNow
from webmap.vacancy.models import ReturnDoubt
from webmap.vacancy.undoing import was_taken_back

TWELFTHS = 12


def later(day: date, days: int) -> date:
    """The day so many days later."""
    return day + timedelta(days=days)


def share_of(unit: UnitNow, floor: Sequence[UnitNow]) -> int:
    """How wide a unit is drawn, in twelfths of its floor; one of unknown area as the average of the others."""
    known = [float(each.area_m2) for each in floor if each.area_m2]
    usual = sum(known) / len(known) if known else 1.0
    whole = sum(known) + usual * (len(floor) - len(known))
    return min(TWELFTHS, max(1, round(TWELFTHS * float(unit.area_m2 or usual) / whole)))


def as_said(texts: Mapping[str, str]) -> Said:
    """What was kept as texts."""
    return from_texts(texts)


def in_words(doubt: ReturnDoubt) -> str:
    """What is doubtful, in one sentence of the reader's language."""
    return _sentences()[doubt.kind].format_map(doubt.details)


def add_filters(app: Flask) -> None:
    """Make these functions filters of the app's templates, under their own names."""
    for function in (later, share_of, as_said, in_words, was_taken_back):
        app.add_template_filter(function)


def _sentences() -> dict[str, str]:
    return {
        "twice": gettext("同一层有两个相同的房号：{labels}。"),
        "over_floor": gettext("{floor} 层各单元面积之和 {sum} m²，超过楼层面积 {area} m²。"),
        "jump": gettext("空置面积占比一周内从 {before}% 变为 {after}%，超过 {most} 个百分点。"),
        "rent": gettext("{labels} 的租金折合每天每平方米 {rent} 元，常见范围是 {low} 至 {high} 元。"),
        "tenant_elsewhere": gettext("{labels} 的租户 {tenant} 目前登记在 {building}。"),
        "end_before_start": gettext("{labels}：{first} 才开始的状态，{then} 就结束了。"),
    }
