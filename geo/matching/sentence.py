"""Reads a requirement out of a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the sentence, the parameter and value it became, and the same in words."""

    start: int
    end: int
    text: str
    field: str
    value: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Left:
    """A part that was not understood."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Understood:
    """The sentence, the parameters of a requirement that were found, where, and what was left."""

    text: str
    query: Mapping[str, str]
    parts: tuple[Part, ...]
    left: tuple[Left, ...]


def understood(text: str, today: date, areas: Mapping[str, str] | None = None) -> Understood:
    return Understood(text, {}, (), (Left(0, len(text), text),))
