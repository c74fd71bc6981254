"""Criteria, targets and values in the reader's language."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext

from geo.matching.asking import Asked
from geo.quantities import WALKING_M_MIN
from webmap.match_schemas import AskedCriterion, MatchChange, MatchPart
from webmap.names import hant
from webmap.numbers import area, day, month, number, quoted
from webmap.words import word

Value = float | int | str | list[str] | None


Criterion = Asked | AskedCriterion | MatchPart


def criterion_name(name: str) -> str:
    """What a criterion is called."""
    names: Mapping[str, str] = {
        "area": gettext("面积"),
        "available": gettext("可入驻"),
        "rent": gettext("租金"),
        "budget": gettext("每月租金和物业费"),
        "floor": gettext("楼层"),
        "band": gettext("楼层区段"),
        "grade": gettext("等级"),
        "star": gettext("星级"),
        "theme": gettext("特色"),
        "fitout": gettext("装修"),
        "industry": gettext("楼内同行业"),
        "neighbours": gettext("500 米内同行业企业"),
        "registrable": gettext("可注册公司"),
        "permits": gettext("经营许可"),
        "parking": gettext("车位"),
        "zone": gettext("政策片区"),
        "within": gettext("区域"),
        "bbox": gettext("地图范围"),
        "lunch": gettext("午餐"),
        "services": gettext("律师和会计"),
        "car_park": gettext("停车场"),
    }
    return names.get(name) or word(name, "amenity") or name


def target_text(criterion: Criterion) -> str:
    """What is asked for, such as "≤ 5 元/m²·天"."""
    name, target, unit = criterion.name, criterion.target, criterion.unit
    if name == "available":
        return gettext("不晚于 %(day)s", day=day(date.fromisoformat(target)))
    if name in ("rent", "budget"):
        return f"≤ {_amount(name, float(target), unit)}"
    if name == "parking":
        return f"≥ {target}"
    if name == "neighbours":
        return gettext("≥ %(n)s 家", n=target)
    if unit == "m":
        minutes = int(target) // WALKING_M_MIN
        near = gettext("%(metres)s m 内", metres=target)
        on_foot = gettext("步行约 %(n)s 分钟", n=minutes)
        return f"{near}（{on_foot}）" if minutes else near
    if unit == "m2":
        return _open(target, "m²")
    if unit == "desk":
        return gettext("%(n)s 人", n=target)
    if name == "floor":
        return _open(target, gettext("层"))
    if name in ("registrable", "bbox"):
        return ""
    return "、".join(_said(name, each) for each in target.split(","))


def value_text(name: str, value: Value, unit: str) -> str:
    """What a result has under a criterion; what is not stated says so."""
    if value is None:
        return gettext("未注明")
    if name == "available":
        return gettext("即时") if value == "now" else month(date.fromisoformat(f"{value}-01"))
    if name in ("rent", "budget") and isinstance(value, int | float):
        return _amount(name, value, unit)
    if isinstance(value, list):
        return "、".join(_said(name, each) for each in value) or gettext("没有")
    if isinstance(value, str):
        return _said(name, value)
    said: Mapping[str, Callable[[float], Any]] = {
        "m": lambda metres: f"{number(metres)} m" if metres else gettext("楼内"),
        "m2": area,
        "desk": lambda desks: gettext("%(n)s 人", n=number(desks)),
        "floor": lambda floor: gettext("自下第 %(n)s 层", n=number(floor)),
        "spaces": lambda spaces: gettext("%(n)s 个", n=number(spaces)),
        "firms": lambda firms: gettext("%(n)s 家", n=number(firms)),
    }
    return str(said.get(unit, number)(value))


def beside_value(part: MatchPart) -> str:
    """What else is to be said of a value: what is not in it, or how far the nearest is."""
    if part.missing:
        return gettext("物业费未注明，未计入")
    if part.nearest_m:
        return gettext("最近 %(metres)s m", metres=number(part.nearest_m))
    return "" if part.nearest_m is None else gettext("楼内就有")


def change_text(change: MatchChange) -> str:
    """A change that would bring more, such as "租金 5 → 5.3"."""
    name = criterion_name(change.name)
    if change.parameter == "must":
        return gettext("%(name)s不再必须", name=name)
    if change.parameter == "tolerance":
        return gettext("面积误差 %(low)s%% → %(high)s%%", low=change.before, high=change.after)
    if change.name == "available":
        first, last = (date.fromisoformat(text) for text in (change.before, change.after))
        return f"{name} {day(first)} → {day(last)}"
    if change.name in ("rent", "budget"):
        low, high = (number(float(text), 2) for text in (change.before, change.after))
        unit = "" if change.name == "rent" else gettext(" 元/月")
        return f"{name} {low} → {high}{unit}"
    if (unit := _unit_of_change(change)) is not None:
        return f"{_side(change) or name} {change.before} → {change.after}{unit}"
    kind = change.name if change.name in ("grade", "theme", "fitout") else ""
    before, after = ("、".join(_said(kind, each) for each in text.split(",")) for text in (change.before, change.after))
    return f"{name} {before} → {after}"


def _unit_of_change(change: MatchChange) -> str | None:
    """The unit of a number that changes; None for words."""
    if change.parameter.endswith("_minutes"):
        return gettext(" 分钟")
    if change.parameter.endswith("_m"):
        return " m"
    units = {
        **dict.fromkeys(("area_min", "area_max"), " m²"),
        **dict.fromkeys(("floor_min", "floor_max"), ""),
        "parking": gettext(" 个"),
        "neighbours": gettext(" 家"),
    }
    return units.get(change.parameter)


def _side(change: MatchChange) -> str:
    """Which end of a range changes."""
    sides = {
        "area_min": gettext("面积至少"),
        "area_max": gettext("面积至多"),
        "floor_min": gettext("楼层至少"),
        "floor_max": gettext("楼层至多"),
    }
    return sides.get(change.parameter, "")


def cost_name(name: str) -> str:
    """What a line of the cost is called."""
    names = {
        "rent": gettext("租金"),
        "property_fee": gettext("物业费"),
        "parking": gettext("车位"),
        "deposit": gettext("押金"),
        "rent_free": gettext("免租"),
        "escalation": gettext("递增"),
        "overtime_hvac": gettext("空调加时"),
        "restoration": gettext("恢复原状"),
        "rent_free_fee": gettext("免租期内的物业费"),
    }
    return names.get(name, name)


def _amount(name: str, value: float, unit: str) -> str:
    if name == "rent":
        return quoted(value, unit)
    return gettext("%(amount)s 元/月", amount=number(value))


def _open(target: str, unit: str) -> str:
    """A range of which one end may be open: "800–", "–1000", "800–1000"."""
    low, dash, high = target.partition("–")
    if dash and not high:
        return f"≥ {low} {unit}"
    return f"≤ {high} {unit}" if dash and not low else f"{target} {unit}"


def _said(name: str, code: str) -> str:
    fixed: Mapping[str, str] = {
        "low": gettext("低区"),
        "middle": gettext("中区"),
        "high": gettext("高区"),
        "catering": gettext("餐饮"),
        "training": gettext("培训"),
        "medical": gettext("医疗"),
        "absent": gettext("没有"),
        "present": gettext("有"),
        "leading": gettext("为主"),
        "inside": gettext("在内"),
        "outside": gettext("在外"),
        "yes": gettext("可以"),
        "partly": gettext("部分楼层"),
        "no": gettext("不可以"),
    }
    if name == "star":
        return gettext("%(n)s 星", n=code)
    kind = {"grade": "grade", "theme": "theme", "fitout": "fitout", "industry": "industry"}.get(name)
    if kind and code not in ("absent", "present", "leading"):
        return word(code, kind)
    return fixed.get(code) or hant(code)
