"""A report as it is kept: numbers with their definitions, and the text, tables, charts and maps of each language.

It is plain data. What shows it (page, PDF, DOCX, workbook) reckons nothing, so that a report that is kept says the
same to the digit whatever is corrected, redefined or renamed afterwards.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from geo.reports.blocks import Chapter, Json, chapter_from, chapter_json
from geo.reports.gatherings import Gathering
from geo.reports.goals import Goal

FORM = 2
"""The number of this form of documents; one that is kept says which it has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """An indicator with everything it rests on.

    Attributes
    ----------
    terms
        Every measure of the formula: code, its names, unit and figure.
    numerator, denominator
        Codes of the measures above and below the line.
    over, under
        Their sums; None where there is nothing to divide by.
    before, year_ago
        The value at the end of the span before and a year before; None where nothing was on record.
    n
        Operating buildings it rests on.
    """

    code: str
    name: str
    name_en: str
    definition: str
    definition_en: str
    unit: str
    period: str
    direction: str
    scope: str
    audience: str
    value: float | None
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    over: float | None
    under: float | None
    terms: tuple[tuple[str, str, str, str, float | None], ...]
    unknown: float | None
    unknown_share: float | None
    before: float | None
    year_ago: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Place:
    """An area or a building of the annex with its values by the codes of indicators; `level` is empty for buildings."""

    code: str
    name: str
    name_en: str
    level: str
    values: dict[str, float | None]


@dataclass(frozen=True, slots=True)
class Source:
    """Where facts come from."""

    name: str
    name_en: str
    licence: str
    dated_on: str
    invented: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A report: what it is of, whom it is for, what was known when, its numbers, and its chapters by language.

    Instants and days are ISO 8601; `titles` and `chapters` are by the tag of the language.
    """

    form: int = FORM
    kind: str
    span: str
    area: str
    area_names: tuple[str, str]
    audience: str
    as_of: str
    known_at: str
    complete: bool
    titles: dict[str, str]
    figures: tuple[Figure, ...]
    areas: tuple[Place, ...]
    buildings: tuple[Place, ...]
    sources: tuple[Source, ...]
    chapters: dict[str, tuple[Chapter, ...]]
    goals: tuple[Goal, ...] = ()
    gatherings: tuple[Gathering, ...] = ()


def document_json(document: Document) -> Json:
    """The document as what JSON can say."""
    chapters = {tag: [chapter_json(each) for each in chapters] for tag, chapters in document.chapters.items()}
    return {**asdict(document), "chapters": chapters}


def document_from(told: Mapping[str, Any]) -> Document:
    """The document that was kept."""
    lists: dict[str, Any] = {
        "area_names": tuple(told["area_names"]),
        "figures": tuple(_figure(each) for each in told["figures"]),
        "areas": tuple(Place(**each) for each in told["areas"]),
        "buildings": tuple(Place(**each) for each in told["buildings"]),
        "goals": tuple(Goal(**each) for each in told.get("goals", ())),
        "gatherings": tuple(Gathering(**each) for each in told.get("gatherings", ())),
        "sources": tuple(Source(**each) for each in told["sources"]),
        "chapters": {tag: tuple(map(chapter_from, chapters)) for tag, chapters in told["chapters"].items()},
    }
    return Document(**{**told, **lists})


def fingerprint(told: Mapping[str, Any]) -> str:
    """The SHA-256 of what is kept, by which two copies of a report can be told to be the same."""
    plain = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def _figure(told: Json) -> Figure:
    lists = {name: tuple(told[name]) for name in ("numerator", "denominator")}
    return Figure(**{**told, **lists, "terms": tuple(tuple(each) for each in told["terms"])})
