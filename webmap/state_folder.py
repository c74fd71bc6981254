"""The folder of state files: their names, how they are written and compressed, and when they go.

A file is there whole or not at all, and never changed afterwards. Beside it lie the ids of its units (.ids) and its
compressed twins (.br, .gz). Nothing waits for the disk: what was written before the machine last started may be
broken, so it is not looked at.
"""

import fcntl
import os
import shutil
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date
from pathlib import Path

import brotli
import numpy as np
from isal import igzip

from geo.columns import Buffer
from geo.snapshot import Moment, Snapshot

LARGE_BYTES = 2**21
"""State files above this are compressed only when somebody asks, and quickly instead of well."""

KEPT_VERSIONS = 4
KEPT_PASTS, KEPT_PAST_BYTES = 100, 2**31
"""State files of past days; they are made anew when somebody asks. At a million buildings one has 50 MB."""

KEPT_VERSIONS_OF_PAST = 2
"""Of one moment: somebody may be reading the one before."""

ABANDONED_S = 600
"""Age of a file half written at which its writer is taken for dead."""

_PAST = "-past-"
_SUFFIXES = (".lmc", ".ids", ".br", ".gz")
_WELL, _FAIRLY = 11, 5
"""Brotli for a state that may stay for long, and for one of many patches."""

_QUICKLY = 1
"""Of isal."""

_COPIED_AT_ONCE = 2**20


