"""Keeps readers fresh: a thread in every web process turns committed changes into new layer versions."""

import logging
import threading

import psycopg
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from geo import versions
from webmap.db import Database

_log = logging.getLogger(__name__)

INTERVAL_S = 0.4


def keep_fresh(app: Flask, interval_s: float = INTERVAL_S) -> threading.Event:
    """Start the thread; set the event that comes back to stop it."""
    stopped = threading.Event()
    database: Database = app.extensions["loumap_database"]

    def run() -> None:
        while not stopped.wait(interval_s):
            try:
                bump(database)
            except (SQLAlchemyError, psycopg.Error) as problem:
                _log.warning("Layer versions could not be bumped, trying again: %s", problem)
                stopped.wait(5)

    threading.Thread(target=run, name="freshness", daemon=True).start()
    return stopped


def bump(database: Database) -> dict[str, int]:
    """One round: new versions for what has changed since the last one."""
    with database.new_session() as session, session.begin():
        return versions.bump(session.connection().connection.driver_connection)
