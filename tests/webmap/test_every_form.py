"""Whatever is sent to any form, nobody gets an error of the server or changes what another is in charge of.

The forms are those of the application's own list of addresses, their fields those that its sources read.
"""

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

import webmap
from tests.crawling import ROW_TABLES, TABLES_OF
from tests.factories import PASSWORD, create_building, create_floor, create_unit, create_user, square
from tests.planted import Planted
from tests.secrets_planted import plant
from webmap.auth.models import ROLES, UserRole

_SOURCES = "\n".join(path.read_text("utf-8") for path in Path(webmap.__file__).parent.rglob("*.py"))
FIELDS = sorted({*re.findall(r'(?:form|sent)\.get(?:list)?\("(\w+)"', _SOURCES), "key", "unit", "line", "query"})
ODD = ("\0", "9" * 5000, "٣", "1e999", "[" * 900, "2026-02-30")
LEAVING = {"auth.end_session", "auth.revoke", "auth.change_password", "factor.remove", "factor.set_up", "people.act"}
"""Forms that end the session of who sends them."""


WHOLE_CITY = "buildings.gpkg"
FOR_ANYBODY = {"/login/code", "/login/forgotten", f"/downloads/{WHOLE_CITY}"}
"""Addresses that lead on whatever is sent."""


@pytest.fixture
def open_app(app: Flask) -> Flask:
    """The application without the tokens of forms, which other tests are about."""
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def test_nothing_that_is_sent_to_a_form_breaks_it(open_app: Flask, session: Session) -> None:
    planted = plant(session)
    create_user(session, name="boss").roles = [UserRole(role="administrator")]
    session.flush()
    browser = open_app.test_client()
    assert sign_in_openly(browser, "boss") == 302
    broken = []
    for address, odd in product(sorted(set(_addresses(open_app, planted, planted.home.code))), ODD):
        status = browser.post(address, data=dict.fromkeys(FIELDS, odd)).status_code
        broken += [f"{status} {address} {odd[:12]!r}"] if status == 500 else []
    assert broken == []
    assert browser.get("/admin/audit").status_code == 200, "the forms were sent by nobody"


def test_no_form_of_another_building_takes_anything_of_its_neighbour(open_app: Flask, session: Session) -> None:
    planted = plant(session)
    other = create_building(session, square(lon=121.6))
    create_unit(session, create_floor(session, other))
    user = create_user(session, name="neighbour")
    user.roles = [UserRole(role=role, building_id=other.id) for role in ROLES if role != "administrator"]
    session.flush()
    browser = open_app.test_client()
    assert sign_in_openly(browser, "neighbour") == 302
    taken = []
    for address in sorted({*_addresses(open_app, planted, planted.home.code)} - FOR_ANYBODY):
        status = browser.post(address, data={"unit": planted.codes_of["units"][0], "state": "vacant"}).status_code
        taken += [f"{status} {address}"] if status not in (400, 403, 404, 405, 410, 422, 429) else []
    assert taken == []


def sign_in_openly(browser: FlaskClient, name: str) -> int:
    return browser.post("/login", data={"name": name, "password": PASSWORD}).status_code


def _addresses(app: Flask, planted: Planted, home: str) -> Iterator[str]:
    """Where forms go that are about the building `home`, its rows and whoever has to do with it."""
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()) and "language" not in rule.arguments and rule.endpoint not in LEAVING:
            for values in _values(rule, planted, home):
                yield app.url_map.bind("").build(rule.endpoint, values, method="POST")


def _values(rule: Rule, planted: Planted, home: str) -> Iterator[dict[str, object]]:
    tables = TABLES_OF.get(max((each for each in TABLES_OF if rule.rule.startswith(each)), key=len, default=""), ())
    code = home if "buildings" in tables else next((planted.codes_of[each][0] for each in tables), "a")
    first = {table: (ids or [1])[0] for table, ids in planted.numbers.items()}
    numbers = {"user_id": first["users"], "role_id": first["user_roles"], "invitation_id": first["invitations"]}
    numbers |= {"session_id": first["sessions"], "entry_id": first["audit_log"]}
    place = {"code": code, "unit_code": planted.codes_of["units"][0], "key": "0" * 16, "file_name": WHOLE_CITY}
    place |= {"token": planted.forged_tokens[0], "sha256": "0" * 64, "act": "freeze"}
    number = first["offers"] if "/offers/" in rule.rule else first["vacancy_returns"]
    for kind in ROW_TABLES if "kind" in rule.arguments else ("",):
        row = {"kind": kind, "number": first[ROW_TABLES[kind]] if kind else number}
        chosen = {**numbers, **place, **row}
        yield {name: chosen[name] for name in rule.arguments}
