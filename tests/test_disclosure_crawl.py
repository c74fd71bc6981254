"""A visitor who asks for every address there is finds nothing that is not public.

The crawl walks the application's own list of addresses, so that a new one is asked for without a word here.
"""

import gzip
import tempfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from geo.columns import Columns, read
from geo.exports.folium_page import Leaflet, folium_page
from geo.filters import OCCUPANCIES, Filters
from geo.market_tiles import LAYER as MARKET_LAYER
from geo.tiles import LAYERS, MAX_ZOOM, MIN_ZOOM
from tests.factories import HERE, create_user
from tests.secrets_planted import ELSEWHERE, YEAR, Planted, plant, tile_of
from tests.web import sign_in
from webmap.db import Database
from webmap.published import published

LANGUAGES = ("en", "zh-hant")
EXTENSIONS = ("json", "geojson", "csv", "xml", "xlsx")
MOMENTS = ("", "?as_of=2026-02-01", "?known_at=2026-02-01", "?as_of=2026-02-01&known_at=2026-06-01", "?as_of=")
DRAWN = (*LAYERS, MARKET_LAYER)
SHOWN_OF = {MARKET_LAYER: "state"}
"""Layers that stand under another one's version."""

WHATEVER = ("", f"?occupancy={','.join(OCCUPANCIES)}")
WINDOWS = (
    "bbox=-180,-85,180,85",
    *(f"bbox=-180,-85,180,85&occupancy=vacant,soon,in_use,own_use,unknown&sort={sort}" for sort in ("rent", "name")),
    "bbox=-180,-85,180,85&by=age&only=older&area_min=1",
)
LISTS = ("api.buildings", "api.units")
_DAYS_OF_2070 = (np.datetime64("2070-01-01") - np.datetime64("1970-01-01")).astype(int)


@pytest.fixture
def planted(session: Session) -> Planted:
    """Secrets in the transaction of the test; all of it is read with the login of the app, which may see everything."""
    return plant(session)


def test_a_visitor_finds_no_secret_at_any_address(app: Flask, planted: Planted) -> None:
    assert _leaks(app, planted, app.test_client()) == []


def test_an_account_without_a_role_finds_no_secret_either(app: Flask, planted: Planted, session: Session) -> None:
    create_user(session, name="someone")
    browser = app.test_client()
    assert sign_in(browser, "someone").status_code == 302
    assert _leaks(app, planted, browser, languages=False) == []


def test_every_address_answers_the_login_of_visitors(live_app: Flask, live_database: Database) -> None:
    with live_database.new_session() as session, session.begin():
        planted = plant(session)
    browser = live_app.test_client()
    failed = [
        f"{answer.status} {address}"
        for address, answer in _answers(live_app, planted, browser, languages=False)
        if answer.status_code >= 500
    ]
    assert failed == []


def test_the_crawl_would_see_a_secret(app: Flask, planted: Planted, session: Session) -> None:
    shown = next(code for code in planted.public_codes if app.test_client().get(f"/b/{code}").status_code == 200)
    planted.marks[shown] = "a code that is public"
    leaks = _leaks(app, planted, app.test_client(), languages=False)
    assert any("a code that is public" in leak for leak in leaks)


@pytest.mark.parametrize("layer", DRAWN)
def test_where_only_hidden_things_stand_the_map_is_empty(app: Flask, planted: Planted, layer: str) -> None:
    with app.app_context():
        version = published().versions()[SHOWN_OF.get(layer, layer)]
    for zoom in range(13, MAX_ZOOM + 1):
        x, y = tile_of(*ELSEWHERE, zoom)
        assert _content(app.test_client().get(f"/tiles/{layer}/{version}/{zoom}/{x}/{y}.mvt")) == b"", zoom


@pytest.mark.parametrize("moment", MOMENTS)
def test_the_state_file_of_any_day_holds_no_secret(app: Flask, planted: Planted, moment: str) -> None:
    state = _state(app, moment)
    assert not set(state.texts("buildings", "code")) & set(planted.hidden_codes)
    secret = {float(mark) for mark in planted.marks if mark.isdecimal()}
    for table, column in (("units", "rent"), ("units", "area"), ("units", "min_area"), ("buildings", "leasable")):
        values = state.array(table, column)
        assert not secret & set(values[np.isfinite(values)].tolist()), column
    assert state.array("units", "available").max(initial=0) < _DAYS_OF_2070
    assert state.array("units", "reported").max(initial=0) < _DAYS_OF_2070


@pytest.mark.parametrize("query", WINDOWS)
def test_a_window_of_the_state_holds_no_secret(app: Flask, planted: Planted, query: str) -> None:
    window = _state(app, f"/window?{query}")
    assert not set(window.texts("buildings", "code")) & set(planted.hidden_codes)
    secret = {float(mark) for mark in planted.marks if mark.isdecimal()}
    for table, column in (("units", "rent"), ("units", "area"), ("units", "min_area"), ("buildings", "leasable")):
        assert not secret & set(window.array(table, column).tolist()), column
    assert window.header["totals"]["city"]["units"] <= len(planted.public_codes)


