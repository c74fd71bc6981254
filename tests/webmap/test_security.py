"""Every answer tells the browser what it may do; every route says who may use it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from webmap.permissions import ACTIONS
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


def test_every_route_says_what_it_needs(app: Flask) -> None:
    silent = [name for name, view in app.view_functions.items() if getattr(view, "needs", None) not in ACTIONS]
    assert silent == []


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
