"""Areas, rents, people, floors and walks in a folded sentence; what is claimed first is left alone by what follows."""

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from math import ceil

from geo import taxonomy
from geo.filters import MOST_NEAR_M
from geo.matching.plain_text import NUMBER, compiled, number, numbers, plain, written
from geo.matching.reading import Reading
from geo.quantities import WALKING_M_MIN

Pairs = tuple[tuple[str, str], ...]
Read = Callable[[re.Match[str]], Pairs]

NEAR_MINUTES, AT_THE_DOOR_MINUTES = 10, 3
"""What "near" and "downstairs" come to."""

SOME_NEIGHBOURS = 5
"""What "others of our industry" come to."""

SQ_FT_M2, PING_M2 = Decimal("0.09290304"), Decimal("3.305785")

_M2 = (
    r"(?:平方米|平方公尺|平米|平方(?![英呎尺公])|平(?!方)|㎡|m²|m2|m\^2|sq\.?\s?m(?:et(?:er|re)s?)?(?![a-z])"
    r"|square met(?:er|re)s?)"
)
_FOOT = r"(?:平方英尺|平方呎|呎|sq\.?\s?f(?:ee)?t|square f(?:ee|oo)t)"
_AREA = rf"(?:{_M2}|{_FOOT}|坪)"
_TO = r"\s*(?:-|–|—|~|〜|到|至|to|and)\s*"
_BELOW = r"(?:不超过|不高于|不多于|不大于|低于|少于|小于|最多|最高|至多|控制在|under|below|at most|up to|no more than"
_BELOW += r"|not more than|less than|max(?:imum)?(?: of)?|within|not over|<=?|≤)\s*"
_BELOW_END = r"\s*(?:以内|之内|以下|封顶|内(?![有设])|or less|max(?:imum)?(?![a-z])|or below|or lower)"
_ABOVE = r"(?:不少于|不低于|不小于|至少|大于|超过|高于|最少|最低|at least|over|above|more than|min(?:imum)?(?: of)?"
_ABOVE += r"|>=?|≥)\s*"
_ABOVE_END = r"\s*(?:及?以上|起|\+|or more|or above|or higher|and up|and above)"
_ABOUT = r"(?:约|大约|大概|差不多|about|around|approx(?:imately)?\.?|roughly|some)\s*"
_ABOUT_END = r"\s*(?:左右|上下|or so)"
_YUAN = r"\s*(?:元|块钱?|圆|人民币|rmb|cny|yuan)"
_SIGN = r"(?:¥|¥|rmb|cny)?\s*"
_PER = r"\s*(?:/|每|per|a(?![a-z])|an(?![a-z])|·|一|\*)?\s*"
_DIGIT = "[0-9一二三四五六七八九]"
_DAY, _MONTH, _YEAR = r"(?:天|日|day|d(?![a-z]))", r"(?:个?月|month|mo(?![a-z])|pcm)", r"(?:年|year|yr(?![a-z]))"


def quantities(text: str) -> Iterator[Reading]:
    """What numbers stand for, the more exact readings first; they may overlap."""
    for pattern, read in _rules():
        for match in pattern.finditer(text):
            pairs = read(match)
            if pairs:
                yield Reading(match.start(), match.end(), pairs)


def _rent(match: re.Match[str]) -> Pairs:
    amount, period = number(match["n"]), match.groupdict().get("period") or ""
    if not period:
        period = "天" if amount < 30 else "月"
    if not 0 < amount < 100_000 or (match.groupdict().get("loose") is not None and amount >= 1000):
        return ()
    if period[0] in "天日d":
        return (("rent_max", written(amount)),)
    return ("rent_max", written(amount)), ("rent_unit", "cny_m2_month")


def _coins(match: re.Match[str]) -> Pairs:
    """四块五 in digits."""
    return (("rent_max", f"{number(match['n'])}.{number(match['jiao'])}"),)


def _budget(match: re.Match[str]) -> Pairs:
    amount = number(match["n"])
    if (match["period"] or "")[:1] in {"年", "y"}:
        amount = Decimal(ceil(amount / 12))
    return (("budget_month", written(amount)),) if 1000 <= amount <= 1_000_000_000 else ()


def _people(match: re.Match[str]) -> Pairs:
    count = number(match["n"])
    return (("people", str(int(count))),) if 1 <= count <= 100_000 else ()


def _parking(match: re.Match[str]) -> Pairs:
    return (("parking", str(int(number(match["n"]))) if match.groupdict().get("n") else "1"),)


