"""The API as a program meets it: pages, formats, counts, errors, and a document that tells the truth."""

import csv
import io
import json
from dataclasses import fields

import jsonschema
import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012
from sqlalchemy.orm import Session

from geo.filters import Filters
from tests.factories import (
    create_amenity,
    create_area,
    create_building,
    create_enterprise,
    create_floor,
    create_unit,
    square,
)
from webmap.db import Database

LISTS = ("buildings", "units", "amenities", "areas", "enterprises")


@pytest.fixture
def district(session: Session) -> None:
    """One of everything."""
    building = create_building(session, name="云澜大厦", grade="a", star=4, themes=["finance"])
    floor = create_floor(session, building, 12)
    create_unit(session, floor, area_m2=1000, label="1201")
    create_unit(session, floor, area_m2=500, label="1202", public_status="in_use", rent_amount=None, rent_unit=None)
    create_building(session, square(lon=121.48), name="=HYPERLINK(1)", managed=False, grade=None)
    create_enterprise(session, building)
    create_amenity(session)
    create_area(session)


def get(client: FlaskClient, address: str) -> dict:
    response = client.get(f"/api/v1/{address}")
    assert response.status_code == 200, response.text
    return response.get_json()


def test_units_are_found_by_area_and_carry_everything_a_tenant_asks(client: FlaskClient, district: None) -> None:
    (unit,) = get(client, "units?area_min=800&occupancy=vacant")["items"]
    assert unit["building"]["name"] == "云澜大厦"
    assert unit["floor"] == {"position": 12, "label": "12F"}
    assert unit["rent"] == {"amount": 5, "unit": "cny_m2_day", "cny_m2_day": 5, "cny_m2_month": 152.08}
    assert unit["truth"]["reported_on"] == "2026-03-02"


def test_a_building_matches_through_one_of_its_units(client: FlaskClient, district: None) -> None:
    assert get(client, "buildings?area_min=800")["total"] == 1
    assert get(client, "buildings?area_min=1001")["total"] == 0
    assert get(client, "buildings")["total"] == 2


def test_pages_are_walked_by_next(client: FlaskClient, session: Session) -> None:
    codes = {create_building(session, square(lon=121.4 + n / 1000)).code for n in range(7)}
    seen, address = [], "buildings?limit=3&sort=-height"
    while address:
        page = get(client, address)
        assert page["total"] == 7
        seen += [item["code"] for item in page["items"]]
        address = page["next"] and f"buildings?limit=3&sort=-height&after={page['next']}"
    assert len(seen) == 7
    assert set(seen) == codes


def test_counts_beside_filters(client: FlaskClient, district: None) -> None:
    facets = get(client, "facets?occupancy=vacant")
    assert (facets["buildings"], facets["units"], facets["area_m2"]) == (1, 1, 1000)
    by_value = {count["value"]: count["units"] for count in facets["facets"]["occupancy"]}
    assert by_value == {"vacant": 1, "soon": 0, "in_use": 1, "own_use": 0, "unknown": 0}


def test_one_building_can_be_cut_into_floors(client: FlaskClient, district: None) -> None:
    code = get(client, "buildings?grade=a")["items"][0]["code"]
    found = get(client, f"buildings/{code}")
    (floor,) = found["floors"]
    assert [unit["label"] for unit in floor["units"]] == ["1201", "1202"]
    assert floor["top_m"] > floor["base_m"] >= 0
    assert found["outline"]["type"] == "MultiPolygon"


@pytest.mark.parametrize("name", LISTS)
def test_every_list_opens_in_a_gis_and_in_excel(client: FlaskClient, district: None, name: str) -> None:
    by_extension = client.get(f"/api/v1/{name}.geojson")
    by_header = client.get(f"/api/v1/{name}", headers={"Accept": "application/geo+json"})
    assert by_extension.mimetype == by_header.mimetype == "application/geo+json"
    collection = by_extension.get_json(force=True)
    assert collection["type"] == "FeatureCollection"
    assert all(feature["id"] == feature["properties"]["code"] for feature in collection["features"])
    table = client.get(f"/api/v1/{name}.csv")
    assert table.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(table.text.removeprefix("\ufeff"))))
    assert len(rows) == len(collection["features"]) > 0


def test_visitors_are_served_by_a_login_that_can_read_nothing_else(live_app: Flask, live_database: Database) -> None:
    with live_database.new_session() as session, session.begin():
        create_unit(session, create_floor(session, create_building(session)))
        create_amenity(session)
        create_area(session)
        create_enterprise(session)
    client = live_app.test_client()
    code = get(client, "buildings")["items"][0]["code"]
    for address in (*LISTS, *(f"{name}.geojson" for name in LISTS), "facets", "versions", f"buildings/{code}"):
        assert client.get(f"/api/v1/{address}").status_code == 200, address


