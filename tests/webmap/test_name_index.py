"""The index of the search box lies on disk, follows the names, and never shows what has been hidden since."""

from collections.abc import Callable

import pytest
from flask import Flask

from geo.onebox import LAYERS
from tests.factories import create_building, create_enterprise
from tests.postgres import CloneMaker
from webmap.config import Settings
from webmap.database_logins import PUBLIC
from webmap.db import Database
from webmap.name_index import NameIndex
from webmap.name_index_making import write

Making = Callable[[str, int], None]
VERSION = 1_800_000_000


@pytest.fixture
def index(live_app: Flask, live_database: Database) -> NameIndex:
    """The index of an app whose threads follow it."""
    with live_database.new_session() as session, session.begin():
        building = create_building(session, name="云澜大厦", name_en=None)
        create_enterprise(session, building, name="江湾基金有限公司")
    found: NameIndex = live_app.extensions["loumap_names"]
    return found


@pytest.fixture
def made(clones: CloneMaker, clone: str, settings: Settings) -> Making:
    """Makes the index of a layer as another process does."""
    return lambda layer, version: write(clones.server.dsn(PUBLIC, clone), settings.data / "names", layer, version)


def everything(version: int) -> dict[str, int]:
    return dict.fromkeys(LAYERS, version)


def names_found(app: Flask, typed: str) -> list[str]:
    answer = app.test_client().get("/api/v1/suggest", query_string={"q": typed}).json
    return [item["name"] for item in answer["items"]] if answer["ready"] else ["not ready"]


def test_readers_are_told_while_there_is_no_index_yet(live_app: Flask, index: NameIndex) -> None:
    index.follow({})
    assert names_found(live_app, "云澜") == ["not ready"]
    assert "搜索正在准备" in live_app.test_client().get("/search?q=云澜").text


def test_what_one_process_has_made_another_opens(live_app: Flask, index: NameIndex, made: Making) -> None:
    for layer in LAYERS:
        made(layer, VERSION)
    index.follow(everything(VERSION))
    assert names_found(live_app, "yunlan") == ["云澜大厦"]
    assert names_found(live_app, "江湾基") == ["江湾基金有限公司"]


def test_an_old_index_shows_nothing_that_is_hidden_by_now(
    live_app: Flask, live_database: Database, index: NameIndex, made: Making
) -> None:
    for layer in LAYERS:
        made(layer, VERSION)
    index.follow(everything(VERSION))
    with live_database.new_session() as session, session.begin():
        session.connection().exec_driver_sql("UPDATE buildings SET publishable = false")
        session.connection().exec_driver_sql("UPDATE enterprises SET is_individual = true")
    assert names_found(live_app, "云澜") == []
    assert names_found(live_app, "江湾基金") == []


def test_a_new_name_is_found_once_there_is_a_newer_index(
    live_app: Flask, live_database: Database, index: NameIndex, made: Making
) -> None:
    for layer in LAYERS:
        made(layer, VERSION)
    index.follow(everything(VERSION))
    with live_database.new_session() as session, session.begin():
        session.connection().exec_driver_sql("UPDATE buildings SET name = '海湾大厦'")
    assert names_found(live_app, "云澜") == ["海湾大厦"]  # found by its old name, shown as it is called now
    made("names", VERSION + 1)
    index.follow(everything(VERSION) | {"names": VERSION + 1})
    assert (names_found(live_app, "海湾"), names_found(live_app, "云澜")) == (["海湾大厦"], [])


def test_the_thread_has_a_process_make_what_is_missing(live_app: Flask, index: NameIndex) -> None:
    index.follow(everything(VERSION))
    index.follow(everything(VERSION))
    assert names_found(live_app, "yunlan") == ["云澜大厦"]


def test_an_index_that_the_child_of_a_killed_process_made_meanwhile_stays(settings: Settings, made: Making) -> None:
    made("names", VERSION)
    first = (settings.data / "names" / f"names-{VERSION}").stat().st_ino
    made("names", VERSION)
    assert [path.name for path in (settings.data / "names").iterdir()] == [f"names-{VERSION}"]
    assert (settings.data / "names" / f"names-{VERSION}").stat().st_ino == first


def test_only_the_last_two_versions_stay_on_disk(settings: Settings, made: Making) -> None:
    for version in range(VERSION, VERSION + 4):
        made("names", version)
    kept = sorted(path.name for path in (settings.data / "names").iterdir())
    assert kept == [f"names-{VERSION + 2}", f"names-{VERSION + 3}"]
