"""Tiles before Flask: the same headers and errors as by Flask, nothing else let through, each read once."""

import gzip
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import mapbox_vector_tile
import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.factories import create_building, create_floor, create_unit, create_user
from tests.geo.test_tiles import tile_of
from tests.web import sign_in
from webmap import create_app
from webmap.config import Settings
from webmap.db import Database
from webmap.tile_path import TilePath

HERE = tile_of(15)
GZIP = {"Accept-Encoding": "gzip, deflate, br"}
SHARED = ("Content-Type", "Content-Encoding", "Vary", "ETag", "Content-Length", "X-Content-Type-Options")


def version_of(client: FlaskClient, layer: str) -> int:
    found: int = client.get("/api/v1/versions").get_json()["layers"]["state" if layer == "market" else layer]
    return found


def address(client: FlaskClient, layer: str = "buildings", version: int | str = "", zoom: int = 15) -> str:
    tile = tile_of(zoom)
    return f"/tiles/{layer}/{version or version_of(client, layer)}/{zoom}/{tile.x}/{tile.y}.mvt"


@pytest.fixture
def seen_by_flask(app: Flask) -> list[str]:
    """The paths that go on to Flask."""
    seen: list[str] = []
    path = app.wsgi_app
    assert isinstance(path, TilePath)
    beyond: Callable[..., Any] = path._beyond

    def noting(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        seen.append(environ["PATH_INFO"])
        return beyond(environ, start_response)

    path._beyond = noting
    return seen


def test_a_tile_is_answered_before_flask_whether_it_is_ready_or_not(
    client: FlaskClient, session: Session, seen_by_flask: list[str]
) -> None:
    create_unit(session)
    for layer in ("buildings", "market", "ground"):
        asked = address(client, layer)
        seen_by_flask.clear()
        first, second = client.get(asked, headers=GZIP), client.get(asked, headers=GZIP)
        assert (first.status_code, first.data, dict(first.headers)) == (200, second.data, dict(second.headers))
    assert seen_by_flask == []


def test_staff_get_the_same_headers_by_flask_but_for_keeping(client: FlaskClient, session: Session) -> None:
    create_building(session)
    create_user(session, "staff", name="wang")
    sign_in(client, "wang")
    asked = address(client)
    public, staff = client.get(asked, headers=GZIP), client.get(asked.replace("tiles", "tiles/staff"), headers=GZIP)
    assert [public.headers[name] for name in SHARED] == [staff.headers[name] for name in SHARED]
    assert "immutable" in public.headers["Cache-Control"]
    assert {"private", "no-store"} <= set(staff.headers["Cache-Control"].split(", "))
    assert "Content-Security-Policy" not in public.headers


def test_a_client_that_does_not_take_gzip_gets_plain_bytes_under_another_tag(
    client: FlaskClient, session: Session
) -> None:
    create_building(session)
    asked = address(client)
    packed = client.get(asked, headers=GZIP)
    for accepted in ({}, {"Accept-Encoding": "br"}, {"Accept-Encoding": "gzip;q=0, identity"}):
        plain = client.get(asked, headers=accepted)
        assert "Content-Encoding" not in plain.headers
        assert plain.data == gzip.decompress(packed.data)
        assert plain.headers["ETag"] != packed.headers["ETag"]
        assert plain.headers["Vary"] == "Accept-Encoding"
    assert client.get(asked, headers={"Accept-Encoding": "*"}).headers["Content-Encoding"] == "gzip"


def test_head_tells_the_headers_alone(client: FlaskClient, session: Session) -> None:
    create_building(session)
    asked = address(client)
    for headers in (GZIP, {}):
        whole, head = client.get(asked, headers=headers), client.head(asked, headers=headers)
        assert (head.status_code, head.data, dict(head.headers)) == (200, b"", dict(whole.headers))


@pytest.mark.parametrize("headers", [GZIP, {}])
@pytest.mark.parametrize("form", ["{tag}", "W/{tag}", '"other", {tag}', "*"])
def test_who_has_the_tile_is_told_so(client: FlaskClient, headers: dict[str, str], form: str) -> None:
    asked = address(client)
    tag = client.get(asked, headers=headers).headers["ETag"]
    again = client.get(asked, headers=headers | {"If-None-Match": form.format(tag=tag)})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    assert "immutable" in again.headers["Cache-Control"]
    assert client.get(asked, headers=headers | {"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize("layer", ["buildings", "market"])
def test_an_old_version_leads_to_the_current_one_with_its_filters(client: FlaskClient, layer: str) -> None:
    asked = address(client, layer, 1) + "?grade=a,b&q=%E4%BA%91"
    answer = client.get(asked)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (307, "no-store")
    assert client.get(answer.headers["Location"]).status_code == 200
    path, _, sent = answer.headers["Location"].partition("?")
    assert path == address(client, layer)
    assert sorted(sent.replace("%2C", ",").split("&")) == ["grade=a,b", "q=%E4%BA%91"]


def test_a_version_that_moved_on_leads_to_what_the_database_says(client: FlaskClient, session: Session) -> None:
    create_unit(session)
    for layer in ("buildings", "market"):
        old = address(client, layer)
        session.execute(text("UPDATE layer_versions SET version = version + 3"))
        answer = client.get(old)
        assert (answer.status_code, answer.headers["Location"]) == (307, address(client, layer))


def test_while_the_next_state_is_made_the_present_one_is_drawn_but_kept_by_nobody(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    """The database is ahead for a moment; who was told of the new version elsewhere must not be sent in circles."""
    create_unit(session)
    states = app.extensions["loumap_published"].states
    assert states.follow(app.extensions["loumap_settings"].today())
    present = version_of(client, "market")
    session.execute(text("UPDATE layer_versions SET version = version + 3"))
    ahead = client.get(address(client, "market", present + 3))
    assert (ahead.status_code, ahead.headers["Location"]) == (307, address(client, "market", present))
    for headers in (GZIP, {}, GZIP | {"If-None-Match": "*"}):
        drawn = client.get(ahead.headers["Location"], headers=headers)
        assert (drawn.status_code, drawn.headers["Cache-Control"]) == (200, "no-store")
        assert "ETag" not in drawn.headers
    states.unfollow()
    assert client.get(ahead.headers["Location"]).headers["Location"] == address(client, "market", present + 3)


def test_equal_filters_share_a_tile_however_they_are_sent(client: FlaskClient, session: Session) -> None:
    create_unit(session)
    asked = address(client, "market")
    sent = [
        "grade=a&area_min=100",
        "area_min=100&grade=a",
        "area_min=100.0&grade=a&q=&near_m=500",
        "grade=a,a&area_min=%20100",
    ]
    tags = {client.get(f"{asked}?{each}").headers["ETag"] for each in sent}
    assert len(tags) == 1
    assert client.get(f"{asked}?grade=b").headers["ETag"] not in tags


@pytest.mark.parametrize("sent", ["colour=red", "grade=z", "area_min=9&area_max=1", "bbox=1,2,3,4", "%00=1", "q=a%00"])
def test_a_filter_that_cannot_be_is_refused_by_name(client: FlaskClient, sent: str) -> None:
    answer = client.get(f"{address(client, 'market')}?{sent}")
    assert answer.status_code in (400, 422)
    assert answer.mimetype == "application/problem+json"


def test_layers_without_filters_leave_a_query_alone(client: FlaskClient) -> None:
    asked = address(client)
    assert client.get(f"{asked}?grade=z").headers["ETag"] == client.get(asked).headers["ETag"]


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/tiles/buildings/{v}/015/{x}/{y}.mvt",
            "/tiles/buildings/0{v}/15/{x}/{y}.mvt",
            "/tiles/%2e%2e/{v}/15/1/1.mvt",
        ),
        *(
            "/tiles/buildings/{v}/15/{x}/{y}.mvt%00",
            "/tiles/buildings/{v}/15/{x}/-1.mvt",
            "/tiles/BUILDINGS/{v}/15/1/1.mvt",
        ),
        *("/tiles/buildings/{v}/%D9%A1%D9%A5/{x}/{y}.mvt", "/tiles/buildings/{v}/%EF%BC%91%EF%BC%95/{x}/{y}.mvt"),
        *("/tiles/buildings/{v}/15/{x}/{y}.mvt%3Fgrade=a", "/tiles/buildings/{v}/15/{x}/{y}.mvt/", "/tiles/"),
        *(
            "/tiles/buildings/..%2f..%2fstate/15/1/1.mvt",
            "/tiles/buildings/{v}/15/{big}/{big}.mvt",
            "/tiles/state/{v}/15/1/1.mvt",
        ),
        *("/tiles/buildings/{v}/9/1/1.mvt", "/tiles/rents/{v}/15/1/1.mvt", "/tiles/buildings/{v}/15/{x}/{y}.pbf"),
    ],
)
def test_an_address_that_is_no_tile_is_not_found(client: FlaskClient, path: str) -> None:
    version = version_of(client, "buildings")
    answer = client.get(path.format(v=version, x=HERE.x, y=HERE.y, big="9" * 40))
    assert answer.status_code in (400, 404)
    assert "immutable" not in answer.headers.get("Cache-Control", "")


def test_doubled_slashes_lead_to_the_plain_address(client: FlaskClient) -> None:
    asked = address(client)
    for doubled in ("/" + asked, asked.replace("/15/", "//15/")):
        answer = client.get(doubled, headers={"Host": "localhost"})
        assert answer.status_code in (308, 404)


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_tiles_are_only_read(client: FlaskClient, method: str) -> None:
    answer: TestResponse = getattr(client, method)(address(client))
    assert answer.status_code in (400, 405)


def test_there_is_no_market_for_staff_beside_that_of_visitors(client: FlaskClient, session: Session) -> None:
    create_user(session, "staff", name="wang")
    sign_in(client, "wang")
    assert client.get(address(client, "market").replace("tiles", "tiles/staff")).status_code == 404


def test_behind_a_proxy_https_is_promised_and_a_prefix_is_kept(
    settings: Settings, live_database: Database, live_app: Flask
) -> None:
    behind = create_app(replace(settings, proxies=1), live_database).test_client()
    asked = address(live_app.test_client())
    https = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "map.example.cn"}
    assert "Strict-Transport-Security" in behind.get(asked, headers=https).headers
    assert "Strict-Transport-Security" not in behind.get(asked).headers
    assert "Strict-Transport-Security" not in live_app.test_client().get(asked, headers=https).headers
    stale = asked.replace(str(version_of(behind, "buildings")), "1")
    moved = behind.get(stale, headers=https, environ_overrides={"SCRIPT_NAME": "/map"})
    assert moved.headers["Location"] == f"/map{asked}"


