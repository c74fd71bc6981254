"""A search in words for readers: "面积 ≥ 800 m² · 租金 ≤ 5 元/m²·天 · 500 m 内有地铁站"."""

from collections.abc import Iterable, Mapping

from geo import taxonomy
from geo.filters import Filters
from geo.shapes import Circle, Shape
from geo.taxonomy import Word

_LABELS = {
    "q": ("搜索", "search"),
    "area": ("面积", "area"),
    "rent": ("租金", "rent"),
    "floor": ("楼层", "floor"),
    "grade": ("等级", "grade"),
    "star": ("星级", "stars"),
    "theme": ("特色", "theme"),
    "industry": ("产业", "industry"),
    "fitout": ("装修", "fit-out"),
    "available_by": ("可入驻不晚于", "available by"),
    "occupancy": ("状态", "state"),
    "status": ("楼宇", "building"),
    "within": ("区域", "area of town"),
    "bbox": ("地图范围", "map window"),
    "shape": ("画出的范围", "area drawn on the map"),
    "near": ("周边", "nearby"),
    "cluster": ("集群", "cluster"),
}
"""Field → its label in Chinese and English."""


def in_words(filters: Filters, locale: str = "zh", places: Mapping[str, str] | None = None) -> list[str]:
    """What `filters` ask for, one phrase for each field that is set.

    Parameters
    ----------
    locale
        'en' for English, anything else for Chinese.
    places
        Names of areas and clusters by their codes; a code without a name stands for itself.
    """
    english = locale.startswith("en")
    said = [_label("q", english, f"“{filters.q}”")] if filters.q else []
    said += _ranges(filters, english)
    vocabularies: dict[str, Iterable[Word]] = {
        "grade": taxonomy.grades(),
        "theme": taxonomy.themes(),
        "industry": taxonomy.map_groups(),
        "fitout": taxonomy.fitouts(),
        "occupancy": taxonomy.occupancies("public"),
        "status": taxonomy.building_statuses(),
    }
    for field, words in vocabularies.items():
        if chosen := getattr(filters, field):
            said.append(_label(field, english, _names(chosen, words, locale)))
    if filters.star:
        said.append(_label("star", english, ", ".join(filters.star)))
    if filters.near:
        categories = _names(filters.near, taxonomy.amenity_categories(), locale)
        said.append(f"{categories} ≤ {filters.near_m} m")
    if filters.walk_from:
        code, minutes = filters.walk_from.code, filters.walk_min
        where = (places or {}).get(code, code)
        said.append(f"≤ {minutes} min on foot from {where}" if english else f"距{where}步行 {minutes} 分钟内")
    for field in ("within", "cluster"):
        if codes := getattr(filters, field):
            said.append(_label(field, english, ", ".join((places or {}).get(code, code) for code in codes)))
    if filters.available_by:
        said.append(_label("available_by", english, filters.available_by.isoformat()))
    if filters.stale:
        said.append("also those not confirmed for long" if english else "含久未确认的房源")
    if filters.shape:
        said.append(_shape(filters.shape, english))
    return said + ([_LABELS["bbox"][english]] if filters.bbox else [])


def _shape(shape: Shape, english: bool) -> str:
    if isinstance(shape, Circle):
        return f"within {shape.metres:,} m of a place" if english else f"画出的圆：半径 {shape.metres:,} m"
    return _LABELS["shape"][english]


def _ranges(filters: Filters, english: bool) -> list[str]:
    rent_unit = next(unit for unit in taxonomy.rent_units() if unit.code == filters.rent_unit)
    units = {"area": " m²", "rent": f" {rent_unit.label('en' if english else 'zh')}", "floor": ""}
    said = []
    for field, unit in units.items():
        low, high = getattr(filters, f"{field}_min"), getattr(filters, f"{field}_max")
        if low is not None and high is not None:
            said.append(_label(field, english, f"{low:,}–{high:,}{unit}"))
        elif low is not None or high is not None:
            sign, bound = ("≥", low) if high is None else ("≤", high)
            said.append(_label(field, english, f"{sign} {bound:,}{unit}"))
    return said


def _label(field: str, english: bool, value: str) -> str:
    return f"{_LABELS[field][english]} {value}"


def _names(codes: Iterable[str], words: Iterable[Word], locale: str) -> str:
    names = {word.code: word.label(locale) for word in reversed(list(words))}
    return ", ".join(names.get(code, code) for code in codes)
