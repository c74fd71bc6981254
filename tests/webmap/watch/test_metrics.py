"""Who watches over the server sees in figures how it does, and others do not."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from geo import versions
from tests.factories import create_unit
from tests.geo.test_tiles import tile_of
from tests.postgres import CloneMaker
from webmap import create_app, jobs, metrics
from webmap.config import Settings
from webmap.database_logins import APP
from webmap.db import Database

ROOT = Path(__file__).parents[3]
GONE = 999_999_999
"""No process has this number."""
TOKEN = "a token that only the watcher knows, 40 letters"
# Two processes that count, one of which lives on; then what a third reads.
COUNTING = """
import os, sys
from pathlib import Path
from webmap import metrics
metrics.share(Path(sys.argv[1]))
for _ in range(2):
    if not (child := os.fork()):
        metrics.tile_hit("buildings"), metrics.tile_miss("areas", 0.004), metrics.tiles_held(100)
        metrics.answered("map.home", 200, 0.02), metrics.answered(None, 404, 0.001)
        os._exit(0)
    os.waitpid(child, 0)
metrics.tile_hit("buildings"), metrics.tiles_held(11)
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
folder = metrics.shared_folder()
metrics.forget_the_dead(folder)
registry = CollectorRegistry()
MultiProcessCollector(registry, str(folder))
print(generate_latest(registry).decode(), metrics.living(folder) == [os.getpid()])
metrics.unshare()
"""


def value(page: str, name: str, **labels: str) -> float:
    """The one figure of this name and these labels."""
    for line in page.splitlines():
        found = re.fullmatch(r"(\w+)(?:\{(.*)\})? (\S+)", line)
        if found and found[1] == name and dict(re.findall(r'(\w+)="(.*?)"', found[2] or "")) == labels:
            return float(found[3])
    raise AssertionError(f"{name} {labels} is not among the figures")


def test_requests_are_counted_by_route_never_by_address(client: FlaskClient) -> None:
    before = client.get("/metrics").text
    for path in ("/b/BLD-secret", "/b/BLD-other", "/nowhere/secret", "/b/x/y/z"):
        client.get(path)
    after = client.get("/metrics").text
    assert "secret" not in after
    assert value(after, "loumap_request_seconds_count", route="buildings.building", status="4xx") >= 2
    unknown = {"route": "unknown", "status": "4xx"}
    earlier = value(before, "loumap_request_seconds_count", **unknown) if 'route="unknown"' in before else 0
    assert value(after, "loumap_request_seconds_count", **unknown) == earlier + 2


def test_tiles_are_requests_whether_they_were_ready_or_not(client: FlaskClient, session: Session) -> None:
    create_unit(session)
    tile, version = tile_of(15), client.get("/api/v1/versions").get_json()["layers"]["buildings"]
    path = f"/tiles/buildings/{version}/15/{tile.x}/{tile.y}.mvt"
    route = {"route": "map.tile", "status": "2xx"}
    before = client.get("/metrics").text
    for _ in range(3):
        assert client.get(path, headers={"Accept-Encoding": "gzip"}).status_code == 200
    after = client.get("/metrics").text
    for name, more in (("loumap_request_seconds_count", {}), ("loumap_request_seconds_bucket", {"le": "+Inf"})):
        assert value(after, name, **route, **more) == value(before, name, **route, **more) + 3


def test_the_age_of_data_and_the_versions_of_layers_are_told(client: FlaskClient, session: Session) -> None:
    create_unit(session)
    page = client.get("/metrics").text
    current = versions.current(session.connection().connection.driver_connection)
    assert value(page, "loumap_layer_version", layer="state") == current["state"]
    assert value(page, "loumap_layer_age_seconds", layer="state") >= 0
    assert value(page, "loumap_change_waiting_seconds") > 0
    assert value(page, "loumap_database_up") == 1
    assert 'loumap_units_reported_share{days="92"}' in page


def test_waiting_jobs_are_counted_and_the_oldest_is_timed(client: FlaskClient, session: Session) -> None:
    assert value(client.get("/metrics").text, "loumap_job_waiting_seconds") == 0
    jobs.enqueue(session, "prune")
    page = client.get("/metrics").text
    assert value(page, "loumap_jobs", queue="default", state="todo") == 1
    assert value(page, "loumap_job_waiting_seconds") > 0


@pytest.fixture
def bereft(settings: Settings, clones: CloneMaker) -> Iterator[FlaskClient]:
    """A client of an application whose database is not there."""
    engine = create_engine(clones.server.dsn(APP, "never_made"))
    yield create_app(settings, Database(engine, engine)).test_client()
    engine.dispose()


def test_without_a_database_the_figures_say_so(bereft: FlaskClient) -> None:
    page = bereft.get("/metrics").text
    assert value(page, "loumap_database_up") == 0
    assert "loumap_layer_version" not in page


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "10.1.2.3", "192.168.7.8"])
def test_a_program_nearby_reads_them(client: FlaskClient, peer: str) -> None:
    assert client.get("/metrics", environ_overrides={"REMOTE_ADDR": peer}).status_code == 200


@pytest.mark.parametrize("peer", ["1.2.3.4", "2400:3200::1", "", "unix:"])
def test_the_internet_does_not(client: FlaskClient, peer: str) -> None:
    assert client.get("/metrics", environ_overrides={"REMOTE_ADDR": peer}).status_code == 403


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "Via"])
@pytest.mark.parametrize("proxies", [0, 1])
def test_what_a_proxy_passes_on_is_refused_whoever_it_says_it_is_for(app: Flask, header: str, proxies: int) -> None:
    database = app.extensions["loumap_database"]
    behind = create_app(replace(app.extensions["loumap_settings"], proxies=proxies), database).test_client()
    assert behind.get("/metrics", headers={header: "127.0.0.1"}).status_code == 403


def test_with_a_token_only_who_sends_it_reads_them(app: Flask) -> None:
    settings = replace(app.extensions["loumap_settings"], metrics_token=TOKEN)
    client = create_app(settings, app.extensions["loumap_database"]).test_client()
    far = {"REMOTE_ADDR": "1.2.3.4"}
    assert (
        client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}, environ_overrides=far).status_code == 200
    )
    assert client.get("/metrics").status_code == 403
    assert client.get("/metrics", headers={"Authorization": "Bearer gu\xe9ss"}).status_code == 403
    assert TOKEN not in repr(settings)


def test_processes_are_added_up_and_the_dead_hold_nothing(tmp_path: Path) -> None:
    counted = subprocess.run(
        [sys.executable, "-c", COUNTING, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert value(counted, "loumap_tiles_total", layer="buildings", source="memory") == 3
    assert value(counted, "loumap_tile_render_seconds_count", layer="areas") == 2
    assert value(counted, "loumap_request_seconds_count", route="unknown", status="4xx") == 2
    assert value(counted, "loumap_tile_cache_bytes") == 11
    assert counted.rstrip().endswith("True")


SHARING = """
import sys
from pathlib import Path
from webmap import metrics
metrics.IN_MEMORY = Path(sys.argv[2])
metrics.share(Path(sys.argv[1]))
print(metrics.shared_folder())
metrics.unshare()
"""


def shared(data: Path, in_memory: Path) -> Path:
    command = [sys.executable, "-c", SHARING, str(data), str(in_memory)]
    return Path(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip())


def test_figures_are_counted_in_memory_so_that_a_full_disk_ends_no_process(tmp_path: Path) -> None:
    data, memory = tmp_path / "data", tmp_path / "memory"
    data.mkdir(), memory.mkdir()
    assert shared(data, memory).parent == memory
    assert list(memory.iterdir()) == list(data.iterdir()) == []


def test_figures_are_counted_on_the_disk_where_memory_has_no_folder(tmp_path: Path) -> None:
    assert shared(tmp_path, tmp_path / "nowhere").parent == tmp_path / "metrics"


def test_what_killed_servers_left_is_removed_by_the_next(tmp_path: Path) -> None:
    gone, alive = f"loumap-metrics-{GONE}-abc_1234", f"loumap-metrics-{os.getpid()}-abc_1234"
    folders = [tmp_path / place / name for place in ("memory", "metrics") for name in (gone, alive)]
    for folder in folders:
        folder.mkdir(parents=True)
        (folder / "counter_1.db").touch()
    shared(tmp_path, tmp_path / "memory")
    assert [folder for folder in folders if folder.exists()] == [each for each in folders if each.name == alive]


def test_counting_is_too_late_once_the_library_has_decided_where(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="prometheus_client"):
        metrics.share(tmp_path)
