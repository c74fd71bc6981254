"""Reads a requirement out of a sentence, in 简体, 繁體 or English, by rules; says of every part what it was taken for.

“800–1000 平，地铁 8 分钟内，金融，月租 12 万以内，明年 3 月前入驻” or "800-1000 sqm, metro within 8 min, finance, under
120k a month, by next March". Nothing is guessed: what no rule reads is named.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from geo.errors import BadParameterError
from geo.matching.fillers import FILLERS
from geo.matching.plain_text import plain
from geo.matching.reading import Reading
from geo.matching.requirement import parse, rivals
from geo.matching.sentence_dates import dates
from geo.matching.sentence_numbers import quantities
from geo.matching.sentence_words import words
from geo.matching.wording import said

LISTS = ("grade", "star", "theme", "fitout", "band", "permits", "within", "zone")
"""Parameters that may be said in several parts of a sentence."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the sentence, the parameter and value it became, and these in words."""

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
    """The sentence, the parameters that were found (`geo.matching.parse` reads them), where, and what was left."""

    text: str
    query: Mapping[str, str]
    parts: tuple[Part, ...]
    left: tuple[Left, ...]


def understood(text: str, today: date, areas: Mapping[str, str] | None = None) -> Understood:
    """What a sentence asks for.

    Parameters
    ----------
    text
        The sentence; parts of the answer count its characters.
    today
        What "next March" is counted from.
    areas
        Names of areas → their codes.
    """
    areas, folded = areas or {}, plain(text)
    chosen = _chosen(folded, today, areas)
    names = {code: name for name, code in reversed(list(areas.items()))}
    parts = []
    for reading in chosen:
        for field, value in reading.pairs:
            told = text[reading.start : reading.end]
            if field != "rent_unit":  # it is told with the rent
                words_of = said(field, value, areas=names, rent_unit=dict(reading.pairs).get("rent_unit"))
                parts.append(Part(reading.start, reading.end, told, field, value, *words_of))
    return Understood(text, _query(chosen), tuple(parts), tuple(_left(text, folded, chosen)))


def _chosen(text: str, today: date, areas: Mapping[str, str]) -> list[Reading]:
    """The readings that hold, in the order of the sentence: the exact before the loose, none over another."""
    chosen: list[Reading] = []
    said_already: set[str] = set()
    for reading in _readings(text, today, areas):
        start, end = _trimmed(text, reading)
        fields = {field for field, _ in reading.pairs}
        taken = any(start < other.end and other.start < end for other in chosen)
        rival = {each for field in fields if field not in LISTS for each in rivals(field)} & said_already
        if not taken and not rival:
            chosen.append(Reading(start, end, reading.pairs))
            said_already |= fields
    if "industry" not in said_already:  # neighbours of which?
        chosen = [reading for reading in chosen if reading.pairs[0][0] != "neighbours"]
    return _askable(sorted(chosen, key=lambda reading: reading.start))


def _askable(readings: list[Reading]) -> list[Reading]:
    """Those that make a requirement together: not what is larger than anybody asks for, or the wrong way round."""
    while readings:
        try:
            parse(_query(readings))
            return readings
        except BadParameterError as error:
            held = [each for each in readings if error.parameter not in dict(each.pairs)]
            readings = held if len(held) < len(readings) else readings[:-1]
    return readings


def _query(readings: Iterable[Reading]) -> dict[str, str]:
    query: dict[str, str] = {}
    for field, value in (pair for reading in readings for pair in reading.pairs):
        several = (*query.get(field, "").split(","), *value.split(","))
        query[field] = ",".join(filter(None, dict.fromkeys(several))) if field in LISTS else value
    return query


def _readings(text: str, today: date, areas: Mapping[str, str]) -> Iterator[Reading]:
    """All readings in the order of their claim; names of areas may hold any word, so they come first."""
    ready = list(words(text, areas))
    yield from (reading for reading in ready if reading.pairs[0][0] in ("within", "zone"))
    numbers = list(quantities(text))
    yield from (reading for reading in numbers if not _is_people(reading))
    yield from dates(text, today)
    yield from (reading for reading in numbers if _is_people(reading))
    yield from ready


def _is_people(reading: Reading) -> bool:
    """Where both are said, the area counts."""
    return reading.pairs[0][0] == "people"


def _trimmed(text: str, reading: Reading) -> tuple[int, int]:
    """Without spaces at the ends."""
    found = text[reading.start : reading.end]
    return reading.start + len(found) - len(found.lstrip()), reading.end - len(found) + len(found.rstrip())


def _left(text: str, folded: str, chosen: Iterable[Reading]) -> Iterator[Left]:
    """What lies between, in pieces as punctuation parts them, where it is more than words that say nothing."""
    at = 0
    for reading in (*chosen, Reading(len(text), len(text), ())):
        for piece in re.finditer(r"[^，,。.;；、!！?？:：()（）\n]+", folded[at : reading.start]):
            core = FILLERS.sub(lambda match: " " * len(match[0]), piece[0])
            said = re.search(r"\w(?:.*\w)?", core)
            if said:
                start = at + piece.start() + said.start()
                end = at + piece.start() + said.end()
                yield Left(start, end, text[start:end])
        at = max(at, reading.end)
