"""Programs that a benchmark starts on loopback and stops again, and the processor time of process trees."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = (sys.executable, "-P", "-m", "webmap.cli")
"""What `./loumap` hands over to once it has set everything up; `ENVIRON` is what it adds to the environment."""

ENVIRON = {"PYTHONPATH": str(ROOT)}

_TICKS = os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """A port of loopback that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(
    command: Sequence[str], answers_at: str, *, environ: Mapping[str, str] | None = None, within_s: float = 120
) -> Iterator[int]:
    """Run a server from the project's folder until the block ends; gives its process id once `answers_at` answers."""
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **ENVIRON, **(environ or {})}, stdout=sys.stderr, start_new_session=True
    )
    try:
        _wait_for(answers_at, process, within_s)
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def product(*, workers: int | None = None, environ: Mapping[str, str] | None = None) -> Iterator[tuple[str, int]]:
    """`./loumap serve` on the database of the settings; gives its address without a slash at the end, and its pid."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [*PRODUCT, "serve", "--port", str(port), *(["--workers", str(workers)] if workers else [])]
    with running(command, f"{address}/readyz", environ=environ) as pid:
        yield address, pid


def cpu_seconds(roots: Iterable[int]) -> float:
    """Processor time so far of processes and all below them, those that have ended below the roots included."""
    parent, own, ended = {}, {}, {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            process = int(folder.name)
            parent[process] = int(fields[1])
            own[process], ended[process] = int(fields[11]) + int(fields[12]), int(fields[13]) + int(fields[14])
    chosen = set(roots)
    return sum(own[process] + ended[process] for process in own if _is_below(process, chosen, parent)) / _TICKS


def memory_mb(roots: Iterable[int]) -> float:
    """Memory of processes and all below them, shared pages counted once per process that shares them in equal parts."""
    parent = {
        int(folder.name): int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
        for folder in Path("/proc").iterdir()
        if folder.name.isdigit() and (folder / "stat").exists()
    }
    chosen, total = set(roots), 0
    for process in parent:
        if _is_below(process, chosen, parent):
            for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
    return round(total / 1024, 1)


def _is_below(process: int, roots: set[int], parent: Mapping[int, int]) -> bool:
    while process not in roots and process in parent:
        process = parent[process]
    return process in roots


def _wait_for(address: str, process: subprocess.Popen[bytes], within_s: float) -> None:
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        if process.poll() is not None:
            raise SystemExit(f"The server for {address} ended with {process.returncode} before it answered.")
        try:
            with urlopen(address, timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise SystemExit(f"{address} did not answer within {within_s:.0f} s.")
