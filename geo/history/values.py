"""What may be said of a unit or of an offer: which names there are, and which values each takes."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from geo.errors import BadParameterError, UnknownFieldError
from geo.taxonomy import fitouts, rent_units

OCCUPANCIES = ("vacant", "own_use", "tenant", "fitting_out", "unknown")
CONTRACTS = ("none", "talks", "signed", "let")
UNIT_USES = (
    *("office", "retail", "hotel", "apartment", "plant", "refuge", "parking", "lobby", "amenity", "storage"),
    *("industrial", "other"),
)
AREA_BASES = ("gross", "net", "usable")
OFFER_KINDS = ("rent", "sale", "sublease")
USED_BY_TENANTS = frozenset({"tenant", "fitting_out"})

Check = Callable[[str, object], Any]


def state_values(said: Mapping[str, object]) -> dict[str, Any]:
    """What is said of a unit as values for its columns.

    Raises
    ------
    UnknownFieldError, BadParameterError
        There is no such column; it does not take the value.
    """
    return _checked(said, _STATE)


def offer_values(said: Mapping[str, object]) -> dict[str, Any]:
    """What is said of an offer as values for its columns; `valid_until` is its last day. Raises as `state_values`."""
    values = _checked(said, _OFFER)
    low, high = values.get("rent_low"), values.get("rent_high")
    if low is not None and high is not None and low > high:
        raise BadParameterError("rent_high", str(high), f"a rent of at least {low}")
    return values


def day(name: str, value: object) -> date:
    """A day within reach of our records. Raises as `state_values`."""
    if not isinstance(value, date) or not 1900 <= value.year <= 2200:
        raise BadParameterError(name, str(value), "a day between 1900 and 2200")
    return value


def _checked(said: Mapping[str, object], checks: Mapping[str, Check]) -> dict[str, Any]:
    for name in said:
        if name not in checks:
            raise UnknownFieldError(f"{name!r} is not said of it; allowed: {', '.join(checks)}.")
    return {name: checks[name](name, value) for name, value in said.items()}


def _one_of(*words: str) -> Check:
    def check(name: str, value: object) -> str:
        if not isinstance(value, str) or value not in words:
            raise BadParameterError(name, str(value), ", ".join(words))
        return value

    return check


def _number(least: str, most: str, places: int) -> Check:
    allowed = f"a number from {least} to {most}"

    def check(name: str, value: object) -> Decimal:
        try:
            number = Decimal("NaN" if isinstance(value, bool) else str(value)).quantize(Decimal(1).scaleb(-places))
        except InvalidOperation:
            raise BadParameterError(name, str(value), allowed) from None
        if number.is_nan() or not Decimal(least) <= number <= Decimal(most):
            raise BadParameterError(name, str(value), allowed)
        return number

    return check


def _whole(least: int, most: int) -> Check:
    def check(name: str, value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise BadParameterError(name, str(value), f"a whole number from {least} to {most}")
        return value

    return check


def _yes_or_no(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise BadParameterError(name, str(value), "true, false")
    return value


def _words(most: int) -> Check:
    def check(name: str, value: object) -> str:
        text = value.strip() if isinstance(value, str) else ""
        if not text or len(text) > most or "\0" in text:
            raise BadParameterError(name, str(value)[:80], f"a text of 1 to {most} characters")
        return text

    return check


def _or_none(check: Check) -> Check:
    return lambda name, value: None if value is None else check(name, value)


_ID = _whole(1, 2**63 - 1)
_AREA = _number("0.01", "9999999999.99", 2)
_MONEY = _number("0", "999999999999.99", 2)
_RENT_UNIT = _one_of(*(unit.code for unit in rent_units()))

_STATE: dict[str, Check] = {
    "exists": _yes_or_no,
    "occupancy": _one_of(*OCCUPANCIES),
    "contract": _one_of(*CONTRACTS),
    "tenant_id": _or_none(_ID),
    "rent_amount": _or_none(_MONEY),
    "rent_unit": _or_none(_RENT_UNIT),
    "area_m2": _or_none(_AREA),
    "area_basis": _one_of(*AREA_BASES),
    "area_source": _or_none(_words(200)),
    "use": _one_of(*UNIT_USES),
}
_OFFER: dict[str, Check] = {
    "kind": _one_of(*OFFER_KINDS),
    "title": _or_none(_words(200)),
    "rent_low": _or_none(_MONEY),
    "rent_high": _or_none(_MONEY),
    "rent_unit": _or_none(_RENT_UNIT),
    "tax_included": _or_none(_yes_or_no),
    "property_fee_included": _or_none(_yes_or_no),
    "area_basis": _one_of(*AREA_BASES),
    "min_area_m2": _or_none(_AREA),
    "fitout": _or_none(_one_of(*(fitout.code for fitout in fitouts()))),
    "available_on": _or_none(day),
    "rent_free_months": _or_none(_whole(0, 120)),
    "rent_free_with_fee": _or_none(_yes_or_no),
    "escalation_pct": _or_none(lambda name, value: float(_number("-100", "100", 4)(name, value))),
    "deposit_months": _or_none(_whole(0, 120)),
    "restoration_cny_m2": _or_none(_number("0", "99999999.99", 2)),
    "contact_id": _or_none(_ID),
    "valid_until": _or_none(day),
}
STATE_COLUMNS = tuple(_STATE)
OFFER_COLUMNS = tuple(name for name in _OFFER if name != "valid_until")