def _neighbours(match: re.Match[str]) -> Pairs:
    count = int(number(match["n"])) if match.groupdict().get("n") else SOME_NEIGHBOURS
    return (("neighbours", str(count)),) if 1 <= count <= 10_000 else ()


def _area_range(match: re.Match[str]) -> Pairs:
    low, high = (_m2(value, match["unit"]) for value in numbers(match["low"], match["high"]))
    return (("area_min", low), ("area_max", high)) if Decimal(low) <= Decimal(high) else ()


def _area(field: str) -> Read:
    def read(match: re.Match[str]) -> Pairs:
        value = _m2(number(match["n"]), match.groupdict().get("unit") or "平")
        return ((field, value),) if 1 <= Decimal(value) < 10_000_000 else ()

    return read


def _m2(value: Decimal, unit: str) -> str:
    if re.fullmatch(_FOOT, unit):
        return str(round(value * SQ_FT_M2))
    return str(round(value * PING_M2)) if unit == "坪" else written(value)


def _floors(*fields: str, beyond: int = 0) -> Read:
    def read(match: re.Match[str]) -> Pairs:
        ends = [int(number(text)) + beyond for text in match.groups() if text]
        return tuple(zip(fields, map(str, ends), strict=True)) if all(0 < end <= 300 for end in ends) else ()

    return read


def _walk(match: re.Match[str]) -> Pairs:
    name, amount, unit = amenity_names()[match["a"]], number(match["n"]), match["unit"]
    if unit.startswith(("分", "min")):
        minutes = ceil(amount)
        return ((f"{name}_minutes", str(minutes)),) if 1 <= minutes <= MOST_NEAR_M // WALKING_M_MIN else ()
    metres = int(amount * (1000 if unit in ("公里", "千米", "km") else 1))
    return ((f"{name}_m", str(metres)),) if 10 <= metres <= MOST_NEAR_M else ()


def _near(minutes: int) -> Read:
    def read(match: re.Match[str]) -> Pairs:
        return ((f"{amenity_names()[match['a']]}_minutes", str(minutes)),)

    return read


@cache
def amenity_names() -> Mapping[str, str]:
    """Folded name → the name of the amenity in a requirement."""
    names: dict[str, str] = {}
    for category in taxonomy.amenity_categories():
        code = "car_park" if category.code == "parking" else category.code
        for name in (category.name, category.name_en, *category.aliases):
            names[plain(name)] = code
    lunch = ("午餐", "午饭", "吃饭", "食堂", "快餐", "lunch", "food", "restaurants")
    services = ("四师", "四师事务所", "四师服务", "专业服务", "professional services", "services")
    more = {"metro": "metro", "metro station": "metro", "mtr": "metro", "地铁口": "metro", "underground": "metro"}
    more |= {"酒店": "hotel", "停车场": "car_park", "咖啡": "cafe", "公园": "park", "医院": "hospital", "park": "park"}
    return names | dict.fromkeys(lunch, "lunch") | dict.fromkeys(services, "services") | more


@cache
def _rules() -> tuple[tuple[re.Pattern[str], Read], ...]:
    return tuple((compiled(pattern), read) for pattern, read in (*_money(), *_walks(), *_counts(), *_areas()))


