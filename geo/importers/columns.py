"""Says what the headings of a file mean: heading → field with its unit; the rest is listed with the closest fields."""

import difflib
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from geo.errors import UnknownFieldError
from geo.importers.fields import FIELDS, Kind
from geo.text import fold

LEVELS = " / "
"""Between the levels of a heading that was written over several rows."""

HEADINGS_FILE = Path(__file__).with_name("headings.toml")

_BRACKETS = re.compile(r"[(（\[{【<《]([^)）\]}】>》]*)[)）\]}】>》]?")
_PIECES = re.compile(r"[/|\n]| - |—")
_UNIT = re.compile(
    r"(?:[万亿]?(?:㎡|m2|m²|平方米|平米|平方|平)|sqm|sq ?m|sqft|sq ?ft|m|米|ft"
    r"|[万亿]?(?:元|rmb|cny|人民币)[^a-z]*|层|个|部|人|年|%)",
    re.I,
)
_TRAILING_UNIT = re.compile(r"(?:[\s_:,，：]+(" + _UNIT.pattern + r")|([万亿]?(?:㎡|m2|m²|平方米)))$", re.I)
_SLASHED_UNIT = re.compile(r"[/／](" + _UNIT.pattern + r")$", re.I)


@dataclass(frozen=True, slots=True)
class FieldUse:
    """A field that a heading fills, and the unit its heading states, such as "元/㎡·天" or "万㎡"."""

    field: str
    unit: str | None = None


@dataclass(slots=True)
class Recognition:
    """What the headings of a file mean. `unrecognised` holds each heading with up to three closest fields."""

    fields: dict[str, FieldUse] = field(default_factory=dict)
    unrecognised: list[tuple[str, list[str]]] = field(default_factory=list)
    seconds: list[tuple[str, str, str]] = field(default_factory=list)
    missing_required: list[str] = field(default_factory=list)

    def heading_of(self, name: str) -> str | None:
        """Return the heading that fills a field, None when none does."""
        return next((heading for heading, use in self.fields.items() if use.field == name), None)

    def as_json(self) -> dict[str, Any]:
        """Return the recognition as plain JSON values."""
        return {
            "fields": {heading: {"field": use.field, "unit": use.unit} for heading, use in self.fields.items()},
            "unrecognised": [{"heading": heading, "closest": closest} for heading, closest in self.unrecognised],
            "seconds": [{"heading": heading, "field": name, "used": used} for heading, name, used in self.seconds],
            "missing_required": self.missing_required,
        }


def recognise(headings: Iterable[str], kind: Kind, mapping: Mapping[str, str] | None = None) -> Recognition:
    """Say what headings mean for one kind of import; `mapping` (heading → field, "" to leave out) goes first.

    Where two headings mean one field, the one whose word is nearer to the field is read.

    Raises
    ------
    UnknownFieldError
        When the mapping names a heading that is not in the file or a field that the kind does not have.
    """
    headings = list(headings)
    given = _checked(mapping or {}, headings, kind)
    found = Recognition()
    claims: dict[str, tuple[int, str]] = {name: (-1, heading) for heading, name in given.items() if name}
    guesses = {heading: _lookup(heading, kind) for heading in headings if heading not in given}
    for heading, guess in guesses.items():
        if guess and (guess[0] not in claims or guess[1] < claims[guess[0]][0]):
            claims[guess[0]] = (guess[1], heading)
    for heading in headings:
        guess = guesses.get(heading)
        name = given.get(heading) or (guess[0] if guess else None)
        if name and claims[name][1] == heading:
            found.fields[heading] = FieldUse(name, unit_of(heading))
        elif name:
            found.seconds.append((heading, name, claims[name][1]))
        elif heading not in given:
            found.unrecognised.append((heading, closest_fields(heading, kind)))
    found.missing_required = [name for name, spec in FIELDS[kind].items() if spec.required and name not in claims]
    return found


def is_heading(text: object, kind: Kind) -> bool:
    """Say whether a cell reads like a heading of this kind."""
    return isinstance(text, str) and len(text) < 60 and _lookup(text, kind) is not None


def is_unit(text: str) -> bool:
    """Say whether a cell holds a unit and nothing else, as rows of units under a header do."""
    return _UNIT.fullmatch(unicodedata.normalize("NFC", text).strip().strip("()（）[]【】")) is not None


