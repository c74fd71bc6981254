"""In a large city nobody waits for the record of indicators: it is read behind everybody's back, once for all."""

import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update

from geo.indicators import Record
from geo.looking_back import Moment
from geo.model import Building
from tests.factories import create_building, create_floor, create_unit, square
from tests.webmap.test_state_files import TODAY, change
from webmap import indicator_files
from webmap.db import Database
from webmap.errors import PreparingError
from webmap.indicator_files import RecordFiles

PATIENCE_S = 30


@pytest.fixture
def city(live_database: Database) -> Database:
    """Two towers with a unit each."""

    def build() -> None:
        with live_database.new_session() as session, session.begin():
            for lon in (121.47, 121.48):
                create_unit(session, create_floor(session, create_building(session, square(lon))))

    change(live_database, build)
    return live_database


def files_of(database: Database, folder: Path) -> RecordFiles:
    return RecordFiles(database.public, folder, lambda day: True)


def told(files: RecordFiles, moment: Moment | None = None, *, stars: int | None = None) -> Record:
    """The record that a reader gets who asks until there is one in which so many stars are known."""
    until = time.monotonic() + PATIENCE_S
    while True:
        assert time.monotonic() < until
        try:
            found = files.record(TODAY, moment)
        except PreparingError:
            found = None
        if found is not None and (stars is None or found.buildings["star"].sum() == stars):
            return found
        time.sleep(0.02)


def test_who_comes_first_is_asked_to_come_again_and_then_gets_the_file(city: Database, tmp_path: Path) -> None:
    files = files_of(city, tmp_path)
    with pytest.raises(PreparingError):
        files.record(TODAY, None)
    found = told(files)
    assert (len(found.buildings), len(found.spaces), found.moment.as_of) == (2, 2, TODAY)
    assert files.record(TODAY, None) is found


def test_another_process_maps_what_the_first_has_made(city: Database, tmp_path: Path) -> None:
    told(files_of(city, tmp_path))
    made = list(tmp_path.glob("start-*/*.lmc"))
    other = files_of(city, tmp_path).record(TODAY, None)
    assert other is not None
    assert len(other.buildings) == 2
    assert list(tmp_path.glob("start-*/*.lmc")) == made


def test_what_has_changed_is_told_later_and_meanwhile_what_was_known(
    city: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = files_of(city, tmp_path)
    before = told(files)

    def award() -> None:
        with city.new_session() as session, session.begin():
            session.execute(update(Building).values(star=3))

    change(city, award)
    assert files.record(TODAY, None) is before
    monkeypatch.setattr(indicator_files, "LASTS_S", 0)
    assert told(files, stars=6) is not before


def test_a_past_day_has_a_file_of_its_own(city: Database, tmp_path: Path) -> None:
    moment = Moment(date(2025, 12, 31), datetime(2100, 1, 1, tzinfo=UTC))
    found = told(files_of(city, tmp_path), moment)
    assert found.moment == moment


def test_a_small_city_has_none(city: Database, tmp_path: Path) -> None:
    files = RecordFiles(city.public, tmp_path, lambda day: False)
    assert files.record(TODAY, None) is None
    files.keep(TODAY)
    assert list(tmp_path.iterdir()) == []


def test_the_page_says_that_it_is_being_made_and_asks_again(live_app: Flask, city: Database, tmp_path: Path) -> None:
    live_app.extensions["loumap_indicators"].files = files_of(city, tmp_path)
    answer = live_app.test_client().get("/indicators")
    assert (answer.status_code, answer.headers["Refresh"]) == (503, "2")
    found = told(live_app.extensions["loumap_indicators"].files)
    assert found.moment.as_of == TODAY
