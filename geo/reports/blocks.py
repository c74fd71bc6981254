"""What a chapter of a report is made of: paragraphs whose numbers lead to definitions, tables, charts, maps, tiles."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

Json = dict[str, Any]


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
    """Rows under headings; `numbers` says which columns are set to the right, `widths` how wide they are beside one
    another (empty: as their texts want it)."""

    title: str
    headings: tuple[str, ...]
    numbers: tuple[bool, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[int, ...] = ()

    @property
    def defines(self) -> bool:
        """Whether its rows say what the codes in their first cells mean."""
        return not any(self.numbers) and bool(self.rows) and bool(self.rows[0][0].code)


@dataclass(frozen=True, slots=True)
class Tile:
    """A number in large letters: what it is, what it says, of which indicator, and how it has changed."""

    name: str
    text: str
    code: str
    change: str
    judged: str = ""


@dataclass(frozen=True, slots=True)
class Tiles:
    """The few numbers that matter most, side by side."""

    title: str
    tiles: tuple[Tile, ...]


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

    `head` and `unit_head` are the headings of the table beside it; `mark` is a value that a line is held against, and
    `mark_said` what it is.
    """

    title: str
    form: str
    unit: str
    points: tuple[ChartPoint, ...]
    head: str
    unit_head: str
    mark: float | None = None
    mark_said: str = ""


@dataclass(frozen=True, slots=True)
class Map:
    """A drawing as SVG, with what its colours mean."""

    title: str
    svg: str
    legend: tuple[tuple[str, str], ...]


Block = Paragraph | Table | Chart | Map | Tiles


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter in one language."""

    code: str
    title: str
    blocks: tuple[Block, ...]


def chapter_json(chapter: Chapter) -> Json:
    """A chapter as what JSON can say; each block with what kind it is."""
    blocks = [{**asdict(block), "block": type(block).__name__.lower()} for block in chapter.blocks]
    return {"code": chapter.code, "title": chapter.title, "blocks": blocks}


def chapter_from(told: Mapping[str, Any]) -> Chapter:
    """The chapter that was kept."""
    return Chapter(told["code"], told["title"], tuple(_block(dict(each)) for each in told["blocks"]))


def _block(told: Json) -> Block:
    return _READ[told.pop("block")](told)


def _table(told: Json) -> Table:
    rows = tuple(tuple(Cell(**cell) for cell in row) for row in told["rows"])
    lists = {name: tuple(told.get(name, ())) for name in ("headings", "numbers", "widths")}
    return Table(told["title"], rows=rows, **lists)


def _chart(told: Json) -> Chart:
    return Chart(**{**told, "points": tuple(ChartPoint(**each) for each in told["points"])})


def _map(told: Json) -> Map:
    return Map(told["title"], told["svg"], tuple((colour, said) for colour, said in told["legend"]))


_READ: dict[str, Callable[[Json], Block]] = {
    "paragraph": lambda told: Paragraph(tuple(Run(**each) for each in told["runs"]), told["kind"]),
    "table": _table,
    "chart": _chart,
    "map": _map,
    "tiles": lambda told: Tiles(told["title"], tuple(Tile(**each) for each in told["tiles"])),
}
