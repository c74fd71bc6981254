"""Runs the web server, and for the demo server and worker together."""

import ctypes
import logging
import os
import signal
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from webmap import metrics
from webmap.admission import Lanes
from webmap.config import Settings
from webmap.database_setup import prepare
from webmap.supervisor import open_browser, require_free_port, run_together

MOST_WORKERS = 8
THREADS = Lanes().threads
HEAD_BYTES = 2**16
"""Of the first line and the headers of a request."""

HEAD_PATIENCE_MS = 5_000
"""For a client to send them."""

GRACE_S = 15
"""For requests under way when we are told to stop; the database cuts off what visitors ask long before."""

_LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"ours": {"()": "webmap.serving.Sensible"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["ours"], "formatter": "usual"}},
    "formatters": {"usual": {"format": "%(asctime)s %(levelname)s granian: %(message)s"}},
    "loggers": {"_granian": {"handlers": ["console"], "level": "WARNING", "propagate": False}},
}
_PR_SET_PDEATHSIG = 1


class Sensible(logging.Filter):
    """Drops the web server's advice to have fewer threads: most of ours only wait for their turn in a lane."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether to write the line."""
        return "Python threads" not in record.getMessage()


def serve(settings: Settings, host: str, port: int, workers: int | None) -> None:
    """Answer requests until SIGTERM or SIGINT, then finish those under way.

    Raises
    ------
    PortInUseError
        Another program listens there.
    """
    require_free_port(host, port)
    prepare(settings)
    metrics.share(settings.data)
    server = Granian(
        "webmap.wsgi:app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(max_buffer_size=HEAD_BYTES, header_read_timeout=HEAD_PATIENCE_MS),
        workers=workers or usual_workers(),
        blocking_threads=THREADS,
        backpressure=THREADS * 2,
        log_level=LogLevels.warning,
        log_dictconfig=_LOGGING,
        respawn_failed_workers=True,
        workers_max_rss=settings.worker_mb or None,
        workers_kill_timeout=GRACE_S,
    )
    if sys.stdin and sys.stdin.isatty():
        server.on_startup(lambda: signal.signal(signal.SIGHUP, server.signal_handler_interrupt))
    try:
        server.serve(target_loader=_load)
    finally:
        metrics.unshare()


def usual_workers() -> int:
    """One worker per core that we may use, at most eight."""
    return min(len(os.sched_getaffinity(0)), MOST_WORKERS)


def serve_and_work(host: str, port: int, say: Callable[[str], object]) -> int:
    """Run server and worker until one ends or we are stopped; gives the exit code."""
    address = f"http://{host}:{port}/"
    program = [sys.executable, "-P", "-m", "webmap.cli"]

    def announce() -> None:
        say(f"\nLouMap is at {address} (Ctrl-C stops it).")
        open_browser(address)

    commands = [[*program, "serve", "--host", host, "--port", str(port)], [*program, "work"]]
    return run_together(commands, address=f"{address}readyz", on_answer=announce)


def _load(target: str) -> Any:
    """Load the application in a new worker process."""
    # A child has its parent's handlers; they would swallow an order to stop while it loads, and it had to be killed.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # Ctrl-C reaches every process of a terminal; only the parent shall act on it.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)  # the parent may be killed
    module, _, name = target.partition(":")
    return getattr(import_module(module), name)
