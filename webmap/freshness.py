"""Keeps readers fresh: threads in every web process, one for the versions of layers and one for the state.

The first turns committed changes into new versions and notes the current ones, so that no reader asks the database for
them. The second has the state file of the current version made by one process of the machine, opens it, and only then
are readers told of that version: nobody waits for a state. Parts of the site that keep something else of theirs in step
with the versions have a thread each as well (`also_follow`).
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from functools import partial

import psycopg
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from geo import versions
from geo.errors import DatabaseServerError, LouMapError
from webmap.config import Settings
from webmap.db import Database
from webmap.published import Published
from webmap.searching import prepare

_log = logging.getLogger(__name__)

INTERVAL_S = 0.3
STATE_INTERVAL_S = 0.05
"""Between looks at what the first thread has noted, and for a file that another process is making."""

PAUSE_S = 2
"""After a failure."""

PATIENCE_S = 30
"""For a thread to end what it is at."""

FAILURES = (SQLAlchemyError, psycopg.Error, LouMapError, OSError)


@dataclass(frozen=True, slots=True)
class Follower:
    """Something to be kept in step: `follow` is called again and again, `unfollow` when nobody will any more.

    It is `ready` when nobody who asks has to wait for it.
    """

    name: str
    follow: Callable[[], object]
    unfollow: Callable[[], object] = lambda: None
    ready: Callable[[], bool] = lambda: True


def also_follow(app: Flask, follower: Follower) -> None:
    """Have a thread for this too, where threads are started."""
    app.extensions.setdefault("loumap_followers", []).append(follower)


def ready(app: Flask) -> bool:
    """Whether no reader has to wait for what threads work out, or there are none."""
    published: Published = app.extensions["loumap_published"]
    followers: list[Follower] = app.extensions.get("loumap_followers", [])
    return published.ready and (not published.states.awaited or all(each.ready() for each in followers))


class Keeping:
    """The threads that keep an app fresh."""

    def __init__(self) -> None:
        self.stopped = threading.Event()
        self.threads: list[threading.Thread] = []

    def stop(self) -> None:
        """End them and wait for what they are at: whoever closes the database next leaves no connection behind."""
        self.stopped.set()
        for thread in self.threads:
            thread.join(PATIENCE_S)


def keep_fresh(
    app: Flask, interval_s: float = INTERVAL_S, *, revive: Callable[[], object] = lambda: None
) -> Keeping:
    """Start the threads. `revive` is called when the database is gone."""
    keeping = Keeping()
    database: Database = app.extensions["loumap_database"]
    settings: Settings = app.extensions["loumap_settings"]
    published: Published = app.extensions["loumap_published"]
    published.states.prepare = partial(prepare, app)
    published.states.awaited = True

    def note_versions() -> None:
        bump(database, datetime.combine(settings.today(), time.min, settings.timezone), settings.stale_days)
        published.note_versions()

    def follow_state() -> None:
        published.follow_state(settings.today())

    pause_s = min(interval_s, STATE_INTERVAL_S)
    _start("freshness", keeping, interval_s, note_versions, published.noted.clear, revive)
    _start("state", keeping, pause_s, follow_state, published.states.unfollow)
    for each in app.extensions.get("loumap_followers", ()):
        _start(each.name, keeping, interval_s, each.follow, each.unfollow)
    return keeping


def bump(
    database: Database, day_began: datetime | None = None, stale_days: int | None = None
) -> dict[str, int]:
    """One round: new versions for what has changed since the last one."""
    with database.new_session() as session, session.begin():
        return versions.bump(session.connection().connection.driver_connection, day_began, stale_days)


def _start(
    name: str,
    keeping: Keeping,
    interval_s: float,
    act: Callable[[], object],
    at_the_end: Callable[[], object],
    revive: Callable[[], object] = lambda: None,
) -> None:
    """Start a thread that does something again and again, whatever goes wrong in between."""
    stopped = keeping.stopped

    def run() -> None:
        while not stopped.wait(interval_s):
            try:
                act()
            except FAILURES as problem:
                _log.warning("Readers are not kept fresh (%s), trying again: %s", name, problem)
                _bring_back(revive)
                stopped.wait(PAUSE_S)
            except Exception:  # a fault of ours must not leave readers with what is old for ever
                _log.exception("Readers are not kept fresh (%s), trying again.", name)
                stopped.wait(PAUSE_S)
        at_the_end()

    thread = threading.Thread(target=run, name=name, daemon=True)
    keeping.threads.append(thread)
    thread.start()


def _bring_back(revive: Callable[[], object]) -> None:
    try:
        revive()
    except DatabaseServerError as problem:
        _log.error("%s", problem)
