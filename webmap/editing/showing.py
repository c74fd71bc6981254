"""Writes the values of notes and imports for a reader."""

from typing import Any

from flask_babel import gettext

from geo.editing.controls import Control
from geo.editing.controls_of import control_of
from geo.errors import UnknownFieldError
from webmap.words import word

_MOST = 120


def told(control: Control | None, value: Any) -> str:
    """A JSON value of a field in the reader's words."""
    if value is None or value in ("", []):
        return gettext("空")
    if isinstance(value, bool):
        return word("yes" if value else "no", "yes")
    if control is not None and control.kind == "outline":
        return gettext("一个轮廓")
    if isinstance(value, list):
        return "、".join(_named(control, str(part)) for part in value)
    text = _named(control, f"{value:g}" if isinstance(value, float) and abs(value) < 1e6 else str(value))
    return text if len(text) <= _MOST else f"{text[:_MOST]}…"


def told_of(table: str, field: str, value: Any) -> str:
    """The same by table and field, of which some are never set by hand."""
    try:
        return told(control_of(table, field), value)
    except UnknownFieldError:
        return told(None, value)


def _named(control: Control | None, text: str) -> str:
    return word(text, control.words) if control is not None and control.words else text
