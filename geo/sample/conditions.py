"""What a tower offers besides space: lifts, air conditioning, power, parking, certificates, terms of the land."""

from datetime import date, timedelta
from typing import Any

from geo.sample.towers import Tower

_FEES = {"super_a": 36.0, "a": 28.0, "b": 18.0, "c": 12.0, "": 24.0}
_HVAC = {"super_a": "变风量 VAV", "a": "风机盘管加新风", "b": "水冷中央空调", "c": "分体空调", "": "风机盘管加新风"}


def lifts(tower: Tower) -> int:
    """Passenger lifts: about one for four thousand square metres."""
    return max(3, sum(storey.area_m2 for storey in tower.storeys) // 4200)


def parking_spaces(tower: Tower) -> int:
    """Car park places: one for 38 m² of parking storey."""
    return sum(storey.area_m2 for storey in tower.storeys if storey.use == "parking") // 38


def fee_cny_m2_month(tower: Tower) -> float | None:
    """The property fee by grade."""
    return None if tower.planned else _FEES[tower.row["grade"]]


def conditions(index: int, tower: Tower, today: date) -> list[dict[str, Any]]:
    """The rows of `building_facts` of a tower without building and source."""
    row, year = tower.row, int(tower.row["year"])
    high = row["grade"] in ("super_a", "a")
    dated = today - timedelta(days=40 + 23 * index % 300)
    facts: list[tuple[str, str, str | None, str | None]] = [
        ("passenger_lifts", str(lifts(tower)), None, None),
        ("goods_lifts", str(2 if high else 1), None, None),
        ("air_conditioning", _HVAC[row["grade"]], None, None),
        ("air_conditioning_hours", "08:00–19:00" if high else "08:30–18:00", None, None),
        ("air_conditioning_overtime", str(380 + 20 * (index % 6)), "元/层·小时", None),
        ("power", str(80 + 10 * (index % 5)), "VA/m²", None),
        ("generator", "有" if high else "无", None, None),
        ("fibre_operators", str(3 if high else 2), None, None),
        ("parking_fee", str(600 + 100 * (index % 5)), "元/月", None),
        ("ev_chargers", str(parking_spaces(tower) // 12), None, None),
        ("fire_acceptance", "已通过" if row["status"] == "operating" else "未验收", None, None),
        ("registrable", "可注册" if index % 9 else "限部分楼层", None, None),
        ("permit_catering", "可办理" if index % 3 == 0 else "不可办理", None, None),
        ("permit_training", "限部分楼层" if index % 4 else "可办理", None, None),
        ("permit_medical", "不可办理" if index % 5 else "可办理", None, None),
        ("clear_height", "2.8" if high else "2.6", "m", None),
        ("floor_load", "3.0" if high else "2.5", "kN/m²", None),
        ("parking_kinds", "地下固定、机械与访客车位" if high else "地下固定与访客车位", None, None),
        ("land_use", "商务办公" if index % 3 else "商业办公综合", None, None),
        ("land_term_until", str(year + 48), None, None),
    ]
    if index % 4:
        facts.append(("opening_hours", "07:00–22:00" if high else "07:30–20:30", None, None))
    if row["status"] == "operating" and index % 9 != 8:
        facts.append(("party_organisation", "有" if index % 5 else "无", None, None))
        facts.append(("smart_platform", "有" if index % 3 else "无", None, None))
    if row["star"] == "5":
        facts.append(("green_certificate", "二星级", None, "GB/T 50378"))
    return [dict(zip(_KEYS, fact, strict=True)) | {"dated_on": dated} for fact in facts]


_KEYS = ("fact", "value", "unit", "scheme")
