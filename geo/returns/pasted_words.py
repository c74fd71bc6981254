"""The words of a pasted report, one after the other: rooms, floors, states, areas, rents, days, tenants.

Rules, not guesses: what no rule reads is handed back as it stands, so that the preview can show it.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from geo.errors import UnreadableQuantityError
from geo.floor_labels import parse_floor
from geo.quantities import parse_number_with_unit
from geo.taxonomy import occupancies
from geo.text import to_simplified


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its kind: a place ('building', 'floor', 'whole', 'rooms'), what is said of it, 'end' or '?'.

    `value` is what it means: a code, a floor label, room labels joined by spaces, a number with its unit, a day.
    """

    kind: str
    text: str
    value: str


def words_of(text: str, today: date) -> Iterator[Word]:
    """The words of a report; unread signs between them come as one word of kind '?'."""
    plain = to_simplified(unicodedata.normalize("NFKC", text)).replace("\u3000", " ")
    at, unread = 0, ""
    while at < len(plain):
        found = next((word for read in _READERS if (word := read(plain, at, today))), None)
        if found is None:
            unread += plain[at]
            at += 1
            continue
        if unread.strip(_IGNORED):
            yield Word("?", unread.strip(_IGNORED), "")
        unread = ""
        if found.kind != " ":
            yield found
        at += len(found.text)
    if unread.strip(_IGNORED):
        yield Word("?", unread.strip(_IGNORED), "")


def _space(plain: str, at: int, _today: date) -> Word | None:
    match = re.compile(r"[ \t,、·:]+").match(plain, at)
    return Word(" ", match[0], "") if match else None


def _end(plain: str, at: int, _today: date) -> Word | None:
    match = re.compile(r"[;。\n\r!]+").match(plain, at)
    return Word("end", match[0], "") if match else None


def _day(plain: str, at: int, today: date) -> Word | None:
    match = _DAY.match(plain, at)
    if match is None:
        return None
    year = int(match["year"]) if match["year"] else today.year + (match["next"] == "明年")
    try:
        month, day_of = match["month_of"] or match["month"], match["day_of"] or match["day"] or 1
        day = date(year, int(month), int(day_of))
        if not match["year"] and not match["next"] and match["tail"] in _FREE and day < today:
            day = day.replace(year=year + 1)
    except ValueError:
        return None
    return Word("free_on" if match["tail"] in _FREE else "since", match[0], day.isoformat())


def _rent(plain: str, at: int, _today: date) -> Word | None:
    match = _RENT.match(plain, at)
    if match is None:
        return None
    try:
        quantity = parse_number_with_unit(match[0].replace("块", "元"))
        amount = quantity.exact()
    except UnreadableQuantityError:
        return None
    unit = quantity.unit if quantity.unit in _RENT_UNITS else _usual_unit(float(amount))
    return Word("rent", match[0], f"{amount} {unit} {'' if quantity.unit in _RENT_UNITS else 'assumed'}".strip())


def _usual_unit(amount: float) -> str:
    """What a bare "4.2元" is per: rents of so many yuan are quoted so."""
    return "cny_m2_day" if amount < 30 else "cny_m2_month" if amount < 1000 else "cny_month"


def _area(plain: str, at: int, _today: date) -> Word | None:
    match = _AREA.match(plain, at)
    if match is None:
        return None
    try:
        return Word("area", match[0], str(parse_number_with_unit(match[0]).exact()))
    except UnreadableQuantityError:
        return None


def _building(plain: str, at: int, _today: date) -> Word | None:
    match = _BUILDING.match(plain, at)
    return Word("building", match[0], match[0]) if match else None


def _floor(plain: str, at: int, _today: date) -> Word | None:
    match = _FLOOR.match(plain, at)
    if match is None:
        return None
    try:
        return Word("floor", match[0], parse_floor(match[0]).label)
    except UnreadableQuantityError:
        return None


def _whole(plain: str, at: int, _today: date) -> Word | None:
    match = re.compile(r"整层|全层|整个楼层|整楼层").match(plain, at)
    return Word("whole", match[0], "") if match else None


def _state(plain: str, at: int, _today: date) -> Word | None:
    for word, code in _states():
        if plain.startswith(word, at):
            return Word("state", word, code)
    return None


def _tenant(plain: str, at: int, _today: date) -> Word | None:
    match = _TENANT.match(plain, at)
    return Word("tenant", match[0], match["named"] or match["company"]) if match else None


