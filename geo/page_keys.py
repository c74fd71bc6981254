"""Keys of pages: where a list goes on, as one word that a reader sends back unchanged."""

import base64
import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, literal

from geo.errors import BadParameterError


def write_key(values: Sequence[Any]) -> str:
    """The key after a row with these values in the columns of the order."""
    text = json.dumps([str(value) for value in values], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_key(after: str, columns: Sequence[Any]) -> list[ColumnElement[Any]]:
    """The values to go on from, each as its column's type, so that a made-up key never reaches the database.

    Raises
    ------
    BadParameterError
        `after` is not a key for these columns.
    """
    try:
        values = json.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
        if isinstance(values, list) and len(values) == len(columns) and all(isinstance(v, str) for v in values):
            return [_bound(value, column) for value, column in zip(values, columns, strict=True)]
    except (ValueError, ArithmeticError):
        pass
    raise BadParameterError("after", after[:40], "the 'next' of the page before, unchanged and with the same sort")


def _bound(value: str, column: ColumnElement[Any]) -> ColumnElement[Any]:
    kind = column.type.python_type
    if kind is int and abs(int(value)) >= 2**63:
        raise ValueError(value)
    typed = date.fromisoformat(value) if kind is date else kind(value)
    return literal(typed, column.type)
