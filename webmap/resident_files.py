"""Who sits where, on disk beside the state and in step with it: made by one process, mapped into memory by all.

Where a thread follows the state, readers are given what is open and never wait; a new state whose few changed buildings
are known costs only those. Elsewhere it is read for the reader who asks. A past moment is read once for its version.
"""

import threading
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg
from flask import Flask, current_app
from sqlalchemy.orm import Session

from geo import versions
from geo.clusters.residents import Residents, load_residents, replaced
from geo.clusters.residents_file import opened, packed
from geo.kept import Kept
from geo.looking_back import Moment, driver_of
from geo.tiles import STATE
from webmap.config import Settings, current_settings
from webmap.db import Bind, Database, driver_connection
from webmap.freshness import Follower, also_follow
from webmap.published import Published
from webmap.state_folder import StateFolder, version_of

REST = 2
"""After a whole reading nobody reads the whole again for so many times as long as it took."""

_KEPT_PASTS = 8

PATIENCE = "5min"
"""For the statement that reads the residents of a moment, once for everybody."""


@dataclass(frozen=True, slots=True)
class OpenResidents:
    """Residents of a version of the state on a day."""

    version: int
    today: date
    residents: Residents


class ResidentFiles:
    """The residents of the present, and of moments of the past; shared by the threads of a process."""

    def __init__(self, bind: Bind, folder: Path) -> None:
        self._bind = bind
        self._folder = StateFolder(folder)
        self._open: OpenResidents | None = None
        self._followed = False
        self._not_before = 0.0
        self._reading = threading.Lock()
        self._pasts: Kept[Path, Residents] = Kept(_KEPT_PASTS)

    def follow(self, version: int | None, today: date) -> None:
        """For the thread: open those of the state's version; one process of the machine makes the file."""
        if version is None or (self._open and (self._open.version, self._open.today) == (version, today)):
            return
        path = self._folder.path(version, today)
        if not path.exists():
            with self._folder.alone(wait=False) as alone:
                if not alone:
                    return
                made = path if path.exists() else self._made(today)
            if made is None:
                return
            path = made
        self._open = OpenResidents(version_of(path), today, opened(path))
        self._followed = True

    def unfollow(self) -> None:
        """Nobody follows the state any more."""
        self._followed = False

    def current(self, today: date) -> OpenResidents:
        """Those that are open; read now if nobody follows the state."""
        if self._followed and self._open:
            return self._open
        with self._reading, driver_connection(self._bind, repeatable=True) as connection:
            version = versions.current(connection)[STATE]
            if self._open is None or (self._open.version, self._open.today) != (version, today):
                self._open = OpenResidents(version, today, load_residents(connection, _now(today)))
            return self._open

    def past(self, session: Session, today: date, moment: Moment) -> OpenResidents:
        """Those of a moment, to which the session looks back already."""
        # Not those of the present, which a session that looks back would read as of its moment.
        version = self._open.version if self._followed and self._open else versions.current(driver_of(session))[STATE]
        path = self._folder.past_path(version, moment)
        found = self._pasts.get(path)
        if found is None:
            if not path.exists():
                driver_of(session).execute(f"SET LOCAL statement_timeout = '{PATIENCE}'")
                self._folder.write(path, packed(load_residents(driver_of(session), moment), version, today))
            found = self._pasts.keep(path, opened(path))
        return OpenResidents(version, today, found)

    def _made(self, today: date) -> Path | None:
        """The file of the current state, from the one before where its few changes are known; None for later."""
        with driver_connection(self._bind, repeatable=True) as connection:
            version = versions.current(connection)[STATE]
            path = self._folder.path(version, today)
            if path.exists():
                return path
            found = self._patched(connection, today) or self._whole(connection, today)
        if found is None:
            return None
        self._folder.write(path, packed(found, version, today))
        return path

    def _patched(self, connection: psycopg.Connection, today: date) -> Residents | None:
        newest = self._folder.newest(today)
        changed = versions.changed_buildings(connection, version_of(newest)) if newest else None
        if newest is None or changed is None:
            return None
        return replaced(opened(newest), load_residents(connection, _now(today), changed), changed)

    def _whole(self, connection: psycopg.Connection, today: date) -> Residents | None:
        began = time.monotonic()
        if began < self._not_before:
            return None
        found = load_residents(connection, _now(today))
        self._not_before = time.monotonic() + REST * (time.monotonic() - began)
        return found


def init_app(app: Flask) -> None:
    """Give the app its residents and a thread that keeps them in step with the state."""
    database: Database = app.extensions["loumap_database"]
    published: Published = app.extensions["loumap_published"]
    settings: Settings = app.extensions["loumap_settings"]
    files = ResidentFiles(database.public, settings.data / "residents")
    app.extensions["loumap_residents"] = files

    def follow() -> None:
        files.follow(published.noted.get(STATE), settings.today())

    also_follow(app, Follower("residents", follow, files.unfollow))


def shown_residents(session: Session, moment: Moment | None) -> OpenResidents:
    """Those of the present, or of the moment that the visitor's session looks back to."""
    files: ResidentFiles = current_app.extensions["loumap_residents"]
    today = current_settings().today()
    return files.past(session, today, moment) if moment else files.current(today)


def _now(today: date) -> Moment:
    return Moment(today, datetime.now(UTC))
