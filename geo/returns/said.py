"""What a return says of a unit, in the words of the page, beside what is held to be so now."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from geo.errors import UnknownValueError, UnreadableQuantityError
from geo.taxonomy import occupancies, rent_units
from geo.taxonomy.vocabularies import UnitStatus

STATES = ("vacant", "negotiating", "signed", "in_use", "fitting_out", "own_use", "unknown")
"""Codes of `occupancy.csv` that somebody can report; "soon" follows from an offer, "expiring" from a lease."""

OFFERABLE = frozenset({"vacant", "negotiating", "in_use", "fitting_out", "own_use"})
"""States in which a unit can be on the market: empty now, or to be empty on a day."""

EMPTY = frozenset({"vacant", "negotiating"})
"""States in which nobody uses or has signed for a unit."""

TENANTED = frozenset({"signed", "in_use", "fitting_out"})
NAME_LENGTH = 200
_MOST_RENT, _MOST_AREA = Decimal(100_000_000), Decimal(1_000_000)


class UnreadableReportError(UnreadableQuantityError):
    """A value of the return is not understood."""

    def __init__(self, field: str, value: str, remedy: str) -> None:
        super().__init__(f"{field} {value!r}: {remedy}")
        self.field, self.value = field, value


@dataclass(frozen=True, slots=True)
class Said:
    """One unit as reported: state, whether it is offered and on which terms, who sits in it, its area where said."""

    state: str = "unknown"
    offered: bool = False
    rent_amount: Decimal | None = None
    rent_unit: str | None = None
    available_on: date | None = None
    tenant: str | None = None
    area_m2: Decimal | None = None

    @property
    def occupancy(self) -> str:
        """As `unit_states` has it."""
        return _WORDS[self.state].occupancy

    @property
    def contract(self) -> str:
        """As `unit_states` has it."""
        return _WORDS[self.state].contract

    def whole(self) -> "Said":
        """The same without what its state leaves no room for: terms without an offer, a tenant in an empty unit."""
        offered = self.offered and self.state in OFFERABLE
        rent = self.rent_amount if offered else None
        return Said(
            self.state,
            offered,
            rent,
            (self.rent_unit or "cny_m2_day") if rent is not None else None,
            self.available_on if offered else None,
            self.tenant if self.state in TENANTED else None,
            self.area_m2,
        )

    def as_json(self) -> dict[str, Any]:
        """What JSON can hold of it; read again by `from_texts`."""
        return {
            "state": self.state,
            "offered": "1" if self.offered else "",
            "rent_amount": _digits(self.rent_amount),
            "rent_unit": self.rent_unit or "",
            "available_on": self.available_on.isoformat() if self.available_on else "",
            "tenant": self.tenant or "",
            "area_m2": _digits(self.area_m2),
        }


FIELDS = tuple(field.name for field in fields(Said))


def state_of(occupancy: str, contract: str) -> str:
    """The word of the page for a state of `unit_states`."""
    exact = (code for code in STATES if (_WORDS[code].occupancy, _WORDS[code].contract) == (occupancy, contract))
    alike = (code for code in STATES if _WORDS[code].occupancy == occupancy)
    return next(exact, None) or next(alike, "unknown")


def differences(before: Said, after: Said) -> tuple[str, ...]:
    """The fields that differ, in their order."""
    return tuple(name for name in FIELDS if getattr(before, name) != getattr(after, name))


def from_texts(texts: Mapping[str, str]) -> Said:
    """Read what a form or a file says of a unit, each value as a text, empty where nothing is said.

    Raises
    ------
    UnreadableReportError
        A value is not understood; it names the field.
    """
    state = texts.get("state", "").strip()
    if state not in STATES:
        raise UnreadableReportError("state", state, f"give one of {', '.join(STATES)}")
    unit = texts.get("rent_unit", "").strip() or None
    if unit and unit not in {known.code for known in rent_units()}:
        raise UnreadableReportError("rent_unit", unit, "give a unit of the list")
    tenant = " ".join(texts.get("tenant", "").split()) or None
    if tenant and len(tenant) > NAME_LENGTH:
        raise UnreadableReportError("tenant", tenant[:20], f"give at most {NAME_LENGTH} characters")
    return Said(
        state,
        bool(texts.get("offered", "").strip()),
        _amount("rent_amount", texts.get("rent_amount", ""), _MOST_RENT),
        unit,
        read_day("available_on", texts.get("available_on", "")),
        tenant,
        _amount("area_m2", texts.get("area_m2", ""), _MOST_AREA),
    ).whole()


def read_day(field: str, text: str) -> date | None:
    """A day written as 2026-11-20, None for nothing; raises as `from_texts`."""
    plain = text.strip()
    if not plain:
        return None
    try:
        day = date.fromisoformat(f"{plain}-01" if len(plain) == 7 else plain)
    except ValueError:
        raise UnreadableReportError(field, plain[:20], "give a day as 2026-11-20") from None
    if not 1990 <= day.year <= 2100:
        raise UnreadableReportError(field, plain[:20], "give a year from 1990 to 2100")
    return day


def _amount(field: str, text: str, most: Decimal) -> Decimal | None:
    plain = text.strip().replace(",", "").replace("，", "")
    if not plain:
        return None
    try:
        amount = Decimal(plain)
    except InvalidOperation:
        raise UnreadableReportError(field, plain[:20], "give a number such as 4.5") from None
    if not amount.is_finite() or not 0 < amount < most:
        raise UnreadableReportError(field, plain[:20], "give a number above 0")
    return amount.quantize(Decimal("0.01"))


def _digits(number: Decimal | None) -> str:
    return "" if number is None else format(number.normalize(), "f")


def _words() -> dict[str, UnitStatus]:
    known = {status.code: status for status in occupancies()}
    missing = [code for code in STATES if code not in known]
    if missing:
        raise UnknownValueError(f"occupancy.csv lacks {', '.join(missing)}.")
    return {code: known[code] for code in STATES}


_WORDS = _words()
