"""The database in a request: one session, one commit unless the answer is an error, then what waits for it."""

import atexit
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psycopg
from flask import Flask, Response, current_app, g
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from geo.db import engine as make_engine
from geo.looking_back import Moment, driver_of, look_back
from webmap import audit_voice, metrics, slow_queries
from webmap.config import Settings
from webmap.database_logins import APP, JOBS, OWNER, PUBLIC
from webmap.embedded import EmbeddedPostgres

Bind = Engine | Connection

MOMENT = "moment"
"""What `g` calls the moment that the request looks back to."""

ALONE = {"idle_in_transaction_session_timeout": "5min", "max_parallel_workers_per_gather": "0"}
"""A statement of a request keeps to one process: starting others costs more than a tile, and others wait as well."""

LIMITS = {
    PUBLIC: {"statement_timeout": "10s", "lock_timeout": "5s", **ALONE},
    APP: {"statement_timeout": "60s", "lock_timeout": "20s", **ALONE},
}
"""What one request may ask of the database. The worker's jobs, which nobody waits for, have no such limits."""

POOL_PATIENCE_S = 5
"""For a connection, when a process has all of its pool (15 per login) in use."""

BUILDING_TIMEOUT = "10min"
"""For one statement of those that read the whole city from one snapshot, in turns and not once per request."""


@dataclass(frozen=True)
class Database:
    """What sessions are bound to: the login of the app and the one of visitors, which can only read."""

    app: Bind
    public: Bind

    def new_session(self) -> Session:
        """A session of the app's login; on a test's connection its commit is a savepoint.

        What it changes while a request is answered is noted as that request's.
        """
        session = Session(self.app, join_transaction_mode="create_savepoint")
        event.listen(session, "after_begin", audit_voice.say_request)
        return session

    def new_public_session(self) -> Session:
        """A session that can only read what is public; on a test's connection it leaves savepoints to the other one."""
        return Session(self.public, join_transaction_mode="rollback_only")


def connect(settings: Settings) -> Database:
    """Open the pools of the app's and the visitors' logins; starts the private server when there is no other."""
    app = make_engine(database_url(settings, APP), limits=LIMITS[APP], pool_timeout=POOL_PATIENCE_S)
    readonly = {"postgresql_readonly": True}
    public = make_engine(
        database_url(settings, PUBLIC),
        limits=LIMITS[PUBLIC],
        pool_timeout=POOL_PATIENCE_S,
        execution_options=readonly,
    )
    slow_queries.set_limit(settings.slow_query_ms)
    for login, engine in ((APP, app), (PUBLIC, public)):
        slow_queries.watch(engine)
        _count_connections(engine, login)
    return Database(app, public)


def _count_connections(engine: Engine, login: str) -> None:
    event.listen(engine, "checkout", lambda *_: metrics.connection_taken(login))
    event.listen(engine, "checkin", lambda *_: metrics.connection_returned(login))


def database_url(settings: Settings, login: str) -> str:
    """The address of the database for one of the four logins.

    Settings of one's own server win; without any, the private server is started (or found running) and used.
    """
    if settings.database_url is None:
        return private_server(settings.data / "database").dsn(login)
    own = {OWNER: settings.database_url_owner, PUBLIC: settings.database_url_public, JOBS: settings.database_url_jobs}
    return own.get(login) or settings.database_url


@cache
def private_server(folder: Path) -> EmbeddedPostgres:
    """The private server of `folder`, running and kept running for as long as this process lives."""
    server = EmbeddedPostgres(folder)
    server.start()
    atexit.register(server.stop)
    return server


def revive(settings: Settings) -> None:
    """Start the private server again if it died under us; a server of one's own is left to those who run it.

    Raises
    ------
    DatabaseServerError
        It does not start; the message says what to do.
    """
    if settings.database_url is None:
        private_server(settings.data / "database").ensure_running()


def session() -> Session:
    """The request's session, as the app; committed once, after the answer, and only if its status is below 400."""
    if "session" not in g:
        g.session = database().new_session()
    found: Session = g.session
    return found


def public_session() -> Session:
    """The request's session for what everybody may see; it looks back where the request does."""
    if "public_session" not in g:
        g.public_session = database().new_public_session()
        event.listen(g.public_session, "after_begin", _look_back)
    found: Session = g.public_session
    return found


def look_back_to(moment: Moment) -> None:
    """Have the request's public session read what was so and known at a moment, from now on."""
    g.setdefault(MOMENT, moment)
    found = public_session()
    if found.in_transaction():
        found.expunge_all()
        look_back(driver_of(found), moment)


def _look_back(_session: Session, _transaction: object, connection: Connection) -> None:
    if MOMENT in g:
        driver = connection.connection.driver_connection
        assert driver is not None
        look_back(driver, g.get(MOMENT))


@contextmanager
def driver_connection(bind: Bind, *, repeatable: bool = False) -> Iterator[psycopg.Connection]:
    """A psycopg connection that commits each statement, or reads all of them from one snapshot of the database.

    That of a test is one transaction already.
    """
    if isinstance(bind, Connection):
        yield bind.connection.driver_connection
        return
    level = "REPEATABLE READ" if repeatable else "AUTOCOMMIT"
    with bind.connect().execution_options(isolation_level=level) as connection:
        driver = connection.connection.driver_connection
        if repeatable:
            driver.execute(f"SET LOCAL statement_timeout = '{BUILDING_TIMEOUT}'")
        yield driver


@contextmanager
def own_transaction() -> Iterator[Session]:
    """A session beside the request's that commits by itself: for counters and audits that outlive a failed request."""
    with database().new_session() as session, session.begin():
        yield session


def after_commit(act: Callable[[], object]) -> None:
    """Have `act` called once the request's session has been committed; never, if it is not."""
    g.setdefault("after_commit", []).append(act)


def database() -> Database:
    """What the running app is connected to."""
    found: Database = current_app.extensions["loumap_database"]
    return found


def init_app(app: Flask, connected: Database) -> None:
    """Give the app its database. Call before other `after_request`s, so that the commit comes after them."""
    app.extensions["loumap_database"] = connected
    app.after_request(_finish)
    app.teardown_appcontext(_close)


def _finish(response: Response) -> Response:
    if response.status_code < 400:
        if "session" in g:
            try:
                g.session.commit()
            except SQLAlchemyError as error:  # nothing was kept: what would have been said is not true
                failed = current_app.make_response(current_app.handle_user_exception(error))
                return current_app.process_response(failed)
        for act in g.pop("after_commit", []):
            act()
    return response


def _close(error: BaseException | None) -> None:
    if MOMENT in g and isinstance(database().public, Connection):  # a test's, which outlives the request
        with driver_connection(database().public) as driver:
            look_back(driver, None)
    for name in ("session", "public_session"):
        if name in g:
            g.pop(name).close()
