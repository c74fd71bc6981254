"""Every answer tells the browser what it may do; every route says who may use it."""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urljoin

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.routing.converters import AnyConverter, NumberConverter

from tests.factories import PASSWORD, create_user
from webmap import create_app
from webmap.config import Settings
from webmap.db import Database
from webmap.permissions import ACTIONS
from webmap.published import published
from webmap.security import PAGE_HEADERS


@pytest.mark.parametrize("path", ["/login", "/healthz", "/nothing/here", "/api/v1/versions", "/desk"])
def test_every_answer_carries_the_headers(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    assert all(headers[name] == value for name, value in PAGE_HEADERS.items())
    assert headers["X-Content-Type-Options"] == "nosniff"
    policy = headers["Content-Security-Policy"]
    assert {"default-src 'self'", "object-src 'none'", "base-uri 'none'", "form-action 'self'"} <= set(
        policy.split("; ")
    )
    assert "unsafe" not in policy


def test_without_https_nothing_is_promised_about_it(client: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in client.get("/login").headers


def _silent(app: Flask) -> list[str]:
    """Routes that do not say what they need, among them those of an address without a view."""
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()} | app.view_functions.keys()
    return sorted(name for name in endpoints if getattr(app.view_functions.get(name), "needs", None) not in ACTIONS)


def test_every_route_says_what_it_needs(app: Flask) -> None:
    assert _silent(app) == []


def test_a_route_that_says_nothing_or_nonsense_would_be_found(app: Flask) -> None:
    def nonsense() -> str:
        return ""

    nonsense.needs = "everything"  # type: ignore[attr-defined]
    app.add_url_rule("/silent", "silent", lambda: "")
    app.add_url_rule("/nonsense", "nonsense", nonsense, methods=["POST"])
    app.add_url_rule("/nothing", "nothing", build_only=True)
    assert _silent(app) == ["nonsense", "nothing", "silent"]


def _guarded(app: Flask) -> Iterator[tuple[str, str]]:
    """Method and address of everything that is not for everybody."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if app.view_functions[rule.endpoint].needs != "public":  # type: ignore[attr-defined]
                values = {name: _some(rule, name) for name in rule.arguments}
                address = app.url_map.bind("").build(rule.endpoint, values, method=max(rule.methods or {"GET"}))
                yield from ((method, address) for method in sorted((rule.methods or set()) - {"OPTIONS"}))


def _some(rule: Rule, name: str) -> object:
    converter = rule._converters[name]
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    numbers = isinstance(converter, NumberConverter)
    return "en" if name == "language" else 1 if numbers else "buildings"


def test_nothing_that_needs_an_account_answers_without_one_by_any_method(app: Flask, client: FlaskClient) -> None:
    token = client.get("/login").text.split('name="csrf_token" value="')[1].split('"')[0]
    asked = list(_guarded(app))
    told = {(method, path): client.open(path, method=method, data={"csrf_token": token}) for method, path in asked}
    open_ones = [
        key
        for key, answer in told.items()
        if not (answer.status_code == 401 or (answer.location or "").split("?")[0].endswith("/login"))
    ]
    assert {method for method, _ in asked} >= {"GET", "HEAD", "POST"}
    assert open_ones == []


def test_asking_what_an_address_allows_tells_nothing_else(app: Flask, client: FlaskClient) -> None:
    for method, path in _guarded(app):
        answer = client.options(path)
        assert (answer.status_code, answer.data) == (200, b""), path
        assert method in answer.headers["Allow"]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("path", ["/tiles/staff/buildings/{}/14/0/0.mvt", "/state/staff/{}"])
def test_what_goes_past_flask_is_for_visitors_alone(app: Flask, client: FlaskClient, path: str, method: str) -> None:
    with app.app_context():
        version = published().versions()["buildings"]
    assert client.open(path.format(version), method=method).status_code == 401


def test_a_forged_host_reaches_no_answer(live_database: Database, settings: Settings) -> None:
    app = create_app(replace(settings, base_url="https://map.example"), live_database)
    app.testing = True
    browser = app.test_client()
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.arguments:
            answer = browser.get(rule.rule, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
            assert b"evil.example" not in answer.data, rule.rule
            assert "evil.example" not in str(answer.headers), rule.rule


WITHOUT_ACCOUNT = {
    *("auth.begin_session", "factor.take"),
    *("joining.accept", "joining.ask_for_link", "joining.set_password"),
    "vacancy.send_by_link",
    *("inquiries.ask", "inquiries.add", "inquiries.erase"),
    *("follow.begin", "follow.confirm", "follow.end"),
    *("exports.prepare", "clusters.permutation.order"),
    *("selections.unlock", "selections.like", "selections.ask", "selections.viewing"),
}
"""Signing in and what leads to it, and what visitors may begin; what they began opens only to who has its link.

The file of a whole city is made once in six hours and a check of clusters once, whoever asks; clients of a selection
hold its link and passcode.
"""


def test_nothing_else_can_be_changed_without_an_account(app: Flask) -> None:
    writing = {
        rule.endpoint for rule in app.url_map.iter_rules() if rule.methods and rule.methods - {"GET", "HEAD", "OPTIONS"}
    }
    public = {name for name in writing if app.view_functions[name].needs == "public"}  # type: ignore[attr-defined]
    assert public == WITHOUT_ACCOUNT


@pytest.mark.parametrize(("host", "status"), [
    ("map.example.cn", 200), ("www.map.example.cn", 400), ("towers.example.org", 200), ("127.0.0.1:8000", 200),
    ("evil.example", 400), ("map.example.cn.evil.example", 400), ("map.example.cn@evil.example", 400),
])  # fmt: skip
def test_the_site_answers_to_its_own_names_alone(connection: Connection, settings: Settings, host: str, status: int):
    named = replace(settings, base_url="https://map.example.cn", hosts=(".example.org",))
    client = create_app(named, Database(connection, connection)).test_client()
    assert client.get("/login", headers={"Host": host}).status_code == status
    assert client.get("/healthz", headers={"Host": host.rpartition("@")[2]}).status_code == 200


@pytest.mark.parametrize("elsewhere", [
    "https://evil.example/", "//evil.example/", "/\\evil.example/", "\\\\evil.example", "/%09/evil.example",
    "javascript:alert(1)", "https:evil.example", "/\t/evil.example", "///evil.example",
])  # fmt: skip
def test_after_signing_in_nobody_is_led_to_another_site(client: FlaskClient, session: Session, elsewhere: str) -> None:
    create_user(session, name="Li")
    page = client.get("/login", query_string={"next": elsewhere}).text
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    form = {"name": "Li", "password": PASSWORD, "csrf_token": token, "next": elsewhere}
    answer = client.post("/login", query_string={"next": elsewhere}, data=form)
    assert answer.status_code in (302, 303)
    assert urljoin("https://map.example.cn/login", answer.location).startswith("https://map.example.cn/")


def test_cookies_are_for_this_site_alone_and_closed_to_scripts(
    connection: Connection, settings: Settings, session: Session
) -> None:
    create_user(session, name="Li")
    app = create_app(replace(settings, base_url="https://map.example.cn"), Database(connection, connection))
    client, secure = app.test_client(), {"base_url": "https://map.example.cn"}
    page = client.get("/login", **secure)
    token = page.text.partition('name="csrf_token" value="')[2].partition('"')[0]
    form = {"name": "Li", "password": PASSWORD, "csrf_token": token}
    answer = client.post("/login", data=form, headers={"Referer": "https://map.example.cn/login"}, **secure)
    cookies = page.headers.getlist("Set-Cookie") + answer.headers.getlist("Set-Cookie")
    assert len(cookies) >= 2
    for cookie in cookies:
        assert {"HttpOnly", "Secure", "SameSite=Lax"} <= set(cookie.split("; ")), cookie


def test_a_form_from_elsewhere_changes_nothing(client: FlaskClient, session: Session) -> None:
    create_user(session, name="Li")
    assert client.post("/login", data={"name": "Li", "password": PASSWORD}).status_code == 400
