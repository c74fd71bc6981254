"""Reads the CSV files of `data/taxonomies/` into frozen dataclasses and finds words in them."""

import csv
import difflib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from geo.errors import UnknownValueError
from geo.text import fold, to_traditional

FOLDER = Path(__file__).parents[2] / "data" / "taxonomies"


@dataclass(frozen=True, slots=True)
class Word:
    """One entry of a vocabulary: a code with its names and the other ways people write it."""

    code: str
    name: str
    name_en: str
    aliases: tuple[str, ...] = ()

    def label(self, locale: str = "zh") -> str:
        """Return the name for a page in ``zh``, ``en`` or ``zh-hant`` (``zh_Hant``)."""
        if locale.lower().startswith("en"):
            return self.name_en
        return to_traditional(self.name) if "hant" in locale.lower() else self.name


Row = TypeVar("Row")
AnyWord = TypeVar("AnyWord", bound=Word)


def read_table(kind: type[Row], file_name: str) -> tuple[Row, ...]:
    """Read a file of the folder, each row as an object of a dataclass whose fields are the columns."""
    with (FOLDER / file_name).open(encoding="utf-8", newline="") as file:
        return tuple(_object(kind, row) for row in csv.DictReader(file))


def find(words: Iterable[AnyWord], text: str, what: str) -> AnyWord:
    """Return the word whose name, alias or code a text is.

    Raises
    ------
    UnknownValueError
        When it is none of them; the message names the closest.
    """
    words, key = tuple(words), fold(text)
    # Names before codes: "A" is the market's grade A, not the code "a" of 甲级.
    named = (word for word in words if key in map(fold, (word.name, word.name_en, *word.aliases)))
    coded = (word for word in words if key == fold(word.code))
    found = next(named, None) or next(coded, None)
    if key and found:
        return found
    raise UnknownValueError(f"The {what} {text!r} is not known; {_closest(words, key)}")


def _closest(words: tuple[Word, ...], key: str) -> str:
    spellings = {fold(spelling): word for word in words for spelling in (word.code, word.name, *word.aliases)}
    near = dict.fromkeys(spellings[match].name for match in difflib.get_close_matches(key, spellings, n=5, cutoff=0.5))
    if near:
        return f"closest: {'、'.join(list(near)[:3])}."
    return f"allowed: {'、'.join(dict.fromkeys(word.name for word in words))}."


def _object(kind: type[Row], row: dict[str, str]) -> Row:
    return kind(**{field.name: _value(field.type, row[field.name]) for field in fields(kind) if field.name in row})  # type: ignore[arg-type]


def _value(kind: Any, text: str) -> Any:
    if kind is int:
        return int(text)
    if kind is str:
        return text
    return tuple(part for part in text.split("|") if part)
