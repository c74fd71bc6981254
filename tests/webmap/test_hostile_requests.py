"""Whatever is sent, nobody gets an error of the server: the answer says what is wrong, and quickly."""

import base64
import json
from collections.abc import Iterator
from io import BytesIO
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories import create_area, create_building, create_floor, create_unit, create_user
from tests.web import post_form, sign_in
from webmap.db import Database
from webmap.security import MOST_FORM_BYTES

LISTS = ("buildings", "units", "amenities", "areas", "enterprises")
LONG = "9" * 5000
QUERIES = [
    *(f"q={text}" for text in ("%25", "_", "%5C", "%00", "a%00b", "%ff%fe", "%ED%A0%80", "'%20OR%201=1--", "%25" * 50)),
    *(f"area_min={number}" for number in ("-1", "1e-99999", "0e99999", "1e999999999", "NaN", "Infinity", LONG, "%00")),
    *(f"rent_max={number}" for number in ("1e-99999", "-0", "1e-16")),
    *(f"floor_min={number}" for number in (LONG, "1_0", "%D9%A3")),
    *(f"limit={number}" for number in ("0", "-1", LONG, "%D9%A5", "%C2%B2", "%00")),
    *(f"bbox={box}" for box in ("nan,nan,nan,nan", "-inf,0,inf,1", "1e308,1,2,3", "1,2,3", "-180,-85,180,85")),
    *(f"within={code}" for code in ("%00", "a';--", ",".join(f"a{number}" for number in range(51)), "a,b")),
    *("cluster=%00", "cluster=a,b", "near=metro&near_m=" + LONG, "grade=%00", "star=%D9%A5", "occupancy=vacant,%00"),
    *("available_by=0001-01-01", "available_by=9999-12-31", "available_by=%00", "sort=%00", "sort=--area", "sort=-"),
    *("%00=1", "zzz=1", "q=a&q=%00", "q=a&" * 500),
]
KEYS = [["1e-99999", "1"], ["NaN", "1"], ["a\0", "1"], ["\ud800", "1"], [LONG, "1"], ["40000", "1"], ["1", "9" * 25]]


@pytest.fixture
def browser(live_app: Flask, live_database: Database) -> FlaskClient:
    with live_database.new_session() as session, session.begin():
        create_area(session)
        create_unit(session, create_floor(session, create_building(session)))
    return live_app.test_client()


def test_no_filter_however_strange_breaks_a_list(browser: FlaskClient) -> None:
    paths = [*(f"/api/v1/{path}" for path in LISTS), "/api/v1/units.csv", "/api/v1/facets", "/", "/en/"]
    assert _broken(browser, (f"{path}?{query}" for path in paths for query in QUERIES)) == []


def test_no_made_up_key_of_a_page_reaches_the_database(browser: FlaskClient) -> None:
    sorts = {"units": ("area", "-rent", "floor", "available_on"), "buildings": ("name", "-height", "year")}
    nested = base64.urlsafe_b64encode(b"[" * 3000).decode()
    for path, orders in sorts.items():
        for order in orders:
            address = f"/api/v1/{path}?sort={order}&after="
            assert _broken(browser, (address + _key(key) for key in KEYS)) == []
            assert browser.get(address + nested).status_code == 422


@pytest.mark.parametrize("prefix", ["/b/", "/u/", "/a/", "/en/b/", "/api/v1/buildings/"])
@pytest.mark.parametrize("code", ["%00", "%ff", "a" * 3000, "..%2f..", "%0d%0aX:y", quote("楼")])
def test_no_code_breaks_a_page(browser: FlaskClient, prefix: str, code: str) -> None:
    assert browser.get(prefix + code).status_code in (400, 404)


def test_no_number_breaks_the_map(browser: FlaskClient) -> None:
    numbers = ("0", "-1", LONG, "9" * 19, "%D9%A5", "%00")
    tiles = (f"/tiles/buildings/{a}/{b}/{c}/0.mvt" for a in numbers for b in numbers for c in numbers)
    assert _broken(browser, tiles) == []
    days = ("0001-01-01", "9999-12-31", "%00", LONG, "2026-02-30", "20260101", "")
    version = browser.get("/api/v1/versions").get_json()["layers"]["state"]
    states = (f"/state/{version}?as_of={day}&known_at={known}" for day in days for known in days)
    assert _broken(browser, states) == []
    assert _broken(browser, (f"/state/{number}" for number in numbers)) == []


@pytest.mark.parametrize(
    "name",
    ["../pyproject.toml", "..%2f..%2fpyproject.toml", "%2e%2e/DESIGN.md", ".git/config", "%00", "src/map.js"],
)
def test_nothing_but_built_files_is_served(browser: FlaskClient, name: str) -> None:
    assert browser.get(f"/static/{name}").status_code in (400, 404)


def test_no_name_or_password_breaks_the_form(browser: FlaskClient) -> None:
    for name, password in (("\0", "x"), ("a" * 100_000, "x"), ("a", "\0"), ("a", "x" * 100_000), ("\u202e", "")):
        assert post_form(browser, "/login", "/login", name=name, password=password).status_code in (400, 422)


def test_no_number_of_a_session_breaks_the_account(browser: FlaskClient, live_database: Database) -> None:
    with live_database.new_session() as session, session.begin():
        create_user(session, name="li")
    sign_in(browser, "li")
    for number in ("0", "9" * 30):
        assert post_form(browser, "/account", f"/account/sessions/{number}/revoke").status_code == 404


def test_a_large_body_is_read_for_those_alone_who_may_import(live_app: Flask, live_database: Database) -> None:
    assert live_app.config["MAX_CONTENT_LENGTH"] == MOST_FORM_BYTES
    live_app.config["MAX_CONTENT_LENGTH"] = 5000
    fields = {"name": "x" * 5001}
    assert live_app.test_client().post("/login", data=fields).status_code == 413
    with live_database.new_session() as session, session.begin():
        create_user(session, "administrator", name="wang")
        create_user(session, "staff", name="li")
    for name, status in (("li", 413), ("wang", 415)):
        browser = live_app.test_client()
        sign_in(browser, name)
        page = "/admin/imports" if name == "wang" else "/account"
        body = {"file": (BytesIO(bytes(9000)), "a.exe")}
        assert post_form(browser, page, "/admin/imports", **body).status_code == status, name


def _key(values: list[str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _broken(browser: FlaskClient, addresses: Iterator[str]) -> list[str]:
    answers = ((address, browser.get(address).status_code) for address in addresses)
    return [f"{status} {address[:100]}" for address, status in answers if status >= 500]
