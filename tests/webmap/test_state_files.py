"""One process makes a new state, all open it, and readers are never kept waiting for it."""

import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text, update

from geo import snapshot, versions
from geo.columns import read
from geo.errors import StaleVersionError
from geo.model import LayerVersion, Unit
from tests.factories import create_building, create_floor, create_unit
from webmap import create_app
from webmap.config import Settings
from webmap.db import Database, driver_connection
from webmap.freshness import bump, keep_fresh
from webmap.published import Published
from webmap.state_files import StateFiles
from webmap.state_folder import StateFolder

TODAY = date(2026, 3, 10)


@pytest.fixture
def states(live_database: Database, tmp_path: Path) -> StateFiles:
    """Of a process that follows the state, with one unit in it."""
    with live_database.new_session() as session, session.begin():
        create_unit(session, create_floor(session, create_building(session, name="一号楼")))
    change(live_database, lambda: None)
    states = StateFiles(live_database.public, tmp_path)
    assert states.follow(TODAY)
    return states


def change(database: Database, act: Callable[[], object]) -> int:
    """Have something done, and bump; gives the new version of the state."""
    act()
    with database.new_session() as session, session.begin():
        session.execute(text("UPDATE layer_versions SET changed_at = changed_at - interval '2 seconds'"))
    return bump(database)["state"]


def let(database: Database) -> None:
    with database.new_session() as session, session.begin():
        session.execute(update(Unit).values(public_status="in_use"))


def build(database: Database) -> None:
    with database.new_session() as session, session.begin():
        create_unit(session, create_floor(session, create_building(session, name="二号楼")))


def names(states: StateFiles) -> list[str]:
    return list(states.current(TODAY).columns.texts("buildings", "name"))


def test_a_patched_file_is_the_one_that_would_be_made_anew(live_database: Database, states: StateFiles) -> None:
    for act in (let, build):
        version = change(live_database, lambda act=act: act(live_database))
        with driver_connection(live_database.public) as connection:
            assert versions.changed_buildings(connection, states.current(TODAY).version) is not None
        assert states.follow(TODAY)
        opened = states.current(TODAY)
        with driver_connection(live_database.public, repeatable=True) as connection:
            anew = snapshot.build(connection, TODAY)
        assert opened.version == version
        assert opened.path.read_bytes() == anew.data
        assert opened.unit_ids.tolist() == anew.unit_ids.tolist()


def test_readers_have_the_state_before_until_the_new_one_is_open(live_database: Database, states: StateFiles) -> None:
    before = states.current(TODAY)
    version = change(live_database, lambda: build(live_database))
    assert states.current(TODAY) is before
    assert states.state(before.version, TODAY).path == before.path
    with pytest.raises(StaleVersionError):
        states.state(version, TODAY)
    states.follow(TODAY)
    assert names(states) == ["一号楼", "二号楼"]
    assert states.state(version, TODAY).path == states.current(TODAY).path


def test_a_second_process_opens_what_the_first_has_made(
    live_database: Database, states: StateFiles, tmp_path: Path
) -> None:
    made = states.current(TODAY).path.stat()
    other = StateFiles(live_database.public, tmp_path)
    assert other.follow(TODAY)
    opened = other.current(TODAY).path.stat()
    assert (opened.st_ino, opened.st_mtime_ns) == (made.st_ino, made.st_mtime_ns)


def test_while_another_process_makes_it_nobody_waits(
    live_database: Database, states: StateFiles, tmp_path: Path
) -> None:
    change(live_database, lambda: build(live_database))
    with StateFolder(tmp_path).alone(wait=False) as alone:
        assert alone
        assert not states.follow(TODAY)
        assert names(states) == ["一号楼"]
    assert states.follow(TODAY)
    assert names(states) == ["一号楼", "二号楼"]


def test_a_process_that_dies_while_making_it_blocks_nobody(
    live_database: Database, states: StateFiles, tmp_path: Path
) -> None:
    change(live_database, lambda: build(live_database))
    hold = (
        "import sys, time; from pathlib import Path; from webmap.state_folder import StateFolder\n"
        "with StateFolder(Path(sys.argv[1])).alone(wait=True): print('held', flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", hold, tmp_path], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "held\n"
        assert not states.follow(TODAY)
        process.kill()
    assert states.follow(TODAY)
    assert names(states) == ["一号楼", "二号楼"]


def test_a_new_day_is_another_state(live_database: Database, states: StateFiles) -> None:
    assert states.follow(TODAY + timedelta(days=1))
    assert states.current(TODAY).columns.header["as_of"] == "2026-03-11"
    with live_database.new_session() as session, session.begin():
        before = session.scalar(select(LayerVersion.changed_at).where(LayerVersion.layer == "state"))
        session.execute(text("UPDATE layer_versions SET changed_at = changed_at - interval '2 seconds'"))
    assert bump(live_database, before - timedelta(hours=1)) == {}
    assert bump(live_database, before).keys() == {"state"}
    with driver_connection(live_database.public) as connection:
        assert versions.changed_buildings(connection, states.current(TODAY).version) is None


