"""Keeps readers fresh: a thread in every web process turns committed changes into new layer versions."""

import logging
import threading
from collections.abc import Callable

import psycopg
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from geo import versions
from geo.errors import DatabaseServerError
from webmap.db import Database

_log = logging.getLogger(__name__)

INTERVAL_S = 0.4
PAUSE_S = 2
"""After a failure."""


def keep_fresh(
    app: Flask, interval_s: float = INTERVAL_S, *, revive: Callable[[], object] = lambda: None
) -> threading.Event:
    """Start the thread; set the event that comes back to stop it. `revive` is called when the database is gone."""
    stopped = threading.Event()
    database: Database = app.extensions["loumap_database"]

    def run() -> None:
        while not stopped.wait(interval_s):
            try:
                bump(database)
            except (SQLAlchemyError, psycopg.Error) as problem:
                _log.warning("Layer versions could not be bumped, trying again: %s", problem)
                _bring_back(revive)
                stopped.wait(PAUSE_S)

    threading.Thread(target=run, name="freshness", daemon=True).start()
    return stopped


def _bring_back(revive: Callable[[], object]) -> None:
    try:
        revive()
    except DatabaseServerError as problem:
        _log.error("%s", problem)


def bump(database: Database) -> dict[str, int]:
    """One round: new versions for what has changed since the last one."""
    with database.new_session() as session, session.begin():
        return versions.bump(session.connection().connection.driver_connection)
