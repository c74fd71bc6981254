"""Names, addresses and notes come from files of others: no page, picture, file or feed lets them become markup."""

import csv
import html
import io
import json
import re
from html.parser import HTMLParser

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from geo.exports.folium_page import Leaflet, folium_page
from geo.filters import Filters
from geo.model import (
    Amenity,
    Area,
    Building,
    BuildingFact,
    Complex,
    Enterprise,
    Floor,
    GroundFeature,
    Offer,
    Party,
    Section,
    Source,
    TransitLine,
    Unit,
)
from tests.factories import create_offer
from tests.planted import Planted
from tests.secrets_planted import plant

FOREIGN = ("iframe", "object", "embed", "base")
OWN_FRAMES = ("/map.svg?", "/en/map.svg?", "/zh-hant/map.svg?")
"""The drawn map of pages without scripts."""

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>'\"`{{7*7}}${7*7}&lt;\u202e=cmd"
SPOKEN = {
    Amenity: ("name", "name_en", "address"),
    Area: ("name", "name_en", "official_code"),
    Building: ("name", "name_en", "address", "address_en", "name_source"),
    BuildingFact: ("value", "unit"),
    Complex: ("name", "name_en"),
    Enterprise: ("name", "name_en"),
    Floor: ("label",),
    GroundFeature: ("name", "name_en"),
    Offer: ("title",),
    Party: ("name", "name_en", "business_phone", "business_email"),
    Section: ("name",),
    Source: ("name_en", "licence", "attribution", "attribution_en", "map_review_number"),
    TransitLine: ("name", "name_en"),
    Unit: ("label",),
}
"""Texts that readers are told, by table."""


DATA = ("application/json", "application/ld+json")


class _Markup(HTMLParser):
    """Collects what a browser would run or load in a page."""

    def __init__(self) -> None:
        super().__init__()
        self.dangerous: list[str] = []
        self.data: list[str] = []
        self._kind: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at an element."""
        given = dict(attrs)
        self._kind = given.get("type") if tag == "script" else None
        inline = tag == "script" and not given.get("src") and given.get("type") not in DATA
        runs = any(name.startswith("on") or name == "style" or _is_script(value) for name, value in attrs)
        own = tag == "iframe" and (given.get("src") or "").startswith(OWN_FRAMES)
        if inline or runs or (tag in FOREIGN and not own) or given.get("src") == "x":
            self.dangerous.append(self.get_starttag_text() or tag)

    def handle_data(self, data: str) -> None:
        """Keep the JSON that a page carries."""
        if self._kind in DATA:
            self.data.append(data)
        self._kind = None


@pytest.fixture
def planted(session: Session) -> Planted:
    planted = plant(session)
    create_offer(session, session.query(Unit).first(), published_at="2026-01-01", title="x")
    for table, columns in SPOKEN.items():
        for row in session.query(table):
            for column in columns:
                setattr(row, column, HOSTILE)
    for number, source in enumerate(session.query(Source)):
        source.url, source.name = "javascript:alert(3)", f"{HOSTILE}{number}"
    session.flush()
    return planted


def test_no_page_lets_a_name_become_markup(app: Flask, planted: Planted) -> None:
    browser, seen = app.test_client(), 0
    pages = [f"/{kind}/{code}" for kind in "bua" for code in planted.public_codes] + ["/", "/about", "/login"]
    for address in (f"{prefix}{page}" for prefix in ("", "/en", "/zh-hant") for page in pages):
        answer = browser.get(address)
        if answer.status_code == 200:
            parser = _Markup()
            parser.feed(answer.text)
            assert parser.dangerous == [], address
            for data in parser.data:
                json.loads(data)
            seen += "alert(1)" in answer.text
    assert seen >= 9, "the pages show the names"


def test_a_table_for_a_spreadsheet_holds_no_formula(app: Flask, session: Session, planted: Planted) -> None:
    for start in ("=", "+", "-", "@", "\t", "\r", " =", "\n="):
        for building in session.query(Building):
            building.name = f"{start}1+cmd|'/c calc'!A1"
        session.flush()
        text = app.test_client().get("/api/v1/buildings.csv").get_data(as_text=True).removeprefix("\ufeff")
        rows = list(csv.DictReader(io.StringIO(text)))
        assert rows
        assert not [row["name"] for row in rows if row["name"].lstrip().startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_the_exported_map_runs_no_name(app: Flask, session: Session, planted: Planted, locale: str) -> None:
    page = folium_page(session, Filters(), app.extensions["loumap_settings"].today(), Leaflet("", ""), locale)
    assert "<script>alert(1)" not in page
    assert "<img src=x" not in page
    assert not re.search(r'href="javascript:', page)


def test_the_offline_map_runs_its_own_script_alone(app: Flask, planted: Planted) -> None:
    answer = app.test_client().get("/downloads/map.html")
    parser = _Markup()
    parser.feed(answer.text)
    assert parser.dangerous == ["<script>"]
    assert "alert(1)" in json.dumps([json.loads(data) for data in parser.data])
    assert "script-src 'sha256-" in html.unescape(answer.text)


def _is_script(value: str | None) -> bool:
    return (value or "").strip().lower().startswith("javascript:")
