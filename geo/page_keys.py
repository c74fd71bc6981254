"""Keys of pages: where a list goes on, as one word that a reader sends back unchanged."""

import base64
import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, SmallInteger, literal

from geo.errors import BadParameterError

LARGEST_EXPONENT = 30
"""Of a decimal number in a key; larger ones are made up, and too large for PostgreSQL."""


def write_key(values: Sequence[Any]) -> str:
    """The key after a row with these values in the columns of the order."""
    text = json.dumps([str(value) for value in values], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_key(after: str, columns: Sequence[Any]) -> list[ColumnElement[Any]]:
    """The values to go on from, bound as their columns' types.

    Raises
    ------
    BadParameterError
        `after` is not a key for these columns.
    """
    typed = read_values(after, columns)
    return [literal(value, column.type) for value, column in zip(typed, columns, strict=True)]


def read_values(after: str, columns: Sequence[Any]) -> list[Any]:
    """The values to go on from, each as its column's type, so that a made-up key never reaches the database.

    Raises
    ------
    BadParameterError
        `after` is not a key for these columns.
    """
    try:
        values = json.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
        if isinstance(values, list) and len(values) == len(columns) and all(isinstance(v, str) for v in values):
            return [_typed(value, column) for value, column in zip(values, columns, strict=True)]
    except (ValueError, ArithmeticError, RecursionError):
        pass
    raise BadParameterError("after", after[:40], "the 'next' of the page before, unchanged and with the same sort")


def _typed(value: str, column: ColumnElement[Any]) -> Any:
    if b"\0" in value.encode():  # which refuses half a surrogate pair with a ValueError of its own
        raise ValueError(value)
    kind = column.type.python_type
    typed: Any = date.fromisoformat(value) if kind is date else kind(value)
    if isinstance(column.type, Integer) and abs(typed) >= _beyond(column.type):
        raise ValueError(value)
    if isinstance(typed, Decimal) and not (typed.is_finite() and abs(typed.adjusted()) <= LARGEST_EXPONENT):
        raise ValueError(value)
    return typed


def _beyond(kind: Integer) -> int:
    """The first whole number that a column of this type cannot hold."""
    return 2**15 if isinstance(kind, SmallInteger) else 2**63 if isinstance(kind, BigInteger) else 2**31
