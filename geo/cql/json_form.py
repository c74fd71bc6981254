"""Reads CQL2 JSON: first as JSON whose values know their places, then as a filter."""

import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import shapely
from lark import Lark, Token, v_args
from lark.exceptions import UnexpectedInput, UnexpectedToken, VisitError
from lark.visitors import Transformer_NonRecursive

from geo.cql.text_form import box_of
from geo.cql.tree import DEEPEST, LONGEST, Builder, Interval, Items, Literal, Node, Null, Property
from geo.errors import FilterError

_VALUES = ("property", "date", "timestamp", "interval", "bbox")


@dataclass(frozen=True, slots=True)
class Placed:
    """A value of JSON and where it begins; `depth` counts what it holds within each other."""

    value: Any
    at: int
    depth: int = 0


def parse_json(text: str) -> Node:
    """The tree of a filter.

    Raises
    ------
    FilterError
        The text is not CQL2 JSON, or too large; says where.
    """
    if len(text) > LONGEST:
        raise FilterError(f"more than {LONGEST:,} characters", text[:LONGEST], LONGEST)
    try:
        placed: Placed = _Placing(text).transform(_grammar().parse(text))
    except UnexpectedToken as error:
        at = len(text.rstrip()) if error.token.type == "$END" else error.token.start_pos or 0
        raise FilterError("not JSON", text, at) from None
    except UnexpectedInput as error:
        raise FilterError("not JSON", text, error.pos_in_stream or 0) from None
    except VisitError as error:
        raise error.orig_exc from None
    return _Reader(text).node(placed)


@cache
def _grammar() -> Lark:
    return Lark(Path(__file__).with_name("json.lark").read_text("utf-8"), parser="lalr", maybe_placeholders=False)


@v_args(inline=True)
class _Placing(Transformer_NonRecursive[Token, Placed]):
    """Makes values with their places."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def object(self, begin: Token, *pairs: tuple[str, Placed]) -> Placed:
        return self._holding(dict(pairs), [value for _, value in pairs], begin)

    def array(self, begin: Token, *values: Placed) -> Placed:
        return self._holding(list(values), values, begin)

    def pair(self, name: Token, value: Placed) -> tuple[str, Placed]:
        return self._decoded(name), value

    def string(self, token: Token) -> Placed:
        return Placed(self._decoded(token), token.start_pos or 0)

    def number(self, token: Token) -> Placed:
        value = float(token)
        if not math.isfinite(value):
            raise FilterError("a number that is too large", self._text, token.start_pos or 0)
        return Placed(value, token.start_pos or 0)

    def yes(self, token: Token) -> Placed:
        return Placed(True, token.start_pos or 0)

    def no(self, token: Token) -> Placed:
        return Placed(False, token.start_pos or 0)

    def null(self, token: Token) -> Placed:
        return Placed(None, token.start_pos or 0)

    def _holding(self, value: Any, within: Any, begin: Token) -> Placed:
        depth = 1 + max((each.depth for each in within), default=0)
        if depth > 2 * DEEPEST + 6:  # an operator is an object and an array; a multipolygon holds five more
            raise FilterError(f"more than {DEEPEST} parts within each other", self._text, begin.start_pos or 0)
        return Placed(value, begin.start_pos or 0, depth)

    def _decoded(self, token: Token) -> str:
        try:
            text: str = json.loads(token)
            text.encode()
        except ValueError:  # a made-up escape, or half a surrogate pair
            raise FilterError("not a text of JSON", self._text, token.start_pos or 0) from None
        return text


class _Reader:
    """Makes a tree of placed values."""

    def __init__(self, text: str) -> None:
        self._make = Builder(text)

    def node(self, placed: Placed) -> Node:
        """The part of a filter that a value stands for."""
        value, at = placed.value, placed.at
        if isinstance(value, dict):
            return self._object(value, at)
        if isinstance(value, list):
            return Items(tuple(self.node(each) for each in value), at)
        return Null(at) if value is None else Literal(value, at)

    def _object(self, value: dict[str, Placed], at: int) -> Node:
        if "op" in value:
            return self._call(value, at)
        if "type" in value and ("coordinates" in value or "geometries" in value):
            return self._make.shape(self._geometry(value, at), at)
        kind = next((name for name in _VALUES if name in value), None)
        if kind is None:
            raise self._make.problem(f"expected op, {', '.join(_VALUES)} or a geometry of GeoJSON", at)
        return self._value(kind, value[kind], at)

    def _value(self, kind: str, held: Placed, at: int) -> Node:
        if kind == "interval":
            first, last = self._list(held, str, (2,))
            return Interval(self._end(first, held.at), self._end(last, held.at), at)
        if kind == "bbox":
            return self._make.shape(box_of(self._list(held, float, (4, 6))), at)
        if not isinstance(held.value, str):
            raise self._make.problem("expected a text", held.at)
        return Property(held.value, at) if kind == "property" else Literal(self._make.day(held.value, held.at), at)

    def _call(self, value: dict[str, Placed], at: int) -> Node:
        name, arguments = value["op"], value.get("args")
        if not isinstance(name.value, str):
            raise self._make.problem("expected the name of an operator", name.at)
        if arguments is None or not isinstance(arguments.value, list):
            raise self._make.problem("expected the list args", at)
        return self._make.call(name.value.lower(), tuple(self.node(each) for each in arguments.value), at)

    def _geometry(self, value: dict[str, Placed], at: int) -> shapely.Geometry:
        plain = {name: _plain(each) for name, each in value.items()}
        try:
            return shapely.from_geojson(json.dumps(plain))
        except shapely.errors.GEOSException:
            raise self._make.problem("not a geometry of GeoJSON", at) from None

    def _list(self, held: Placed, kind: type, lengths: tuple[int, ...]) -> list[Any]:
        values = [each.value for each in held.value] if isinstance(held.value, list) else []
        if len(values) not in lengths or not all(isinstance(each, kind) for each in values):
            what = "texts" if kind is str else "numbers"
            raise self._make.problem(f"expected a list of {' or '.join(map(str, lengths))} {what}", held.at)
        return values

    def _end(self, text: str, at: int) -> Any:
        return None if text in ("..", "") else self._make.day(text, at)


def _plain(placed: Placed) -> Any:
    """A placed value as JSON has it."""
    if isinstance(placed.value, dict):
        return {name: _plain(each) for name, each in placed.value.items()}
    return [_plain(each) for each in placed.value] if isinstance(placed.value, list) else placed.value
