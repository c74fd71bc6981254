"""The language of a page is the first part of its address."""

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import create_user
from tests.web import sign_in
from webmap.locale import address, canonical_url, is_page, language, page_languages


@pytest.mark.parametrize(
    ("path", "tag"),
    [("/login", "zh-Hans"), ("/en/login", "en"), ("/zh-hant/login", "zh-Hant"), ("/energy", "zh-Hans"), ("/en", "en")],
)
def test_the_path_says_the_language(app: Flask, path: str, tag: str) -> None:
    with app.test_request_context(path):
        assert language().tag == tag


def test_links_stay_in_the_language_of_the_page(app: Flask) -> None:
    with app.test_request_context("/zh-hant/login"):
        app.preprocess_request()
        assert url_for("auth.account") == "/zh-hant/account"
        assert url_for("auth.account", language="en") == "/en/account"
        assert url_for("assets.file", name="dist/a.js") == "/static/dist/a.js"
        assert url_for("api.versions") == "/api/v1/versions"
        assert address("/b/abc") == "/zh-hant/b/abc"


def test_the_switch_keeps_the_page_and_its_query(app: Flask) -> None:
    with app.test_request_context("/en/login?next=/desk"):
        addresses = {tag: link for tag, _, link in page_languages()}
    assert addresses == {
        "zh-Hans": "/login?next=/desk",
        "en": "/en/login?next=/desk",
        "zh-Hant": "/zh-hant/login?next=/desk",
    }


def test_the_canonical_address_has_no_query(app: Flask) -> None:
    with app.test_request_context("/en/login?next=/desk", base_url="https://map.example"):
        assert canonical_url() == "https://map.example/en/login"


@pytest.mark.parametrize("path", ["/api/v1/units", "/tiles/x", "/static/dist/a.js", "/healthz"])
def test_data_has_no_language(client: FlaskClient, path: str) -> None:
    assert not is_page(path)
    assert client.get(f"/en{path}").status_code == 404


def test_a_page_in_traditional_characters_is_converted(client: FlaskClient) -> None:
    page = client.get("/zh-hant/login").text
    assert 'lang="zh-Hant"' in page
    assert "登錄" in page


def test_signing_in_stays_in_the_language(client: FlaskClient, session: Session) -> None:
    create_user(session, name="li")
    assert sign_in(client, "li").location == "/desk"
    assert client.get("/zh-hant/desk").status_code == 200
