"""State files on disk, each under the version it truly has, and the current one mapped into memory.

Where a thread follows the state (`webmap/freshness.py`), readers are given the one that is open and never wait for a
newer one to be made. Elsewhere, and for staff, it is made for the reader who asks.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import psycopg

from geo import snapshot, tiles, versions
from geo.columns import Columns
from geo.snapshot import Moment, Snapshot
from webmap import metrics
from webmap.db import Bind, driver_connection
from webmap.opened_states import OpenState, open_state
from webmap.past_states import PastStates
from webmap.state_folder import StateFolder, version_of

BUILT, PATCHED, OPENED = "build", "patch", "open"
"""How a process came to a state; opened ones were made by another process, or before this one started."""


@dataclass(frozen=True, slots=True)
class StateFile:
    """A state file on disk; beside it perhaps its compressed twins (.gz, .br), and the ids of its units (.ids)."""

    version: int
    path: Path


class StateFiles:
    """The state files of one kind of reader; shared by the threads of a process.

    Units on the market are stale in them after `stale_days` without a word; 0 is never.
    """

    def __init__(self, bind: Bind, folder: Path, *, staff: bool = False, stale_days: int = 0) -> None:
        self._bind = bind
        self._folder = StateFolder(folder)
        self._staff = staff
        self._stale_days = stale_days
        self._building = threading.Lock()
        self._followed = False
        self.awaited = False
        """Whether a thread is going to open the first state, so that no reader need do it."""
        self.opened: OpenState | None = None
        """What is open now, if anything is."""
        self.prepare: Callable[[OpenState], object] = lambda state: None
        """Called by the thread that follows the state with every new one, before readers get it."""
        self.pasts = PastStates(bind, self._folder, self._extent, staff=staff, stale_days=stale_days)

    @property
    def followed(self) -> OpenState | None:
        """What is open now if a thread follows the state, so that it is what readers get."""
        return self.opened if self._followed else None

    def current(self, today: date) -> OpenState:
        """The state that is open now; made only if none is, or if nobody follows it."""
        return self.followed or self.refresh(today)

    def columns(self, today: date) -> Columns:
        """The current state, mapped into memory."""
        return self.current(today).columns

    def state(self, version: int, today: date, moment: Moment | None = None) -> StateFile:
        """The state file of `version`, or of a moment as made under it.

        Raises
        ------
        StaleVersionError
            `version` is not the current one, or it is not there yet and readers are still given the one before.
        BusyError, PreparingError
            As `PastStates.open`.
        """
        if moment is not None:
            past = self.pasts.open(today, moment)
            tiles.require_current(version, past.version)
            return StateFile(past.version, past.path)
        path = self._folder.path(version, today)
        if path.exists():
            return StateFile(version, path)
        present = self.current(today).path
        if not present.exists():
            present = self.refresh(today).path
        tiles.require_current(version, version_of(present))
        return StateFile(version, present)

    def gzipped(self, path: Path) -> Path:
        """The gzip twin of a state file, made by the first who asks."""
        return self._folder.gzipped(path)

    def refresh(self, today: date) -> OpenState:
        """Open the current state, made from the one before where few buildings have changed."""
        with self._building:
            taken = self._take_over(today, wait=True)
            assert taken is not None
            opened, how = taken
            if how != OPENED:
                self._folder.compress(opened.path, patched=how == PATCHED)
        return opened

    def follow(self, today: date) -> bool:
        """For the thread that follows the state: as `refresh`, but leave the making to a process that is at it.

        From the first time that it gives True, readers are given what this has opened.
        """
        with self._building:
            taken = self._take_over(today, wait=False)
        if taken is None:
            return False
        opened, how = taken
        self._followed = True
        if how != OPENED:
            compress = partial(self._folder.compress, opened.path, patched=how == PATCHED)
            threading.Thread(target=compress, name="state twin", daemon=True).start()
        return True

    def unfollow(self) -> None:
        """Nobody follows the state any more: readers ask for themselves."""
        self._followed = False

    def _take_over(self, today: date, *, wait: bool) -> tuple[OpenState, str] | None:
        """Open the current state; None when another process is making it and we are not to `wait`."""
        began, version = time.perf_counter(), self._current()
        if self.opened and (self.opened.version, self.opened.today) == (version, today):
            return self.opened, OPENED
        path, how = self._folder.path(version, today), OPENED
        if not path.exists():
            with self._folder.alone(wait=wait) as alone:
                if not alone:
                    return None
                if not path.exists():
                    path, how = self._make(today)
        opened = open_state(path, today)
        if not wait:
            self.prepare(opened)
        self.opened = opened
        metrics.state_refresh(how, time.perf_counter() - began)
        return opened, how

    def _make(self, today: date) -> tuple[Path, str]:
        """Make the file of the current state, whose version may have become a later one meanwhile."""
        with driver_connection(self._bind, repeatable=True) as connection:
            patched = self._patched(connection, today)
            built = patched or snapshot.build(connection, today, staff=self._staff, stale_days=self._stale_days)
        path = self._folder.path(built.version, today)
        self._folder.write(path, built)
        return path, PATCHED if patched else BUILT

    def _patched(self, connection: psycopg.Connection, today: date) -> Snapshot | None:
        base = self._base(today)
        if base is None or base.columns.header.get("stale_days") != self._stale_days:
            return None
        changed = versions.changed_buildings(connection, base.version)
        if changed is None:
            return None
        return snapshot.patch(connection, base.columns, base.unit_ids, changed, today, staff=self._staff)

    def _base(self, today: date) -> OpenState | None:
        """The latest state of the day that this machine has."""
        newest, opened = self._folder.newest(today), self.opened
        if opened and opened.today == today and (newest is None or version_of(newest) <= opened.version):
            return opened
        return open_state(newest, today) if newest else None

    def _extent(self, today: date) -> tuple[int, int]:
        """The version of the state that readers have now, and its units."""
        state = self.current(today)
        return state.version, len(state.unit_ids)

    def _current(self) -> int:
        with driver_connection(self._bind) as connection:
            return versions.current(connection)[tiles.STATE]
