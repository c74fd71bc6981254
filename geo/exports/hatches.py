"""Hatches over the colours of a drawing, so that classes can be told apart without colours and on grey paper."""

from collections.abc import Iterable

_SIDE = 8
_LINES = {
    1: "M4 4h.01",
    2: "M-2 10L10 -2",
    3: "M-2 10L10 -2M-2 2L2 -2M6 10L10 6",
    4: "M-2 10L10 -2M-2 -2L10 10",
    5: "M-2 2H10M-2 6H10M2 -2V10M6 -2V10",
}
"""From light to dark: dots, a diagonal, two, crossed, a grid."""

MOST = max(_LINES)


def hatched(colour: str, hatch: int, prefix: str = "hatch") -> str:
    """What to fill with: the colour, or the pattern that `hatches` makes of it under the same prefix."""
    return f"url(#{_name(colour, hatch, prefix)})" if hatch else colour


def hatches(fills: Iterable[tuple[str | None, int]], prefix: str = "hatch") -> str:
    """The patterns that some colours with their hatches need, as `<defs>`; nothing where there are none.

    Drawings on one page need prefixes of their own.
    """
    needed = sorted({(colour, hatch) for colour, hatch in fills if colour and hatch})
    return f"<defs>{''.join(_pattern(*each, prefix) for each in needed)}</defs>" if needed else ""


def _pattern(colour: str, hatch: int, prefix: str) -> str:
    size = f'width="{_SIDE}" height="{_SIDE}"'
    lines = f'<path d="{_LINES[hatch]}" stroke="#17202b" stroke-opacity=".6" stroke-linecap="round"'
    wide = 2.4 if hatch == 1 else 1.2
    fill = f'<rect {size} fill="{colour}"/>{lines} stroke-width="{wide}" fill="none"/>'
    return f'<pattern id="{_name(colour, hatch, prefix)}" {size} patternUnits="userSpaceOnUse">{fill}</pattern>'


def _name(colour: str, hatch: int, prefix: str) -> str:
    return f"{prefix}{hatch}-{colour.lstrip('#')}"
