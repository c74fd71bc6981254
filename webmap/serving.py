"""Runs the web server, and for the demo server and worker together."""

import os
import sys
from collections.abc import Callable

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from webmap.config import Settings
from webmap.database_setup import prepare
from webmap.supervisor import open_browser, require_free_port, run_together

MOST_WORKERS = 8
THREADS = 4
"""Requests that one worker process answers at a time."""


def serve(settings: Settings, host: str, port: int, workers: int | None) -> None:
    """Answer requests until SIGTERM or SIGINT.

    Raises
    ------
    PortInUseError
        Another program listens there.
    """
    require_free_port(host, port)
    prepare(settings)
    Granian(
        "webmap.wsgi:app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers or usual_workers(),
        blocking_threads=THREADS,
        backpressure=THREADS * 16,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
    ).serve()


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