def test_another_rule_for_stale_units_is_another_state(
    live_database: Database, states: StateFiles, tmp_path: Path
) -> None:
    version = states.current(TODAY).version
    with live_database.new_session() as session, session.begin():
        session.execute(update(Unit).values(reported_on=TODAY - timedelta(days=8)))
        session.execute(text("DELETE FROM layer_changes"))
        session.execute(text("UPDATE layer_versions SET changed_at = changed_at - interval '2 seconds'"))
    assert bump(live_database, stale_days=0) == {}
    assert bump(live_database, stale_days=7).keys() == {"state"}
    assert bump(live_database, stale_days=7) == {}
    after = StateFiles(live_database.public, tmp_path, stale_days=7)
    assert after.follow(TODAY)
    assert after.current(TODAY).version > version
    assert after.current(TODAY).columns.header["stale_days"] == 7
    assert after.current(TODAY).columns.array("units", "stale").tolist() == [1]


def test_what_was_written_before_the_machine_started_is_not_trusted(
    live_database: Database, states: StateFiles, tmp_path: Path
) -> None:
    older = tmp_path / "start-earlier" / states.current(TODAY).path.name
    older.parent.mkdir()
    older.write_bytes(b"LMC1")
    change(live_database, lambda: build(live_database))
    states.follow(TODAY)
    assert not older.parent.exists()


def test_states_that_are_gone_are_neither_mapped_nor_kept(live_database: Database, states: StateFiles) -> None:
    for _ in range(8):
        change(live_database, lambda: let(live_database))
        states.follow(TODAY)
    folder = states.current(TODAY).path.parent
    maps = [line.split()[-1] for line in Path("/proc/self/maps").read_text().splitlines() if str(folder) in line]
    present = states.current(TODAY).path
    assert set(maps) == {str(present), str(present.with_suffix(".ids"))}
    assert len(list(folder.glob("*.lmc"))) == 4


def test_a_state_without_twins_is_compressed_for_the_first_who_asks(states: StateFiles) -> None:
    path = states.current(TODAY).path
    twin = states.gzipped(path)
    made = twin.stat().st_mtime_ns
    assert states.gzipped(path).stat().st_mtime_ns == made
    found = subprocess.run(["gzip", "-dc", twin], capture_output=True, check=True).stdout
    assert found == path.read_bytes()


@pytest.fixture
def kept_fresh(live_database: Database, settings: Settings) -> list[Flask]:
    """Two web processes' worth of application with their threads."""
    with live_database.new_session() as session, session.begin():
        create_building(session, name="一号楼")
    apps = [create_app(settings, live_database) for _ in range(2)]
    kept = [keep_fresh(app, 0.02) for app in apps]
    yield apps
    for keeping in kept:
        keeping.stop()
    wait_until(lambda: not any(published(app).noted for app in apps))


def published(app: Flask) -> Published:
    return app.extensions["loumap_published"]


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_change_reaches_every_worker_and_its_readers(kept_fresh: list[Flask], live_database: Database) -> None:
    wait_until(lambda: all(published(app).ready and published(app).noted for app in kept_fresh))
    version = change_soon(live_database)
    clients = [app.test_client() for app in kept_fresh]
    for client in clients:
        wait_until(lambda client=client: told(client) >= version)
        found = client.get(f"/state/{told(client)}", headers={"Accept-Encoding": ""}, buffered=True)
        assert found.status_code == 200
        assert client.get("/api/v1/buildings").get_json()["total"] == 2


def told(client) -> int:
    return client.get("/api/v1/versions").get_json()["layers"]["state"]


def change_soon(database: Database) -> int:
    """Change something and leave the bump to the threads; gives the version before it plus one."""
    with driver_connection(database.app) as connection:
        before = versions.current(connection)["state"]
    build(database)
    return before + 1


def test_whoever_asks_for_a_state_that_is_yet_to_come_is_led_to_the_present_one(
    kept_fresh: list[Flask], live_database: Database
) -> None:
    app = kept_fresh[0]
    wait_until(lambda: published(app).ready and bool(published(app).noted))
    client = app.test_client()
    answer = client.get(f"/state/{told(client) + 1_000_000}")
    assert answer.status_code == 307
    assert client.get(answer.headers["Location"], buffered=True).status_code == 200


def test_threads_that_have_stopped_leave_readers_to_ask_for_themselves(
    live_database: Database, settings: Settings
) -> None:
    app = create_app(settings, live_database)
    keeping = keep_fresh(app, 0.02)
    wait_until(lambda: published(app).ready and bool(published(app).noted))
    keeping.stop()
    wait_until(lambda: not published(app).noted and published(app).states.followed is None)
    version = change(live_database, lambda: build(live_database))
    assert published(app).versions()["state"] == version
    assert read(published(app).states.state(version, app.extensions["loumap_settings"].today()).path)


def test_searches_go_on_while_states_come_and_go(kept_fresh: list[Flask], live_database: Database) -> None:
    client = kept_fresh[0].test_client()
    wait_until(lambda: published(kept_fresh[0]).ready and bool(published(kept_fresh[0]).noted))
    for number in range(1, 4):
        assert client.get("/api/v1/buildings").get_json()["total"] == number
        version = change_soon(live_database)
        wait_until(lambda version=version: told(client) >= version)
