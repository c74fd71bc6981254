"""The tree of a filter: what it is made of, and where in the text each part begins."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TypeAlias

import shapely

from geo.errors import FilterError

DEEPEST = 40
"""Parts within parts; the limit also keeps the functions that walk a tree from running out of stack."""

MOST_PARTS = 2000
LONGEST = 20_000
"""Characters of a filter."""

MOST_CORNERS = 10_000


@dataclass(frozen=True, slots=True)
class Property:
    """The name of a field."""

    name: str
    at: int


@dataclass(frozen=True, slots=True)
class Literal:
    """A text, number, day, or yes or no."""

    value: str | float | bool | date
    at: int


@dataclass(frozen=True, slots=True)
class Null:
    """Nothing."""

    at: int


@dataclass(frozen=True, slots=True)
class Interval:
    """First and last day; None where it is open."""

    first: date | None
    last: date | None
    at: int


@dataclass(frozen=True, slots=True)
class Shape:
    """A geometry, in the coordinates of the filter."""

    geometry: shapely.Geometry
    at: int


@dataclass(frozen=True, slots=True)
class Call:
    """An operator or function with what it is applied to; operators are spelt as in CQL2 JSON, in small letters."""

    name: str
    arguments: "tuple[Node, ...]"
    at: int
    depth: int


@dataclass(frozen=True, slots=True)
class Items:
    """A list of values."""

    values: "tuple[Node, ...]"
    at: int


Node: TypeAlias = Property | Literal | Null | Interval | Shape | Call | Items


class Builder:
    """Makes the calls of one filter, and refuses what is too deep or too much. `text` is what places count in."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._parts = 0

    def call(self, name: str, arguments: "tuple[Node, ...]", at: int) -> Call:
        """An operator applied to its arguments; `and` of an `and` is one, and so is `or`.

        Raises
        ------
        FilterError
            The filter is too large.
        """
        if name in ("and", "or"):
            arguments = tuple(part for each in arguments for part in _spread(name, each))
        depth = 1 + max((_depth(each) for each in arguments), default=0)
        self._parts += 1
        if depth > DEEPEST:
            raise self.problem(f"more than {DEEPEST} parts within each other", at)
        if self._parts > MOST_PARTS:
            raise self.problem(f"more than {MOST_PARTS} parts", at)
        return Call(name, arguments, at, depth)

    def shape(self, geometry: shapely.Geometry, at: int) -> Shape:
        """A geometry that can be reckoned with.

        Raises
        ------
        FilterError
            It is empty, crosses itself, or has too many corners.
        """
        if geometry.is_empty:
            raise self.problem("a geometry without coordinates", at)
        if shapely.get_num_coordinates(geometry) > MOST_CORNERS:
            raise self.problem(f"a geometry with more than {MOST_CORNERS:,} corners", at)
        if not geometry.is_valid:
            raise self.problem(f"not a valid geometry ({shapely.is_valid_reason(geometry).split('[')[0]})", at)
        return Shape(shapely.force_2d(geometry), at)

    def day(self, text: str, at: int) -> date:
        """A date, or the day in UTC of an instant.

        Raises
        ------
        FilterError
            The text is neither.
        """
        found = day_of(text)
        if found is None:
            raise self.problem("not a date such as 2026-03-01, or an instant such as 2026-03-01T08:00:00Z", at)
        return found

    def problem(self, message: str, at: int) -> FilterError:
        """An error with its place in the text."""
        return FilterError(message, self.text, at)


def day_of(text: str) -> date | None:
    """The day of a date or, in UTC, of an instant; None if the text is neither."""
    try:
        return date.fromisoformat(text) if len(text) <= 10 else _utc_day(text)
    except (ValueError, OverflowError):
        return None


def _utc_day(text: str) -> date:
    moment = datetime.fromisoformat(text)
    return (moment.astimezone(UTC) if moment.tzinfo else moment).date()


def _spread(name: str, node: Node) -> tuple[Node, ...]:
    return node.arguments if isinstance(node, Call) and node.name == name else (node,)


def _depth(node: Node) -> int:
    return node.depth if isinstance(node, Call) else 0