def test_an_offer_that_is_not_public_leaves_its_unit_let_in_the_past_too(app: Flask, planted: Planted) -> None:
    state = _state(app, "?as_of=2026-02-01&known_at=2026-03-01")
    told = {state.header["words"]["occupancy"][word - 1] for word in state.array("units", "occupancy").tolist()}
    assert told == {"in_use"}
    assert np.isnan(state.array("units", "rent")).all()


def test_a_search_for_hidden_words_counts_nothing(app: Flask, planted: Planted) -> None:
    browser = app.test_client()
    for mark, what in planted.marks.items():
        if ".name" in what or "search_text" in what:
            for path in ("buildings", "units", "amenities", "areas", "enterprises"):
                assert browser.get(f"/api/v1/{path}?q={mark}").get_json()["total"] == 0, (path, what)


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_the_exported_map_holds_no_secret(session: Session, planted: Planted, app: Flask, locale: str) -> None:
    with app.app_context():
        today = app.extensions["loumap_settings"].today()
    page = folium_page(session, Filters(), today, Leaflet("", ""), locale)
    assert _found(planted, "the exported map", page.encode()) == []


def _leaks(app: Flask, planted: Planted, browser: FlaskClient, *, languages: bool = True) -> list[str]:
    leaks = []
    for address, answer in _answers(app, planted, browser, languages):
        leaks += _found(planted, address, _content(answer))
        leaks += _found(planted, f"{address} (headers)", str(answer.headers).encode())
    return leaks


def _found(planted: Planted, address: str, content: bytes) -> list[str]:
    text = content.decode("utf-8", "replace")
    leaks = [f"{address}: {what}" for mark, what in planted.marks.items() if mark in text and mark not in address]
    leaks += [f"{address}: a hidden code" for code in planted.hidden_codes if code in text and code not in address]
    return leaks + ([f"{address}: a secret day"] if f"{YEAR}-" in text or f"{YEAR}年" in text else [])


def _answers(
    app: Flask, planted: Planted, browser: FlaskClient, languages: bool = True
) -> Iterator[tuple[str, TestResponse]]:
    # The lists first, as long as no state is open: from the database; then everything, and the lists out of the state.
    rules = list(app.url_map.iter_rules())
    for rule in [*(rule for rule in rules if rule.endpoint in LISTS), *rules]:
        if "GET" in (rule.methods or ()) and (languages or "language" not in rule.arguments):
            for address in _addresses(app, rule, planted):
                yield address, browser.get(address)


def _addresses(app: Flask, rule: Rule, planted: Planted) -> Iterator[str]:
    """Every address of a rule; of pages with a code one for each thing that there is, hidden ones too."""
    values = _values(app, planted)
    unknown = rule.arguments - values.keys()
    assert not unknown, f"{rule.rule}: say in _values what the crawl shall put for {', '.join(sorted(unknown))}"
    if {"z", "x", "y"} <= rule.arguments:
        yield from _tiles(app, rule)
        return
    names = sorted(rule.arguments)
    for chosen in product(*(values[name] for name in names)):
        with app.test_request_context():
            path = app.url_map.bind("").build(rule.endpoint, dict(zip(names, chosen, strict=True)))
        yield quote(path, safe="/%?=")
        if rule.rule.endswith("/window"):
            yield from (f"{path}?{asked}" for asked in WINDOWS)
        elif "version" in rule.arguments:
            yield from (path + moment for moment in MOMENTS if moment)


def _tiles(app: Flask, rule: Rule) -> Iterator[str]:
    with app.app_context():
        versions = published().versions()
    for layer, place, zoom in product(DRAWN, (HERE, ELSEWHERE), range(MIN_ZOOM, MAX_ZOOM + 1)):
        x, y = tile_of(*place, zoom)
        values = {"layer": layer, "version": versions[SHOWN_OF.get(layer, layer)], "z": zoom, "x": x, "y": y}
        path = app.url_map.bind("").build(rule.endpoint, values)
        yield from (path + asked for asked in (WHATEVER if layer == MARKET_LAYER else ("",)))


def _values(app: Flask, planted: Planted) -> dict[str, list[object]]:
    with app.app_context():
        version = published().versions()["state"]
    codes: list[object] = [*planted.public_codes, *planted.hidden_codes]
    return {
        "language": list(LANGUAGES),
        "code": codes,
        "extension": list(EXTENSIONS),
        "ending": list(EXTENSIONS),
        "version": [version],
        "name": ["dist/manifest.json"],
        "key": ["0" * 16],
        "unit_code": codes[:2],  # beside every building; the page is for who may change the building
        "token": ["0" * 16],
        "number": [1],
        "user_id": [1],
        "kind": ["buildings", "units", "areas"],
        "part": [1],
        "layer": list(DRAWN),
        **{name: [0] for name in ("z", "x", "y")},
    }


def _content(answer: TestResponse) -> bytes:
    return gzip.decompress(answer.data) if answer.headers.get("Content-Encoding") == "gzip" else answer.data


def _state(app: Flask, moment: str) -> Columns:
    with app.app_context():
        version = published().versions()["state"]
    answer = app.test_client().get(f"/state/{version}{moment}")
    assert answer.status_code == 200
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "state"
        path.write_bytes(answer.data)
        return read(path)
