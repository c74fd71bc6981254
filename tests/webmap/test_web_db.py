"""One request, one commit; what an error leaves behind, and what it does not."""

import errno
from collections.abc import Iterator
from select import select as select_ready

import pytest
from flask import Flask, Response
from psycopg.errors import InsufficientPrivilege, ReadOnlySqlTransaction
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from geo.errors import BadParameterError
from geo.looking_back import driver_of
from geo.model import LayerChange, LayerVersion
from webmap import db
from webmap.db import Database
from webmap.permissions import needs

CROSSINGS = (
    "SELECT ST_Node(ST_MakeLine(ST_Point(sin(i * i), cos(1.7 * i * i)) ORDER BY i)) FROM generate_series(1, 2000) i"
)
"""A line that crosses itself a million times; GEOS notices by itself that nobody waits for its nodes any more."""


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def writing_app(live_app: Flask, told: list[str]) -> Flask:
    """The application with routes that write and then end in different ways."""

    @live_app.get("/api/write/<int:status>")
    @needs("public")
    def write(status: int) -> Response:
        db.session().add(LayerVersion(layer="written", version=status))
        db.after_commit(lambda: told.append("after"))
        if status == 500:
            raise RuntimeError("a fault with a secret in it")
        if status == 422:
            raise BadParameterError("area_min", "x", "a number")
        return Response(status=status)

    @live_app.get("/api/count")
    @needs("public")
    def count() -> Response:
        db.session().add(LayerVersion(layer="written", version=1))
        with db.own_transaction() as own:
            own.add(LayerVersion(layer="counted", version=1))
        return Response(status=400)

    @live_app.get("/api/cut-off")
    @needs("public")
    def cut_off() -> Response:
        mine = db.session().scalar(text("SELECT pg_backend_pid()"))
        db.session().add(LayerVersion(layer="written", version=1))
        db.session().flush()
        with db.own_transaction() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": mine})
        return Response("written")

    @live_app.get("/api/silent/<when>")
    @needs("public")
    def silent(when: str) -> Response:
        db.session().add(LayerVersion(layer="written", version=1))
        db.session().flush()
        db.session().execute(text("SET idle_in_transaction_session_timeout = 1"))
        driver = db.session().connection().connection.driver_connection
        assert driver is not None
        select_ready([driver.fileno()], [], [], 30)  # until the database has hung up
        if when == "between":
            db.session().execute(text("SELECT 1"))
        return Response("written")

    @live_app.get("/api/long/<driver>")
    @needs("public")
    def long(driver: str) -> Response:
        db.session().execute(text("SET LOCAL statement_timeout = 50"))
        if driver == "bare":
            driver_of(db.session()).execute(CROSSINGS)
        db.session().execute(text(CROSSINGS))
        return Response("worked out")

    @live_app.get("/full/<place>")
    @needs("public")
    def full(place: str) -> Response:
        if place == "files":
            raise OSError(errno.ENOSPC, "No space left on device", "/data/files")
        db.session().execute(text("DO $$ BEGIN RAISE 'could not extend file' USING ERRCODE = 'disk_full'; END $$"))
        return Response()

    live_app.testing = False
    return live_app


@pytest.fixture
def written(live_database: Database) -> Iterator[Session]:
    with live_database.new_session() as session:
        yield session


@pytest.mark.parametrize(("status", "kept"), [(200, True), (303, True), (404, False), (422, False), (500, False)])
def test_a_request_is_committed_only_when_its_answer_is_no_error(
    writing_app: Flask, written: Session, told: list[str], status: int, kept: bool
) -> None:
    assert writing_app.test_client().get(f"/api/write/{status}").status_code == status
    assert (written.get(LayerVersion, "written") is not None) == kept
    assert told == (["after"] if kept else [])


def test_a_failed_commit_is_an_error_and_nothing_comes_after_it(
    writing_app: Flask, written: Session, told: list[str]
) -> None:
    written.add(LayerVersion(layer="written", version=0))
    written.commit()
    assert writing_app.test_client().get("/api/write/200").status_code == 500
    assert told == []


def test_counters_outlive_a_failed_request(writing_app: Flask, written: Session) -> None:
    writing_app.test_client().get("/api/count")
    made = LayerVersion.layer.in_(["written", "counted"])
    assert written.scalars(select(LayerVersion.layer).where(made)).all() == ["counted"]


def test_the_session_of_visitors_cannot_write_anything(live_database: Database) -> None:
    statement = LayerChange.__table__.insert().values(layer="state")
    with live_database.new_public_session() as session, pytest.raises(DBAPIError) as refused:
        session.execute(statement)
    assert isinstance(refused.value.orig, ReadOnlySqlTransaction | InsufficientPrivilege)


def test_who_loses_the_database_at_the_last_moment_is_not_told_that_it_was_kept(
    writing_app: Flask, written: Session
) -> None:
    answer = writing_app.test_client().get("/api/cut-off")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert written.scalars(select(LayerVersion).where(LayerVersion.layer == "written")).all() == []


@pytest.mark.parametrize("when", ["between", "at the commit"])
def test_who_is_cut_off_as_silent_when_the_clock_jumps_is_asked_to_come_again(
    writing_app: Flask, written: Session, when: str
) -> None:
    answer = writing_app.test_client().get(f"/api/silent/{when}")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert written.scalars(select(LayerVersion).where(LayerVersion.layer == "written")).all() == []


@pytest.mark.parametrize("driver", ["bare", "wrapped"])
def test_who_asks_geos_for_what_takes_too_long_is_asked_to_come_again(writing_app: Flask, driver: str) -> None:
    answer = writing_app.test_client().get(f"/api/long/{driver}")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")


@pytest.mark.parametrize("place", ["files", "database"])
def test_a_full_disk_is_said_in_words(writing_app: Flask, place: str) -> None:
    answer = writing_app.test_client().get(f"/full/{place}")
    assert answer.status_code == 507
    assert "服务器空间已满" in answer.text
    assert "没有保存" in answer.text
    assert "/data/files" not in answer.text
