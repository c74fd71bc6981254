"""How wide the columns of a report's table are: numbers unbroken, what is left shared out among the texts."""

from geo.exports.lettering import width_of
from geo.reports.blocks import Table

_PAD, _LEAST, _MOST_WORDS = 11, 26, 150


def shares(table: Table, size: float = 9, wide: float = 450) -> list[float]:
    """The widths of the columns, which add up to 1; letters are `size` large on a page `wide`, in the same unit."""
    if table.widths:
        return [width / sum(table.widths) for width in table.widths]
    wanted = [_wanted(table, at, size) for at in range(len(table.headings))]
    fixed = sum(width for width, right in zip(wanted, table.numbers, strict=True) if right)
    free = sum(wanted) - fixed
    if free and fixed < 0.75 * wide:
        return [
            width / wide if right else width / free * (wide - fixed) / wide
            for width, right in zip(wanted, table.numbers, strict=True)
        ]
    return [width / sum(wanted) for width in wanted]


def _wanted(table: Table, at: int, size: float) -> float:
    """What a column would like: a number its longest in one line, under a heading that may break once; a text enough
    to read."""
    heading = width_of(table.headings[at], size)
    longest = max((width_of(row[at].text, size) for row in table.rows), default=0)
    if table.numbers[at]:
        return max(longest, heading / 2, _LEAST) + _PAD
    return min(max(longest, heading), _MOST_WORDS) + _PAD