def _money() -> Iterator[tuple[str, Read]]:
    rent = r"(?:(?:日?租金|单价|报价|价格|租价|rent(?:al)?(?: of| is)?)\s*[:：]?\s*)?"
    amount = rf"{_SIGN}(?:{NUMBER}{_TO})?(?P<n>{NUMBER})"
    end = rf"(?:{_BELOW_END}|{_ABOUT_END})?"
    yield rf"{rent}(?P<n>{_DIGIT}+)块(?P<jiao>{_DIGIT})(?!\d){_PER}(?:{_M2})?{_PER}(?P<period>{_DAY})?{end}", _coins
    yield rf"{rent}(?:{_BELOW}|{_ABOUT})?{amount}(?:{_YUAN})?{_PER}{_M2}{_PER}(?P<period>{_DAY}|{_MONTH}){end}", _rent
    yield rf"{rent}(?:{_BELOW}|{_ABOUT})?{amount}{_YUAN}{_PER}(?P<period>{_DAY}|{_MONTH}){_PER}{_M2}{end}", _rent
    yield rf"{rent}(?:{_BELOW}|{_ABOUT})?{amount}{_YUAN}\s*(?:/|每|per|一)\s*(?P<period>{_DAY}){end}", _rent
    yield rf"每{_M2}\s*每?(?P<period>{_DAY}|{_MONTH})\s*(?:{_BELOW}|{_ABOUT})?{amount}{_YUAN}{end}", _rent
    yield rf"{rent}(?:{_BELOW}|{_ABOUT})?{amount}{_YUAN}\s*(?:/|每|per|一)\s*{_M2}{end}", _rent
    money = r"(?:月租金?|月预算|每月租金|每月预算|每个?月|月租金预算|租金预算|总租金|总预算|预算|租金|年租金?|年预算"
    money += r"|(?:monthly |total )?(?:budget|rent)(?: of| is)?)\s*(?:为|是|每月|一个月)?\s*[:：]?\s*"
    period = rf"(?:{_PER}(?P<period>{_MONTH}|{_YEAR}))"
    sums = rf"{_SIGN}(?:{NUMBER}{_TO})?(?P<n>{NUMBER})(?:{_YUAN})?"
    yield rf"(?:年租金?|年预算|annual (?:rent|budget)(?: of)?)\s*(?:{_BELOW}|{_ABOUT})?{sums}{end}", _yearly
    yield rf"{money}(?:{_BELOW}|{_ABOUT})?{sums}{period}?{end}", _budget
    strict = rf"(?:{_YUAN})?\s*(?:/|每|per|a(?![a-z])|一)\s*(?P<period>{_MONTH}|{_YEAR})"
    yield rf"(?:{_BELOW}|{_ABOUT})?{_SIGN}(?:{NUMBER}{_TO})?(?P<n>{NUMBER}){strict}{end}", _budget
    loose = r"(?P<loose>日?租金|单价|rent(?:al)?(?: of| is)?)\s*[:：]?\s*"
    yield rf"{loose}(?:{_BELOW}|{_ABOUT})?{amount}(?:{_YUAN})?{end}", _rent


def _yearly(match: re.Match[str]) -> Pairs:
    amount = Decimal(ceil(number(match["n"]) / 12))
    return (("budget_month", written(amount)),) if amount >= 1000 else ()


def _walks() -> Iterator[tuple[str, Read]]:
    names = "|".join(re.escape(name) for name in sorted(amenity_names(), key=len, reverse=True))
    place = rf"(?<![a-z])(?:[一二三四五]星级?)?(?P<a>{names})(?![a-z])(?:站点|站|口)?(?:\s+station)?"
    away = rf"(?P<n>{NUMBER})\s*(?P<unit>分钟|分|min(?:ute)?s?(?![a-z])|公里|千米|km|米|met(?:er|re)s?|m(?![a-z0-9²]))"
    on_foot = r"\s*(?:的?(?:步行|走路|走|路程|距离)|walk(?:ing)?(?: distance)?|on foot|away)?"
    between = (
        r"\s*(?:步行距离|步行|走路|走|距离|周边|周围|附近|在|on foot|is|at|in|within|a|,?\s*no more than|\s){0,4}\s*"
    )
    to = r"\s*(?:以内|之内|内)?\s*(?:的|就?能?到|可到|可达|达|走到|步行到|有|of|to|from)?\s*(?:a|the|any)?\s*"
    yield rf"(?:离|距离?|到|靠近)?\s*{place}{between}(?:{_BELOW})?{away}{on_foot}(?:{_BELOW_END})?", _walk
    yield rf"(?:步行|走路|walk(?:ing)? )?\s*(?:{_BELOW})?{away}{on_foot}{to}{place}", _walk
    yield rf"(?:楼下|楼内)(?:要|需要|最好)?有?\s*{place}", _near(AT_THE_DOOR_MINUTES)
    yield rf"{place}(?:上盖|直达)", _near(AT_THE_DOOR_MINUTES)
    yield rf"(?:附近|周边|旁边)(?:要|需要|最好)?有\s*{place}", _near(NEAR_MINUTES)
    yield rf"(?:靠近|紧邻|临近|邻近|近|near(?: to)?|close to|next to)\s*(?:a|the)?\s*{place}", _near(NEAR_MINUTES)
    yield rf"{place}\s*(?:附近|旁边?|周边|沿线|方便|便利|nearby|close by)", _near(NEAR_MINUTES)
    yield r"(?P<a>地铁口|地铁)(?:物业|房)?", _near(NEAR_MINUTES)


