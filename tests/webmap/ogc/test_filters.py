"""GIS programs ask for what they want in CQL2, and hear where a filter is wrong."""

import json
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.orm import Session

from geo.model import LayerVersion
from tests.factories import create_building, create_floor, create_unit, square
from tests.fuzzing import ANYTHING, fuzzed
from webmap.db import Database

BUILDINGS = "/ogc/collections/buildings/items"
UNITS = "/ogc/collections/units/items"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
HERE = "POLYGON((121.4699 31.2299, 121.4701 31.2299, 121.4701 31.2301, 121.4699 31.2301, 121.4699 31.2299))"


@pytest.fixture
def made(session: Session) -> None:
    """Two buildings: 东楼 of grade a with a vacant unit of 200 m², and West Tower of grade b, 0.01 degrees west."""
    east = create_building(session, name="东楼", name_en="East 100%", height_m=100.0, completed_year=2019, lifts=0)
    create_unit(session, create_floor(session, east), reported_on=date(2026, 3, 2))
    create_building(session, square(121.46), name="西楼", name_en="West Tower", grade="b", height_m=60.5)


def names(client: FlaskClient, path: str, **query: str) -> set[str]:
    answer = client.get(path, query_string={name.replace("_", "-"): value for name, value in query.items()})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    told = answer.get_json(force=True)
    assert told["numberMatched"] == len(told["features"])
    return {each["properties"].get("name") or each["properties"]["label"] for each in told["features"]}


EAST = (
    *("grade = 'a'", "grade <> 'b'", "NOT grade = 'b'", "grade IN ('a', 'super_a')", "grade LIKE 'a%'"),
    *("height_m > 60.5", "height_m BETWEEN 90 AND 110", "height_m NOT BETWEEN 0 AND 70", "height_m / 2 >= 50"),
    *("completed_year IS NOT NULL", "CASEI(name_en) LIKE casei('east%')", r"name_en LIKE '%\%'", "name = '东楼'"),
    *("managed = TRUE AND height_m > 80", "managed AND vacant_m2 = 200", "units >= 1", "lifts + 1 = 1"),
    *("height_m % 40 = 20", "height_m DIV 30 = 3", "height_m ^ 2 = 10000", "-height_m < -90"),
    *(f"S_INTERSECTS(geometry, {HERE})", f"S_CONTAINS(geometry, {HERE})", f"S_WITHIN({HERE}, geometry)"),
    *("S_INTERSECTS(geometry, BBOX(121.469, 31.22, 121.48, 31.24))", f"NOT S_DISJOINT(geometry, {HERE})"),
    *("T_DURING(oldest_report_on, INTERVAL('2026-03-01', '2026-03-31'))", "oldest_report_on = DATE('2026-03-02')"),
    *("oldest_report_on < '2026-04-01'", "T_AFTER(oldest_report_on, TIMESTAMP('2026-03-01T12:00:00Z'))"),
    *("T_INTERSECTS(oldest_report_on, INTERVAL('..', '2026-12-31'))", "height_m > floors_above * 4"),
)


def test_filters_find_what_they_say(client: FlaskClient, made: None) -> None:
    for text in EAST:
        assert names(client, BUILDINGS, filter=text) == {"东楼"}, text
    assert names(client, BUILDINGS, filter="1 = 1") == {"东楼", "西楼"}
    assert names(client, BUILDINGS, filter="grade IN ()") == set()
    assert names(client, BUILDINGS, filter="height_m / lifts > 0") == set()
    assert names(client, UNITS, filter=f"S_WITHIN(geometry, {HERE}) AND area_m2 = 200 AND occupancy = 'vacant'")


def test_a_filter_in_json_and_the_other_parameters_hold_together(client: FlaskClient, made: None) -> None:
    asked = {"op": ">", "args": [{"property": "height_m"}, 50]}
    json_form = {"filter": json.dumps(asked), "filter_lang": "cql2-json"}
    assert names(client, BUILDINGS, **json_form) == {"东楼", "西楼"}
    assert names(client, BUILDINGS, **json_form, grade="b") == {"西楼"}
    assert names(client, BUILDINGS, **json_form, bbox="121.469,31,122,32") == {"东楼"}


