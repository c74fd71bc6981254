"""One request, one commit; what an error leaves behind, and what it does not."""

from collections.abc import Iterator

import pytest
from flask import Flask, Response
from psycopg.errors import InsufficientPrivilege, ReadOnlySqlTransaction
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from geo.errors import BadParameterError
from geo.model import LayerChange, LayerVersion
from webmap import db
from webmap.db import Database
from webmap.permissions import needs


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
