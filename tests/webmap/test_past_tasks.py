"""Who freezes a page of a large city has the worker make its past, so that nobody who opens the link waits."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from geo.looking_back import Moment
from tests.factories import create_building, create_floor, create_unit
from tests.postgres import CloneMaker
from webmap import jobs, past_states
from webmap.config import Settings
from webmap.database_logins import JOBS
from webmap.db import Database
from webmap.errors import PreparingError
from webmap.past_searching import prepare_later
from webmap.state_files import StateFiles

WAITING = text("SELECT args FROM procrastinate_jobs WHERE task_name = 'prepare_past'")


@pytest.fixture
def work(settings: Settings, clones: CloneMaker, clone: str, tmp_path: Path) -> Settings:
    return replace(settings, database_url=clones.server.dsn(JOBS, clone), data=tmp_path)


@pytest.fixture
def moment(live_database: Database, work: Settings) -> Moment:
    """Now, with a unit in the city."""
    with live_database.new_session() as session, session.begin():
        create_unit(session, create_floor(session, create_building(session, name="一号楼")))
    return Moment(work.today(), datetime.now(UTC))


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every city is so large that nobody waits for its past."""
    monkeypatch.setattr(past_states, "AT_ONCE_UNITS", 0)


@pytest.mark.usefixtures("large")
def test_the_worker_makes_what_was_asked_for_and_readers_find_it_ready(
    live_app: Flask, live_database: Database, work: Settings, moment: Moment
) -> None:
    with live_app.app_context(), live_database.new_session() as session, session.begin():
        prepare_later(session, moment)
    jobs.run_worker(work, wait=False)
    opened = StateFiles(live_database.public, work.data / "published").pasts.open(work.today(), moment)
    assert list(opened.columns.texts("buildings", "name")) == ["一号楼"]


@pytest.mark.usefixtures("large")
def test_without_the_worker_the_first_reader_is_told_to_wait(
    live_database: Database, work: Settings, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    states = StateFiles(live_database.public, work.data / "published")
    monkeypatch.setattr(states.pasts, "_begin", lambda today, moment: None)
    with pytest.raises(PreparingError):
        states.pasts.open(work.today(), moment)


def test_in_a_small_city_there_is_nothing_to_prepare(live_app: Flask, live_database: Database, moment: Moment) -> None:
    with live_app.app_context(), live_database.new_session() as session:
        prepare_later(session, moment)
        assert session.execute(WAITING).all() == []