def test_matches_are_counted_once_for_all_pages_of_them(client: FlaskClient, made: None, count_queries: Any) -> None:
    address, asked = f"{BUILDINGS}?limit=1&filter=height_m > 60", []
    with count_queries() as seen:
        for _ in range(2):
            page = client.get(address).get_json(force=True)
            asked.append((page["numberMatched"], page["numberReturned"]))
            address = next((each["href"] for each in page["links"] if each["rel"] == "next"), "")
    assert (asked, address) == ([(2, 1), (2, 1)], "")
    assert sum(statement.startswith("SELECT count(*)") for statement in seen) == 1


def test_another_filter_and_a_changed_city_are_counted_anew(client: FlaskClient, made: None, session: Session) -> None:
    assert names(client, BUILDINGS, filter="height_m > 60") == {"东楼", "西楼"}
    assert names(client, BUILDINGS, filter="height_m > 61") == {"东楼"}
    create_building(session, square(121.48), name="南楼", height_m=90)
    session.execute(update(LayerVersion).values(version=LayerVersion.version + 1))
    assert names(client, BUILDINGS, filter="height_m > 61") == {"东楼", "南楼"}


def test_geometries_of_a_filter_are_in_its_own_system(client: FlaskClient, made: None) -> None:
    for code, around in {
        4490: "BBOX(31.22, 121.469, 31.24, 121.48)",
        3857: "BBOX(13521900, 3662500, 13522100, 3662700)",
        4549: "BBOX(3457300, 640000, 3457500, 640200)",
    }.items():
        asked = f"S_INTERSECTS(geometry, {around})"
        assert names(client, BUILDINGS, filter=asked, filter_crs=f"{EPSG}{code}") == {"东楼"}, code


WRONG: dict[str, tuple[int, str]] = {
    "grade = 1": (9, "expected a text, not a number"),
    "height_m > 'x'": (12, "expected a number, not a text"),
    "secret = 1": (1, "no field of that name"),
    "source_id = 1": (1, "no field of that name"),
    "grade = 'a' AND\n foo(grade) = 'b'": (2, "no operator or function"),
    "height_m": (1, "expected a condition, not a number"),
    "geometry = 'x'": (1, "functions of their own"),
    "S_WITHIN(grade, geometry)": (10, "expected a geometry, not a text"),
    "S_WITHIN(geometry)": (1, "takes 2 arguments"),
    r"name LIKE 'x\'": (11, ""),
    "name LIKE grade": (11, "pattern"),
    "S_INTERSECTS(geometry, POINT(1000000 1000000))": (24, "none of the earth"),
    "T_AFTER(grade, DATE('2026-01-01'))": (9, "expected a day"),
    "managed > FALSE": (1, "equal or not"),
    "10 ^ 400 > height_m ^ 400": (1, ""),
    "grade = NULL": (9, "NULL"),
}


def test_a_filter_that_is_wrong_is_answered_400_with_its_place(live_app: Flask, live_database: Database) -> None:
    with live_database.new_session() as session, session.begin():
        create_building(session)
    client = live_app.test_client()
    for text, (column, said) in WRONG.items():
        answer = client.get(BUILDINGS, query_string={"filter": text})
        assert answer.status_code == 400, (text, answer.get_data(as_text=True))
        told = answer.get_json(force=True)
        assert (told["parameter"], told["position"]["column"]) == ("filter", column), text
        assert said in told["detail"], text
    for query in ("filter=grade&filter-lang=sql", "filter=grade%3D%27a%27&filter-crs=EPSG", "filter-lang=cql"):
        assert client.get(f"{BUILDINGS}?{query}").status_code == 400


FIELDS = st.sampled_from(
    ["name", "height_m", "managed", "oldest_report_on", "geometry", "vacant_m2", "secret", '"a b"']
)
VALUES = st.one_of(
    FIELDS,
    st.floats(allow_nan=False, allow_infinity=False).map(str),
    st.sampled_from(["'a'", "''", "'%\\\\'", "TRUE", "NULL", "1e308", "DATE('2026-01-01')", "INTERVAL('..','..')"]),
    st.sampled_from(["POINT(121 31)", "BBOX(121,31,122,32)", "LINESTRING(0 0, 1 1)", "POINT(0 0 0)", HERE, "0", "-1"]),
    st.sampled_from(["GEOMETRYCOLLECTION(POINT(1 2), LINESTRING(0 0, 1 1))", "POLYGON((0 0,1 1,1 0,0 1,0 0))"]),
)
OPERATORS = st.sampled_from(
    ["=", "<>", "<", "+", "-", "*", "/", "%", "^", "DIV", "LIKE", "AND", "OR", "IN", "IS", "NOT"]
)
FUNCTIONS = st.sampled_from(
    ["S_INTERSECTS", "S_TOUCHES", "T_MEETS", "T_OVERLAPS", "CASEI", "ACCENTI", "sum", "pg_sleep"]
)


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, OPERATORS, inner).map(" ".join),
        st.tuples(FUNCTIONS, inner, inner).map(lambda parts: f"{parts[0]}({parts[1]}, {parts[2]})"),
        inner.map(lambda part: f"({part})"),
        inner.map(lambda part: f"NOT {part}"),
        inner.map(lambda part: f"{part} IS NULL"),
        st.tuples(inner, inner, inner).map(lambda parts: "{} BETWEEN {} AND {}".format(*parts)),
    )


JSON_VALUES = st.one_of(
    st.sampled_from([None, True, [], {}, 0, -1, 1e308, "", "grade", "\x00", {"property": "grade"}, {"property": 7}]),
    st.sampled_from([{"property": each} for each in ("height_m", "geometry", "units", "oldest_report_on", "nowhere")]),
    st.sampled_from([{"date": "2026-03-01"}, {"date": "2026-99-01"}, {"timestamp": 5}, {"interval": ["..", ".."]}]),
    st.sampled_from([{"bbox": [1, 2, 3]}, {"bbox": [121, 31, 122, 32]}, {"type": "Point", "coordinates": [121, None]}]),
    st.sampled_from([{"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 1], [0, 0]]]}, {"type": "Point"}]),
)
JSON_OPERATORS = st.sampled_from(
    [
        *("and", "or", "not", "=", "<>", "<", "like", "between", "in", "isNull", "casei", "accenti", "+", "/", "div"),
        *("s_intersects", "s_touches", "t_meets", "t_during", "a_contains", "sum", "", None, ["="]),
    ]
)


def _json_grown(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    arguments = st.one_of(st.lists(inner, max_size=4), inner)
    called = st.builds(lambda op, args: {"op": op, "args": args}, JSON_OPERATORS, arguments)
    return st.one_of(called, called, st.lists(inner, max_size=3), st.builds(lambda args: {"args": args}, arguments))


@fuzzed
@given(data=st.data())
def test_no_filter_whatever_it_is_breaks_the_server(live_app: Flask, live_database: Database, data: Any) -> None:
    """Whole of random parts, or anything at all: found, or refused in words with a place."""
    client = live_app.test_client()
    language, forms = data.draw(
        st.sampled_from(
            [
                ("cql2-text", st.recursive(VALUES, _grown, max_leaves=8)),
                ("cql2-json", st.recursive(JSON_VALUES, _json_grown, max_leaves=8).map(json.dumps)),
            ]
        )
    )
    text = data.draw(st.one_of(forms, forms, ANYTHING))
    for path in (BUILDINGS, UNITS):
        answer = client.get(path, query_string={"filter": text, "filter-lang": language, "limit": "2"})
        assert answer.status_code in (200, 400), text
        if answer.status_code == 400:
            told = answer.get_json(force=True)
            assert told["detail"]
            # No address of the site may hold the letter with the code 0, whatever it stands for.
            assert "\0" in text or min(told["position"]["line"], told["position"]["column"]) >= 1, text
