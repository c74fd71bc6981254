"""Web servers as programs of their own, on a database of the test's own, gone with the test."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.postgres import CloneMaker
from webmap.database_logins import LOGINS, OWNER

ROOT = Path(__file__).parents[1]
PATIENCE_S = 60


@dataclass
class Server:
    """A running `./loumap serve` with two workers; `conninfo` leads to its database as the owner."""

    process: "subprocess.Popen[bytes]"
    port: int
    conninfo: str
    home: Path

    @property
    def log(self) -> str:
        """What it has written so far."""
        return (self.home / "server.log").read_text()

    def get(self, path: str) -> tuple[int, str]:
        """Status and text of an answer."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=PATIENCE_S) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def connect(self) -> socket.socket:
        """A connection to it."""
        return socket.create_connection(("127.0.0.1", self.port), PATIENCE_S)

    def workers(self) -> set[int]:
        """The numbers of the processes that answer."""
        text = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return {int(pid) for pid in text.split()}

    def stop(self, number: int = signal.SIGTERM) -> int:
        """The exit code after asking it to stop."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_S)

    def wait_until_ready(self) -> None:
        """Wait for the first answer."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            assert time.monotonic() < deadline and self.process.poll() is None, self.log
            try:
                if self.get("/readyz")[0] == 200:
                    return
            except OSError:
                time.sleep(0.1)


@contextmanager
def started_server(clones: CloneMaker, clone: str, home: Path, **settings: str) -> Iterator[Server]:
    """Start a server with its data in `home`; it may not answer yet. Nothing of it is left after the block."""
    names = dict(zip(LOGINS, ("_OWNER", "", "_PUBLIC", "_JOBS"), strict=True))
    urls = {f"LOUMAP_DATABASE_URL{tail}": clones.server.dsn(login, clone) for login, tail in names.items()}
    environ = {**os.environ, **urls, "LOUMAP_DATA": str(home), **settings}
    port = free_port()
    command = [sys.executable, "-m", "webmap.cli", "serve", "--port", str(port), "--workers", "2"]
    home.mkdir()
    with (home / "server.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=log, stderr=log, start_new_session=True)
    try:
        yield Server(process, port, clones.server.conninfo(OWNER, clone), home)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
