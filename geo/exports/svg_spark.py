"""A figure's course as a line of the size of a word: SVG without axes, the last point marked; gaps stay gaps."""

from collections.abc import Sequence
from html import escape

WIDTH, HEIGHT, EDGE = 120, 28, 3


def draw_spark(values: Sequence[float | None], *, title: str, colour: str = "#14508f") -> str:
    """The line as SVG; `title` says in words what it shows. Empty where fewer than two values are known."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return ""
    low, high = min(known), max(known)
    # A course that hardly moves is drawn flat, not as mountains of a thousandth.
    spread = max(high - low, abs(high) * 0.02, 1e-9)
    middle = (low + high) / 2

    def place(at: int, value: float) -> str:
        x = EDGE + (WIDTH - 2 * EDGE) * at / (len(values) - 1)
        return f"{x:.1f} {HEIGHT / 2 - (value - middle) / spread * (HEIGHT - 2 * EDGE):.1f}"

    path, begins = "", True
    for at, value in enumerate(values):
        if value is not None:
            path += ("M" if begins else "L") + place(at, value)
        begins = value is None
    last = max(at for at, value in enumerate(values) if value is not None)
    x, y = place(last, values[last] or 0).split()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="spark" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">'
        f'<title>{escape(title)}</title><path d="{path}" fill="none" stroke="{colour}" stroke-width="1.8"'
        f' stroke-linejoin="round"/><circle cx="{x}" cy="{y}" r="2.6" fill="{colour}"/></svg>'
    )