@pytest.fixture
def busy(live_app: Flask, live_database: Database) -> Iterator[list[str]]:
    """The paths of tiles that the database is asked for; each answer waits until ten requests are there."""
    source = live_app.extensions["loumap_published"].tiles
    rendered: list[str] = []
    ten = threading.Barrier(10, timeout=20)
    answer, render = source.answer, source._render

    def together(asked: Any) -> Any:
        ten.wait()
        return answer(asked)

    def counted(asked: Any) -> Any:
        rendered.append(asked.path)
        return render(asked)

    source.answer, source._render = together, counted
    yield rendered
    source.answer, source._render = answer, render


def test_ten_requests_for_the_same_missing_tile_ask_the_database_once(live_app: Flask, busy: list[str]) -> None:
    asked = address(live_app.test_client())
    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(lambda _: live_app.test_client().get(asked), range(10)))
    assert {(answer.status_code, answer.data) for answer in answers} == {(200, b"")}
    assert busy == [asked]


def test_tiles_come_again_after_the_database_cut_the_connection(live_app: Flask, live_database: Database) -> None:
    with live_database.new_session() as session, session.begin():
        create_unit(session, create_floor(session, create_building(session)))
    browser = live_app.test_client()
    assert browser.get(address(browser)).status_code == 200
    with psycopg.connect(live_database.public.raw_connection().driver_connection.info.dsn, user="postgres") as other:  # type: ignore[union-attr]
        other.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'loumap_public'")
    for zoom in (14, 16):
        answer = browser.get(address(browser, zoom=zoom))
        assert answer.status_code == 200
        assert mapbox_vector_tile.decode(answer.data)["buildings"]["features"]


def test_a_tile_that_takes_too_long_is_an_answer_for_later(live_app: Flask, live_database: Database) -> None:
    browser = live_app.test_client()
    asked = address(browser)
    source = live_app.extensions["loumap_published"].tiles
    source._connections.read(lambda connection: connection.execute("SET statement_timeout = 1"))
    with psycopg.connect(live_database.app.raw_connection().driver_connection.info.dsn) as other:  # type: ignore[union-attr]
        other.execute("LOCK TABLE buildings IN ACCESS EXCLUSIVE MODE")
        answer = browser.get(asked)
        assert answer.status_code == 503
        assert "Retry-After" in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
    source._connections.read(lambda connection: connection.execute("SET statement_timeout = 10000"))
    assert browser.get(asked).status_code == 200
