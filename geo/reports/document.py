"""A report as it is kept: numbers with their definitions, and the text, tables, charts and maps of each language.

It is plain data. What shows it (page, PDF, DOCX, workbook) reckons nothing, so that a report that is kept says the
same to the digit whatever is corrected, redefined or renamed afterwards.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

FORM = 1
"""The number of this form of documents; one that is kept says which it has."""

Json = dict[str, Any]


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


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text; `code` names the indicator that it is a value of."""

    text: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `kind` is 'text', 'note' (small) or 'warning'."""

    runs: tuple[Run, ...]
    kind: str = "text"

    @property
    def text(self) -> str:
        """What it says."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Cell:
    """A field of a table: what it says, the number behind it, and what it is a value of or leads to (a path)."""

    text: str
    value: float | None = None
    code: str = ""
    link: str = ""
    judged: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings; `numbers` says which columns are set to the right."""

    title: str
    headings: tuple[str, ...]
    numbers: tuple[bool, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """A value under its label; `text` says it with its unit; `colour` is that of its kind, where it has one."""

    label: str
    value: float | None
    text: str
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """Points as a 'line' (oldest first), as 'bars' of several kinds or as 'ranks' of one.

    `head` and `unit_head` are the headings of the table beside it.
    """

    title: str
    form: str
    unit: str
    points: tuple[ChartPoint, ...]
    head: str
    unit_head: str


@dataclass(frozen=True, slots=True)
class Map:
    """A drawing as SVG, with what its colours mean."""

    title: str
    svg: str
    legend: tuple[tuple[str, str], ...]


Block = Paragraph | Table | Chart | Map


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter in one language."""

    code: str
    title: str
    blocks: tuple[Block, ...]


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


def document_json(document: Document) -> Json:
    """The document as what JSON can say."""
    chapters = {tag: [chapter_json(each) for each in chapters] for tag, chapters in document.chapters.items()}
    return {**asdict(document), "chapters": chapters}


def chapter_json(chapter: Chapter) -> Json:
    """A chapter as what JSON can say; each block with what kind it is."""
    blocks = [{**asdict(block), "block": type(block).__name__.lower()} for block in chapter.blocks]
    return {"code": chapter.code, "title": chapter.title, "blocks": blocks}


def document_from(told: Mapping[str, Any]) -> Document:
    """The document that was kept."""
    lists: dict[str, Any] = {
        "area_names": tuple(told["area_names"]),
        "figures": tuple(_figure(each) for each in told["figures"]),
        "areas": tuple(Place(**each) for each in told["areas"]),
        "buildings": tuple(Place(**each) for each in told["buildings"]),
        "sources": tuple(Source(**each) for each in told["sources"]),
        "chapters": {tag: tuple(map(chapter_from, chapters)) for tag, chapters in told["chapters"].items()},
    }
    return Document(**{**told, **lists})


def chapter_from(told: Mapping[str, Any]) -> Chapter:
    """The chapter that was kept."""
    return Chapter(told["code"], told["title"], tuple(_block(dict(each)) for each in told["blocks"]))


def fingerprint(told: Mapping[str, Any]) -> str:
    """The SHA-256 of what is kept, by which two copies of a report can be told to be the same."""
    plain = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def _figure(told: Json) -> Figure:
    lists = {name: tuple(told[name]) for name in ("numerator", "denominator")}
    return Figure(**{**told, **lists, "terms": tuple(tuple(each) for each in told["terms"])})


def _block(told: Json) -> Block:
    return _READ[told.pop("block")](told)


def _table(told: Json) -> Table:
    rows = tuple(tuple(Cell(**cell) for cell in row) for row in told["rows"])
    return Table(told["title"], tuple(told["headings"]), tuple(told["numbers"]), rows)


def _chart(told: Json) -> Chart:
    return Chart(**{**told, "points": tuple(ChartPoint(**each) for each in told["points"])})


def _map(told: Json) -> Map:
    return Map(told["title"], told["svg"], tuple((colour, said) for colour, said in told["legend"]))


_READ: dict[str, Callable[[Json], Block]] = {
    "paragraph": lambda told: Paragraph(tuple(Run(**each) for each in told["runs"]), told["kind"]),
    "table": _table,
    "chart": _chart,
    "map": _map,
}
