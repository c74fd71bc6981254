"""A stacking plan as a small SVG: every floor a line, every unit as wide as its area, in the colours of its state."""

from collections.abc import Iterable, Iterator
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
GAP = 0.6


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
    tiers = [tier for tier in plan.tiers if any(table.rows for table in tier)]
    floors = sum(max(len(table.rows) for table in tier) for tier in tiers)
    line = min(height / max(floors, 1), 12.0)
    top = height - line * floors
    shapes: list[str] = []
    for tier in tiers:
        deep = max(len(table.rows) for table in tier)
        across = width / len(tier)
        for place, table in enumerate(tier):
            begins = top + (deep - len(table.rows)) * line
            wide = across - (4 if len(tier) > 1 else 0)
            shapes += _table(table, (place * across, begins), wide, line, frozenset(mark))
        top += deep * line
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"'
        f' shape-rendering="crispEdges"><title>{escape(title)}</title>{"".join(shapes)}</svg>'
    )


def _table(table: Table, at: tuple[float, float], wide: float, line: float, mark: frozenset[int]) -> Iterator[str]:
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
) -> Iterator[str]:
    """One floor; `taken` says which columns units of the floors above reach down into."""
    column, busy = 0, taken.pop(number, set())
    for cell in row.cells:
        while column in busy:
            column += 1
        for below in range(1, cell.rows):
            taken.setdefault(number + below, set()).update(range(column, column + cell.columns))
        x, y = at[0] + column * unit, at[1]
        size = f'width="{cell.columns * unit - GAP:.1f}" height="{cell.rows * line - GAP:.1f}"'
        column += cell.columns
        if cell.kind == "gap":
            continue
        fill = COLOURS.get(cell.room.status, NOTHING) if cell.room else SERVICE if cell.kind == "service" else NOTHING
        edge = f' stroke="{MARKED}" stroke-width="1.5"' if cell.room and cell.room.key in mark else ""
        if not edge and cell.room and cell.room.status == "unknown":
            edge = f' stroke="{EDGE}" stroke-width=".5"'
        yield f'<rect x="{x:.1f}" y="{y:.1f}" {size} fill="{fill}"{edge}/>'
