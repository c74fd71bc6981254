"""A site of its own for one drill: an invented city in a folder, web server and worker that are killed and started."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import psycopg

from harness.processes import ENVIRON, PRODUCT, ROOT, free_port
from webmap.config import Settings, read_settings
from webmap.database_logins import OWNER
from webmap.db import private_server

PATIENCE_S = 120


class Site:
    """Programs of one installation; what is started here ends with the `with` block of `site`."""

    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        self.folder = folder
        self.environ = {**os.environ, **ENVIRON, "LOUMAP_DATA": str(folder), **environ}
        self.settings: Settings = read_settings(self.environ)
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._web: subprocess.Popen[bytes] | None = None
        self._worker: subprocess.Popen[bytes] | None = None
        self._log = (folder / "drill.log").open("ab")

    @property
    def log(self) -> str:
        """What its programs have written."""
        return (self.folder / "drill.log").read_text("utf-8", "replace")

    @property
    def traces(self) -> dict[str, int]:
        """Errors that its programs have written with their stack: the last line of each, and how often."""
        found = re.findall(r"^Traceback \(most recent call last\):\n(?:^[ \t].*\n|^\n)*(.*)", self.log, re.MULTILINE)
        return dict(Counter(line[:160] for line in found))

    def serve(self, **more: str) -> None:
        """Start the web server and wait until it answers; as often as its port is still taken by what was killed."""
        until = time.monotonic() + PATIENCE_S
        command = [*PRODUCT, "serve", "--port", str(self.port), "--workers", "2"]
        while time.monotonic() < until:
            if self._web is None or self._web.poll() is not None:
                self._web = self._started(command, more)
            with suppress(OSError), urlopen(f"{self.address}/readyz", timeout=5):
                return
            time.sleep(0.3)
        raise SystemExit(f"The site does not answer; its log ends:\n{self.log[-3000:]}")

    def await_readiness(self) -> None:
        """Wait until the site can be used again."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            with suppress(OSError), urlopen(f"{self.address}/readyz", timeout=5):
                return
            time.sleep(0.2)
        raise SystemExit(f"The site is not ready again; its log ends:\n{self.log[-3000:]}")

    def work(self) -> None:
        """Start the worker."""
        self._worker = self._started([*PRODUCT, "work"], {})

    @property
    def working(self) -> bool:
        """Whether the worker lives."""
        return self._worker is not None and self._worker.poll() is None

    def kill_web(self) -> None:
        """Kill the server that watches over the web processes, and them."""
        assert self._web is not None
        for process in [*self.web_processes(), self._web.pid]:
            _kill(process)
        self._web.wait()

    def kill_one_web_process(self) -> None:
        """Kill one of the processes that answer; the server starts another."""
        for process in self.web_processes()[:1]:
            _kill(process)

    def web_processes(self) -> list[int]:
        """The processes that answer."""
        assert self._web is not None
        children = Path(f"/proc/{self._web.pid}/task/{self._web.pid}/children")
        found = [int(child) for child in children.read_text().split()] if children.exists() else []
        return [child for child in found if "resource_tracker" not in Path(f"/proc/{child}/cmdline").read_text()]

    def kill_worker(self) -> None:
        """Kill the worker."""
        assert self._worker is not None
        _kill(self._worker.pid)
        self._worker.wait()

    def kill_postgres(self) -> None:
        """Kill the database server, from which its sessions die too."""
        lock = self.folder / "database" / "cluster" / "postmaster.pid"
        with suppress(FileNotFoundError, ValueError):
            _kill(int(lock.read_text().split()[0]))

    @contextmanager
    def connected(self) -> Iterator[psycopg.Connection[Any]]:
        """A connection as the owner of the tables."""
        server = private_server(self.folder / "database")
        server.ensure_running()
        with psycopg.connect(server.conninfo(OWNER)) as connection:
            yield connection

    def stop(self) -> None:
        """End everything that was started."""
        answering = self.web_processes() if self._web is not None else []
        for process in (self._web, self._worker):
            if process is not None and process.poll() is None:
                process.send_signal(signal.SIGTERM)
                with suppress(subprocess.TimeoutExpired):
                    process.wait(30)
                process.kill()
                process.wait()
        for left in answering:  # a process whose clock is not the machine's may miss its order to stop
            _kill(left)
        private_server(self.folder / "database").stop()

    def _started(self, command: list[str], more: Mapping[str, str]) -> "subprocess.Popen[bytes]":
        environ = {**self.environ, **more}
        return subprocess.Popen(command, cwd=ROOT, env=environ, stdout=self._log, stderr=self._log)


@contextmanager
def site(name: str, *, buildings: int = 400, folder: Path | None = None, **environ: str) -> Iterator[Site]:
    """A site with an invented city, made anew, for a block; its folder is deleted afterwards."""
    place = folder or Path(os.environ.get("LOUMAP_BENCH", "/var/tmp/loumap-bench")) / name
    if folder is None:
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        place.chmod(0o711)
    made = Site(place, environ)
    command = [*PRODUCT, "sample", "--buildings", str(buildings)]
    subprocess.run(command, cwd=ROOT, env=made.environ, stdout=sys.stderr, check=True)
    private_server(place / "database").ensure_running()
    try:
        yield made
    finally:
        made.stop()
        if folder is None:
            shutil.rmtree(place, ignore_errors=True)


def _kill(process: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
