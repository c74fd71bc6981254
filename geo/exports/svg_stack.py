"""A stacking plan as a small SVG: every floor a line, every unit as wide as its area, in the colours of its state."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape

from geo.stacking import StackingPlan
from geo.stacking.plan import Row, Table

COLOURS = {
    "vacant": "#d9731f",
    "soon": "#fbdca6",
    "in_use": "#8fa9c4",
    "own_use": "#d5dbe2",
    "unknown": "#ffffff",
}
"""As `static/src/site.css` has them."""

NOTHING, SERVICE, EDGE, MARKED = "#eef0ec", "#e3e6e0", "#aeb6bf", "#17202b"
_EDGES = {COLOURS["unknown"]: f' stroke="{EDGE}" stroke-width=".5"'}
GAP = 0.6
STOREY_PX = 12.0
"""How high a storey is drawn at most."""


@dataclass(frozen=True, slots=True)
class _Box:
    """A cell in pixels."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    marked: bool

    @property
    def outline(self) -> str:
        return f"M{_short(self.x)} {_short(self.y)}h{_short(self.width)}v{_short(self.height)}h{_short(-self.width)}z"


def draw_stack(plan: StackingPlan, *, title: str, width: int = 160, height: int = 220, mark: Iterable[int] = ()) -> str:
    """The plan as SVG.

    Parameters
    ----------
    plan
        Towers stand beside each other on what is below them.
    title
        What is shown, for those who cannot see it.
    width, height
        Of the view box, pixels.
    mark
        Keys of units that are drawn with a dark edge.
    """
    tiers = _tiers(plan)
    floors = _floors(plan)
    line = min(height / max(floors, 1), STOREY_PX)
    top = height - line * floors
    boxes: list[_Box] = []
    for tier in tiers:
        deep = max(len(table.rows) for table in tier)
        across = width / len(tier)
        for place, table in enumerate(tier):
            begins = top + (deep - len(table.rows)) * line
            wide = across - (4 if len(tier) > 1 else 0)
            boxes += _table(table, (place * across, begins), wide, line, frozenset(mark))
        top += deep * line
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"'
        f' shape-rendering="crispEdges"><title>{escape(title)}</title>{"".join(_paths(boxes))}</svg>'
    )


def height_for(plan: StackingPlan, most: int) -> int:
    """The pixels that a plan fills, of so many at most."""
    return max(min(round(_floors(plan) * STOREY_PX), most), 1)


def _tiers(plan: StackingPlan) -> list[tuple[Table, ...]]:
    return [tier for tier in plan.tiers if any(table.rows for table in tier)]


def _floors(plan: StackingPlan) -> int:
    return sum(max(len(table.rows) for table in tier) for tier in _tiers(plan))


def _paths(boxes: Iterable[_Box]) -> Iterator[str]:
    """One shape for all cells of a colour, which is a third of a shape for each; those that are marked on top."""
    of: dict[tuple[str, bool], list[str]] = defaultdict(list)
    for box in boxes:
        of[box.fill, box.marked].append(box.outline)
    for (fill, marked), outlines in sorted(of.items(), key=lambda pair: pair[0][1]):
        edge = f' stroke="{MARKED}" stroke-width="1.5"' if marked else _EDGES.get(fill, "")
        yield f'<path d="{"".join(outlines)}" fill="{fill}"{edge}/>'


def _short(number: float) -> str:
    """Pixels to a tenth, as short as they can be written."""
    return f"{number:.1f}".removesuffix(".0")


def _table(table: Table, at: tuple[float, float], wide: float, line: float, mark: frozenset[int]) -> Iterator[_Box]:
    x, y = at
    unit = wide / max(table.columns, 1)
    taken: dict[int, set[int]] = {}
    for number, row in enumerate(table.rows):
        yield from _row(row, number, (x, y + number * line), unit, line, taken, mark)


def _row(
    row: Row,
    number: int,
    at: tuple[float, float],
    unit: float,
    line: float,
    taken: dict[int, set[int]],
    mark: frozenset[int],
) -> Iterator[_Box]:
    """One floor; `taken` says which columns units of the floors above reach down into."""
    column, busy = 0, taken.pop(number, set())
    for cell in row.cells:
        while column in busy:
            column += 1
        for below in range(1, cell.rows):
            taken.setdefault(number + below, set()).update(range(column, column + cell.columns))
        x, y = at[0] + column * unit, at[1]
        size = (cell.columns * unit - GAP, cell.rows * line - GAP)
        column += cell.columns
        if cell.kind == "gap":
            continue
        fill = COLOURS.get(cell.room.status, NOTHING) if cell.room else SERVICE if cell.kind == "service" else NOTHING
        yield _Box(x, y, *size, fill, cell.room is not None and cell.room.key in mark)
