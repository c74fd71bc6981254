"""What the public map is drawn from: compressed tiles and state files, each under the version it truly has."""

import gzip
import os
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import brotli
import numpy as np
import psycopg
from flask import Flask, current_app
from sqlalchemy import Connection

from geo import snapshot, tiles, versions
from geo.columns import Columns
from geo.columns import read as read_columns
from geo.snapshot import Moment
from geo.tiles import Tile
from webmap.db import Bind, Database
from webmap.errors import BusyError

CACHE_BYTES = 64 * 2**20
LARGE_BYTES = 2**21
"""State files above this are compressed quickly instead of well."""

PASTS_AT_ONCE = 2
"""Requests of a process that may wait for state files of past days; the others are asked to come again."""

KEPT_VERSIONS = 4
KEPT_PASTS = 100
"""State files of past days; they are made anew when somebody asks."""


@dataclass(frozen=True, slots=True)
class StateFile:
    """A state file on disk; beside it its compressed twins (.gz, .br) and the ids of its units (.ids)."""

    version: int
    path: Path


class Published:
    """Reads tiles and state files from the database once and keeps them; shared by the threads of a process."""

    def __init__(self, bind: Bind, folder: Path, *, staff: bool = False) -> None:
        self._bind = bind
        self._folder = folder
        self._staff = staff
        self._tiles: OrderedDict[tuple[str, int, Tile], bytes] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()
        self._building = threading.Lock()
        self._remembering = threading.Lock()
        self._waiting = threading.BoundedSemaphore(PASTS_AT_ONCE)
        self._opened: tuple[int, date, Columns] | None = None

    def versions(self) -> dict[str, int]:
        """Layer → current version, from the database."""
        with self._reading() as connection:
            return versions.current(connection)

    def tile(self, layer: str, version: int, tile: Tile) -> bytes:
        """A gzipped tile.

        Raises
        ------
        NotFoundError
            No such layer.
        StaleVersionError
            `version` is not the current one.
        """
        key = (layer, version, tile)
        with self._lock:
            if key in self._tiles:
                self._tiles.move_to_end(key)
                return self._tiles[key]
        with self._reading() as connection:
            current, data = tiles.render(connection, layer, tile, staff=self._staff)
        tiles.require_current(version, current)
        return self._keep(key, gzip.compress(data, 6, mtime=0))

    def state(self, version: int, today: date, moment: Moment | None = None) -> StateFile:
        """The state file of `version`, built by the first who asks.

        Raises
        ------
        StaleVersionError
            `version` is not the current one.
        BusyError
            Past days are being worked out for as many readers as may wait.
        """
        path = self._folder / f"{_name(version, today, moment)}.lmc"
        if not path.exists():
            tiles.require_current(version, self.versions()[tiles.STATE])
            with self._turn(moment):
                if not path.exists():
                    self._build(version, path, today, moment)
        return StateFile(version, path)

    def columns(self, today: date) -> Columns:
        """The current state, mapped into memory."""
        version = self.versions()["state"]
        if self._opened is None or self._opened[:2] != (version, today):
            self._opened = version, today, read_columns(self.state(version, today).path)
        return self._opened[2]

    @contextmanager
    def _turn(self, moment: Moment | None) -> Iterator[None]:
        """Let one at a time build the present, and beside it one a past day: that must not keep the map waiting."""
        if moment is None:
            with self._building:
                yield
            return
        if not self._waiting.acquire(blocking=False):
            raise BusyError
        try:
            with self._remembering:
                yield
        finally:
            self._waiting.release()

    def _build(self, version: int, path: Path, today: date, moment: Moment | None) -> None:
        with self._reading(repeatable=True) as connection:
            built = snapshot.build(connection, today, moment, staff=self._staff)
        tiles.require_current(version, built.version)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        quality = 5 if len(built.data) > LARGE_BYTES else 11
        _write(path.with_suffix(".br"), brotli.compress(built.data, quality=quality))
        _write(path.with_suffix(".gz"), gzip.compress(built.data, 6, mtime=0))
        _write(path.with_suffix(".ids"), built.unit_ids.astype(np.int64).tobytes())
        _write(path, built.data)
        self._prune()

    def _prune(self) -> None:
        numbers = sorted({int(path.name.split("-")[0]) for path in self._folder.glob("*-*.lmc")})
        for number in numbers[:-KEPT_VERSIONS]:
            for path in self._folder.glob(f"{number}-*"):
                path.unlink(missing_ok=True)
        past = sorted(self._folder.glob("*-*-*-*.lmc"), key=lambda path: path.stat().st_mtime)
        for path in past[:-KEPT_PASTS]:
            for twin in (path, *(path.with_suffix(suffix) for suffix in (".br", ".gz", ".ids"))):
                twin.unlink(missing_ok=True)

    def _keep(self, key: tuple[str, int, Tile], data: bytes) -> bytes:
        with self._lock:
            if key not in self._tiles:
                self._tiles[key] = data
                self._size += len(data)
            while self._size > CACHE_BYTES:
                self._size -= len(self._tiles.popitem(last=False)[1])
        return data

    @contextmanager
    def _reading(self, *, repeatable: bool = False) -> Iterator[psycopg.Connection]:
        """A psycopg connection; that of a test is one transaction already."""
        if isinstance(self._bind, Connection):
            yield self._bind.connection.driver_connection
            return
        level = "REPEATABLE READ" if repeatable else "AUTOCOMMIT"
        with self._bind.connect().execution_options(isolation_level=level) as connection:
            yield connection.connection.driver_connection


def published(*, staff: bool = False) -> Published:
    """What the running app publishes; for staff with unpublishable sources."""
    found: Published = current_app.extensions["loumap_published_to_staff" if staff else "loumap_published"]
    return found


def init_app(app: Flask, folder: Path) -> None:
    """Give the app its publishers; state files are kept in `folder`."""
    database: Database = app.extensions["loumap_database"]
    app.extensions["loumap_published"] = Published(database.public, folder)
    app.extensions["loumap_published_to_staff"] = Published(database.app, folder / "staff", staff=True)


def _name(version: int, today: date, moment: Moment | None) -> str:
    if moment is None:
        return f"{version}-{today:%Y%m%d}"
    return f"{version}-{today:%Y%m%d}-{moment.as_of:%Y%m%d}-{moment.known_at:%Y%m%dT%H%M%S}"


def _write(path: Path, data: bytes) -> None:
    """Write a file that is either there whole or not at all."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    fresh.write_bytes(data)
    fresh.replace(path)