class StateFolder:
    """Where all processes of the machine put and find the state files of one kind of reader."""

    def __init__(self, folder: Path) -> None:
        self._home = folder
        self._folder = folder / _start_of_machine()
        self._compressing = threading.Lock()

    def path(self, version: int, today: date) -> Path:
        """Where the present state of a version lies, or will lie."""
        return self._folder / f"{version}-{today:%Y%m%d}.lmc"

    def past_path(self, version: int, moment: Moment) -> Path:
        """The same for the state of a moment, made under a version of the present one."""
        return self._folder / f"{version}{_suffix(moment)}.lmc"

    def past(self, moment: Moment) -> Path | None:
        """The newest file of a moment, which is thereby used."""
        found = max(self._folder.glob(f"*{_suffix(moment)}.lmc"), key=version_of, default=None)
        with suppress(FileNotFoundError):
            if found:
                os.utime(found, (time.time(), found.stat().st_mtime))
        return found

    def tell(self, moment: Moment, done: int, of: int) -> None:
        """Say to all processes how far the making of a file is."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (self._folder / f"told{_suffix(moment)}.txt").write_text(f"{done} {of}", "ascii")

    def told(self, moment: Moment) -> tuple[int, int]:
        """How many steps are done, of how many; nothing where it has not begun."""
        with suppress(FileNotFoundError, ValueError):
            done, of = (self._folder / f"told{_suffix(moment)}.txt").read_text("ascii").split()
            return int(done), int(of)
        return 0, 1

    def newest(self, today: date) -> Path | None:
        """The present state of the latest version that is there."""
        return max(self._folder.glob(f"*-{today:%Y%m%d}.lmc"), key=version_of, default=None)

    def write(self, path: Path, built: Snapshot) -> None:
        """Put a state file at its place, and make room."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(path.with_suffix(".ids"), [np.ascontiguousarray(ids).data for ids in built.id_pieces])
        _write(path, built.pieces)
        self._prune()

    def compress(self, path: Path, *, patched: bool = False) -> None:
        """Make the brotli twin of a file that is small, if it has none yet."""
        twin = path.with_suffix(".br")
        with suppress(FileNotFoundError):
            if path.stat().st_size <= LARGE_BYTES and not twin.exists():
                _write(twin, [brotli.compress(path.read_bytes(), quality=_FAIRLY if patched else _WELL)])

    def gzipped(self, path: Path) -> Path:
        """The gzip twin of a file, made by the first who asks."""
        twin = path.with_suffix(".gz")
        if not twin.exists():
            with self._compressing:
                if not twin.exists():
                    _gzip(path, twin)
        return twin

    @contextmanager
    def alone(self, *, wait: bool, at: str = "making") -> Iterator[bool]:
        """Whether we are the one thread of the machine that is at this now; the kernel frees it from who dies."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self._folder / f"{at}.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                yield False
            else:
                yield True

    def _prune(self) -> None:
        presents = [path for path in self._folder.glob("*-*.lmc") if _PAST not in path.name]
        numbers = sorted({version_of(path) for path in presents})
        old = [path for path in presents if version_of(path) in numbers[:-KEPT_VERSIONS]]
        for path in [*old, *_superfluous(self._folder.glob(f"*{_PAST}*.lmc"))]:
            for suffix in _SUFFIXES:
                path.with_suffix(suffix).unlink(missing_ok=True)
        for path in [*self._folder.glob(".*"), *self._folder.glob("told*.txt")]:
            if not written_within(path, ABANDONED_S):
                path.unlink(missing_ok=True)
        _forget_earlier_starts(self._home)


def _superfluous(pasts: Iterable[Path]) -> list[Path]:
    """Files of moments that there are later ones of, and those not used for longest where there are too many."""
    room, kept, gone, seen = KEPT_PAST_BYTES, 0, [], Counter[str]()
    for path in sorted(pasts, key=lambda path: (_used_at(path), version_of(path)), reverse=True):
        moment = path.name.partition(_PAST)[2]
        seen[moment] += 1
        kept, room = kept + 1, room - _size(path)
        if seen[moment] > KEPT_VERSIONS_OF_PAST or kept > KEPT_PASTS or (room < 0 and kept > 1):
            gone.append(path)
    return gone


def _suffix(moment: Moment) -> str:
    return f"{_PAST}{moment.as_of:%Y%m%d}-{moment.known_at.astimezone(UTC):%Y%m%dT%H%M%S%f}"


def version_of(path: Path) -> int:
    """The version of the state file at `path`."""
    return int(path.name.split("-")[0])


def _start_of_machine() -> str:
    """A name for the time since the machine was started."""
    try:
        return f"start-{Path('/proc/sys/kernel/random/boot_id').read_text()[:8]}"
    except OSError:
        return f"start-{int(time.time() - time.monotonic()) // 60}"


def _forget_earlier_starts(home: Path) -> None:
    for folder in home.glob("start-*"):
        if folder.name != _start_of_machine():
            shutil.rmtree(folder, ignore_errors=True)
    for suffix in _SUFFIXES:
        for path in home.glob(f"*-*{suffix}"):
            path.unlink(missing_ok=True)


def written_within(path: Path, seconds: float) -> bool:
    """Whether a file is there and was written within so many seconds."""
    with suppress(FileNotFoundError):
        return abs(time.time() - path.stat().st_mtime) < seconds
    return False


def _used_at(path: Path) -> float:
    with suppress(FileNotFoundError):
        found = path.stat()
        return max(found.st_atime, found.st_mtime)
    return 0


def _size(path: Path) -> int:
    with suppress(FileNotFoundError):
        return path.stat().st_size
    return 0


def _gzip(path: Path, twin: Path) -> None:
    fresh = _fresh(twin)
    with (
        path.open("rb") as plain,
        fresh.open("wb") as file,
        igzip.IGzipFile("", "wb", _QUICKLY, file, mtime=0) as packed,
    ):
        shutil.copyfileobj(plain, packed, _COPIED_AT_ONCE)
    fresh.replace(twin)


def _write(path: Path, parts: Iterable[Buffer]) -> None:
    fresh = _fresh(path)
    with fresh.open("wb", buffering=_COPIED_AT_ONCE) as file:
        file.writelines(parts)
    fresh.replace(path)


def _fresh(path: Path) -> Path:
    """Where to write what will be at `path` once it is whole."""
    return path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
