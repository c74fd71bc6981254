"""Turns the tree of a filter into a condition of SQL over the columns that it may name; all values are bound."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NoReturn

import shapely
from sqlalchemy import Date, Float, Numeric, Text, and_, cast, false, func, literal, not_, or_, true

from geo.cql import tree
from geo.cql.relations import SPATIAL, TEMPORAL, Span
from geo.cql.tree import Call, Interval, Items, Node, Null, Property, Shape, day_of
from geo.errors import FilterError, UnknownCrsError

Sql = Any
"""An expression of SQLAlchemy."""

Kind = Literal["text", "number", "day", "yes_no", "shape", "span"]
_NAMES: dict[Kind, str] = {
    "text": "a text",
    "number": "a number",
    "day": "a day",
    "yes_no": "a condition",
    "shape": "a geometry",
    "span": "an interval",
}


@dataclass(frozen=True, slots=True)
class Queryable:
    """A field that filters may name: its kind and its column. `located` is the indexed column of a geometry."""

    kind: Kind
    column: Sql
    located: Sql = None


@dataclass(frozen=True, slots=True)
class _Typed:
    kind: Kind
    sql: Sql
    at: int
    node: Node
    located: Sql = None


def condition(
    node: Node,
    fields: Mapping[str, Queryable],
    text: str,
    to_wgs84: Callable[[shapely.Geometry], shapely.Geometry] = lambda geometry: geometry,
) -> Sql:
    """The condition that a filter is.

    Parameters
    ----------
    fields
        Name → what may be asked.
    text
        What was read, for places in messages.
    to_wgs84
        Brings the filter's coordinates to degrees.

    Raises
    ------
    FilterError
        It names another field, or sets beside each other what cannot be compared; says where.
    """
    return _Writer(fields, text, to_wgs84).condition(node)


class _Writer:
    def __init__(
        self,
        fields: Mapping[str, Queryable],
        text: str,
        to_wgs84: Callable[[shapely.Geometry], shapely.Geometry],
    ) -> None:
        self._fields, self._text, self._to_wgs84 = fields, text, to_wgs84
        self._operators: dict[str, Callable[[Call], _Typed]] = {
            "and": self._joined,
            "or": self._joined,
            "not": self._negated,
            "like": self._like,
            "between": self._between,
            "in": self._among,
            "isnull": self._is_null,
            "casei": self._folded,
            **dict.fromkeys(_COMPARISONS, self._compared),
            **dict.fromkeys(_ARITHMETIC, self._reckoned),
            **dict.fromkeys(SPATIAL, self._related),
            **dict.fromkeys(TEMPORAL, self._timed),
        }

    def condition(self, node: Node) -> Sql:
        return self._as("yes_no", node).sql

    def _typed(self, node: Node) -> _Typed:
        if isinstance(node, Call):
            found = self._operators.get(node.name)
            if found is None:
                self._refuse(f"there is no operator or function {node.name[:40]!r} here", node.at)
            return found(node)
        return self._leaf(node)

    def _leaf(self, node: Node) -> _Typed:
        if isinstance(node, Property):
            return self._field(node)
        if isinstance(node, tree.Literal):
            return _value(node)
        if isinstance(node, Shape):
            return _Typed("shape", self._drawn(node), node.at, node)
        if isinstance(node, Items | Null):
            self._refuse("NULL and lists stand only beside IS and IN", node.at)
        assert isinstance(node, Interval)
        return _Typed("span", Span(_end(node.first, "-infinity"), _end(node.last, "infinity")), node.at, node)

    def _field(self, node: Property) -> _Typed:
        found = self._fields.get(node.name)
        if found is None:
            self._refuse(f"there is no field of that name; there are {', '.join(self._fields)}", node.at)
        return _Typed(found.kind, found.column, node.at, node, found.located)

    def _drawn(self, node: Shape) -> Sql:
        try:
            moved = self._to_wgs84(node.geometry)
        except UnknownCrsError:
            self._refuse("these coordinates lie outside of the coordinate system of the filter", node.at)
        west, south, east, north = moved.bounds
        if not (west >= -180 and east <= 180 and south >= -90 and north <= 90):
            self._refuse("these coordinates are none of the earth in the coordinate system of the filter", node.at)
        return func.ST_GeomFromWKB(shapely.to_wkb(moved), 4326)

    def _as(self, kind: Kind, node: Node) -> _Typed:
        found = self._typed(node)
        if found.kind != kind:
            self._refuse(f"expected {_NAMES[kind]}, not {_NAMES[found.kind]}", found.at)
        return found

    def _arguments(self, call: Call, number: int) -> tuple[Node, ...]:
        if len(call.arguments) != number:
            self._refuse(f"{call.name} takes {number} argument{'s' * (number > 1)}", call.at)
        return call.arguments

    def _joined(self, call: Call) -> _Typed:
        if len(call.arguments) < 2:
            self._refuse(f"{call.name} takes two arguments or more", call.at)
        parts = [self.condition(each) for each in call.arguments]
        return _Typed("yes_no", and_(*parts) if call.name == "and" else or_(*parts), call.at, call)

    def _negated(self, call: Call) -> _Typed:
        (inner,) = self._arguments(call, 1)
        return _Typed("yes_no", not_(self.condition(inner)), call.at, call)

    def _alike(self, *nodes: Node) -> tuple[Kind, list[Sql]]:
        """Values of one kind; a text beside a day is read as one."""
        found = [self._typed(each) for each in nodes]
        if any(each.kind == "day" for each in found):
            found = [self._as_day(each) for each in found]
        kind = found[0].kind
        for each in found:
            if each.kind != kind or kind in ("shape", "span"):
                wanted = "geometries and intervals have functions of their own" if kind in ("shape", "span") else ""
                self._refuse(wanted or f"expected {_NAMES[kind]}, not {_NAMES[each.kind]}", each.at)
        return kind, [each.sql for each in found]

    def _as_day(self, typed: _Typed) -> _Typed:
        if typed.kind == "text" and isinstance(typed.node, tree.Literal):
            day = day_of(str(typed.node.value))
            if day:
                return _Typed("day", _day(day), typed.at, typed.node)
        return typed

    def _compared(self, call: Call) -> _Typed:
        left, right = self._arguments(call, 2)
        kind, (first, second) = self._alike(left, right)
        if kind == "yes_no" and call.name not in ("=", "<>"):
            self._refuse("conditions are equal or not, and nothing else", call.at)
        return _Typed("yes_no", _COMPARISONS[call.name](first, second), call.at, call)

    def _between(self, call: Call) -> _Typed:
        value, low, high = self._arguments(call, 3)
        kind, (shown, least, most) = self._alike(value, low, high)
        if kind == "yes_no":
            self._refuse("conditions are equal or not, and nothing else", call.at)
        return _Typed("yes_no", shown.between(least, most), call.at, call)

    def _among(self, call: Call) -> _Typed:
        value, listed = self._arguments(call, 2)
        if not isinstance(listed, Items):
            self._refuse("IN takes a list", listed.at)
        if not listed.values:
            return _Typed("yes_no", false(), call.at, call)
        _, (shown, *values) = self._alike(value, *listed.values)
        return _Typed("yes_no", or_(*(shown == each for each in values)), call.at, call)

    def _like(self, call: Call) -> _Typed:
        value, pattern = self._arguments(call, 2)
        shown, asked, written = self._as("text", value), self._as("text", pattern), pattern
        while isinstance(written, Call):  # casei, as often as it pleases
            (written,) = written.arguments
        if not isinstance(written, tree.Literal):
            self._refuse("LIKE takes a pattern in single quotes", pattern.at)
        if _ends_escaping(str(written.value)):
            self._refuse("a pattern does not end with its escape character", written.at)
        return _Typed("yes_no", shown.sql.like(asked.sql), call.at, call)

    def _is_null(self, call: Call) -> _Typed:
        (inner,) = self._arguments(call, 1)
        return _Typed("yes_no", self._typed(inner).sql.is_(None), call.at, call)

    def _folded(self, call: Call) -> _Typed:
        (inner,) = self._arguments(call, 1)
        return _Typed("text", func.lower(self._as("text", inner).sql), call.at, call)

    def _reckoned(self, call: Call) -> _Typed:
        left, right = (self._as("number", each).sql for each in self._arguments(call, 2))
        first, second = cast(left, Float), cast(right, Float)
        return _Typed("number", _ARITHMETIC[call.name](first, second), call.at, call)

    def _related(self, call: Call) -> _Typed:
        left, right = (self._as("shape", each) for each in self._arguments(call, 2))
        related = getattr(func, SPATIAL[call.name])(left.sql, right.sql)
        for one, other in ((left, right), (right, left)):
            if one.located is not None and other.located is None and call.name != "s_disjoint":
                related = and_(one.located.op("&&")(other.sql), related)
        return _Typed("yes_no", related, call.at, call)

    def _timed(self, call: Call) -> _Typed:
        left, right = (self._span(each) for each in self._arguments(call, 2))
        return _Typed("yes_no", TEMPORAL[call.name](left, right), call.at, call)

    def _span(self, node: Node) -> Span:
        found = self._as_day(self._typed(node))
        if found.kind == "span":
            span: Span = found.sql
            return span
        if found.kind != "day":
            self._refuse(f"expected a day or an interval, not {_NAMES[found.kind]}", found.at)
        return Span(found.sql, found.sql)

    def _refuse(self, message: str, at: int) -> NoReturn:
        raise FilterError(message, self._text, at)


def _value(node: tree.Literal) -> _Typed:
    value = node.value
    if isinstance(value, bool):
        return _Typed("yes_no", true() if value else false(), node.at, node)
    if isinstance(value, date):
        return _Typed("day", _day(value), node.at, node)
    if isinstance(value, str):
        return _Typed("text", literal(value, Text), node.at, node)
    return _Typed("number", cast(literal(value, Float), Float), node.at, node)


def _day(value: date) -> Sql:
    return cast(literal(value, Date), Date)


def _end(value: date | None, open_end: str) -> Sql:
    return cast(literal(open_end, Text), Date) if value is None else _day(value)


def _ends_escaping(pattern: str) -> bool:
    return (len(pattern) - len(pattern.rstrip("\\"))) % 2 == 1


def _remainder(left: Sql, right: Sql) -> Sql:
    return cast(func.mod(cast(left, Numeric), func.nullif(cast(right, Numeric), 0)), Float)


_COMPARISONS: dict[str, Callable[[Sql, Sql], Sql]] = {
    "=": lambda left, right: left == right,
    "<>": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    ">": lambda left, right: left > right,
    "<=": lambda left, right: left <= right,
    ">=": lambda left, right: left >= right,
}
_ARITHMETIC: dict[str, Callable[[Sql, Sql], Sql]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / func.nullif(right, 0),
    "div": lambda left, right: func.trunc(left / func.nullif(right, 0)),
    "%": _remainder,
    "^": lambda left, right: func.power(left, right),
}
