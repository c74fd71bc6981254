"""Reads and writes the values of query strings; an error names the parameter, the value and what is allowed."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal, InvalidOperation

from geo.errors import BadParameterError

MOST_WORDS = 50
MOST_DECIMALS = 16
"""Of a number; PostgreSQL refuses such as 1e-99999, and nobody means them."""


def decimal(name: str, value: str, low: int, high: int) -> Decimal:
    """A number between two others.

    Raises
    ------
    BadParameterError
        As all functions here, when the value is none of these.
    """
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise BadParameterError(name, value, f"a number from {low} to {high}, such as 800 or 4.5") from None
    if not number.is_finite() or not low <= number <= high or abs(int(number.as_tuple().exponent)) > MOST_DECIMALS:
        raise BadParameterError(name, value, f"a number from {low} to {high} with at most {MOST_DECIMALS} decimals")
    return number


def whole(name: str, value: str, low: int, high: int) -> int:
    """A whole number between two others."""
    digits = value.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= len(str(max(high, -low)))):
        raise BadParameterError(name, value, f"a whole number from {low} to {high}")
    if not low <= int(value) <= high:
        raise BadParameterError(name, value, f"a whole number from {low} to {high}")
    return int(value)


def day(name: str, value: str) -> date:
    """A date."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise BadParameterError(name, value, "a date such as 2027-03-01") from None


def one_of(name: str, value: str, allowed: Collection[str]) -> str:
    """One word of a list."""
    if value not in allowed:
        raise BadParameterError(name, value, ", ".join(allowed))
    return value


def codes(name: str, value: str, allowed: Collection[str] | None = None) -> tuple[str, ...]:
    """Words separated by commas, each once; of a list, where one is given."""
    words = tuple(dict.fromkeys(word.strip() for word in value.split(",") if word.strip()))
    if not words or len(words) > MOST_WORDS:
        raise BadParameterError(name, value, f"between 1 and {MOST_WORDS} values separated by commas")
    return words if allowed is None else tuple(one_of(name, word, allowed) for word in words)


def numbered(name: str, value: str, allowed: Collection[str], most: int) -> tuple[tuple[str, Decimal], ...]:
    """Words with a number each: "metro:3,lunch:1"; in the order of the list, the last number of a word counts."""
    found: dict[str, Decimal] = {}
    for pair in codes(name, value):
        word, colon, number = pair.partition(":")
        if not colon:
            raise BadParameterError(name, pair, f"a criterion and its weight, such as metro:{most}")
        found[one_of(name, word.strip(), allowed)] = decimal(name, number.strip(), 0, most)
    return tuple((word, found[word]) for word in allowed if word in found)


def write(value: object) -> str:
    """A value as it stands in a query string."""
    if isinstance(value, tuple):
        return ",".join(write(part) for part in value)
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, date):
        return value.isoformat()
    return format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)
