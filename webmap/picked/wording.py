"""What a list says of a unit or building in the reader's language: facts, costs, ways on foot, how we know."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext, ngettext

from geo import costs as parts
from geo.costs import Cost
from webmap.locale import language
from webmap.names import attribution, hant, label
from webmap.numbers import (
    ago,
    area,
    beside,
    day,
    day_of,
    distance,
    floor_label,
    month,
    number,
    percent,
    quoted,
    quoted_range,
)
from webmap.picked.filling import TERM_MONTHS, Entry, Found, House
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
    if entry.house:
        return building_name(entry.house.building)
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


def house_facts(house: House) -> Pairs:
    """Name and value of what is stated of a building."""
    row = house.building
    stated = [
        (gettext("可租"), free_now(house)),
        (gettext("挂牌租金"), rents(house)),
        (gettext("空置率"), vacancy_rate(house)),
        (gettext("可租售面积"), area(row.leasable_area_m2) if row.leasable_area_m2 else ""),
        (gettext("总建筑面积"), area(row.gross_area_m2) if row.gross_area_m2 else ""),
        (gettext("标准层"), area(row.typical_floor_area_m2) if row.typical_floor_area_m2 else ""),
        (gettext("层数"), ngettext("%(num)s 层", "%(num)s 层", row.floors_above) if row.floors_above else ""),
        (gettext("楼宇"), _kind_of(row)),
        (gettext("物业费"), _fee(row)),
        (gettext("客梯"), ngettext("%(num)s 部", "%(num)s 部", row.lifts) if row.lifts else ""),
        (gettext("车位"), ngettext("%(num)s 个", "%(num)s 个", row.parking_spaces) if row.parking_spaces else ""),
    ]
    return [(name, value) for name, value in stated if value]


def free_now(house: House) -> str:
    """How much is to let, in how many units, and what is to come."""
    if not house.free:
        return gettext("目前没有公开可租的单元")
    vacancy = house.vacancy
    count = ngettext("%(num)s 个单元", "%(num)s 个单元", vacancy.vacant_units)
    said = [f"{area(vacancy.vacant_m2)}（{count}）"] if vacancy.vacant_units else []
    if vacancy.soon_units:
        said.append(gettext("预计可租另有 %(area)s", area=area(vacancy.soon_m2)))
    return " · ".join(said)


def rents(house: House) -> str:
    """The asking rents of what is to let, from–to in the unit that most are quoted in."""
    quotes = [(unit.rent_amount, unit.rent_unit) for unit in house.free if unit.rent_amount is not None]
    if not quotes:
        return gettext("面议") if house.free else ""
    usual = Counter(unit for _, unit in quotes).most_common(1)[0][0]
    amounts = [amount for amount, unit in quotes if unit == usual]
    return quoted_range(min(amounts), max(amounts), usual)


def vacancy_rate(house: House) -> str:
    """The vacancy with its base and what is unknown beside it."""
    found = house.vacancy
    if found.rate is None:
        return ""
    base = (
        gettext("占可租售面积")
        if found.base == "leasable"
        else gettext("占已登记单元 %(area)s", area=area(found.base_m2))
    )
    return f"{percent(found.rate)}（{base}，{gettext('未知 %(share)s', share=percent(found.unknown_share))}）"


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
    return rent_of(found.unit) if found.on_market else ""


def rent_of(unit: Any) -> str:
    """The rent of a unit that is to let."""
    if unit.rent_amount is None:
        return gettext("面议")
    return "  ".join([quoted(unit.rent_amount, unit.rent_unit), *beside(unit.rent_cny_m2_day, unit.rent_unit)[:1]])


def available(found: Found) -> str:
    """From when it can be had."""
    return free_from(found.unit) if found.on_market else ""


def free_from(unit: Any) -> str:
    """From when a unit that is to let can be had."""
    return month(unit.available_on) if unit.available_on else gettext("即时")


def costs(found: Found) -> Pairs:
    """What it costs over three years, as far as it is stated."""
    if found.cost is None:
        return []
    deposit = next(line for line in found.cost.lines if line.name == parts.DEPOSIT).once_cny
    free = found.rent_free_months
    stated = [
        (gettext("费用所按面积"), area(found.taken_m2) if found.taken_m2 else ""),
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


def ways(found: Found | House) -> Pairs:
    """The nearest amenities with their metres and how these were measured."""
    known = [(category, found.nearest[category]) for category in WAYS if category in found.nearest]
    return [(word(category, "amenity"), way(place)) for category, place in known]


def way(place: Any) -> str:
    """How far an amenity is, and how that was measured."""
    if not place.metres:
        return gettext("楼内")
    return distance(place.metres, place.method)


def stamp(entry: Entry, today: Any) -> str:
    """How we know: source, reported, recorded, verified; of a building the oldest and the newest of what is to let."""
    if entry.house:
        return _house_stamp(entry.house, today)
    if entry.found is None:
        return ""
    unit, source = entry.found.unit, entry.found.source
    said = [str(attribution(source))] if source else []
    said.append(_reported(unit.reported_on, today) if unit.reported_on else gettext("无人报送"))
    said.append(gettext("%(day)s 录入", day=day_of(unit.recorded_at)))
    said.append(gettext("%(day)s 核实", day=day(unit.verified_on)) if unit.verified_on else gettext("未核实"))
    return " · ".join(said)


def _house_stamp(house: House, today: Any) -> str:
    said = [str(attribution(house.source))] if house.source else []
    days = sorted(unit.reported_on for unit in house.free if unit.reported_on)
    if days:
        said.append(gettext("可租单元最近 %(when)s", when=_reported(days[-1], today)))
        if days[0] != days[-1]:
            said.append(gettext("最早 %(when)s", when=_reported(days[0], today)))
    elif house.free:
        said.append(gettext("可租单元无人报送"))
    return " · ".join(said)


def _reported(on: Any, today: Any) -> str:
    return gettext("%(day)s 报送（%(ago)s）", day=day(on), ago=ago(on, today))


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


def _fee(building: Any) -> str:
    fee = building.property_fee_cny_m2_month
    return gettext("%(amount)s 元/m²·月", amount=number(fee, 2)) if fee is not None else ""


def _money(amount: Any) -> str:
    return gettext("%(amount)s 元", amount=number(amount))
