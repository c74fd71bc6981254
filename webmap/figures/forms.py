"""Reads the forms of figures and targets; what is wrong is said at its field, and nothing typed is lost."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from flask_babel import gettext
from sqlalchemy.orm import Session

from geo.errors import FigureRefusedError, LouMapError, UnknownValueError
from geo.figures import (
    AXES,
    PLACES,
    Counted,
    FigureEntry,
    FigureKind,
    Period,
    TargetEntry,
    counting_words,
    figure_kind,
    figure_kinds,
    period_from_text,
)
from geo.figures.places import find_place
from geo.figures.values import Measured, value_from_text
from geo.model import Area
from webmap.figures.rights import may_enter
from webmap.figures.target_kinds import target_kind
from webmap.permissions import SET_TARGETS, Who, may

LONGEST = 500
Value = TypeVar("Value")


@dataclass
class Form:
    """What was typed, and what is wrong with which field."""

    typed: Mapping[str, str]
    wrong: dict[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A field without blanks around it."""
        return self.typed.get(name, "").strip()[:LONGEST]

    def read(self, name: str, reading: Callable[[str], Value], said: str) -> Value | None:
        """Read a field, or note that it is not understood."""
        try:
            return reading(self.text(name))
        except (LouMapError, InvalidOperation, ValueError, KeyError):
            self.wrong[name] = said
            return None


def read_figure(session: Session, who: Who, form: Form) -> FigureEntry | None:
    """The figure of a form; None where something is wrong with it, which the form then says."""
    kind = form.read("indicator", figure_kind, gettext("请从列表中选择指标。"))
    period = form.read(
        "period",
        period_from_text,
        gettext("看不懂这个期间；请写成 2025、2025年一季度、2025年上半年、2025-03 或 2025年1-9月。"),
    )
    if kind is None:
        return None
    place = form.text("place_kind")
    place_id = _place_id(session, who, form, kind, place)
    said = read_said(form, kind)
    if period is None or place_id is None or said is None:
        return None
    return FigureEntry(
        indicator=kind.code, place=place, place_id=place_id, period=period, counted=_counted(form, kind), **said
    )


def read_said(form: Form, kind: FigureKind) -> dict[str, object] | None:
    """What a form says of a figure: its value, who made it up, the note; None where something is wrong."""
    value = form.read("value", lambda text: value_from_text(text, kind, form.text("unit")), _value_hint(kind))
    contributors = form.read("contributors", _count, gettext("户数请填写正整数，不清楚就留空。"))
    share = form.read("largest_share", _share, gettext("请填写 0 到 100 的数，不清楚就留空。"))
    if not form.text("source"):
        form.wrong["source"] = gettext("请写明数据来源，例如“税务部门入库台账”。")
    if form.wrong:
        return None
    said = {"contributors": contributors, "largest_share_pct": share}
    return {"value": value, "note": form.text("note") or None, **said}


def read_target(session: Session, who: Who, form: Form) -> TargetEntry | None:
    """The target of a form; None where something is wrong with it."""
    kind = form.read("indicator", target_kind, gettext("请从列表中选择指标。"))
    area = form.read(
        "area", lambda text: find_place(session, "area", text), gettext("没有这个区域；请填写全名或编号。")
    )
    if area is not None and not (isinstance(area, Area) and may(who, SET_TARGETS, area)):
        form.wrong["area"] = gettext("您的账号不能为这个区域设目标。")
    year = form.read(
        "year", lambda text: int(text) if text else None, gettext("年份请填写四位数字；规划没有写年份就留空。")
    )
    value = kind and form.read("value", lambda text: value_from_text(text, kind, form.text("unit")), _value_hint(kind))
    if not form.text("source"):
        form.wrong["source"] = gettext("请写明目标出自哪个规划或文件。")
    if form.wrong or kind is None or area is None or value is None:
        return None
    entry = TargetEntry(
        area_id=area.id, indicator=kind.code, year=year, bound=form.text("bound"), value=value,
        scope=form.text("scope") or None if kind.is_tax else None, publishable=form.text("publishable") == "yes",
        note=form.text("note") or None,
    )  # fmt: skip
    try:
        entry.check()
    except FigureRefusedError:
        form.wrong["year"] = gettext("年份请填写 1990 到 2200 之间的四位数字；规划没有写年份就留空。")
        return None
    return entry


def refused(form: Form, entry: FigureEntry, error: FigureRefusedError) -> None:
    """Say why a figure as a whole was refused, at the field that it is about."""
    kind = figure_kind(entry.indicator)
    if entry.place not in kind.places:
        form.wrong["place_kind"] = gettext("这项指标不能按这种对象填写。")
    elif "ended" in str(error):
        form.wrong["period"] = gettext("这个期间还没有结束；请按已过去的月份填写，例如 2025年1-9月。")
    else:
        form.wrong["value"] = _value_hint(kind)


def choices() -> dict[str, object]:
    """What the lists of the forms offer."""
    return {"kinds": figure_kinds(), "axes": {axis: counting_words(axis) for axis in AXES}, "places": PLACES}


def _place_id(session: Session, who: Who, form: Form, kind: FigureKind, place: str) -> int | None:
    if place not in kind.places:
        form.wrong["place_kind"] = gettext("这项指标不能按这种对象填写。")
        return None
    try:
        found = find_place(session, place, form.text("place"))
    except UnknownValueError as error:
        several = "several" in str(error)
        form.wrong["place"] = (
            gettext("同名的不止一个，请改填编号（在其页面地址里）。")
            if several
            else gettext("没有找到；请填写全名、编号或统一社会信用代码。")
        )
        return None
    if not may_enter(session, who, kind, found):
        form.wrong["place"] = gettext("您的账号不能为它填写这项指标。")
        return None
    return found.id


def _counted(form: Form, kind: FigureKind) -> Counted | None:
    if not kind.is_tax:
        return None
    chosen = {axis: form.text(axis) for axis in AXES}
    codes = {axis: {word.code for word in counting_words(axis)} for axis in AXES}
    scope, basis, one_off, attribution = (
        chosen[axis] if chosen[axis] in codes[axis] else counting_words(axis)[0].code for axis in AXES
    )
    return Counted(scope, basis, one_off == "yes", attribution)


def _count(text: str) -> int | None:
    if not text:
        return None
    number = int(text)
    if not 0 < number < 10_000_000:
        raise ValueError
    return number


def _share(text: str) -> Decimal | None:
    if not text:
        return None
    share = Decimal(text.rstrip("%\uff05"))
    if not 0 <= share <= 100:
        raise ValueError
    return share.quantize(Decimal("0.01"))


def _value_hint(kind: Measured) -> str:
    if kind.unit == "share":
        return gettext("请填写百分比，例如 85.5%。")
    if kind.unit == "cny":
        return gettext("请填写金额，例如 1234567.89、123.5万元 或 1.2亿元。")
    return gettext("请填写数字，例如 120。")


def usual(kind: FigureKind | None, period: Period | None) -> dict[str, str]:
    """What an empty form begins with."""
    return {"indicator": kind.code if kind else "", "period": period.code if period else "", "unit": "万元"}
