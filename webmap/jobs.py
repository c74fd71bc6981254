"""Work that nobody waits for, kept in the same PostgreSQL: enqueued with the change it belongs to, done by `work`.

A task is registered with `@tasks.task(name=…, pass_context=True)` in a module of `TASK_MODULES`; its first argument
is procrastinate's context, from which `work_of` gives the settings and transactions to work with.
"""

import asyncio
import logging
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module

import procrastinate
import psycopg
from flask import Flask
from procrastinate.types import JSONValue
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from geo.audit import speak_as
from geo.db import engine as make_engine
from geo.errors import DatabaseServerError
from webmap.config import Settings
from webmap.database_logins import JOBS
from webmap.db import database_url, revive

TASK_MODULES = (
    "webmap.auth.tasks",
    "webmap.backup.tasks",
    "webmap.derived",
    "webmap.exports.tasks",
    "webmap.follow.tasks",
    "webmap.imports.tasks",
    "webmap.inquiries.tasks",
    "webmap.mail",
    "webmap.paper_tasks",
    "webmap.past_tasks",
    "webmap.permutation_tasks",
    "webmap.reports.tasks",
    "webmap.share.tasks",
    "webmap.upkeep",
    "webmap.vacancy.tasks",
)
CONCURRENCY = 4
PAUSE_S = 2
"""Before the database is tried again after it went away."""

PATIENCE_S = 5
"""For a connection to the database, before it counts as gone."""

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
    task: str = ""

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session that commits at the block's end; what it changes is noted as the task's."""
        with Session(self.engine) as session, session.begin():
            speak_as(session.connection(), via=f"job {self.task}")
            yield session


def work_of(context: procrastinate.JobContext) -> Work:
    """What the task of a context works with."""
    found: Work = context.additional_context["work"]
    return replace(found, task=context.job.task_name)


def app_of(context: procrastinate.JobContext) -> Flask:
    """The web application inside the worker, which has the same pages, and files where its processes look for them."""
    return _app(work_of(context).settings)


@cache
def _app(settings: Settings) -> Flask:
    from webmap import create_app  # noqa: PLC0415 - it imports what imports the jobs

    return create_app(settings)


def enqueue(session: Session, task: str, *, lock: str | None = None, **arguments: JSONValue) -> int:
    """Have `task` done once the session's transaction is committed, and never if it is not; gives the job's id.

    Jobs of the same `lock` are done one after the other.
    """
    session.flush()
    connection = session.connection().connection.driver_connection
    job = _sender.configure_task(task, connection=connection, lock=lock).defer(**arguments)
    return int(job)


def run_worker(settings: Settings, *, wait: bool = True) -> None:
    """Do jobs until SIGTERM or SIGINT, over restarts of the database; with `wait` False only those that are there."""
    for module in TASK_MODULES:
        import_module(module)
    while True:
        try:
            asked_to_stop = _work(settings, wait=wait)
        except (procrastinate.exceptions.ConnectorException, psycopg.OperationalError):
            if not wait:
                raise
            asked_to_stop = False
        if asked_to_stop or not wait:
            return
        _log.warning("The worker lost its database and tries again.")
        time.sleep(PAUSE_S)
        with suppress(DatabaseServerError):
            revive(settings)


def _work(settings: Settings, *, wait: bool) -> bool:
    """Do jobs until we are asked to stop (True) or the worker gives up (False), as it does without a database."""
    engine = make_engine(database_url(settings, JOBS), pool_size=CONCURRENCY)
    conninfo = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    connector = procrastinate.PsycopgConnector(conninfo=conninfo, min_size=1, max_size=CONCURRENCY, timeout=PATIENCE_S)
    try:
        with tasks.replace_connector(connector) as queue:
            return asyncio.run(_serve(queue, Work(settings, engine), wait=wait))
    finally:
        engine.dispose()


async def _serve(queue: procrastinate.App, work: Work, *, wait: bool) -> bool:
    async with queue.open_async():
        serving = asyncio.create_task(
            queue.run_worker_async(
                wait=wait,
                concurrency=CONCURRENCY,
                shutdown_graceful_timeout=GRACE_S,
                delete_jobs="successful",
                additional_context={"work": work},
                install_signal_handlers=False,
            )
        )
        if wait:  # cancelled, the worker ends its jobs in GRACE_S
            for number in (signal.SIGINT, signal.SIGTERM):
                asyncio.get_running_loop().add_signal_handler(number, serving.cancel)
            _log.info("The worker waits for jobs.")
        try:
            await serving
        except asyncio.CancelledError:
            return True
    return False
