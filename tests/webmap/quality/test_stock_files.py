"""The board of a large city is read once by the machine, and then only what changed."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select, text

from geo.model import Building, Floor
from tests.factories import create_building, create_floor, create_unit
from webmap.db import Database
from webmap.freshness import bump
from webmap.quality import stock_files
from webmap.quality.stock_files import StockFiles

TODAY = date(2026, 3, 10)


@pytest.fixture
def large(live_database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A city of one tower that counts as large, and files that are looked at every time."""
    monkeypatch.setattr(stock_files, "LARGE", 1)
    monkeypatch.setattr(stock_files, "EVERY_S", 0)
    with live_database.new_session() as session, session.begin():
        create_unit(session, create_floor(session, create_building(session, name="一座")))
    settle(live_database)
    return live_database


def settle(database: Database) -> None:
    """Have what changed known under a new version."""
    with database.new_session() as session, session.begin():
        session.execute(text("UPDATE layer_versions SET changed_at = changed_at - interval '2 seconds'"))
    bump(database)


def files_of(database: Database, folder: Path) -> StockFiles:
    return StockFiles(database.app, folder, staff=True)


def units(files: StockFiles) -> int:
    stock = files.current(TODAY)
    assert stock is not None
    return len(stock["units"])


def test_a_small_city_has_no_file(live_database: Database, tmp_path: Path) -> None:
    files = files_of(live_database, tmp_path)
    assert files.current(TODAY) is None
    files.follow(TODAY)
    assert list(tmp_path.rglob("*.lmc")) == []


def test_only_what_changed_is_read_again(large: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files, asked = files_of(large, tmp_path), []
    whole = stock_files.read_stock

    def noted(connection, today, ids=None, *, staff):
        asked.append(ids)
        return whole(connection, today, ids, staff=staff)

    monkeypatch.setattr(stock_files, "read_stock", noted)
    assert units(files) == 1
    with large.new_session() as session, session.begin():
        tower = session.scalars(select(Building)).one().id
        create_unit(session, session.scalars(select(Floor)).one(), label="102")
    settle(large)
    assert units(files) == 2
    assert asked == [None, [tower]]


def test_what_the_thread_of_one_process_has_made_the_others_open(
    large: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = files_of(large, tmp_path), files_of(large, tmp_path)
    first.follow(TODAY)
    monkeypatch.setattr(stock_files, "read_stock", None)
    assert units(second) == units(first) == 1