def test_a_name_cannot_become_a_formula(client: FlaskClient, district: None) -> None:
    names = {row["name"] for row in csv.DictReader(io.StringIO(client.get("/api/v1/buildings.csv").text))}
    assert "'=HYPERLINK(1)" in names


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("units?area_mim=5", "area_mim"),
        ("units?grade=zz", "grade"),
        ("units?limit=501", "limit"),
        ("units?limit=0", "limit"),
        ("units?limit=x", "limit"),
        ("units?sort=beauty", "sort"),
        ("units?after=nonsense", "after"),
        ("facets?sort=area", "sort"),
        ("buildings?bbox=1,2,3", "bbox"),
    ],
)
def test_a_bad_parameter_is_named_with_what_is_allowed(client: FlaskClient, query: str, parameter: str) -> None:
    response = client.get(f"/api/v1/{query}")
    problem = response.get_json(force=True)
    assert response.status_code == 422
    assert response.mimetype == "application/problem+json"
    assert problem["parameter"] == parameter
    assert problem["allowed"]


def test_what_is_not_there_is_a_problem_document_too(client: FlaskClient) -> None:
    for address in ("buildings/zzzzzzzz", "units.pdf", "nothing"):
        response = client.get(f"/api/v1/{address}")
        assert (response.status_code, response.mimetype) == (404, "application/problem+json")


def address(path: str, code: str) -> str:
    """A path of the document with the code of a building, or of an indicator."""
    return path.replace("{code}", "vacancy_rate" if "/indicators/" in path else code)


def test_the_document_is_strict_openapi_and_every_answer_obeys_it(client: FlaskClient, district: None) -> None:
    document = json.loads(client.get("/api/v1/openapi.json").text)
    assert document["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []
    code = get(client, "buildings?grade=a")["items"][0]["code"]
    registry = Registry().with_resource("urn:api", Resource(document, DRAFT202012))
    checked = 0
    for path, operations in document["paths"].items():
        schema = operations["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        parameters = operations["get"].get("parameters", [])
        asked = [each["name"] for each in parameters if each["in"] == "query" and each["required"]]
        answer = client.get(address(path, code), query_string=dict.fromkeys(asked, code)).get_json()
        validator = jsonschema.Draft202012Validator({"$ref": "urn:api" + schema["$ref"]}, registry=registry)
        assert [error.message for error in validator.iter_errors(answer)] == [], path
        checked += 1
    assert checked >= 8


def test_what_is_left_empty_is_as_if_it_was_left_out_and_the_document_says_so(
    client: FlaskClient, district: None
) -> None:
    document = client.get("/api/v1/openapi.json").get_json()
    code = get(client, "buildings?grade=a")["items"][0]["code"]
    for path, operations in document["paths"].items():
        parameters = [each for each in operations["get"].get("parameters", []) if each["in"] == "query"]
        given = {each["name"]: code if each["required"] else "" for each in parameters}
        for each in parameters:
            assert each["required"] or {"type": "string", "maxLength": 0} in each["schema"]["anyOf"], each["name"]
        needed = {name: value for name, value in given.items() if value}
        answers = [client.get(address(path, code), query_string=query) for query in (given, needed)]
        assert [answer.status_code for answer in answers] == [200, 200], path
        assert answers[0].get_json() == answers[1].get_json(), path


@pytest.mark.parametrize("code", ["\u00b9,~B", "121.47,31.23", "0,1e999", ","])
def test_a_walk_from_what_is_no_building_is_not_there(client: FlaskClient, code: str) -> None:
    assert client.get(f"/api/v1/buildings/{code}/isochrones").status_code == 404


def test_the_document_names_every_filter(client: FlaskClient) -> None:
    document = json.loads(client.get("/api/v1/openapi.json").text)
    named = {parameter["name"] for parameter in document["paths"]["/api/v1/units"]["get"]["parameters"]}
    assert {field.name for field in fields(Filters)} <= named


def test_a_list_costs_a_fixed_number_of_queries(client: FlaskClient, session: Session, count_queries) -> None:
    for number in range(5):
        create_unit(session, create_floor(session, create_building(session, square(lon=121.4 + number / 1000))))
    with count_queries() as first:
        get(client, "buildings?limit=2")
    with count_queries() as few:
        get(client, "buildings?limit=2")
    with count_queries() as many:
        get(client, "buildings?limit=5")
    assert len(few) == len(many) <= 5
    assert [any(query.startswith("SELECT count(*)") for query in queries) for queries in (first, few)] == [True, False]


def test_the_description_says_in_which_form_errors_come(client: FlaskClient) -> None:
    document = client.get("/api/v1/openapi.json").get_json()
    answer = client.get("/api/v1/units?limit=x")
    described = document["paths"]["/api/v1/units"]["get"]["responses"][str(answer.status_code)]["content"]
    assert list(described) == [answer.mimetype] == ["application/problem+json"]
    assert client.get("/api/v1/openapi.json").get_json() == document
