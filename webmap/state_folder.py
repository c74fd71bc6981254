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
KEPT_PASTS = 100
"""State files of past days; they are made anew when somebody asks."""

ABANDONED_S = 600
"""Age of a file half written at which its writer is taken for dead."""

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

    def path(self, version: int, today: date, moment: Moment | None = None) -> Path:
        """Where the state of a version lies, or will lie."""
        name = f"{version}-{today:%Y%m%d}"
        if moment is not None:
            name += f"-{moment.as_of:%Y%m%d}-{moment.known_at.astimezone(UTC):%Y%m%dT%H%M%S%f}"
        return self._folder / f"{name}.lmc"

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
    def alone(self, *, wait: bool) -> Iterator[bool]:
        """Whether we are the one process of the machine that makes files now; the kernel frees it from who dies."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self._folder / "making.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                yield False
            else:
                yield True

    def _prune(self) -> None:
        paths = list(self._folder.glob("*-*.lmc"))
        numbers = sorted({version_of(path) for path in paths})
        old = [path for path in paths if version_of(path) in numbers[:-KEPT_VERSIONS]]
        pasts = sorted((path for path in paths if path.stem.count("-") > 1), key=_written_at)
        for path in [*old, *pasts[:-KEPT_PASTS]]:
            for suffix in _SUFFIXES:
                path.with_suffix(suffix).unlink(missing_ok=True)
        for path in self._folder.glob(".*"):
            if _written_at(path) < time.time() - ABANDONED_S:
                path.unlink(missing_ok=True)
        _forget_earlier_starts(self._home)


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


def _written_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
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