def unit_of(heading: str) -> str | None:
    """Return the unit that a heading states, with 日租金 and 月租金 read as per day and per month."""
    unit = _stated_unit(unicodedata.normalize("NFC", heading).strip())
    period = re.search(r"日租|每日|/天|月租|每月|/月|daily|monthly|per day|per month", heading, re.I)
    if period and not (unit and re.search(r"天|日|月|年|day|month|year", unit, re.I)):
        monthly = re.search("月|month", period.group(), re.I)
        return f"{unit or '元/㎡'}·{'月' if monthly else '天'}"
    return unit


def closest_fields(heading: str, kind: Kind, count: int = 3) -> list[str]:
    """Return the fields whose words are nearest to a heading, best first."""
    key = folded(heading)
    words = _words(kind)
    inside = [word for word in words if _telling(word) and (word in key or (_telling(key) and key in word))]
    inside.sort(key=lambda word: abs(len(word) - len(key)))
    near = inside + difflib.get_close_matches(key, words, n=6, cutoff=0.75)
    return list(dict.fromkeys(words[word][0] for word in near))[:count]


def _telling(word: str) -> bool:
    """Say whether a word is long enough to be looked for inside another: two Chinese characters, five letters."""
    return len(word) >= (5 if word.isascii() else 2)


def folded(text: str) -> str:
    """Return a heading without what does not matter: width, case, 繁體, brackets, spaces and punctuation."""
    plain = unicodedata.normalize("NFKC", text)
    return fold(_BRACKETS.sub("", plain)) or fold(plain)


def _checked(mapping: Mapping[str, str], headings: list[str], kind: Kind) -> dict[str, str]:
    """Return the mapping with the file's own spelling of each heading."""
    by_key = {folded(heading): heading for heading in reversed(headings)}
    given = {}
    for heading, name in mapping.items():
        own = heading if heading in headings else by_key.get(folded(heading))
        if own is None:
            raise UnknownFieldError(
                f"--map: there is no heading {heading!r} in the file; it has {', '.join(headings)}."
            )
        if name and name not in FIELDS[kind]:
            near = difflib.get_close_matches(name, FIELDS[kind], n=1, cutoff=0.3) or closest_fields(name, kind, 1)
            hint = f"did you mean {near[0]!r}? " if near else ""
            raise UnknownFieldError(
                f"--map: {kind} have no field {name!r}; {hint}The fields are {', '.join(FIELDS[kind])}."
            )
        given[own] = name
    return given


@cache
def _lookup(heading: str, kind: Kind) -> tuple[str, int] | None:
    """Return the field a heading means and how far down its words stand; the more exact reading wins."""
    words = _words(kind)
    for penalty, reading in enumerate(_readings(heading)):
        if reading in words:
            name, rank = words[reading]
            return name, rank + 100 * penalty
    return None


def _readings(heading: str) -> list[str]:
    """Return the ways to read a heading: whole, without a trailing unit, its levels from the lowest, their pieces."""
    plain = unicodedata.normalize("NFKC", heading).strip()
    readings = [plain, _TRAILING_UNIT.sub("", plain)]
    for level in reversed(_BRACKETS.sub("", plain).split(LEVELS)):
        readings += [level, _TRAILING_UNIT.sub("", level), *_PIECES.split(level)]
    return list(dict.fromkeys(key for key in map(folded, readings) if key))


@cache
def _words(kind: Kind) -> dict[str, tuple[str, int]]:
    """Return folded word → (field, rank); the field's own name ranks first."""
    tables = tomllib.loads(HEADINGS_FILE.read_text(encoding="utf-8"))
    words: dict[str, tuple[str, int]] = {}
    for name in FIELDS[kind]:
        line = tables[kind.value].get(name, "")
        line = re.sub(r"@(\w+)", lambda match: tables["shared"][match[1]], line)
        for rank, word in enumerate([name, *line.split("|")]):
            key = folded(word)
            if key and (key not in words or rank < words[key][1]):
                words[key] = (name, rank)
    return words


def _stated_unit(heading: str) -> str | None:
    bracketed: list[str] = [match for match in _BRACKETS.findall(heading) if match.strip()]
    if bracketed and _UNIT.match(bracketed[-1].removeprefix("单位").lstrip(":： ")):
        return bracketed[-1].removeprefix("单位").lstrip(":： ").strip()
    lowest = heading.split(LEVELS)[-1].strip()
    if lowest != heading.strip() and _UNIT.match(lowest):
        return lowest
    trailing = _TRAILING_UNIT.search(heading) or _SLASHED_UNIT.search(heading)
    return next(part for part in trailing.groups() if part).strip() if trailing else None
