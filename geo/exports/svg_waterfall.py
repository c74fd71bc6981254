"""A waterfall as SVG: from one sum to another, a row for every step, for screens of any width and for grey print."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

INK, MUTED, LINE, TOTAL, UP, DOWN = "#17202b", "#566273", "#dde2e8", "#14508f", "#1b6b45", "#a32a1c"
WIDTH, ROW, LEFT, RIGHT, EDGE = 460, 32, 150, 84, 4


@dataclass(frozen=True, slots=True)
class Bar:
    """A row from `start` to `end`; a total stands by itself, and `said` is what is written beside it."""

    label: str
    start: float
    end: float
    said: str
    total: bool = False


def draw_waterfall(bars: Sequence[Bar], *, title: str, colour: Callable[[Bar], str] | None = None) -> str:
    """The rows as SVG. Where the steps are small the axis does not begin at zero, and totals have a torn edge."""
    low = min(bar.end if bar.total else min(bar.start, bar.end) for bar in bars)
    high = max(max(bar.start, bar.end) for bar in bars)
    from_zero = low < (high - low) * 1.5
    begin = 0.0 if from_zero else low - (high - low) * 0.25
    wide = (WIDTH - LEFT - RIGHT) / ((high - begin) or 1)

    def x(value: float) -> float:
        return LEFT + (max(value, begin) - begin) * wide

    shapes = []
    for at, bar in enumerate(bars):
        shapes += _row(bar, at, x, begin, (colour or _colour)(bar), from_zero)
        if at + 1 < len(bars):
            y = at * ROW + ROW - 5
            shapes.append(f'<path d="M{x(bar.end):.1f} {y}v10" stroke="{MUTED}" stroke-dasharray="2 2"/>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="waterfall" viewBox="0 0 {WIDTH} {len(bars) * ROW + EDGE}"'
        f' role="img" font-size="12.5" fill="{INK}"><title>{escape(title)}</title>{"".join(shapes)}</svg>'
    )


def _row(bar: Bar, at: int, x: Callable[[float], float], begin: float, colour: str, from_zero: bool) -> list[str]:
    y = at * ROW + EDGE
    left, right = sorted((x(begin if bar.total else bar.start), x(bar.end)))
    weight = ' font-weight="600"' if bar.total else ""
    found = [
        f'<text x="{LEFT - 8}" y="{y + 18}" text-anchor="end"{weight}>{escape(bar.label)}</text>',
        f'<rect x="{left:.1f}" y="{y + 3}" width="{max(right - left, 1.5):.1f}" height="{ROW - 10}" rx="2"'
        f' fill="{colour}">'
        f"<title>{escape(f'{bar.label} {bar.said}')}</title></rect>",
        f'<text x="{WIDTH - 2}" y="{y + 18}" text-anchor="end"{weight}>{escape(bar.said)}</text>',
    ]
    if bar.total and not from_zero:
        torn = "".join(f"l{5 if step % 2 == 0 else -5} 5.5" for step in range(4))
        found.append(f'<path d="M{LEFT + 10} {y + 3}{torn}" fill="none" stroke="#fff" stroke-width="3"/>')
    return found


def _colour(bar: Bar) -> str:
    return TOTAL if bar.total else UP if bar.end >= bar.start else DOWN
