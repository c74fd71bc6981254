"""Reads what a unit's texts say: its use, the part of an address that is the unit, the floor in a room number."""

import re
from dataclasses import dataclass

_USES = (
    ("parking", r"停车|车位|车库|parking|car ?space|garage"),
    ("hotel", r"酒店|宾馆|旅馆|公寓式酒店|hotel|guest ?house"),
    ("apartment", r"住宅|居住|公寓|residential|flat|apartment|dwelling"),
    ("office", r"办公|写字|商务|office"),
    ("retail", r"商业|商铺|店铺|零售|餐饮|门面|shop|retail|restaurant|cafe|public house|salon|showroom|bank"),
    ("storage", r"仓|库房|storage|warehouse|store"),
    ("industrial", r"厂房|工业|车间|生产|factory|workshop|industrial|garage|mill"),
)
_PATTERNS = [(code, re.compile(pattern, re.I)) for code, pattern in _USES]
_UNIT_SEGMENT = re.compile(
    r"\b(floors?|flr|units?|suites?|rooms?|rms?|offices?|flats?|basement|bays?|parts?|pts?|rear|front|ground|mezzanine"
    r"|upper|lower|adj(?:acent)?|kiosk|stalls?|stores?|studios?|workshops?|bst|gf|ff|site|over)\b",
    re.I,
)
_CHINESE_UNIT = re.compile(
    r"[-—－ ]?((?:B|地下|负)?[0-9一二三四五六七八九十]{1,3}(?:层|楼|F))?[-—－ ]?"
    r"([A-Za-z]?\d{2,5}[A-Za-z]?(?:[-~、]\d{2,5})?)?(室|单元|房间|房|铺)?$"
)
_ROOM = re.compile(r"(?:[A-Za-z]-?)?(\d{1,2})\d{2}[A-Za-z]?(?:室|房|单元)?(?:[-~、].*)?")


@dataclass(frozen=True, slots=True)
class SplitAddress:
    """An address in two: what names the building and where it stands, and the unit in it ("" when it names none)."""

    building: str
    unit: str
    chinese: bool


def use_of(text: str | None) -> str:
    """Return the use of a unit by its words: office, retail, hotel …; ``other`` for words that say none of them."""
    if not text:
        return "office"
    return next((code for code, pattern in _PATTERNS if pattern.search(text)), "other")


def split_address(address: str) -> SplitAddress:
    """Part a full address: "Part 2nd Floor, Oswin House, 38, Canal Road" or "海湾路300号云澜大厦12层1203室"."""
    segments = [segment.strip() for segment in address.split(",")]
    if len(segments) > 1:
        own = 0
        while own < len(segments) - 1 and _UNIT_SEGMENT.search(segments[own]):
            own += 1
        return SplitAddress(", ".join(segments[own:]), ", ".join(segments[:own]), chinese=False)
    match = _CHINESE_UNIT.search(address)
    if match and (match[1] or (match[2] and match[3])):
        return SplitAddress(address[: match.start()], match[0].lstrip("-—－ "), chinese=True)
    return SplitAddress(address, "", chinese=not address.isascii())


def floor_in_label(label: str, floors_above: int | None) -> int | None:
    """Return the floor that a room number of three or four digits begins with ("1203": 12), None when it is none."""
    match = _ROOM.fullmatch(label)
    number = int(match[1]) if match else 0
    return number if 0 < number <= (floors_above or 80) else None
