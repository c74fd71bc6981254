"""Values as offices type them: 1,234.5, 350万, 1.2亿元, -20万, 85%."""

import re
import unicodedata
from decimal import Decimal
from typing import Protocol

from geo.errors import UnreadableQuantityError

_FACTORS = {"": Decimal(1), "万": Decimal(10_000), "亿": Decimal(100_000_000), "百万": Decimal(1_000_000)}
_VALUE = re.compile(r"(-?\d+(?:\.\d+)?)(百万|万|亿)?(%|元|人|个|幢)?")
_UNITS = {"cny": ("元",), "people": ("人",), "buildings": ("幢", "个"), "number": ("个",), "share": ("%",)}
MOST = Decimal(10) ** 15


class Measured(Protocol):
    """A kind of figure, or an indicator."""

    @property
    def name(self) -> str:
        """What messages call it."""

    @property
    def unit(self) -> str:
        """The unit of its values."""


def value_from_text(text: str, kind: Measured, heading_unit: str = "") -> Decimal:
    """Read a value of a kind, in its unit; a share of one from per cent.

    Parameters
    ----------
    heading_unit : str
        What numbers without a unit of their own are in: ``万元`` for thousands of ten.

    Raises
    ------
    UnreadableQuantityError
        It is no such value; the message says what would be.
    """
    plain = unicodedata.normalize("NFKC", text).translate({ord(sign): None for sign in ",，¥￥ \u3000"})
    plain = plain.replace("−", "-").strip()
    if re.fullmatch(r"-?\d+(\.\d+)?", plain) and kind.unit == "cny":
        plain += heading_unit
    found = _VALUE.fullmatch(plain)
    if found is None or (found[3] and found[3] not in _UNITS.get(kind.unit, ())):
        raise UnreadableQuantityError(f"{text!r} is no value of {kind.name}; write {_example(kind)}.")
    value = Decimal(found[1]) * _FACTORS[found[2] or ""]
    if kind.unit == "share":
        if not found[3] and 0 < value <= 1:
            raise UnreadableQuantityError(f"{text!r} may be {value} % or {value * 100:g} %; write {value * 100:g}%.")
        value /= 100
    if abs(value) >= MOST:
        raise UnreadableQuantityError(f"{text!r} is too large for {kind.name}; write {_example(kind)}.")
    return value.quantize(Decimal("0.0001"))


def _example(kind: Measured) -> str:
    return {"cny": "1234567.89 or 123.5万元", "share": "85.5%"}.get(kind.unit, "a number such as 120")
