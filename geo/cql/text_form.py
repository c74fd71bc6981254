"""Reads CQL2 text."""

import math
import re
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import shapely
from lark import Lark, Token, Tree, v_args
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken, VisitError
from lark.visitors import Transformer_NonRecursive

from geo.cql.tree import LONGEST, Builder, Interval, Items, Literal, Node, Null, Property
from geo.errors import FilterError

_WANTED = {
    "NAME": "the name of a field",
    "NUMBER": "a number",
    "STRING": "a text in single quotes",
    "SHAPE": "a geometry",
    "COMPARISON": "= <> < <= > >=",
    "LPAR": "(",
    "RPAR": ")",
    "CLOSE": ")",
    "COMMA": ",",
    "$END": "the end",
}
_HIDDEN = {"QUOTED", "SIGN", "TIMES", "CIRCUMFLEX", "TRUE", "FALSE", "NULL"}
"""What may stand almost anywhere is not worth naming."""


def parse_text(text: str) -> Node:
    """The tree of a filter.

    Raises
    ------
    FilterError
        The text is not CQL2, or too large; says where.
    """
    if len(text) > LONGEST:
        raise FilterError(f"more than {LONGEST:,} characters", text[:LONGEST], LONGEST)
    try:
        made: Node = _Reading(text).transform(_grammar().parse(text))
    except UnexpectedInput as error:
        _explain(error, text)
    except VisitError as error:
        raise error.orig_exc from None
    return made


def _explain(error: UnexpectedInput, text: str) -> NoReturn:
    if isinstance(error, UnexpectedToken):
        ended = error.token.type == "$END"
        at, wanted = (len(text.rstrip()) if ended else error.token.start_pos or 0), error.accepts or error.expected
    else:
        at = error.pos_in_stream or 0
        wanted = error.allowed or set() if isinstance(error, UnexpectedCharacters) else set()
    names = sorted({_WANTED.get(name, name) for name in wanted if name not in _HIDDEN})
    raise FilterError(f"expected {', '.join(names)}" if names else "not CQL2", text, at) from None


@cache
def _grammar() -> Lark:
    return Lark(Path(__file__).with_name("text.lark").read_text("utf-8"), parser="lalr", maybe_placeholders=False)


def _start(part: Node | Token) -> int:
    return (part.start_pos or 0) if isinstance(part, Token) else part.at


@v_args(inline=True)
class _Reading(Transformer_NonRecursive[Token, Node]):
    """Makes the tree from the leaves up."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._make = Builder(text)

    def both(self, left: Node, operator: Token, right: Node) -> Node:
        return self._make.call(operator.lower(), (left, right), _start(left))

    def not_both(self, left: Node, _not: Token, operator: Token, right: Node) -> Node:
        return self._negate(self.both(left, operator, right))

    def negated(self, _not: Token, node: Node) -> Node:
        return self._negate(node)

    def between(self, value: Node, _between: Token, low: Node, _and: Token, high: Node) -> Node:
        return self._make.call("between", (value, low, high), _start(value))

    def not_between(self, value: Node, _not: Token, *rest: Any) -> Node:
        return self._negate(self.between(value, *rest))

    def within(self, value: Node, operator: Token, *values: Node) -> Node:
        return self._make.call("in", (value, Items(values, operator.start_pos or 0)), _start(value))

    def not_within(self, value: Node, _not: Token, operator: Token, *values: Node) -> Node:
        return self._negate(self.within(value, operator, *values))

    def is_null(self, value: Node, *_: Token) -> Node:
        return self._make.call("isnull", (value,), _start(value))

    def is_not_null(self, value: Node, *_: Token) -> Node:
        return self._negate(self.is_null(value))

    def raised(self, value: Node, power: Node) -> Node:
        return self._make.call("^", (value, power), _start(value))

    def signed(self, sign: Token, value: Node) -> Node:
        if isinstance(value, Literal) and isinstance(value.value, float):
            return Literal(-value.value if sign == "-" else value.value, sign.start_pos or 0)
        return self._make.call("*", (Literal(-1.0 if sign == "-" else 1.0, sign.start_pos or 0), value), _start(sign))

    def property(self, name: Token) -> Node:
        return Property(str(name), name.start_pos or 0)

    def quoted_property(self, name: Token) -> Node:
        return Property(name[1:-1], name.start_pos or 0)

    def number(self, token: Token) -> Node:
        value = float(token)
        if not math.isfinite(value):
            raise self._make.problem("a number that is too large", token.start_pos or 0)
        return Literal(value, token.start_pos or 0)

    def string(self, token: Token) -> Node:
        return Literal(re.sub(r"''|\\'", "'", token[1:-1]), token.start_pos or 0)

    def yes(self, token: Token) -> Node:
        return Literal(True, token.start_pos or 0)

    def no(self, token: Token) -> Node:
        return Literal(False, token.start_pos or 0)

    def null(self, token: Token) -> Node:
        return Null(token.start_pos or 0)

    def call(self, name: Token, *arguments: Node) -> Node:
        at, called = name.start_pos or 0, name.lower()
        if called in ("date", "timestamp"):
            return Literal(self._make.day(self._text(arguments, 1, at)[0], at), at)
        if called == "interval":
            first, last = (self._end(text, at) for text in self._text(arguments, 2, at))
            return Interval(first, last, at)
        if called == "bbox":
            return self._make.shape(self._box(arguments, at), at)
        return self._make.call(called, arguments, at)

    def shape(self, kind: Token, coordinates: Tree[Token]) -> Node:
        at = kind.start_pos or 0
        closing = coordinates.children[-1]
        assert isinstance(closing, Token)
        try:
            geometry = shapely.from_wkt(self._make.text[at : closing.end_pos])
        except shapely.errors.GEOSException:
            raise self._make.problem("not a geometry in WKT", at) from None
        return self._make.shape(geometry, at)

    def _negate(self, node: Node) -> Node:
        return self._make.call("not", (node,), _start(node))

    def _text(self, arguments: tuple[Node, ...], number: int, at: int) -> list[str]:
        texts = [each.value for each in arguments if isinstance(each, Literal) and isinstance(each.value, str)]
        if len(texts) != number or len(arguments) != number:
            raise self._make.problem(f"expected {number} text(s) in single quotes", at)
        return texts

    def _end(self, text: str, at: int) -> Any:
        return None if text in ("..", "") else self._make.day(text, at)

    def _box(self, arguments: tuple[Node, ...], at: int) -> shapely.Geometry:
        numbers = [each.value for each in arguments if isinstance(each, Literal) and isinstance(each.value, float)]
        if len(numbers) not in (4, 6) or len(numbers) != len(arguments):
            raise self._make.problem("expected four numbers, or six", at)
        return box_of(numbers)


def box_of(numbers: list[float]) -> shapely.Geometry:
    """The polygon of a box's two corners, which may have heights."""
    half = len(numbers) // 2
    return shapely.box(*numbers[:2], *numbers[half : half + 2])
