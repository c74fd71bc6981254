"""Tiles and state files over HTTP: cached for ever under their version, never stale under a new one."""

import gzip
from contextlib import ExitStack
from datetime import timedelta

import mapbox_vector_tile
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.columns import unpack
from geo.tiles import LAYERS
from tests.factories import PASSWORD, create_building, create_floor, create_source, create_unit, create_user
from tests.geo.test_tiles import tile_of
from tests.web import sign_in
from webmap import create_app
from webmap.auth.passwords import hash_password
from webmap.config import Settings
from webmap.db import Database
from webmap.freshness import bump
from webmap.past_states import PASTS_AT_ONCE
from webmap.published import published

HERE = tile_of(15)
GZIP = {"Accept-Encoding": "gzip"}
Workers = tuple[Flask, Flask]


def address(client: FlaskClient, layer: str = "buildings") -> str:
    version = client.get("/api/v1/versions").get_json()["layers"][layer]
    return f"/tiles/{layer}/{version}/{HERE.zoom}/{HERE.x}/{HERE.y}.mvt"


def names(body: bytes) -> set[str]:
    tile = mapbox_vector_tile.decode(body) if body else {}
    return {feature["properties"].get("name") for feature in tile.get("buildings", {"features": []})["features"]}


def test_a_tile_is_compressed_kept_for_ever_and_revalidated_for_nothing(client: FlaskClient, session: Session) -> None:
    create_building(session, name="云澜大厦")
    response = client.get(address(client), headers=GZIP)
    assert response.mimetype == "application/vnd.mapbox-vector-tile"
    assert response.headers["Content-Encoding"] == "gzip"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert names(gzip.decompress(response.data)) == {"云澜大厦"}
    again = client.get(address(client), headers=GZIP | {"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_another_version_leads_to_the_current_one_uncached(client: FlaskClient) -> None:
    response = client.get(f"/tiles/buildings/1/15/{HERE.x}/{HERE.y}.mvt")
    assert response.status_code == 307
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Location"] == address(client)


@pytest.mark.parametrize("tile", ["rents/1/15/1/1", "buildings/1/22/1/1", "buildings/1/15/99999/1"])
def test_a_tile_that_cannot_be_is_not_found(client: FlaskClient, tile: str) -> None:
    assert client.get(f"/tiles/{tile}.mvt").status_code == 404


@pytest.mark.parametrize(("accepted", "coding"), [("br, gzip", "br"), ("gzip", "gzip"), ("", None)])
def test_the_state_file_comes_in_the_best_compression(
    client: FlaskClient, session: Session, accepted: str, coding: str | None
) -> None:
    create_unit(session)
    version = client.get("/api/v1/versions").get_json()["layers"]["state"]
    response = client.get(f"/state/{version}", headers={"Accept-Encoding": accepted}, buffered=True)
    assert response.headers.get("Content-Encoding") == coding
    assert response.headers["Vary"] == "Accept-Encoding"
    if coding is None:
        assert unpack(response.data).header["version"] == version


@pytest.mark.parametrize("query", ["as_of=yesterday", "as_of=2999-01-01", "when=2026-01-01", "known_at=x"])
def test_a_day_that_cannot_be_shown_is_refused(client: FlaskClient, query: str) -> None:
    version = client.get("/api/v1/versions").get_json()["layers"]["state"]
    assert client.get(f"/state/{version}?{query}").status_code == 422


@pytest.fixture
def workers(live_database: Database, settings: Settings) -> Workers:
    """Two web processes' worth of application on one database, each with caches of its own."""
    return create_app(settings, live_database), create_app(settings, live_database)


def write(database: Database, name: str) -> None:
    with database.new_session() as session, session.begin():
        create_unit(session, create_floor(session, create_building(session, name=name)))


def wait_until_bumpable(database: Database) -> None:
    with database.new_session() as session, session.begin():
        session.execute(text("UPDATE layer_versions SET changed_at = changed_at - interval '2 seconds'"))


def test_no_worker_ever_gives_old_content_under_a_new_version(
    workers: tuple[Flask, Flask], live_database: Database
) -> None:
    leading, lagging = (app.test_client() for app in workers)
    write(live_database, "一号楼")
    wait_until_bumpable(live_database)
    bump(live_database)
    first = address(leading)
    assert names(leading.get(first).data) == names(lagging.get(first).data) == {"一号楼"}
    write(live_database, "二号楼")
    before_bump = leading.get(first)
    assert before_bump.status_code == 200
    wait_until_bumpable(live_database)
    assert "buildings" in bump(live_database)
    second = address(leading)
    assert second != first
    assert names(lagging.get(second).data) == {"一号楼", "二号楼"}
    unseen = lagging.get(first.replace(f"/{HERE.x}/", f"/{HERE.x + 1}/"))
    assert unseen.status_code == 307
    assert unseen.headers["Cache-Control"] == "no-store"


def test_the_state_of_an_old_version_is_never_built_from_new_rows(
    workers: tuple[Flask, Flask], live_database: Database
) -> None:
    client = workers[0].test_client()
    old = client.get("/api/v1/versions").get_json()["layers"]["state"]
    write(live_database, "一号楼")
    wait_until_bumpable(live_database)
    bump(live_database)
    response = client.get(f"/state/{old}")
    assert response.status_code == 307
    found = client.get(response.headers["Location"], headers={"Accept-Encoding": ""}, buffered=True)
    assert list(unpack(found.data).texts("buildings", "name")) == ["一号楼"]


def test_every_layer_and_a_past_day_can_be_had_by_visitors(workers: Workers, live_database: Database) -> None:
    write(live_database, "一号楼")
    client = workers[0].test_client()
    for layer, version in client.get("/api/v1/versions").get_json()["layers"].items():
        if layer == "state":
            addresses = [f"/state/{version}", f"/state/{version}?as_of=2026-01-31&known_at=2026-02-28"]
        else:
            assert layer in (*LAYERS, "names", "enterprises"), "a layer that nobody can have"
            addresses = [f"/tiles/{layer}/{version}/{z}/1/1.mvt" for z in (10, 12, 13, 16) if layer in LAYERS]
        for each in addresses:
            assert client.get(each, buffered=True).status_code == 200, each


def test_unpublishable_sources_are_on_the_map_of_staff_alone(client: FlaskClient, session: Session) -> None:
    inside = create_source(session, name="内部台账", publishable=False)
    building = create_building(session, name="内部大厦", source_id=inside.id, publishable=False)
    create_unit(session, create_floor(session, building), source_id=inside.id, publishable=False)
    create_user(session, "staff", name="wang", password_hash=hash_password(PASSWORD))
    public = address(client)
    for_staff = public.replace("/tiles/", "/tiles/staff/")
    assert names(client.get(public).data) == set()
    assert client.get(for_staff).status_code == 401
    assert "内部大厦" not in client.get("/").text
    sign_in(client, "wang")
    answer = client.get(for_staff)
    assert names(answer.data) == {"内部大厦"}
    assert {"private", "no-store"} <= set(answer.headers["Cache-Control"].split(", "))
    page = client.get("/").text
    assert "/tiles/staff/" in page
    assert "内部大厦" in page
    assert client.get(f"/api/v1/buildings/{building.code}").get_json()["floors"][0]["units"]


def test_changes_are_bumped_together_at_most_once_a_second(live_database: Database) -> None:
    write(live_database, "一号楼")
    wait_until_bumpable(live_database)
    assert {"buildings", "state"} <= bump(live_database).keys()
    write(live_database, "二号楼")
    assert bump(live_database) == {}
    wait_until_bumpable(live_database)
    assert "buildings" in bump(live_database)
    assert bump(live_database) == {}


def test_many_who_ask_for_past_days_never_keep_the_present_waiting(app: Flask, client: FlaskClient) -> None:
    source, day = app.extensions["loumap_published"].states.pasts, "?as_of=2026-01-01"
    version = client.get("/api/v1/versions").get_json()["layers"]["state"]
    with ExitStack() as waiting:
        for _ in range(PASTS_AT_ONCE):
            source._waiting.acquire()
            waiting.callback(source._waiting.release)
        answer = client.get(f"/state/{version}{day}")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
        assert client.get(f"/state/{version}").status_code == 200
    assert client.get(f"/state/{version}{day}").status_code == 200


def test_the_list_of_a_new_day_is_made_anew(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        source = published().states
        today = app.extensions["loumap_settings"].today()
        assert source.columns(today).header["as_of"] == today.isoformat()
        tomorrow = today + timedelta(days=1)
        assert source.columns(tomorrow).header["as_of"] == tomorrow.isoformat()
