"""What may be set of each table by hand: the fields, how a text becomes their value, and the text they show."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from geoalchemy2 import WKBElement
from geoalchemy2.shape import to_shape

from geo.errors import BadParameterError

Reader = Callable[[str, str], Any]
_BETWEEN = re.compile(r"[;；|\n]+")


@dataclass(frozen=True, slots=True)
class Control:
    """One field that a form sets: its name, what kind of control it needs, and how its text is read.

    `kind` is ``text``, ``long``, ``number``, ``choice``, ``choices``, ``yes``, ``day`` or ``outline``; `words` says in
    which vocabulary the choices are named; an `optional` field may be empty, which is held as unknown.
    `least` and `most` bound a number, or the characters of a text.
    """

    name: str
    kind: str
    read: Reader
    unit: str = ""
    choices: tuple[str, ...] = ()
    words: str = ""
    optional: bool = True
    least: str = ""
    most: str = ""

    def value(self, text: str) -> Any:
        """The value that a text stands for.

        Raises
        ------
        BadParameterError
            It stands for none; the message says what is allowed.
        """
        text = text.strip()
        if "\0" in text:
            raise BadParameterError(self.name, text.replace("\0", "?")[:80], "a text")
        if not text and self.kind != "choices" and self.optional:
            return [] if self.name == "aliases" else None
        return self.read(self.name, text)


def shown(value: object) -> str:
    """The text of a value as a form shows it; an outline is not shown but marked, so that a change of it is seen."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal | float):
        return f"{Decimal(str(value)).normalize():f}"
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value))
    if isinstance(value, WKBElement):
        return str(to_shape(value).wkt)
    return value.isoformat() if isinstance(value, date) else str(value)


def words(name: str, most: int = 200, *, optional: bool = True, kind: str = "text") -> Control:
    """A text of up to so many characters."""

    def read(field: str, text: str) -> str:
        text = text if kind == "long" else " ".join(text.split())
        if not text or len(text) > most:
            raise BadParameterError(field, text[:80], f"a text of 1 to {most} characters")
        return text

    return Control(name, kind, read, optional=optional, most=str(most))


def several(name: str, most: int = 20) -> Control:
    """Several texts, between semicolons."""

    def read(field: str, text: str) -> list[str]:
        parts = list(dict.fromkeys(filter(None, (part.strip() for part in _BETWEEN.split(text)))))
        if len(parts) > most or any(len(part) > 200 for part in parts):
            raise BadParameterError(field, text[:80], f"up to {most} texts of up to 200 characters, between semicolons")
        return parts

    return Control(name, "text", read)


def decimal(name: str, least: str, most: str, unit: str = "", *, optional: bool = True) -> Control:
    """A number with two decimals, kept to the digit."""
    return Control(name, "number", _number(least, most, 2), unit, (), "", optional, least, most)


def real(name: str, least: str, most: str, unit: str = "", *, optional: bool = True) -> Control:
    """A number with two decimals, kept as a float."""
    exact = _number(least, most, 2)
    return Control(name, "number", lambda field, text: float(exact(field, text)), unit, (), "", optional, least, most)


def whole(name: str, least: int, most: int, unit: str = "", *, optional: bool = True) -> Control:
    """A whole number."""
    exact = _number(str(least), str(most), 0)

    def read(field: str, text: str) -> int:
        number = exact(field, text)
        if Decimal(text.replace(",", "").replace("，", "")) != number:
            raise BadParameterError(field, text, f"a whole number from {least} to {most}")
        return int(number)

    return Control(name, "number", read, unit, (), "", optional, str(least), str(most))


def choice(name: str, choices: Collection[str], words: str, *, optional: bool = False) -> Control:
    """One of some words."""

    def read(field: str, text: str) -> str:
        if text not in choices:
            raise BadParameterError(field, text[:80], ", ".join(choices))
        return text

    return Control(name, "choice", read, choices=tuple(choices), words=words, optional=optional)


def choices(name: str, allowed: Collection[str], words: str) -> Control:
    """Any of some words, between semicolons."""

    def read(field: str, text: str) -> list[str]:
        parts = list(dict.fromkeys(filter(None, (part.strip() for part in text.split(";")))))
        if wrong := [part for part in parts if part not in allowed]:
            raise BadParameterError(field, wrong[0][:80], ", ".join(allowed))
        return parts

    return Control(name, "choices", read, choices=tuple(allowed), words=words)


def yes(name: str) -> Control:
    """Yes or no."""

    def read(field: str, text: str) -> bool:
        if text not in ("yes", "no"):
            raise BadParameterError(field, text[:80], "yes, no")
        return text == "yes"

    return Control(name, "yes", read, choices=("yes", "no"), words="yes", optional=False)


def a_day(name: str) -> Control:
    """A day."""

    def read(field: str, text: str) -> date:
        try:
            day = date.fromisoformat(text)
        except ValueError:
            day = date.min
        if not 1900 <= day.year <= 2200:
            raise BadParameterError(field, text[:80], "a day such as 2026-11-20")
        return day

    return Control(name, "day", read)


def _number(least: str, most: str, places: int) -> Callable[[str, str], Decimal]:
    def read(field: str, text: str) -> Decimal:
        try:
            number = Decimal(text.replace(",", "").replace("，", "")).quantize(Decimal(1).scaleb(-places))
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or not Decimal(least) <= number <= Decimal(most):
            raise BadParameterError(field, text[:80], f"a number from {least} to {most}")
        return number

    return read
