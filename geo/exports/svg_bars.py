"""Bars beside their labels as SVG, each with a pattern of its own, so that they stay apart when printed in grey."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from geo.exports.lettering import FAMILY, cut, width_of
from geo.exports.patterns import fill_of, patterns
from geo.exports.svg_chart import INK, LINE, MUTED

ROW, BAR, SIZE = 30, 18, 13
_GAP, _MOST_LABEL = 10, 0.36


@dataclass(frozen=True, slots=True)
class Bar:
    """A length with its label and what it says; None is not known."""

    label: str
    value: float | None
    said: str
    colour: str = "#14508f"


def draw_bars(bars: Sequence[Bar], *, title: str, key: str, width: int = 640, patterned: bool = True) -> str:
    """The bars as SVG, in their order.

    Parameters
    ----------
    title
        What is shown, for those who cannot see it.
    key
        A name that no other drawing of the page has.
    patterned
        Whether each is of another kind (an industry); else all are of one, as in a ranking.
    """
    label = min(max((width_of(bar.label, SIZE) for bar in bars), default=0) + _GAP, width * _MOST_LABEL)
    said = max((width_of(bar.said, SIZE) for bar in bars), default=0) + _GAP
    most = max((bar.value or 0 for bar in bars), default=0) or 1
    room, height = width - label - said, ROW * len(bars) + 8
    colours = [bar.colour for bar in bars] if patterned else []
    rows = [_row(number, bar, label, room * (bar.value or 0) / most, key, patterned) for number, bar in enumerate(bars)]
    axis = f'<path d="M{label:.1f} 2V{height - 4}" stroke="{LINE}" stroke-width="1.5"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" font-size="{SIZE}"'
        f' font-family="{FAMILY}"><title>{escape(title)}</title><defs>{"".join(patterns(colours, key))}</defs>'
        f"{axis}{''.join(rows)}</svg>"
    )


def _row(number: int, bar: Bar, label: float, long: float, key: str, patterned: bool) -> str:
    top = 4 + number * ROW
    line = top + ROW / 2 + SIZE * 0.36
    fill = fill_of(number, bar.colour, key) if patterned else bar.colour
    name = escape(cut(bar.label, SIZE, label - _GAP))
    drawn = f'<text x="{label - _GAP:.1f}" y="{line:.1f}" text-anchor="end" fill="{INK}">{name}</text>'
    if bar.value:
        box = f'x="{label:.1f}" y="{top + (ROW - BAR) / 2:.1f}" width="{max(long, 1.5):.1f}" height="{BAR}"'
        drawn += f'<rect {box} fill="{fill}" stroke="{bar.colour}"/>'
    return drawn + f'<text x="{label + long + 6:.1f}" y="{line:.1f}" fill="{MUTED}">{escape(bar.said)}</text>'
