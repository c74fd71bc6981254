"""The operator finds in the log what kept people waiting, and nothing about the people."""

import logging
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from geo.db import engine as make_engine
from tests.postgres import CloneMaker
from webmap import slow_queries
from webmap.database_logins import APP

SLOW = text("SELECT pg_sleep(0.02), :name AS name FROM generate_series(1, 2) -- 'Wang''s rent'")


@pytest.fixture
def watched(clones: CloneMaker, clone: str) -> Iterator[Engine]:
    engine = make_engine(clones.server.dsn(APP, clone), limits={"statement_timeout": "200ms"})
    slow_queries.watch(engine)
    slow_queries.set_limit(10)
    yield engine
    slow_queries.set_limit(0)
    engine.dispose()


def ask(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.execute(SLOW, {"name": "Wang"})


def test_a_slow_statement_is_told_with_time_rows_and_route(
    app: Flask, watched: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    with app.test_request_context("/en/about"):
        ask(watched)
    (line,) = [record.getMessage() for record in caplog.records if record.name == "loumap.slow"]
    assert line.startswith("slow query: ")
    assert "2 rows, in about." in line
    assert "SELECT pg_sleep(0.02)" in line


def test_no_value_stands_in_the_log(watched: Engine, caplog: pytest.LogCaptureFixture) -> None:
    ask(watched)
    assert "slow query" in caplog.text
    assert "Wang" not in caplog.text


def test_what_was_cut_off_is_told_as_well(watched: Engine, caplog: pytest.LogCaptureFixture) -> None:
    with watched.connect() as connection, pytest.raises(OperationalError) as cut_off:
        connection.execute(text("SELECT pg_sleep(30), :name"), {"name": "Wang"})
    assert "no rows, in -: SELECT pg_sleep(30)" in caplog.text
    assert "Wang" not in str(cut_off.value)


def test_what_goes_past_the_engine_is_timed_by_name(watched: Engine, caplog: pytest.LogCaptureFixture) -> None:
    with watched.connect() as connection, slow_queries.timed("tile buildings") as timing:
        timing.rows = len(connection.connection.driver_connection.execute("SELECT pg_sleep(0.02)").fetchall())
    assert "1 rows, in -: tile buildings" in caplog.text


def test_quick_statements_and_a_limit_of_nothing_leave_the_log_empty(
    watched: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    with watched.connect() as connection:
        slow_queries.set_limit(60_000)
        connection.execute(SLOW, {"name": "Wang"})
        slow_queries.set_limit(0)
        connection.execute(SLOW, {"name": "Wang"})
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []
