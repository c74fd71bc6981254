"""Every answer tells the browser what it may do; every route says who may use it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.routing.converters import NumberConverter

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
    numbers = isinstance(rule._converters[name], NumberConverter)
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
}
"""Signing in and what leads to it, and what visitors may begin; what they began opens only to who has its link."""


def test_nothing_else_can_be_changed_without_an_account(app: Flask) -> None:
    writing = {
        rule.endpoint for rule in app.url_map.iter_rules() if rule.methods and rule.methods - {"GET", "HEAD", "OPTIONS"}
    }
    public = {name for name in writing if app.view_functions[name].needs == "public"}  # type: ignore[attr-defined]
    assert public == WITHOUT_ACCOUNT
