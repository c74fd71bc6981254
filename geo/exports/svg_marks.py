"""Numbered marks on a picture of the city: a card with number and name above each roof, none left out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape

from geo.exports.lettering import INK, cut, width_of
from geo.exports.plane import Written

RED = "#a32a1c"
_LIFTS = (26, 56, 86, 116, 146)
_ASIDE = (0, -70, 70, -140, 140)
"""Pixels above a roof and beside it where its card is tried, the nearest first."""

_LONGEST_NAME_PX, _EDGE_PX = 170, 24


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands at a place of the picture (pixels): the numbers of its lines on a list, and its name."""

    spot: tuple[float, float]
    number: str
    name: str


def draw_marks(view: Written, marks: Sequence[Mark]) -> list[str]:
    """The marks, the foremost drawn last; where there is no room for a name the number stands alone.

    The mark of a roof that is beside the picture stands at its edge.
    """
    inside = [replace(mark, spot=_inside(mark.spot, view)) for mark in marks]
    placed = [(mark, *_place(view, mark)) for mark in sorted(inside, key=lambda mark: -mark.spot[1])]
    return ["".join(_drawn(view.letter, *each)) for each in reversed(placed)]


def _inside(spot: tuple[float, float], view: Written) -> tuple[float, float]:
    (x, y), edge = spot, _EDGE_PX * view.letter
    return min(max(x, edge), view.size[0] - edge), min(max(y, 2 * edge), view.size[1] - edge)


def _place(view: Written, mark: Mark) -> tuple[tuple[float, float], bool]:
    """The middle of its card, and whether the name has room there too."""
    (x, y), large = mark.spot, view.letter
    tall = 26 * large
    for named in (True, False):
        wide = _wide(mark, large, named=named)
        for up, aside in _tries():
            centre = (x + aside * large, y - up * large)
            if view.claim(*centre, wide + 4, tall + 4):
                return centre, named
    return (x, y - _LIFTS[0] * large), False


def _tries() -> Iterable[tuple[int, int]]:
    return sorted(((up, aside) for up in _LIFTS for aside in _ASIDE), key=lambda at: at[0] + abs(at[1]))


def _name(mark: Mark, large: float) -> str:
    return cut(mark.name, 13 * large, _LONGEST_NAME_PX * large)


def _pill(mark: Mark, large: float) -> float:
    return max(22 * large, width_of(mark.number, 13 * large) + 12 * large)


def _wide(mark: Mark, large: float, *, named: bool) -> float:
    name = width_of(_name(mark, large), 13 * large) + 14 * large if named else 0
    return _pill(mark, large) + 4 * large + name


def _drawn(large: float, mark: Mark, centre: tuple[float, float], named: bool) -> Iterator[str]:
    (x, y), (left, pill) = centre, (centre[0] - _wide(mark, large, named=named) / 2, _pill(mark, large))
    tall, inner = 26 * large, 22 * large
    down = f"M{x:.0f} {y:.0f}L{mark.spot[0]:.0f} {mark.spot[1]:.0f}"
    yield f'<path d="{down}" stroke="{RED}" stroke-width="{2 * large:g}"/>'
    yield f'<circle cx="{mark.spot[0]:.0f}" cy="{mark.spot[1]:.0f}" r="{3.5 * large:g}" fill="{RED}"/>'
    wide = _wide(mark, large, named=named)
    yield _box(left, y - tall / 2, wide, tall, "#fff", f' stroke="{INK}" stroke-opacity=".25"')
    yield _box(left + 2 * large, y - inner / 2, pill, inner, RED)
    text = f'y="{y + 4.7 * large:.1f}" font-size="{13 * large:g}"'
    middle = left + 2 * large + pill / 2
    yield f'<text x="{middle:.1f}" {text} font-weight="700" text-anchor="middle" fill="#fff">{mark.number}</text>'
    if named:
        yield f'<text x="{left + pill + 7 * large:.1f}" {text} fill="{INK}">{escape(_name(mark, large))}</text>'


def _box(x: float, y: float, wide: float, tall: float, fill: str, more: str = "") -> str:
    at = f'x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{tall:.1f}" rx="{tall / 2:.1f}"'
    return f'<rect {at} fill="{fill}"{more}/>'
