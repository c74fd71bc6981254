"""Nobody waits for what the map says of the whole city: it is read beside the readers."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo import versions
from tests.factories import create_building, create_source, square
from webmap.db import Database, driver_connection
from webmap.freshness import bump
from webmap.map import scene
from webmap.map.scene import Scene, Scenes


def build(database: Database, name: str, *, publishable: bool = True) -> dict[str, int]:
    """Add a building of a source of its own; gives the versions that stand for it."""
    with database.new_session() as session, session.begin():
        source = create_source(session, name=name, publishable=publishable)
        create_building(session, source_id=source.id, publishable=publishable)
        session.execute(text("UPDATE layer_versions SET changed_at = changed_at - interval '2 seconds'"))
    bump(database)
    with driver_connection(database.app) as connection:
        return versions.current(connection)


def asked(scenes: Scenes, database: Database, current: dict[str, int], *, staff: bool = False) -> list[str]:
    """The sources that a reader is told."""
    with database.new_session() if staff else database.new_public_session() as session:
        return names(scenes.of(session, current, staff=staff))


def names(found: Scene) -> list[str]:
    return sorted(source.name for source in found.credited)


def test_readers_have_the_scene_before_until_the_new_one_is_read(live_database: Database) -> None:
    scenes = Scenes()
    current = build(live_database, "一号")
    scenes.follow(live_database, current)
    current = build(live_database, "二号")
    assert asked(scenes, live_database, current) == ["一号"]
    scenes._resting_until = 0
    scenes.follow(live_database, current)
    assert asked(scenes, live_database, current) == ["一号", "二号"]


def test_it_rests_after_work_however_often_outlines_change(
    live_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scene, "REST", 1_000_000)
    scenes = Scenes()
    scenes.follow(live_database, build(live_database, "一号"))
    current = build(live_database, "二号")
    scenes.follow(live_database, current)
    assert asked(scenes, live_database, current) == ["一号"]


def test_without_a_thread_the_first_who_asks_has_the_present_one(live_database: Database) -> None:
    scenes = Scenes()
    assert asked(scenes, live_database, build(live_database, "一号")) == ["一号"]
    scenes.follow(live_database, {})
    scenes.unfollow()
    assert asked(scenes, live_database, build(live_database, "二号")) == ["一号", "二号"]


def test_what_only_staff_see_is_read_for_them_once_they_have_asked(live_database: Database) -> None:
    scenes = Scenes()
    current = build(live_database, "内部", publishable=False)
    scenes.follow(live_database, current)
    assert asked(scenes, live_database, current) == []
    assert asked(scenes, live_database, current, staff=True) == ["内部"]
    current = build(live_database, "另一份", publishable=False)
    assert asked(scenes, live_database, current, staff=True) == ["内部"]
    scenes._resting_until = 0
    scenes.follow(live_database, current)
    assert asked(scenes, live_database, current, staff=True) == ["内部", "另一份"]
    assert asked(scenes, live_database, current) == []


def test_the_map_opens_on_managed_buildings_of_real_sources(client: FlaskClient, session: Session) -> None:
    invented, real = create_source(session, invented=True), create_source(session)
    create_building(session, square(lon=121.5), source_id=invented.id)
    create_building(session, square(lon=121.6), source_id=real.id, managed=False)
    create_building(session, square(lon=121.7), source_id=real.id, name=None, name_en=None)
    assert '"center": [121.7' in client.get("/").text
