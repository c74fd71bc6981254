"""The worker processes behind one address: which they are, a connection to each, what memory they hold."""

import http.client
import json
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

TRIES = 400
"""Connections that are opened, at most, to meet every worker: the kernel deals them out."""


class Line:
    """A connection that stays open, and with it the worker that answers on it."""

    def __init__(self, address: str) -> None:
        place = urlsplit(address)
        self.port = place.port or 80
        self._connection = http.client.HTTPConnection(place.hostname or "127.0.0.1", self.port, timeout=60)
        self._connection.connect()

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and body."""
        self._connection.request("GET", path)
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def state_version(self) -> int:
        """The version of the state that its worker tells readers."""
        version: int = json.loads(self.get("/api/v1/versions")[1])["layers"]["state"]
        return version

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def inode(self) -> str | None:
        """The other end of the connection, as the kernel numbers it."""
        own = f"0100007F:{self._connection.sock.getsockname()[1]:04X}"
        for row in Path("/proc/net/tcp").read_text().splitlines()[1:]:
            fields = row.split()
            if fields[1] == f"0100007F:{self.port:04X}" and fields[2] == own:
                return fields[9]
        return None


def workers_of(server: int) -> list[int]:
    """The processes right below a server that answer requests."""
    children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    return [int(child) for child in children if "resource_tracker" not in _command(int(child))]


@contextmanager
def line_to_each(address: str, workers: list[int]) -> Iterator[dict[int, Line]]:
    """Worker → a connection to it."""
    found: dict[int, Line] = {}
    with ExitStack() as stack:
        for _ in range(TRIES):
            line = stack.enter_context(closing(Line(address)))
            line.get("/healthz")
            found.setdefault(_owner(line, workers), line)
            if found.keys() >= set(workers):
                break
        else:
            raise SystemExit("Not every worker took a connection.")
        yield {worker: found[worker] for worker in workers}


def memory_of(process: int) -> dict[str, float]:
    """Resident and proportional memory of a process in MB."""
    sums = {"Rss:": 0.0, "Pss:": 0.0, "Pss_Anon:": 0.0}
    for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
        name, *rest = line.split()
        if name in sums:
            sums[name] = int(rest[0]) / 1024
    return {"rss_mb": sums["Rss:"], "pss_mb": sums["Pss:"], "own_mb": sums["Pss_Anon:"]}


def _owner(line: Line, workers: list[int]) -> int:
    wanted = f"socket:[{line.inode()}]"
    for _ in range(50):
        for worker in workers:
            for link in Path(f"/proc/{worker}/fd").iterdir():
                try:
                    if os.readlink(link) == wanted:
                        return worker
                except FileNotFoundError:
                    continue
        time.sleep(0.01)
    return 0


def _command(process: int) -> str:
    return Path(f"/proc/{process}/cmdline").read_text()
