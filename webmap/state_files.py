"""State files on disk, each under the version it truly has, and the current one mapped into memory."""

import gzip
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import brotli
import numpy as np
from numpy.typing import NDArray

from geo import snapshot, tiles, versions
from geo.columns import Columns
from geo.columns import read as read_columns
from geo.snapshot import Moment
from webmap.db import Bind, driver_connection
from webmap.errors import BusyError

LARGE_BYTES = 2**21
"""State files above this are compressed quickly instead of well."""

PASTS_AT_ONCE = 2
"""Requests of a process that may wait for state files of past days; the others are asked to come again."""

KEPT_VERSIONS = 4
KEPT_PASTS = 100
"""State files of past days; they are made anew when somebody asks."""


@dataclass(frozen=True, slots=True)
class StateFile:
    """A state file on disk; beside it its compressed twins (.gz, .br) and the ids of its units (.ids)."""

    version: int
    path: Path


@dataclass(frozen=True, slots=True)
class OpenState:
    """A present state mapped into memory.

    The ids of buildings are its column `id`; `unit_ids` are those of its units, row by row.
    """

    version: int
    today: date
    columns: Columns
    unit_ids: NDArray[np.int64]
    path: Path


class StateFiles:
    """Builds state files when they are asked for; shared by the threads of a process."""

    def __init__(self, bind: Bind, folder: Path, *, staff: bool = False) -> None:
        self._bind = bind
        self._folder = folder
        self._staff = staff
        self._building = threading.Lock()
        self._remembering = threading.Lock()
        self._waiting = threading.BoundedSemaphore(PASTS_AT_ONCE)
        self._opened: OpenState | None = None

    def state(self, version: int, today: date, moment: Moment | None = None) -> StateFile:
        """The state file of `version`, built by the first who asks.

        Raises
        ------
        StaleVersionError
            `version` is not the current one.
        BusyError
            Past days are being worked out for as many readers as may wait.
        """
        path = self._folder / f"{_name(version, today, moment)}.lmc"
        if not path.exists():
            tiles.require_current(version, self._current())
            with self._turn(moment):
                if not path.exists():
                    self._build(version, path, today, moment)
        return StateFile(version, path)

    def current(self, today: date) -> OpenState:
        """The state that is open now; built only if none is."""
        version, opened = self._current(), self._opened
        if opened is None or (opened.version, opened.today) != (version, today):
            path = self.state(version, today).path
            unit_ids = np.fromfile(path.with_suffix(".ids"), np.int64)
            opened = self._opened = OpenState(version, today, read_columns(path), unit_ids, path)
        return opened

    def columns(self, today: date) -> Columns:
        """The current state, mapped into memory."""
        return self.current(today).columns

    @contextmanager
    def _turn(self, moment: Moment | None) -> Iterator[None]:
        """Let one at a time build the present, and beside it one a past day: that must not keep the map waiting."""
        if moment is None:
            with self._building:
                yield
            return
        if not self._waiting.acquire(blocking=False):
            raise BusyError
        try:
            with self._remembering:
                yield
        finally:
            self._waiting.release()

    def _current(self) -> int:
        with driver_connection(self._bind) as connection:
            return versions.current(connection)[tiles.STATE]

    def _build(self, version: int, path: Path, today: date, moment: Moment | None) -> None:
        with driver_connection(self._bind, repeatable=True) as connection:
            built = snapshot.build(connection, today, moment, staff=self._staff)
        tiles.require_current(version, built.version)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        quality = 5 if len(built.data) > LARGE_BYTES else 11
        _write(path.with_suffix(".br"), brotli.compress(built.data, quality=quality))
        _write(path.with_suffix(".gz"), gzip.compress(built.data, 6, mtime=0))
        _write(path.with_suffix(".ids"), built.unit_ids.astype(np.int64).tobytes())
        _write(path, built.data)
        self._prune()

    def _prune(self) -> None:
        numbers = sorted({int(path.name.split("-")[0]) for path in self._folder.glob("*-*.lmc")})
        for number in numbers[:-KEPT_VERSIONS]:
            for path in self._folder.glob(f"{number}-*"):
                path.unlink(missing_ok=True)
        past = sorted(self._folder.glob("*-*-*-*.lmc"), key=lambda path: path.stat().st_mtime)
        for path in past[:-KEPT_PASTS]:
            for twin in (path, *(path.with_suffix(suffix) for suffix in (".br", ".gz", ".ids"))):
                twin.unlink(missing_ok=True)


def _name(version: int, today: date, moment: Moment | None) -> str:
    if moment is None:
        return f"{version}-{today:%Y%m%d}"
    return f"{version}-{today:%Y%m%d}-{moment.as_of:%Y%m%d}-{moment.known_at:%Y%m%dT%H%M%S}"


def _write(path: Path, data: bytes) -> None:
    """Write a file that is either there whole or not at all."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    fresh.write_bytes(data)
    fresh.replace(path)
