"""A visitor who asks for every address there is finds nothing that is not public.

The crawl walks the application's own list of addresses, so that a new one is asked for without a word here.
"""

import tempfile
from pathlib import Path

import numpy as np
import pytest
from flask import Flask
from sqlalchemy.orm import Session

from geo.columns import Columns, read
from geo.exports.folium_page import Leaflet, folium_page
from geo.filters import Filters
from geo.tiles import MAX_ZOOM
from tests.crawling import DRAWN, MOMENTS, SHOWN_OF, WINDOWS, answers, content, found, leaks
from tests.factories import create_user
from tests.planted import Planted
from tests.secrets_planted import ELSEWHERE, plant, tile_of
from tests.web import sign_in
from webmap.db import Database
from webmap.published import published

_DAYS_OF_2070 = (np.datetime64("2070-01-01") - np.datetime64("1970-01-01")).astype(int)


@pytest.fixture
def planted(session: Session) -> Planted:
    """Secrets in the transaction of the test; all of it is read with the login of the app, which may see everything."""
    return plant(session)


def test_a_visitor_finds_no_secret_at_any_address(app: Flask, planted: Planted) -> None:
    assert leaks(app, planted, app.test_client()) == []


def test_an_account_without_a_role_finds_no_secret_either(app: Flask, planted: Planted, session: Session) -> None:
    create_user(session, name="someone")
    browser = app.test_client()
    assert sign_in(browser, "someone").status_code == 302
    assert leaks(app, planted, browser, languages=False) == []


def test_every_address_answers_the_login_of_visitors(live_app: Flask, live_database: Database) -> None:
    with live_database.new_session() as session, session.begin():
        planted = plant(session)
    browser = live_app.test_client()
    failed = [
        f"{answer.status} {address}"
        for address, answer in answers(live_app, planted, browser, languages=False)
        if answer.status_code >= 500
    ]
    assert failed == []


def test_the_crawl_would_see_a_secret(app: Flask, planted: Planted, session: Session) -> None:
    shown = next(code for code in planted.public_codes if app.test_client().get(f"/b/{code}").status_code == 200)
    planted.marks[shown] = "a code that is public"
    told = leaks(app, planted, app.test_client(), languages=False)
    assert any("a code that is public" in leak for leak in told)


@pytest.mark.parametrize("layer", DRAWN)
def test_where_only_hidden_things_stand_the_map_is_empty(app: Flask, planted: Planted, layer: str) -> None:
    with app.app_context():
        version = published().versions()[SHOWN_OF.get(layer, layer)]
    for zoom in range(13, MAX_ZOOM + 1):
        x, y = tile_of(*ELSEWHERE, zoom)
        assert content(app.test_client().get(f"/tiles/{layer}/{version}/{zoom}/{x}/{y}.mvt")) == b"", zoom


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
    assert found(planted, "the exported map", page.encode()) == []


def _state(app: Flask, moment: str) -> Columns:
    with app.app_context():
        version = published().versions()["state"]
    answer = app.test_client().get(f"/state/{version}{moment}")
    assert answer.status_code == 200
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "state"
        path.write_bytes(answer.data)
        return read(path)