def _rooms(plain: str, at: int, _today: date) -> Word | None:
    match = _ROOMS.match(plain, at)
    if match is None or (at and plain[at - 1].isascii() and plain[at - 1].isalnum()):
        return None
    return Word("rooms", match[0], re.sub(r"(?:室|房|单元|号房)", "", match[0]))


@cache
def _states() -> tuple[tuple[str, str], ...]:
    """Every way to name a state, the longest first; "soon" is said of a let unit, and "expiring" too."""
    mapped = {"soon": "in_use", "expiring": "in_use"}
    known = {name: mapped.get(each.code, each.code) for each in occupancies() for name in (each.name, *each.aliases)}
    usable = {word: code for word, code in known.items() if not word.isascii() and len(word) > 1}
    return tuple(sorted({**usable, **_MORE}.items(), key=lambda pair: (-len(pair[0]), pair[0])))


_IGNORED = " \t,、·:()-—的了为是在已把租金约每建筑面积"
_RENT_UNITS = frozenset(("cny_m2_day", "cny_m2_month", "cny_m2_year", "cny_month", "cny_year", "cny_desk_month"))
_FREE = frozenset(("起可租", "可租", "后可租", "可入驻", "空出", "腾空", "到期", "交付"))
_MORE = {
    **dict.fromkeys(
        ("空了", "空着", "都空了", "退租", "搬走", "搬离", "清退", "已退租", "已搬走", "已搬离", "已退", "空出来"),
        "vacant",
    ),
    **dict.fromkeys(("租出", "租掉", "续租", "新租", "租给", "已入住", "入住"), "in_use"),
    **dict.fromkeys(("签了", "签约", "已签合同"), "signed"),
    **dict.fromkeys(("在装修",), "fitting_out"),
}
_DAY = re.compile(
    r"(?:(?P<year>20\d\d)[-/.年](?P<month_of>\d{1,2})(?:[-/.月](?P<day_of>\d{1,2})[日号]?|月份?)?"
    r"|(?P<next>明年|今年)?(?P<month>\d{1,2})月(?:份|(?P<day>\d{1,2})[日号]?)?)"
    r"(?P<tail>起可租|后可租|可租|可入驻|空出|腾空|到期|交付|起租|入驻|搬入|起)?"
)
_RENT = re.compile(
    r"(?<!\d)\d[\d,]{0,15}(?:\.\d{1,15})?\s{0,9}万?\s{0,9}(?:元|块)(?:/|每)?"
    r"(?:(?:m2|平方米|平米|平|平方|方|天|日|月|年|工位|个)(?:[/·每]|(?=[天日月年]))?){0,2}"
)
_AREA = re.compile(r"(?<!\d)\d[\d,]{0,15}(?:\.\d{1,15})?\s{0,9}万?\s{0,9}(?:平方米|平米|平方|平|m2|方)(?!\d)")
_BUILDING = re.compile(
    r"(?:[A-Za-z]\d?|\d{1,2}|[一二三四五六七八九十]{1,2}|[东南西北甲乙丙丁主副])(?:座|栋|幢|号楼|塔)"
)
_FLOOR = re.compile(r"(?:B|地下|负)?(?:\d{1,3}[A-E]?|[一二三四五六七八九十]{1,3})\s*(?:层|楼|F(?![A-Za-z]))", re.I)
_TENANT = re.compile(
    r"(?:租户|承租方|承租人|客户)[:为是]?\s*(?P<named>[^\s,;。\d]{2,60})"
    r"|(?P<company>[\u4e00-\u9fff()A-Za-z]{2,40}?(?:有限公司|公司|事务所|集团|分行|支行|工作室|研究院|协会))"
)
_NO_ROOM = r"(?![\d.]|\s*(?:平|m2|元|块|万|层|楼|月|年|日|天|座|栋|幢|号楼))"
_ONE_ROOM = rf"[A-Za-z]{{0,2}}\d{{1,5}}[A-Za-z]?(?:室|房|单元|号房)?{_NO_ROOM}"
_ROOMS = re.compile(rf"{_ONE_ROOM}(?:\s*(?:[、/&和及]|[-~至到])\s*{_ONE_ROOM})*")
_READERS = (_end, _space, _rent, _area, _day, _building, _floor, _whole, _tenant, _state, _rooms)
