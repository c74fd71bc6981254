"""Reads floor labels as people type them: 3F, 12A, B1, 三层, 地下一层, 夹层, and ranges like 3F-4F."""

import re
import unicodedata
from dataclasses import dataclass

from geo.errors import UnreadableQuantityError
from geo.text import chinese_number, to_simplified


@dataclass(frozen=True, slots=True)
class FloorLabel:
    """The label of one storey.

    Attributes
    ----------
    label
        The one spelling: "3", "12A", "B1", "3M" (mezzanine above 3), "R" (roof).
    number
        The number in the label, negative below ground, None where it has none. Labels skip numbers: the physical order
        of a building's floors follows from all its labels together, by `order`.
    """

    label: str
    number: int | None

    @property
    def order(self) -> tuple[float, str]:
        """A sort key from the lowest basement to the roof: B2 < B1 < 1 < 1M < 12 < 12A < R."""
        if self.number is None:
            return (1.5, "") if self.label == "M" else (float("inf"), self.label)
        return (float(self.number), self.label.lstrip("B").lstrip("0123456789"))


def parse_floor(text: str) -> FloorLabel:
    """Read the label of one floor.

    Raises
    ------
    UnreadableQuantityError
        When the text names several floors, or none.
    """
    low, high = parse_floors(text)
    if low != high:
        raise UnreadableQuantityError(f"Floor {text!r} is a range; give one floor per row.")
    return low


def parse_floors(text: str) -> tuple[FloorLabel, FloorLabel]:
    """Read one floor or a range ("3F-4F", "B1至3层", "3、4层"), the lower one first; both are equal for one floor.

    Raises
    ------
    UnreadableQuantityError
        When the text names no floor, or the whole building.
    """
    plain = re.sub(r"\s", "", to_simplified(unicodedata.normalize("NFKC", text)).upper())
    single = _one(plain)
    if single:
        return single, single
    parts = _RANGE.fullmatch(plain)
    ends = [_one(part) for part in parts.groups()] if parts else []
    if len(ends) == 2 and ends[0] and ends[1]:
        low, high = sorted((ends[0], ends[1]), key=lambda floor: floor.order)
        return low, high
    raise UnreadableQuantityError(f"Floor {text!r} is not understood; write it as 3, 12A, B1, 夹层 or 3-4.")


def _one(plain: str) -> FloorLabel | None:
    if plain in _NAMED:
        return _NAMED[plain]
    match = _LABEL.fullmatch(plain)
    if match is None:
        return None
    below, digits, part = match.group("below", "digits", "part")
    number = int(digits) if digits.isdigit() else _chinese(digits)
    if not number or number > _TALLEST:
        return None
    mark = "M" if part in ("夹", "夹层", "M") else part or ""
    return FloorLabel(f"B{number}{mark}" if below else f"{number}{mark}", -number if below else number)


def _chinese(digits: str) -> int | None:
    try:
        return chinese_number(digits)
    except ValueError:
        return None


_TALLEST = 200
_NAMED = {
    **dict.fromkeys(["首层", "底层", "G", "GF", "G/F", "G层", "地面层", "大堂"], FloorLabel("1", 1)),
    **dict.fromkeys(["夹层", "M", "MF"], FloorLabel("M", None)),
    **dict.fromkeys(["屋顶", "屋面", "天台", "顶楼", "屋顶层", "R", "RF"], FloorLabel("R", None)),
    **dict.fromkeys(["LG", "LGF"], FloorLabel("LG", -1)),
}
_LABEL = re.compile(
    r"(?P<below>B|-|负|地下第?|地库)?第?[FL]?(?P<digits>\d{1,3}(?=\.0$|(?!\.))|[零〇一二三四五六七八九十百两]+)(?:\.0)?"
    r"(?P<part>[A-EGHM]|夹层?)?(?:F|/F|层|楼|楼层)?"
)
_RANGE = re.compile(r"(.+?)(?:[-~–—至到、,]|TO)(.+)")
