"""What the web processes count while they work: plain functions of about two microseconds that anybody may call.

The figures of all processes of a server are added up: each process counts into files of its own (`shared_folder`), and
whoever answers `/metrics` reads them all. A program that is not a server counts for itself. The files are mapped into
memory, and to write where a disk has no room for them ends a process; so they lie in memory where that is possible.
"""

import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from flask import Flask, Response, g, request

_SHARED = "PROMETHEUS_MULTIPROC_DIR"
"""Where prometheus_client counts across processes; it looks for it once, when it is imported."""

IN_MEMORY = Path("/dev/shm")
"""Where files lie in memory, whatever the disks do."""

_NAMED, _ENOUGH_BYTES = "loumap-metrics", 1 << 24
_MINE = re.compile(rf"(?:{_NAMED}-)?(\d+)(?:-\w+)?")

UNKNOWN_ROUTE = "unknown"
"""One label for every address that leads nowhere, so that strangers cannot make up labels."""


TILE_ROUTE = "map.tile"
"""The endpoint under which tiles are timed that never come to Flask."""

READY, FOUND = "memory", "found"
"""Tiles that were in memory at the first look, and those that took another: asked by staff, or in other words."""


def tile_hit(layer: str, source: str = READY) -> None:
    """A tile was answered from memory; one that was ready is a request too, which is added when figures are read."""
    _child("TILES", layer, source).inc()


def tile_miss(layer: str, seconds: float) -> None:
    """A tile was read from the database."""
    _child("TILES", layer, "database").inc()
    _child("TILE_SECONDS", layer).observe(seconds)


def tiles_evicted(tiles: int) -> None:
    """So many tiles were dropped from memory to make room."""
    _child("TILES_EVICTED").inc(tiles)


def tiles_held(held_bytes: int) -> None:
    """So much memory holds the tiles of this process."""
    _child("TILE_BYTES").set(held_bytes)


def state_refresh(kind: str, seconds: float) -> None:
    """This process has taken over a new state; `kind` is the program's word for how, such as patch or reload."""
    _child("STATE_SECONDS", kind).observe(seconds)


def answered(route: str | None, status: int, seconds: float) -> None:
    """A request was answered; `route` is the endpoint of the rule that it met, None where it met none."""
    _child("REQUEST_SECONDS", route or UNKNOWN_ROUTE, f"{status // 100}xx").observe(seconds)


def slow_query(route: str | None) -> None:
    """A statement took longer than is allowed in silence; None outside of requests."""
    _child("SLOW_QUERIES", route or UNKNOWN_ROUTE).inc()


def connection_taken(login: str) -> None:
    """A connection has left the pool."""
    _child("CONNECTIONS", login).inc()


def connection_returned(login: str) -> None:
    """A connection is back in the pool."""
    _child("CONNECTIONS", login).dec()


def share(data: Path) -> None:
    """Have this process and those it starts count together; call before any of them counts.

    What servers that are gone have left is removed.

    Raises
    ------
    RuntimeError
        It is too late: prometheus_client is there already.
    """
    if "prometheus_client" in sys.modules:
        raise RuntimeError("Import prometheus_client in webmap/meters.py and webmap/watch alone.")
    for folder in _left(data / "metrics"):
        shutil.rmtree(folder, ignore_errors=True)
    os.environ[_SHARED] = str(_made(data / "metrics"))


def unshare() -> None:
    """Remove what the processes counted, once they are gone."""
    if folder := os.environ.pop(_SHARED, None):
        shutil.rmtree(folder, ignore_errors=True)


def shared_folder() -> Path | None:
    """Where the processes of this server count, None if there is one alone."""
    folder = os.environ.get(_SHARED)
    return Path(folder) if folder else None


def forget_the_dead(folder: Path) -> None:
    """Drop the present figures (not the sums, which must not shrink) of processes that are gone."""
    for path in folder.glob("gauge_live*_*.db"):
        if not _lives(path.stem.rpartition("_")[2]):
            path.unlink(missing_ok=True)


def living(folder: Path) -> list[int]:
    """The numbers of the processes that count into `folder` and live."""
    ids = {path.stem.rpartition("_")[2] for path in folder.glob("*.db")}
    return sorted(int(process_id) for process_id in ids if _lives(process_id))


def init_app(app: Flask) -> None:
    """Time every request. Call before other `before_request`s and `after_request`s, so that it sees all of them."""
    _child("REQUEST_SECONDS", TILE_ROUTE, "2xx")  # there from the start: ready tiles are added to it
    app.before_request(_note_start)
    app.after_request(_note_answer)


def _left(disk: Path) -> Iterator[Path]:
    """Folders of this account whose server is gone, or had the number that we have now."""
    for folder in (*IN_MEMORY.glob(f"{_NAMED}-*"), *disk.glob("*")):
        found = _MINE.fullmatch(folder.name)
        if found is None or (_lives(found[1]) and found[1] != str(os.getpid())):
            continue
        with suppress(FileNotFoundError):  # another server that starts may be faster
            if folder.lstat().st_uid == os.geteuid():
                yield folder


def _made(disk: Path) -> Path:
    """A folder that only this account can read, in memory or else on the disk of the data."""
    name = f"{_NAMED}-{os.getpid()}-"
    with suppress(OSError):
        if shutil.disk_usage(IN_MEMORY).free > _ENOUGH_BYTES:
            return Path(tempfile.mkdtemp(prefix=name, dir=IN_MEMORY))
    disk.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix=name, dir=disk))


def _note_start() -> None:
    g.asked_at = time.perf_counter()


def _note_answer(response: Response) -> Response:
    answered(request.endpoint, response.status_code, time.perf_counter() - g.get("asked_at", time.perf_counter()))
    return response


@cache
def _child(meter: str, *labels: str) -> Any:
    """The meter of these labels, looked up once."""
    found = getattr(_meters(), meter)
    return found.labels(*labels) if labels else found


@cache
def _meters() -> ModuleType:
    # Not above: prometheus_client must not be imported before `share` has said where to count.
    from webmap import meters  # noqa: PLC0415

    return meters


def _lives(process_id: str) -> bool:
    return Path("/proc", process_id).exists()
