"""The parameters of a requirement in words, in Chinese and English: what a chip says."""

from collections.abc import Callable, Mapping

from geo import taxonomy
from geo.matching.requirement import amenities
from geo.taxonomy import Word

Words = tuple[str, str]
"""In Chinese and in English."""

_PERMITS = (
    Word("catering", "餐饮", "catering"),
    Word("training", "培训", "training"),
    Word("medical", "医疗", "medical use"),
)
_BANDS = (
    Word("low", "低区", "low floors"),
    Word("middle", "中区", "middle floors"),
    Word("high", "高区", "high floors"),
)
_AMENITIES = (
    Word("lunch", "午餐", "lunch"),
    Word("services", "律所与会计师事务所", "law firms and accountants"),
    Word("car_park", "停车场", "car park"),
)


def said(field: str, value: str, *, areas: Mapping[str, str] | None = None, rent_unit: str | None = None) -> Words:
    """A parameter with its value in words; `areas` gives the names of area codes."""
    if field == "rent_max":
        unit = next(each for each in taxonomy.rent_units() if each.code == (rent_unit or "cny_m2_day"))
        return f"租金至多 {value} {unit.name}", f"rent at most {value} {unit.name_en}"
    if field in _SENTENCES:
        zh, en = _SENTENCES[field]
        return zh.format(value), en.format(value)
    if field in _LISTS:
        return _listed(field, value)
    if field in ("zone", "within"):
        names = "、".join((areas or {}).get(code, code) for code in value.split(","))
        return (f"最好在 {names}", f"preferably in {names}") if field == "zone" else (f"在 {names}", f"in {names}")
    return _walk(field, value)


def _listed(field: str, value: str) -> Words:
    zh, en, words = _LISTS[field]
    known = {word.code: word for word in words()}
    chosen = [known[code] for code in value.split(",") if code in known]
    return zh + "、".join(word.name for word in chosen), f"{en} " + ", ".join(word.name_en for word in chosen)


def _walk(field: str, value: str) -> Words:
    name, _, unit = field.rpartition("_")
    if name not in amenities():
        return f"{field}={value}", f"{field}={value}"
    known = {word.code: word for word in (*taxonomy.amenity_categories(), *_AMENITIES)}[name]
    away = (f"步行 {value} 分钟内", f"{value} min on foot") if unit == "minutes" else (f"{value} 米内", f"{value} m")
    return f"{known.name} {away[0]}", f"{known.name_en} within {away[1]}"


_SENTENCES: Mapping[str, Words] = {
    "area": ("面积约 {} m²", "area about {} m²"),
    "tolerance": ("上下 {}%", "± {}%"),
    "area_min": ("面积至少 {} m²", "area at least {} m²"),
    "area_max": ("面积至多 {} m²", "area at most {} m²"),
    "people": ("{} 人", "{} people"),
    "available_by": ("{} 前可入驻", "available by {}"),
    "budget_month": ("每月租金加物业费至多 {} 元", "rent and property fee at most CNY {} a month"),
    "neighbours": ("500 米内同行业企业至少 {} 家", "{} firms of the industry or more within 500 m"),
    "floor_min": ("{} 层及以上", "floor {} or above"),
    "floor_max": ("{} 层及以下", "floor {} or below"),
    "star": ("{} 星楼宇", "{}-star building"),
    "registrable": ("可注册公司", "company can be registered"),
    "parking": ("至少 {} 个车位", "{} parking places or more"),
    "bbox": ("在地图范围内", "within the map"),
}
_LISTS: Mapping[str, tuple[str, str, Callable[[], tuple[Word, ...]]]] = {
    "grade": ("等级 ", "grade", lambda: tuple(reversed(taxonomy.grades()))),
    "theme": ("特色 ", "theme", taxonomy.themes),
    "fitout": ("交付 ", "fit-out", taxonomy.fitouts),
    "industry": ("行业 ", "industry", taxonomy.map_groups),
    "band": ("楼层 ", "on", lambda: _BANDS),
    "permits": ("可办 ", "permit for", lambda: _PERMITS),
}
