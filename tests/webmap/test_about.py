"""The pages about the data and about privacy."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import create_source
from tests.web import text_of
from webmap.config import Settings


def test_sources_are_listed_with_licence_and_review_number(client: FlaskClient, session: Session):
    create_source(session, attribution="澜江测绘院", licence="CC BY 4.0", map_review_number="澜S（2026）001号")
    create_source(session, attribution="内部台账", publishable=False, secrecy="internal")
    text = text_of(client.get("/about").text)
    assert "澜江测绘院 — CC BY 4.0 澜S（2026）001号" in text
    assert "内部台账" not in text


def test_words_are_explained_in_the_language_of_the_page(client: FlaskClient):
    assert "可租售面积" in text_of(client.get("/about").text)
    assert "leasable area" in text_of(client.get("/en/about").text)


@pytest.fixture
def with_notice(app: Flask) -> Settings:
    settings: Settings = app.extensions["loumap_settings"]
    return settings


def test_the_privacy_notice_is_the_one_of_the_settings(app: Flask, with_notice: Settings):
    app.extensions["loumap_settings"] = replace(with_notice, privacy_text="第一段。\n\n<b>第二段。")
    page = app.test_client().get("/privacy").text
    assert "<p>第一段。</p>" in page and "<p>&lt;b&gt;第二段。</p>" in page


def test_a_notice_elsewhere_is_led_to(app: Flask, with_notice: Settings):
    app.extensions["loumap_settings"] = replace(with_notice, privacy_url="https://example.org/privacy")
    assert app.test_client().get("/privacy").location == "https://example.org/privacy"


def test_without_a_notice_the_page_says_so(client: FlaskClient):
    assert "尚未填写隐私说明" in text_of(client.get("/privacy").text)
