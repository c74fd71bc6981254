"""What a shortlist says of a unit in the reader's language: facts, costs, ways on foot, how we know."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext, ngettext

from geo import costs as parts
from geo.costs import Cost
from webmap.locale import language
from webmap.names import attribution, hant, label
from webmap.numbers import ago, area, beside, day, day_of, distance, floor_label, month, number, quoted
from webmap.picked.filling import TERM_MONTHS, Entry, Found
from webmap.words import word

WAYS = ("metro", "bus", "parking", "restaurant", "convenience", "hotel", "bank", "gym", "park")
"""The amenities whose distance a list tells."""

Pairs = list[tuple[str, str]]


def building_name(building: Any) -> str:
    """The building as it is called, else where it stands."""
    return label(building) or address_of(building) or gettext("未命名楼宇")


def address_of(building: Any) -> str:
    """The address in the reader's language."""
    return building.address_en if language().tag == "en" and building.address_en else hant(building.address)


def title_of(entry: Entry) -> str:
    """What stands above a unit."""
    return f"{building_name(entry.found.building)} {entry.found.unit.label}" if entry.found else entry.code


def facts(found: Found) -> Pairs:
    """Name and value of what is stated of a unit."""
    unit, building = found.unit, found.building
    stated = [
        (gettext("状态"), status(found)),
        (gettext("面积"), _size(unit)),
        (gettext("楼层"), floor(found)),
        (gettext("租金"), rent(found)),
        (gettext("装修"), word(unit.fitout, "fitout") if found.on_market else ""),
        (gettext("可租时间"), available(found)),
        (gettext("楼宇"), _kind_of(building)),
    ]
    return [(name, value) for name, value in stated if value]


def status(found: Found) -> str:
    """The status; of what cannot be had any more it says so."""
    said = word(found.unit.status, "occupancy")
    return said if found.on_market else gettext("%(status)s，已不在租", status=said)


def floor(found: Found) -> str:
    """The floor and how many there are."""
    if found.floor is None:
        return ""
    above = found.building.floors_above
    return f"{floor_label(found.floor.label)} / {above}" if above else floor_label(found.floor.label)


def rent(found: Found) -> str:
    """The rent as quoted, what it is beside that, or that there is none."""
    unit = found.unit
    if not found.on_market:
        return ""
    if unit.rent_amount is None:
        return gettext("面议")
    return "  ".join([quoted(unit.rent_amount, unit.rent_unit), *beside(unit.rent_cny_m2_day, unit.rent_unit)[:1]])


def available(found: Found) -> str:
    """From when it can be had."""
    if not found.on_market:
        return ""
    return month(found.unit.available_on) if found.unit.available_on else gettext("即时")


def costs(found: Found) -> Pairs:
    """What it costs over three years, as far as it is stated."""
    if found.cost is None:
        return []
    deposit = next(line for line in found.cost.lines if line.name == parts.DEPOSIT).once_cny
    free = found.rent_free_months
    stated = [
        (gettext("每月（写明的部分）"), _money(found.cost.month_cny)),
        (gettext("三年平均每月"), _money(found.cost.average_month_cny)),
        (gettext("三年合计"), _money(found.cost.total_cny)),
        (gettext("押金"), _money(deposit) if deposit else ""),
        (gettext("免租期"), ngettext("%(num)s 个月", "%(num)s 个月", free) if free else ""),
        (gettext("未注明、没有计入"), gettext("、").join(unknown(found.cost))),
    ]
    return [(name, value) for name, value in stated if value]


def unknown(cost: Cost) -> list[str]:
    """The parts of a cost that are not stated."""
    return [cost_name(name) for name in cost.unknown]


def cost_name(name: str) -> str:
    """What a part of the cost is called."""
    names = {
        parts.RENT: gettext("租金"),
        parts.FEE: gettext("物业费"),
        parts.PARKING: gettext("车位"),
        parts.DEPOSIT: gettext("押金"),
        parts.RENT_FREE: gettext("免租"),
        parts.RENT_FREE_FEE: gettext("免租期物业费"),
        parts.ESCALATION: gettext("递增"),
        parts.OVERTIME: gettext("空调加时"),
        parts.RESTORATION: gettext("恢复原状"),
    }
    return names.get(name, name)


def ways(found: Found) -> Pairs:
    """The nearest amenities with their metres and how these were measured."""
    known = [(category, found.nearest[category]) for category in WAYS if category in found.nearest]
    return [(word(category, "amenity"), _way(place)) for category, place in known]


def stamp(entry: Entry, today: Any) -> str:
    """How we know: source, reported, recorded, verified."""
    if entry.found is None:
        return ""
    unit, source = entry.found.unit, entry.found.source
    said = [str(attribution(source))] if source else []
    if unit.reported_on:
        said.append(gettext("%(day)s 报送（%(ago)s）", day=day(unit.reported_on), ago=ago(unit.reported_on, today)))
    else:
        said.append(gettext("无人报送"))
    said.append(gettext("%(day)s 录入", day=day_of(unit.recorded_at)))
    said.append(gettext("%(day)s 核实", day=day(unit.verified_on)) if unit.verified_on else gettext("未核实"))
    return " · ".join(said)


def how_counted() -> list[str]:
    """How costs and distances come about, in sentences."""
    return [
        gettext("面积、租金为来源所报，未经本站测量；以合同为准。"),
        gettext("费用按 %(months)s 个月计，只含写明的部分；押金到期退还，不计入合计。", months=TERM_MONTHS),
        gettext("按天计的租金折成月为 365/12 天。没有写明的部分逐项列出，不猜。"),
        gettext("距离为步行或直线米数，从楼宇入口或轮廓最近处量起。"),
    ]


def numbers(found: Sequence[int]) -> str:
    """Numbers for a pin: [1, 2, 3, 7] → "1–3, 7"."""
    runs: list[list[int]] = []
    for each in sorted(found):
        if runs and each == runs[-1][-1] + 1:
            runs[-1].append(each)
        else:
            runs.append([each])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def _kind_of(building: Any) -> str:
    """Grade, stars and year."""
    grade = word(building.grade, "grade", building.grade_scheme)
    year = gettext("%(year)s 年建成", year=building.completed_year) if building.completed_year else ""
    return " · ".join(said for said in (grade, "★" * (building.star or 0), year) if said)


def _size(unit: Any) -> str:
    if not unit.area_m2:
        return ""
    said = [area(unit.area_m2), word(unit.area_basis, "area_basis")]
    if unit.min_area_m2:
        said.append(gettext("%(area)s 起可分割", area=area(unit.min_area_m2)))
    return " · ".join(said)


def _money(amount: Any) -> str:
    return gettext("%(amount)s 元", amount=number(amount))


def _way(place: Any) -> str:
    if not place.metres:
        return gettext("楼内")
    return distance(place.metres, place.method)
