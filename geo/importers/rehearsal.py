"""Reads a file to its end in a process of its own, which has little to lose, before it is imported.

Files from elsewhere go through large libraries in C. Whatever a file makes them do (crash, never end, take all
memory) happens to that process, whose memory, time, files and output are limited and which knows no secret of ours.
"""

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from geo.errors import LouMapError, UnreadableFileError

ROOT = Path(__file__).resolve().parents[2]
MOST_MEMORY_BYTES = 2 << 30
MOST_FILES = 64
SECONDS = 60
SECONDS_PER_MB = 10
"""Of processor time, and as much again by the clock; what people send takes a tenth of that."""

_KNOWN, _TOO_LARGE = 3, 4
_ALLOWED = {"LANG", "LC_ALL", "PATH", "TMPDIR", "TZ"}


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What is read, and how it is to be understood; as `geo.importers.tables.clean` takes it."""

    path: str
    kind: str
    crs: str | None = None
    encoding: str | None = None
    layer: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)


def rehearse(asked: Rehearsal, name: str, *, memory_bytes: int = MOST_MEMORY_BYTES, seconds: int | None = None) -> None:
    """Read a file to its end, apart from us. What is merely wrong with it is not said here, but by its import.

    Raises
    ------
    UnreadableFileError
        The process crashed, took too long or too much memory; `name` is what the file is called.
    """
    patience = seconds or SECONDS + SECONDS_PER_MB * (Path(asked.path).stat().st_size >> 20)
    command = [sys.executable, "-P", "-m", "geo.importers.rehearsal", str(memory_bytes), str(patience)]
    try:
        done = subprocess.run(
            command, input=json.dumps(asdict(asked)).encode(), env=_environment(), cwd="/", check=False,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=2 * patience,
        )  # fmt: skip
        code = done.returncode
    except subprocess.TimeoutExpired:
        code = -signal.SIGXCPU
    if code not in (0, _KNOWN):
        known = {_TOO_LARGE: "takes too much memory", -signal.SIGXCPU: "takes too long"}
        why = known.get(code, "makes its reader crash")
        raise UnreadableFileError(
            f"{name} {why} and is not imported; save it anew with another program, or give it in smaller files."
        )


def main() -> int:
    """Read the file that standard input tells of; the exit code says how it went."""
    memory, seconds = map(int, sys.argv[1:])
    _limit(memory, seconds)
    asked = Rehearsal(**json.load(sys.stdin))
    # The libraries come after the limits.
    from geo.importers.fields import Kind  # noqa: PLC0415
    from geo.importers.tables import clean  # noqa: PLC0415

    try:
        options = asdict(asked) | {"path": Path(asked.path), "kind": Kind(asked.kind)}
        for _ in clean(**options).batches:
            pass
    except LouMapError:
        return _KNOWN
    except MemoryError:
        return _TOO_LARGE
    return 0


def _limit(memory_bytes: int, seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (MOST_FILES, MOST_FILES))
    resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))


def _environment() -> dict[str, str]:
    """What the process needs of ours, and nothing that could be a secret."""
    kept = {name: value for name, value in os.environ.items() if name in _ALLOWED}
    return {**kept, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}


if __name__ == "__main__":
    sys.exit(main())
