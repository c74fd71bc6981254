"""A small chart as SVG: one figure month by month, perhaps with the span around it; what is not known is a gap."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from math import ceil, floor, log10

INK, MUTED, LINE = "#17202b", "#566273", "#dde2e8"
LEFT, RIGHT, TOP, BOTTOM = 52, 12, 10, 24
TICKS = 3


@dataclass(frozen=True, slots=True)
class Point:
    """A figure under its label (a month); `low` and `high` are the span around it. None is not known."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None


def draw_chart(
    points: Sequence[Point],
    *,
    title: str,
    say: Callable[[float], str],
    colour: str = "#14508f",
    from_zero: bool = True,
    size: tuple[int, int] = (420, 170),
    mark: tuple[float, str] | None = None,
) -> str:
    """The chart as SVG.

    Parameters
    ----------
    points
        Evenly spaced, oldest first; at least one.
    title
        What is shown, for those who cannot see it.
    say
        Writes a figure for the axis and for what the pointer is on.
    from_zero
        Whether the axis begins at zero; else just below the least.
    size
        Width and height of the view box, pixels.
    mark
        A value that the figures are held against, and what it is: a dashed line across.
    """
    low, high, step = _axis([*points, *([Point("", mark[0])] if mark else [])], from_zero)
    place = _Place(len(points), low, high, size)
    shapes = [*_grid(place, low, high, step, say), *_months(points, place), *_spans(points, place, colour)]
    shapes += [*_marked(mark, place), *_lines(points, place, colour), *_dots(points, place, colour, say)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size[0]} {size[1]}" role="img" font-size="12"'
        f' fill="{MUTED}"><title>{escape(title)}</title>{"".join(shapes)}</svg>'
    )


@dataclass(frozen=True, slots=True)
class _Place:
    count: int
    low: float
    high: float
    size: tuple[int, int]

    def x(self, number: int) -> float:
        wide = self.size[0] - LEFT - RIGHT
        return LEFT + (wide * number / (self.count - 1) if self.count > 1 else wide / 2)

    def y(self, value: float) -> float:
        return TOP + (self.size[1] - TOP - BOTTOM) * (1 - (value - self.low) / (self.high - self.low))


def _axis(points: Sequence[Point], from_zero: bool) -> tuple[float, float, float]:
    """The ends of the axis and its step: 1, 2 or 5 times a power of ten."""
    figures = [figure for point in points for figure in (point.value, point.low, point.high) if figure is not None]
    most, least = max(figures, default=1.0), 0.0 if from_zero else min(figures, default=0.0)
    rough = max(most - least, abs(most) * 0.02, 1e-9) / TICKS
    power = 10.0 ** floor(log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)
    low = floor(least / step + 1e-9) * step
    return low, max(ceil(most / step - 1e-9) * step, low + step), step


def _grid(place: _Place, low: float, high: float, step: float, say: Callable[[float], str]) -> Iterator[str]:
    for number in range(round((high - low) / step) + 1):
        value = low + number * step
        y = place.y(value)
        yield f'<path d="M{LEFT} {y:.1f}H{place.size[0] - RIGHT}" stroke="{LINE}"/>'
        yield f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{escape(say(value))}</text>'


def _months(points: Sequence[Point], place: _Place) -> Iterator[str]:
    last = len(points) - 1
    for number in sorted({0, last // 2, last}):
        anchor = "start" if number == 0 < last else "end" if number == last > 0 else "middle"
        text = escape(points[number].label)
        yield f'<text x="{place.x(number):.1f}" y="{place.size[1] - 6}" text-anchor="{anchor}">{text}</text>'


def _spans(points: Sequence[Point], place: _Place, colour: str) -> Iterator[str]:
    """The band between lowest and highest."""
    for run in _runs(points, lambda point: point.low is not None and point.high is not None):
        up = [f"{place.x(n):.1f} {place.y(points[n].high or 0):.1f}" for n in run]
        down = [f"{place.x(n):.1f} {place.y(points[n].low or 0):.1f}" for n in reversed(run)]
        yield f'<path d="M{"L".join([*up, *down])}Z" fill="{colour}" fill-opacity=".14"/>'


def _marked(mark: tuple[float, str] | None, place: _Place) -> Iterator[str]:
    if mark:
        y, right = place.y(mark[0]), place.size[0] - RIGHT
        yield f'<path d="M{LEFT} {y:.1f}H{right}" stroke="{INK}" stroke-width="1.4" stroke-dasharray="6 4"/>'
        beside = y - 5 if y > TOP + 16 else y + 14
        yield f'<text x="{LEFT + 6}" y="{beside:.1f}" fill="{INK}">{escape(mark[1])}</text>'


def _lines(points: Sequence[Point], place: _Place, colour: str) -> Iterator[str]:
    for run in _runs(points, lambda point: point.value is not None):
        way = "L".join(f"{place.x(n):.1f} {place.y(points[n].value or 0):.1f}" for n in run)
        yield f'<path d="M{way}" fill="none" stroke="{colour}" stroke-width="2" stroke-linejoin="round"/>'


def _dots(points: Sequence[Point], place: _Place, colour: str, say: Callable[[float], str]) -> Iterator[str]:
    last = max((n for n, point in enumerate(points) if point.value is not None), default=-1)
    for number, point in enumerate(points):
        if point.value is not None:
            said = escape(f"{point.label} {say(point.value)}")
            size = 4 if number == last else 2.5
            at = f'cx="{place.x(number):.1f}" cy="{place.y(point.value):.1f}"'
            yield f'<circle {at} r="{size}" fill="{colour}"><title>{said}</title></circle>'


def _runs(points: Sequence[Point], known: Callable[[Point], bool]) -> Iterator[list[int]]:
    """Numbers of neighbouring points that are known."""
    for is_known, group in groupby(range(len(points)), key=lambda n: known(points[n])):
        if is_known:
            yield list(group)
