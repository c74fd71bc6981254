"""Runs the web server, and for the demo server and worker together."""

import ctypes
import logging
import os
import signal
import sys
import threading
import time
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

LOADING_S = 10
"""For a new worker to load before the one that it replaces is stopped."""

BEGINNING_S = 2
"""For a worker that has loaded to begin to listen."""

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
    _guard_workers()
    server = Granian(
        "webmap.wsgi:app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(max_buffer_size=HEAD_BYTES, header_read_timeout=HEAD_PATIENCE_MS),
        workers=workers or usual_workers(),
        blocking_threads=THREADS,
        backpressure=THREADS * 4,
        log_level=LogLevels.warning,
        log_dictconfig=_LOGGING,
        respawn_failed_workers=True,
        workers_max_rss=settings.worker_mb or None,
        workers_kill_timeout=GRACE_S,
        respawn_interval=LOADING_S,
    )
    if sys.stdin and sys.stdin.isatty():  # its end is an order to stop; for others SIGHUP is one to begin anew
        server.on_startup(lambda: signal.signal(signal.SIGHUP, server.signal_handler_interrupt))
    try:
        server.serve(target_loader=_Worker())
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


class _Worker:
    """Loads the application in a new process, and stops that process when it is told to.

    The web server alone would miss an order that comes while the process loads or just begins to listen, and it hangs
    on the third; it would then be killed, and requests with it. So a thread takes them and passes on one, in time.
    """

    def __init__(self) -> None:
        self._loaded_at: float | None = None

    def __call__(self, target: str) -> Any:
        """The application called `target`, as module:name."""
        threading.Thread(target=self._obey, name="orders", daemon=True).start()
        module, _, name = target.partition(":")
        app = getattr(import_module(module), name)
        self._loaded_at = time.monotonic()
        return app

    def _obey(self) -> None:
        signal.sigwait({signal.SIGTERM})
        if self._loaded_at is None:
            os._exit(0)
        time.sleep(max(0.0, self._loaded_at + BEGINNING_S - time.monotonic()))
        stop = signal.getsignal(signal.SIGTERM)
        assert callable(stop)
        stop(signal.SIGTERM, None)


def _guard_workers() -> None:
    """Keep orders to stop from new processes until a thread of theirs takes them, and end them with their parent."""
    orders = {signal.SIGTERM, signal.SIGINT}  # Ctrl-C reaches all processes of a terminal; only the parent acts on it
    os.register_at_fork(
        before=lambda: signal.pthread_sigmask(signal.SIG_BLOCK, orders),
        after_in_parent=lambda: signal.pthread_sigmask(signal.SIG_UNBLOCK, orders),
        after_in_child=lambda: ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM),
    )