def _counts() -> Iterator[tuple[str, Read]]:
    heads = r"(?:个?人(?!民)|名员工|位员工|名|位|员工|people|persons?|staff|employees|pax|headcount|heads"
    heads += r"|(?:个)?(?:工位|卡位|座位)|desks?|seats|workstations)"
    before = rf"(?:团队|公司|员工|人数|team of|for|we are|we have)?\s*(?:有|共|是)?\s*(?:{_ABOUT})?"
    yield rf"{before}(?:{NUMBER}{_TO})?(?P<n>{NUMBER})\s*{heads}(?:{_ABOUT_END})?(?:的?团队|办公|使用|规模)?", _people
    yield rf"(?:team of|团队|人数)\s*[:：]?\s*(?P<n>{NUMBER})(?!\s*[.\d%平㎡])", _people
    places = r"(?:停车位|车位|泊位|parking (?:spaces?|places?|spots?|bays?|lots?)|car spaces?)"
    yield rf"(?P<n>{NUMBER})\s*(?:个|辆)?\s*{places}", _parking
    yield rf"(?:要有|需要|要|有|带|with|needs?)\s*(?:{places}|parking(?![a-z]))|{places}", _parking
    same = r"(?:同行业?|同业|同类)(?:的?(?:企业|公司|机构|邻居))?(?:集聚|聚集)?"
    near = r"(?:500\s*米内|附近|周边|周围|楼内)?(?:最好)?(?:有|要有|需要)?\s*"
    firms = r"(?:firms|companies|businesses|neighbou?rs)"
    peers = rf"(?:same[- ]industry {firms}|{firms} (?:of|in) (?:our|the same) industry)"
    yield rf"{near}(?P<n>{NUMBER})\s*家(?:以上)?的?\s*{same}(?:以上)?", _neighbours
    yield rf"(?P<n>\d+)\s*(?:or more )?{peers}", _neighbours
    yield rf"{near}{same}|(?:near )?{peers}", _neighbours
    floor = r"\s*(?:层|楼)"
    yield rf"({NUMBER})(?:{floor})?{_TO}({NUMBER}){floor}(?!下)", _floors("floor_min", "floor_max")
    yield r"floors?\s+(\d+)\s*(?:-|–|to|and)\s*(\d+)", _floors("floor_min", "floor_max")
    yield rf"(?:{_ABOVE})?({NUMBER}){floor}\s*及?以上|(?:不低于|至少)\s*({NUMBER}){floor}", _floors("floor_min")
    yield rf"({NUMBER}){floor}\s*及?以下|(?:不超过|不高于)\s*({NUMBER}){floor}", _floors("floor_max")
    yield (
        r"floor\s+(\d+)\s*(?:or|and)\s*(?:above|higher|up)|(\d+)(?:st|nd|rd|th)? floor (?:or|and) (?:above|higher|up)",
        (_floors("floor_min")),
    )
    yield r"(?:above|over) (?:the )?(?:floor )?(\d+)(?:st|nd|rd|th)? ?floor", _floors("floor_min", beyond=1)
    yield r"(?:below|under) (?:the )?(?:floor )?(\d+)(?:st|nd|rd|th)? ?floor", _floors("floor_max", beyond=-1)


def _areas() -> Iterator[tuple[str, Read]]:
    area = r"(?:(?:面积|建面|area|space|size|between|from)\s*(?:of|is|在|为|是)?\s*[:：]?\s*)?"
    one, unit = rf"(?P<n>{NUMBER})", rf"\s*(?P<unit>{_AREA})"
    yield (
        rf"{area}(?:{_ABOUT})?(?P<low>{NUMBER})\s*(?:{_AREA})?{_TO}(?P<high>{NUMBER}){unit}(?:{_ABOUT_END})?",
        _area_range,
    )
    yield rf"{area}{one}{unit}{_ABOVE_END}|{area}{_ABOVE}(?P<m>{NUMBER})\s*(?P<unit2>{_AREA})", _lowest
    yield rf"{area}{_BELOW}{one}{unit}", _area("area_max")
    yield rf"{area}{one}{unit}{_BELOW_END}", _area("area_max")
    yield rf"{area}(?:{_ABOUT})?{one}{unit}(?:{_ABOUT_END})?", _area("area")
    yield rf"(?:面积|建面)\s*[:：]?\s*(?:{_ABOUT})?{one}(?:{_ABOUT_END})?(?!\s*(?:元|块))", _area("area")


def _lowest(match: re.Match[str]) -> Pairs:
    amount, unit = match["n"] or match["m"], match["unit"] or match["unit2"]
    return (("area_min", _m2(number(amount), unit)),)
