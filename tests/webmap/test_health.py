"""Whoever watches over the server learns whether it lives and can work."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine

from tests.postgres import CloneMaker
from webmap import assets, create_app
from webmap.config import Settings
from webmap.database_logins import APP, OWNER
from webmap.db import Database


@pytest.fixture
def bereft(settings: Settings, clones: CloneMaker) -> Iterator[FlaskClient]:
    """A client of an application whose database is not there."""
    engine = create_engine(clones.server.dsn(APP, "never_made"))
    yield create_app(settings, Database(engine, engine)).test_client()
    engine.dispose()


def test_a_working_server_is_alive_and_ready(live_app: Flask) -> None:
    client = live_app.test_client()
    assert client.get("/healthz").get_json() == {"alive": True}
    assert client.get("/readyz").get_json() == {"ready": True}
    assert client.get("/readyz").cache_control.no_store


def test_it_is_not_ready_before_readers_can_be_given_a_state(live_app: Flask) -> None:
    states, client = live_app.extensions["loumap_published"].states, live_app.test_client()
    states.awaited = True
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "state" in answer.get_json()["detail"]
    assert states.follow(live_app.extensions["loumap_settings"].today())
    assert client.get("/readyz").status_code == 503
    client.get("/")
    assert client.get("/readyz").get_json() == {"ready": True}


def test_without_its_database_it_is_alive_but_not_ready(bereft: FlaskClient) -> None:
    assert bereft.get("/healthz").status_code == 200
    answer = bereft.get("/readyz")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "never_made" not in answer.text


def test_pages_say_so_without_asking_the_database(bereft: FlaskClient) -> None:
    bereft.set_cookie("loumap_session", "x" * 43)
    answer = bereft.get("/desk")
    assert answer.status_code == 503
    assert "服务暂时不可用" in answer.text
    assert "never_made" not in answer.text


def test_with_another_schema_it_is_not_ready_and_says_how_to_mend_it(
    live_app: Flask, clones: CloneMaker, clone: str
) -> None:
    with psycopg.connect(clones.server.conninfo(OWNER, clone)) as owner:
        owner.execute("UPDATE alembic_version SET version_num = '0000_before'")
    client = live_app.test_client()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "./loumap migrate" in answer.get_json()["detail"]
    assert client.get("/healthz").status_code == 200


def test_without_its_front_end_it_is_not_ready(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "STATIC", Path("/nowhere"))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "npm" in answer.get_json()["detail"]
