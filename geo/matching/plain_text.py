"""A sentence folded character by character, so that what is found in it has the same place in what was typed."""

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

from geo.text import to_simplified

NUMBER = r"(?:\d[\d,]{0,11}(?:\.\d{1,6})?|[零一二两三四五六七八九十百千半]{1,9})\s*(?:万|千|百|[kw](?![a-z]))?"
"""Digits or Chinese numerals, with 万, 千 or k behind; to be read by `number`."""

_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"两": 2}
_PLACES = {"十": 10, "百": 100, "千": 1000}
_SCALES = {"万": 10_000, "w": 10_000, "千": 1000, "k": 1000, "百": 100}


def plain(text: str) -> str:
    """The text in lower case, half-width and 简体, every character where it was."""
    return "".join(map(_plain, text))


def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern for folded sentences; no rule reads across more than a few spaces, so that none takes long."""
    return re.compile(pattern.replace(r"\s*", r"\s{0,3}").replace(r"\s+", r"\s{1,3}"))


def number(text: str) -> Decimal:
    """The value of what `NUMBER` has matched: "1,200", "12万", "120k", "八百", "半"."""
    text = text.strip().replace(",", "")
    digits = re.match(r"\d+(?:\.\d+)?", text)
    if digits:
        return Decimal(digits[0]) * _SCALES.get(text[digits.end() :].strip(), 1)
    if text.endswith("万"):
        return _chinese(text[:-1].strip()) * 10_000
    return _chinese(text)


def numbers(low: str, high: str) -> tuple[Decimal, Decimal]:
    """Both ends of a range; in "1-1.2万" the first has the scale of the second."""
    first, second = number(low), number(high)
    scale = _SCALES.get(high.strip()[-1], 1)
    return (first * scale, second) if first * scale < second and first < scale else (first, second)


def written(value: Decimal) -> str:
    """A number as it stands in a query string, to the hundredth."""
    return format(round(value, 2).normalize(), "f")


def _chinese(text: str) -> Decimal:
    if text == "半":
        return Decimal("0.5")
    if not set(text) & _PLACES.keys():
        return Decimal("".join(str(_DIGITS.get(character, 0)) for character in text) or "0")
    total, digit = 0, 0
    for character in text:
        if character in _PLACES:
            total, digit = total + (digit or 1) * _PLACES[character], 0
        else:
            digit = _DIGITS.get(character, 0)
    return Decimal(total + digit)


@lru_cache(4096)
def _plain(character: str) -> str:
    if character.isascii():
        return character.lower()
    half = unicodedata.normalize("NFKC", character)
    folded = to_simplified(half if len(half) == 1 else character).lower()
    return folded if len(folded) == 1 else character
