"""The words behind codes (`vacant`, `super_a`, `metro`) in the reader's language, as filters for templates."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from flask import Flask

from geo import taxonomy
from geo.taxonomy import Word
from webmap.names import label

_PARTS = (
    Word("building", "整幢", "Building"),
    Word("tower", "塔楼", "Tower"),
    Word("podium", "裙房", "Podium"),
    Word("basement", "地下", "Basement"),
    Word("part", "分部", "Part"),
)
_SAID = (
    Word("有", "有", "Yes"),
    Word("无", "无", "None"),
    Word("已通过", "已通过", "Passed"),
    Word("未验收", "未验收", "Not yet inspected"),
    Word("可注册", "可注册", "Possible"),
    Word("限部分楼层", "限部分楼层", "On some floors only"),
    Word("不可注册", "不可注册", "Not possible"),
    Word("可办理", "可办理", "Possible"),
    Word("不可办理", "不可办理", "Not possible"),
    Word("地下固定、机械与访客车位", "地下固定、机械与访客车位", "Reserved, stacked and visitors' places below ground"),
    Word("地下固定与访客车位", "地下固定与访客车位", "Reserved and visitors' places below ground"),
    Word("变风量 VAV", "变风量 VAV", "Variable air volume"),
    Word("风机盘管加新风", "风机盘管加新风", "Fan coils with fresh air"),
    Word("水冷中央空调", "水冷中央空调", "Central, water-cooled"),
    Word("分体空调", "分体空调", "Split units"),
    Word("商务办公", "商务办公", "Business and offices"),
    Word("商业办公综合", "商业办公综合", "Retail and offices"),
    Word("一星级", "一星级", "One star"),
    Word("二星级", "二星级", "Two stars"),
    Word("三星级", "三星级", "Three stars"),
    Word("元/层·小时", "元/层·小时", "CNY/floor/hour"),
    Word("元/月", "元/月", "CNY/month"),
    Word("塔冠", "塔冠", "Crown"),
)
"""What sources usually write of a building in free text, and its English; other texts stay as they are."""
_USES = (
    Word("office", "办公", "Office"),
    Word("retail", "商业", "Retail"),
    Word("hotel", "酒店", "Hotel"),
    Word("apartment", "公寓", "Apartments"),
    Word("plant", "设备层", "Plant floor"),
    Word("refuge", "避难层", "Refuge floor"),
    Word("parking", "车库", "Car park"),
    Word("lobby", "大堂", "Lobby"),
    Word("amenity", "配套", "Amenities"),
    Word("storage", "仓储", "Storage"),
    Word("industrial", "厂房", "Industrial"),
    Word("other", "其他", "Other"),
)
_ROLES = (
    Word("owner", "产权人", "Owner"),
    Word("operator", "运营方", "Operator"),
    Word("manager", "物业", "Property manager"),
    Word("agent", "代理", "Agent"),
    Word("sublessor", "二房东", "Sublessor"),
    Word("chief", "楼长", "Building chief"),
    Word("promotion", "招商", "Investment promotion"),
)
_PARTIES = (
    Word("company", "公司", "Company"),
    Word("office", "机构", "Office"),
    Word("person", "个人", "Person"),
)
_HELD = (
    Word("vacant", "空置", "Vacant"),
    Word("own_use", "自用", "Owner-occupied"),
    Word("tenant", "租户使用", "Let, in use"),
    Word("fitting_out", "装修", "Fitting out"),
    Word("unknown", "未知", "Unknown"),
)
"""Occupancies as staff hold them; the public is told less (`occupancy`)."""
_OFFER_KINDS = (Word("rent", "出租", "To let"), Word("sale", "出售", "For sale"), Word("sublease", "转租", "Sublease"))
_YES = (Word("yes", "是", "Yes"), Word("no", "否", "No"))
_METHODS = (
    Word("straight_line", "直线距离", "straight line"),
    Word("walking", "步行距离", "walking distance"),
)
_AREA_BASES = (
    Word("gross", "建筑面积", "gross area"),
    Word("net", "套内面积", "net internal area"),
    Word("usable", "使用面积", "usable area"),
)
_AGES = (
    Word("week", "7 天内", "Within 7 days"),
    Word("fortnight", "8–14 天", "8–14 days"),
    Word("month", "15–28 天", "15–28 days"),
    Word("older", "29–60 天", "29–60 days"),
    Word("stale", "超过 60 天", "Over 60 days"),
    Word("none", "无人报送", "Nobody has reported"),
)
_REPORTED = (
    Word("vacancy", "空置状态", "Vacancy"),
    Word("rent", "租金", "Rent"),
    Word("area", "面积", "Area"),
    Word("available_on", "可租时间", "Available from"),
    Word("fitout", "装修", "Fit-out"),
    Word("floor", "楼层", "Floor"),
    Word("name", "名称", "Name"),
    Word("address", "地址", "Address"),
    Word("outline", "位置或轮廓", "Position or outline"),
    Word("distances", "周边配套和距离", "Surroundings and distances"),
    Word("tenants", "入驻企业", "Tenants"),
    Word("conditions", "楼宇条件", "Building conditions"),
    Word("contact", "联系方式", "Contact"),
    Word("other", "其他", "Something else"),
)
"""What people may say is wrong."""

_RETURN_STATES = (
    Word("vacant", "空置", "Vacant"),
    Word("negotiating", "洽谈中", "In talks"),
    Word("signed", "已签未入驻", "Signed, not in yet"),
    Word("in_use", "在租", "Let"),
    Word("fitting_out", "装修中", "Fitting out"),
    Word("own_use", "自用", "Own use"),
    Word("unknown", "不清楚", "Not known"),
)
"""As the people of a building say it in their return."""
_RETURNS = (
    Word("open", "待填报", "To be sent"),
    Word("late", "已逾期", "Late"),
    Word("received", "已收到", "Received"),
    Word("accepted", "已确认", "Accepted"),
    Word("rejected", "已退回", "Sent back"),
)
_COLUMNS = (
    Word("leasable_area_m2", "可租售面积", "Leasable area"),
    Word("gross_area_m2", "总建筑面积", "Gross area"),
    Word("completed_year", "建成年份", "Year of completion"),
    Word("property_fee_cny_m2_month", "物业费", "Property fee"),
    Word("parking_spaces", "车位数", "Parking spaces"),
    Word("lifts", "电梯数", "Lifts"),
)
_DOUBTS = (
    Word("twice", "同一单元报了两次", "A unit is reported twice"),
    Word("over_floor", "面积之和超过楼层面积", "Areas add up to more than the floor"),
    Word("jump", "变化幅度过大", "An unusually large change"),
    Word("rent", "租金不在常见范围", "A rent out of the usual range"),
    Word("tenant_elsewhere", "租户同时在别处", "The tenant sits elsewhere at the same time"),
    Word("end_before_start", "日期先后颠倒", "Dates in the wrong order"),
)
_SIGHTINGS = (
    Word("move_in", "搬入", "Moved in"),
    Word("move_out", "搬离", "Moved out"),
    Word("registered_elsewhere", "外注内营（在此经营，外地注册）", "Works here, registered elsewhere"),
    Word("new_unit", "图上没有的单元", "A unit that is not on the plan"),
)


def word(code: str | None, kind: str, scheme: str | None = None) -> str:
    """The word for a code of a kind; a code that nobody knows stands for itself, nothing for nothing."""
    if not code:
        return ""
    found = _words(kind).get(f"{scheme}/{code}" if scheme else code) or _words(kind).get(code)
    return label(found) if found else code


def vocabulary(kind: str) -> dict[str, str]:
    """Code → word of a whole kind, in its order."""
    return {code: label(found) for code, found in _words(kind).items()}


def industry_name(code: str) -> str:
    """The name of a group, section or division of industries; another code as it is."""
    known = (*taxonomy.map_groups(), *taxonomy.filter_groups(), *taxonomy.industries())
    return next((label(each) for each in known if each.code == code), code)


def in_order(codes: Iterable[str], kind: str) -> list[str]:
    """Codes in the order of their list, those that nobody knows at the end."""
    places = {code: place for place, code in enumerate(_words(kind))}
    return sorted(codes, key=lambda code: (places.get(code, len(places)), code))


def colour(code: str, kind: str) -> str:
    """The colour of a code on maps and charts, '#rrggbb'; grey when it has none."""
    return getattr(_words(kind).get(code), "colour", None) or "#aeb3b7"


def add_filters(app: Flask) -> None:
    """Make these functions filters of the app's templates, under their own names."""
    app.add_template_filter(word)
    app.add_template_filter(colour)


