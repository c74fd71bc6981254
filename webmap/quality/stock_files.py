"""The larger part of the board of a large city, in a file that the processes of the machine make once and share.

Whoever looks brings it up to date, at most once a minute, which costs only the buildings that changed. A thread sees to
it that there is a file at all, after a start and in the night, so that nobody waits for a whole city to be read; where
somebody does, the others wait for the same file.
"""

import threading
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import psycopg
from flask import Flask, current_app

from geo import versions
from geo.quality.reading import Stock, read_stock
from geo.quality.stock_file import opened, packed, replaced
from geo.tiles import STATE
from webmap.config import Settings
from webmap.db import Bind, Database, driver_connection
from webmap.freshness import Follower, also_follow
from webmap.state_folder import StateFolder, version_of

LARGE = 5000
"""Listed buildings from which on there is a file."""

EVERY_S = 60
"""So long what is open counts as current; so often the thread looks whether there is a file."""

_COUNTED = "SELECT count(*) FROM (SELECT FROM buildings WHERE managed OR name IS NOT NULL LIMIT %s) listed"


@dataclass(frozen=True, slots=True)
class OpenStock:
    """What is open, of which day, and until when it counts as current (`time.monotonic`)."""

    today: date
    until: float
    stock: Stock | None


class StockFiles:
    """The files for one kind of reader; shared by the threads of a process."""

    def __init__(self, bind: Bind, folder: Path, *, staff: bool) -> None:
        self._bind, self._staff = bind, staff
        self._folder = StateFolder(folder)
        self._open: OpenStock | None = None
        self._reading = threading.Lock()
        self._looked = time.monotonic()

    def current(self, today: date) -> Stock | None:
        """Buildings, floors, units and tenants of at most a minute ago; None in a city that is read as fast."""
        with self._reading:
            found = self._open
            if found is None or found.today != today or found.until < time.monotonic():
                stock = opened(self._brought(today)) if self._is_large() else None
                self._open = found = OpenStock(today, time.monotonic() + EVERY_S, stock)
            return found.stock

    def follow(self, today: date) -> None:
        """For the thread: have a file of today, unless somebody is making one."""
        if time.monotonic() < self._looked + EVERY_S or self._folder.newest(today):
            return
        self._looked = time.monotonic()
        if self._is_large():
            self._brought(today)

    def _brought(self, today: date) -> Path:
        """The file of the current version, made by one of all who ask at once."""
        with (
            self._folder.alone(wait=True),
            driver_connection(self._bind, repeatable=True) as connection,
        ):
            version = versions.current(connection)[STATE]
            path = self._folder.path(version, today)
            if not path.exists():
                stock = self._patched(connection, today) or read_stock(connection, today, staff=self._staff)
                self._folder.write(path, packed(stock, version, today))
        return path

    def _patched(self, connection: psycopg.Connection, today: date) -> Stock | None:
        newest = self._folder.newest(today)
        changed = versions.changed_buildings(connection, version_of(newest)) if newest else None
        if newest is None or changed is None:
            return None
        return replaced(opened(newest), read_stock(connection, today, changed, staff=self._staff), changed)

    def _is_large(self) -> bool:
        with driver_connection(self._bind) as connection:
            row = connection.execute(_COUNTED, [LARGE]).fetchone()
        return bool(row and row[0] >= LARGE)


def init_app(app: Flask) -> None:
    """Give the app its files, for visitors and for staff, and a thread that sees to it that they are there."""
    database: Database = app.extensions["loumap_database"]
    settings: Settings = app.extensions["loumap_settings"]
    folder = settings.data / "quality"
    shown = StockFiles(database.public, folder / "public", staff=False)
    to_staff = StockFiles(database.app, folder / "staff", staff=True)
    app.extensions["loumap_quality_stock"] = {False: shown, True: to_staff}

    def follow() -> None:
        for files in (to_staff, shown):
            files.follow(settings.today())

    also_follow(app, Follower("quality", follow))


def stock_of(today: date, *, staff: bool) -> Stock | None:
    """What is held of all buildings, as staff or visitors may see it; None where it is to be read."""
    files: StockFiles = current_app.extensions["loumap_quality_stock"][staff]
    return files.current(today)
