"""Fills that stay apart when they are printed in grey: a colour with lines, dots or a grid over it."""

from collections.abc import Iterator, Sequence

_MARK = "#fff"
_SIZE = 8
_MARKS = (
    "",
    '<path d="M-2 2L2 -2M0 8L8 0M6 10L10 6" stroke="{mark}" stroke-width="1.6"/>',
    '<circle cx="4" cy="4" r="1.7" fill="{mark}"/>',
    '<path d="M0 4H8" stroke="{mark}" stroke-width="1.8"/>',
    '<path d="M4 0V8" stroke="{mark}" stroke-width="1.8"/>',
    '<path d="M0 0L8 8M-2 6L2 10M6 -2L10 2" stroke="{mark}" stroke-width="1.6"/>',
    '<path d="M0 4H8M4 0V8" stroke="{mark}" stroke-width="1.2"/>',
    '<path d="M0 0L8 8M0 8L8 0" stroke="{mark}" stroke-width="1.2"/>',
)


def patterns(colours: Sequence[str], key: str) -> Iterator[str]:
    """The definitions of fills for `fill_of`, to stand in `<defs>`; `key` keeps the names of two drawings apart."""
    for number, colour in enumerate(colours):
        if marks := _MARKS[number % len(_MARKS)]:
            ground = f'<rect width="{_SIZE}" height="{_SIZE}" fill="{colour}"/>'
            head = f'<pattern id="{key}-{number}" width="{_SIZE}" height="{_SIZE}" patternUnits="userSpaceOnUse">'
            yield f"{head}{ground}{marks.format(mark=_MARK)}</pattern>"


def fill_of(number: int, colour: str, key: str) -> str:
    """The fill of the colour with this number: plain for the first, else with its pattern."""
    return f"url(#{key}-{number})" if _MARKS[number % len(_MARKS)] else colour
