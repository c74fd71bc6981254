"""What a name is found by: itself from every character on, its pinyin, its initials, the words of its English name."""

import re
from collections.abc import Iterable
from enum import IntEnum
from functools import lru_cache

from geo.text import fold, is_chinese, read_aloud

MOST_READINGS = 4
"""Ways to read a name that are noted for every place in it; rarer ones only from its beginning."""

_ASIDE = re.compile(r"[（(].*?[)）]")
_KIND_OF_PLACE = re.compile(
    r"(?:市|区|區|县|縣|省|街道|镇|鎮|乡|鄉)$| (?:district|subdistrict|city|county)$", re.IGNORECASE
)
_LEAST_ROOT = 2


class Part(IntEnum):
    """Which part of a thing a query has matched."""

    NAME = 0
    ALIAS = 1
    NAME_EN = 2
    PINYIN = 3
    INITIALS = 4
    ADDRESS = 5


class Place(IntEnum):
    """Where in a name a key begins: at its beginning, or within."""

    INSIDE = 0
    START = 1


Key = tuple[str, Part, Place]


def deep_keys(name: str, part: Part) -> list[Key]:
    """Keys from every character (or English word) of a name on, so that it is found by what stands inside."""
    folded, readings = read_aloud(name)
    if not folded:
        return []
    if not any(map(is_chinese, folded)):
        return _english_keys(name, part)
    keys: list[Key] = [(folded[at:], part, _place(at)) for at in range(len(folded)) if _begins(folded, at)]
    for number, reading in enumerate(readings):
        for at in range(len(folded) if number < MOST_READINGS else 1):
            if _begins(folded, at):
                keys += _spoken(folded, reading, at)
    return keys


def flat_keys(name: str, part: Part, roots: Iterable[str] = ()) -> list[Key]:
    """Keys of a name from its beginning on, without the place that it begins with; for things that are very many."""
    folded, readings = read_aloud(name)
    if not folded:
        return []
    if not any(map(is_chinese, folded)):
        return [(without_place(folded, roots), part, Place.START)]
    core = without_place(folded, roots)
    at = len(folded) - len(core)
    spoken = [key for reading in readings[:MOST_READINGS] for key in _spoken(folded, reading, at)]
    return [(core, part, Place.START), *((text, how, Place.START) for text, how, _ in spoken)]


def without_place(folded: str, roots: Iterable[str]) -> str:
    """What is left of a folded name or address after the places it begins with; all of it, if that is too little."""
    rest = folded
    while found := next((root for root in roots if rest.startswith(root) and len(rest) - len(root) >= 1), None):
        rest = rest[len(found) :]
    return rest


def place_roots(names: Iterable[str | None]) -> tuple[str, ...]:
    """What firms and addresses in these areas begin with, the longest first: "汐州市" gives 汐州市, 汐州 and xizhou."""
    roots: set[str] = set()
    for name in filter(None, names):
        plain = _ASIDE.sub("", name).strip()
        for text in (plain, _KIND_OF_PLACE.sub("", plain)):
            folded, readings = read_aloud(text)
            if len(folded) >= _LEAST_ROOT:
                roots.add(folded)
                roots.update(fold("".join(reading)) for reading in readings if any(map(is_chinese, folded)))
    return tuple(sorted(roots, key=lambda root: (-len(root), root)))


@lru_cache(1024)
def as_spoken(query: str) -> str:
    """A folded query in pinyin, as it is usually read."""
    return fold("".join(read_aloud(query)[1][0]))


def _english_keys(name: str, part: Part) -> list[Key]:
    words = [word for word in map(fold, name.split()) if word]
    keys: list[Key] = [("".join(words[at:]), part, _place(at)) for at in range(len(words))]
    if len(words) > 1:
        keys.append(("".join(word[0] for word in words), Part.INITIALS, Place.START))
    return keys


def _spoken(folded: str, reading: tuple[str, ...], at: int) -> list[Key]:
    """Pinyin and initials from a character on."""
    whole = "".join(reading[at:])
    short = "".join(part[:1] if is_chinese(folded[at + i]) else part for i, part in enumerate(reading[at:]))
    keys: list[Key] = [(fold(whole), Part.PINYIN, _place(at))]
    return [*keys, (fold(short), Part.INITIALS, _place(at))] if len(folded) - at > 1 else keys


def _begins(folded: str, at: int) -> bool:
    """Whether something to be found begins at a character: not in the middle of a number or an English word."""
    return at == 0 or not (folded[at].isascii() and folded[at - 1].isascii())


def _place(at: int) -> Place:
    return Place.START if at == 0 else Place.INSIDE
