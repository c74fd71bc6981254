"""Filters are read, and what is wrong in one is said with its place."""

import json

import pytest

from geo.cql import parse_json, parse_text
from geo.cql.tree import Call, Literal, Node, Property, Shape
from geo.errors import FilterError


def shown(node: Node) -> object:
    """A tree as nested lists."""
    if isinstance(node, Call):
        return [node.name, *(shown(each) for each in node.arguments)]
    if isinstance(node, Property):
        return node.name
    if isinstance(node, Shape):
        return node.geometry.wkt
    return {"is": node.value} if isinstance(node, Literal) else [shown(each) for each in getattr(node, "values", ())]


READ = {
    "a = 1": '{"op": "=", "args": [{"property": "a"}, 1]}',
    "a=1 AND b='x''y' OR NOT c>=2": """{"op": "or", "args": [{"op": "and", "args": [
        {"op": "=", "args": [{"property": "a"}, 1]}, {"op": "=", "args": [{"property": "b"}, "x'y"]}]},
        {"op": "not", "args": [{"op": ">=", "args": [{"property": "c"}, 2]}]}]}""",
    "a NOT LIKE 'x%'": '{"op": "not", "args": [{"op": "like", "args": [{"property": "a"}, "x%"]}]}',
    "a BETWEEN 1 AND 2 AND b IS NULL": """{"op": "and", "args": [{"op": "between", "args": [{"property": "a"}, 1, 2]},
        {"op": "isNull", "args": [{"property": "b"}]}]}""",
    "a IN (1, 2)": '{"op": "in", "args": [{"property": "a"}, [1, 2]]}',
    "1 + a * -2 < 3": """{"op": "<", "args": [{"op": "+", "args": [1, {"op": "*", "args": [{"property": "a"}, -2]}]},
        3]}""",
    "(1 + a) DIV 2 = 3": """{"op": "=", "args": [{"op": "div", "args": [{"op": "+", "args": [1, {"property": "a"}]},
        2]}, 3]}""",
    "CASEI(a) = casei('B')": """{"op": "=", "args": [{"op": "casei", "args": [{"property": "a"}]},
        {"op": "casei", "args": ["B"]}]}""",
    "S_INTERSECTS(g, POINT(1 -2.5))": """{"op": "s_intersects", "args": [{"property": "g"},
        {"type": "Point", "coordinates": [1, -2.5]}]}""",
    "s_within(g, BBOX(0,0,1,1))": '{"op": "s_within", "args": [{"property": "g"}, {"bbox": [0, 0, 1, 1]}]}',
    "t_after(d, DATE('2026-03-01'))": """{"op": "t_after", "args": [{"property": "d"}, {"date": "2026-03-01"}]}""",
    "d < TIMESTAMP('2026-03-01T23:00:00-08:00')": """{"op": "<", "args": [{"property": "d"},
        {"timestamp": "2026-03-02T07:00:00Z"}]}""",
    '"in" = TRUE and intern = false': """{"op": "and", "args": [{"op": "=", "args": [{"property": "in"}, true]},
        {"op": "=", "args": [{"property": "intern"}, false]}]}""",
}


@pytest.mark.parametrize("text", READ)
def test_text_and_json_mean_the_same(text: str) -> None:
    assert shown(parse_text(text)) == shown(parse_json(READ[text]))


WRONG = {
    "a = 1 AND": (1, 10),
    "a = 'x' AND (b > 3": (1, 19),
    "a = 1\n  OR b = = 2": (2, 10),
    "a = 'open": (1, 5),
    "": (1, 1),
    "a = 1 ; DROP TABLE units": (1, 7),
    "S_WITHIN(g, POLYGON((0 0, 1 1)))": (1, 13),
    "S_WITHIN(g, POLYGON((0 0, 1 1, 1 0, 0 1, 0 0)))": (1, 13),
    "d > DATE('2026-02-30')": (1, 5),
    "a = 1e400": (1, 5),
    "BBOX(1,2,3) = 1": (1, 1),
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_is_said_with_its_line_and_column(text: str) -> None:
    with pytest.raises(FilterError) as refused:
        parse_text(text)
    line, column = WRONG[text]
    assert (refused.value.position["line"], refused.value.position["column"]) == (line, column)
    assert f"line {line}, column {column}" in str(refused.value)


def test_the_place_in_json_is_that_of_the_part_that_is_wrong() -> None:
    for text, wrong in {
        '{"op": "and", "args": [{"op": "=", "args": [{"prop": "a"}, 1]}]}': '{"prop"',
        '{"op": "=", "args": [{"property": 7}, 1]}': "7",
        '{"op": "=", "args": {}}': '{"op"',
        '{"op": "=", args': "args",
        '{"op": "t_during", "args": [{"property": "d"}, {"interval": ["2026-01-01"]}]}': '["2026',
        '{"op": "=", "args": [{"property": "\\ud800"}, 1]}': '"\\ud800',
        '{"op": "s_within", "args": [{"property": "g"}, {"type": "Point", "coordinates": [1]}]}': '{"type"',
    }.items():
        with pytest.raises(FilterError) as refused:
            parse_json(text)
        assert refused.value.position["character"] == text.index(wrong), text


@pytest.mark.parametrize("many", [60, 6000])
def test_a_filter_that_is_too_deep_or_too_long_is_refused_and_nothing_breaks(many: int) -> None:
    for text in ("NOT " * many + "a = 1", "-" * many + "a = 1", "a" + "+1" * many + " = 1"):
        with pytest.raises(FilterError, match="more than"):
            parse_text(text)
    with pytest.raises(FilterError, match="more than"):
        parse_json('{"op": "not", "args": [' * many + "true" + "]}" * many)


def test_a_long_row_of_conditions_is_not_deep() -> None:
    node = parse_text(" OR ".join(f"a = {number}" for number in range(900)))
    assert isinstance(node, Call)
    assert (len(node.arguments), node.depth) == (900, 2)
    assert json.dumps(shown(parse_text("(" * 3000 + "a = 1" + ")" * 3000))) == '["=", "a", {"is": 1.0}]'