@cache
def _words(kind: str) -> dict[str, Any]:
    return _grades() if kind == "grade" else {each.code: each for each in _list(kind)}


def _list(kind: str) -> Iterable[Any]:
    lists = {
        "occupancy": taxonomy.occupancies,
        "theme": taxonomy.themes,
        "fitout": taxonomy.fitouts,
        "status": taxonomy.building_statuses,
        "level": taxonomy.area_levels,
        "amenity": taxonomy.amenity_categories,
        "industry": taxonomy.map_groups,
        "rent_unit": taxonomy.rent_units,
        "scheme": _schemes,
        "part": lambda: _PARTS,
        "use": lambda: _USES,
        "role": lambda: _ROLES,
        "method": lambda: _METHODS,
        "area_basis": lambda: _AREA_BASES,
        "fact": taxonomy.building_facts,
        "age": lambda: _AGES,
        "reported": lambda: _REPORTED,
        "said": lambda: _SAID,
        "party": lambda: _PARTIES,
        "yes": lambda: _YES,
        "offer_kind": lambda: _OFFER_KINDS,
        "held": lambda: _HELD,
        "return_state": lambda: _RETURN_STATES,
        "return": lambda: _RETURNS,
        "sighting": lambda: _SIGHTINGS,
        "doubt": lambda: _DOUBTS,
        "column": lambda: _COLUMNS,
    }
    return lists[kind]()


def _grades() -> dict[str, Any]:
    """Grades by scheme and code, and by code alone for those of which the scheme is not told."""
    alone = {grade.code: grade for grade in reversed(taxonomy.grades())}
    return {**alone, **{f"{grade.scheme}/{grade.code}": grade for grade in taxonomy.grades()}}


def _schemes() -> Iterable[Word]:
    return [Word(grade.scheme, grade.scheme_name, grade.scheme_name_en) for grade in taxonomy.grades()]
