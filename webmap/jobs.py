"""Work that nobody waits for, kept in the same PostgreSQL: enqueued with the change it belongs to, done by `work`.

A task is registered with `@tasks.task(name=…, pass_context=True)` in a module of `TASK_MODULES`; its first argument
is procrastinate's context, from which `work_of` gives the settings and transactions to work with.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module

import procrastinate
from procrastinate.types import JSONValue
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from geo.db import engine as make_engine
from webmap.config import Settings
from webmap.database_logins import JOBS
from webmap.db import database_url

TASK_MODULES = ("webmap.derived", "webmap.imports.tasks", "webmap.mail", "webmap.upkeep")
CONCURRENCY = 4
GRACE_S = 20
"""How long running jobs may go on after the worker is told to stop; what is cut off is taken up again later."""

tasks = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())
"""Where tasks are registered; the worker lends it a connector."""

_sender = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())
"""Adds jobs over a session's connection and opens none of its own; works inside tasks as well."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Work:
    """What a task works with."""

    settings: Settings
    engine: Engine

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session that commits at the block's end."""
        with Session(self.engine) as session, session.begin():
            yield session


def work_of(context: procrastinate.JobContext) -> Work:
    """What the task of a context works with."""
    found: Work = context.additional_context["work"]
    return found


def enqueue(session: Session, task: str, *, lock: str | None = None, **arguments: JSONValue) -> int:
    """Have `task` done once the session's transaction is committed, and never if it is not; gives the job's id.

    Jobs of the same `lock` are done one after the other.
    """
    session.flush()
    connection = session.connection().connection.driver_connection
    job = _sender.configure_task(task, connection=connection, lock=lock).defer(**arguments)
    return int(job)


def run_worker(settings: Settings, *, wait: bool = True) -> None:
    """Do jobs until SIGTERM or SIGINT; with `wait` False only those that are there."""
    engine = make_engine(database_url(settings, JOBS), pool_size=CONCURRENCY)
    conninfo = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    connector = procrastinate.PsycopgConnector(conninfo=conninfo, min_size=1, max_size=CONCURRENCY)
    for module in TASK_MODULES:
        import_module(module)
    _log.info("The worker waits for jobs.")
    try:
        with tasks.replace_connector(connector) as queue:
            queue.run_worker(
                wait=wait,
                concurrency=CONCURRENCY,
                shutdown_graceful_timeout=GRACE_S,
                delete_jobs="successful",
                additional_context={"work": Work(settings, engine)},
                install_signal_handlers=wait,
            )
    finally:
        engine.dispose()
