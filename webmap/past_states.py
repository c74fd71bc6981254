"""State files of moments of the past: made once, kept on disk, brought up to date with what may still be shown.

What was so and known at a moment stays; whether it may be shown is that of today. So a file is good for the version of
the state that it was made under, and afterwards patched for the buildings that have changed since. In a large city
making one takes longer than anybody waits: a thread does so, one for all processes of the machine, and who asks is
told how far it is.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

import psycopg
from sqlalchemy.exc import SQLAlchemyError

from geo import snapshot, tiles, versions
from geo.errors import LouMapError
from geo.kept import Kept
from geo.snapshot import Moment, Snapshot
from webmap.db import Bind, driver_connection
from webmap.errors import BusyError, PreparingError
from webmap.opened_states import OpenState, open_state
from webmap.state_folder import StateFolder, version_of, written_within

_log = logging.getLogger(__name__)

AT_ONCE_UNITS = 120_000
"""Up to so many units a past is made while its reader waits: two seconds."""

PASTS_AT_ONCE = 4
"""Requests of a process that may wait for state files of past days; the others are asked to come again."""

LASTS_S = 60
"""In a large city a past is brought up to date at most so often: a patch takes about as long as a page."""

_OPEN = 8
"""Pasts that a process keeps mapped."""

_TRIES = 3

FAILURES = (SQLAlchemyError, psycopg.Error, LouMapError, OSError)


class PastStates:
    """The state files of moments for one kind of reader; shared by the threads of a process.

    `present` gives the version of the state that readers have now, and how many units it has.
    """

    def __init__(
        self,
        bind: Bind,
        folder: StateFolder,
        present: Callable[[date], tuple[int, int]],
        *,
        staff: bool = False,
        stale_days: int = 0,
    ) -> None:
        self._bind, self._folder, self._present = bind, folder, present
        self._staff, self._stale_days = staff, stale_days
        self._remembering = threading.Lock()
        self._waiting = threading.BoundedSemaphore(PASTS_AT_ONCE)
        self._open: Kept[Path, OpenState] = Kept(_OPEN)
        self._under_way: set[Moment] = set()

    def open(self, today: date, moment: Moment) -> OpenState:
        """The state of a moment, mapped into memory.

        Raises
        ------
        PreparingError
            It is being made, and that takes longer than a reader waits.
        BusyError
            Past days are being worked out for as many readers as may wait.
        """
        for _ in range(_TRIES):
            path = self._good(today, moment)
            with suppress(FileNotFoundError):  # it has made room for others
                return self._open.get(path) or self._open.keep(path, open_state(path, moment.as_of))
        raise BusyError

    def takes_long(self, today: date) -> bool:
        """Whether making a past takes longer than a reader waits."""
        return self._present(today)[1] > AT_ONCE_UNITS

    def prepare(self, today: date, moment: Moment) -> Path:
        """Have the file of a moment on disk and up to date, however long that takes; one at a time on the machine."""
        with self._folder.alone(wait=True, at="past"):
            return self._made(today, moment)

    def _good(self, today: date, moment: Moment) -> Path:
        """A file that is up to date."""
        version, units = self._present(today)
        path = self._folder.past(moment)
        if path and (version_of(path) >= version or (units > AT_ONCE_UNITS and written_within(path, LASTS_S))):
            return path
        if units <= AT_ONCE_UNITS:
            with self._turn():
                return self._made(today, moment)
        if path and (patched := self._patched_now(path, moment)):
            return patched
        self._begin(today, moment)
        raise PreparingError(*self._folder.told(moment))

    def _patched_now(self, path: Path, moment: Moment) -> Path | None:
        """The file brought up to date, or as another process has just done; None where much has changed since."""
        with self._folder.alone(wait=True, at="patch"):
            path = self._folder.past(moment) or path
            if written_within(path, LASTS_S):
                return path
            with driver_connection(self._bind, repeatable=True) as connection:
                patched = self._patched(connection, path, moment)
            return self._written(patched, moment) if patched else None

    def _begin(self, today: date, moment: Moment) -> None:
        """Have a thread make the file, if none is at it and few are."""
        if moment in self._under_way or not self._waiting.acquire(blocking=False):
            return
        self._under_way.add(moment)
        threading.Thread(target=self._make_behind, args=(today, moment), name="past state", daemon=True).start()

    def _make_behind(self, today: date, moment: Moment) -> None:
        try:
            self.prepare(today, moment)
        except FAILURES as problem:
            _log.warning("The state of %s was not made, and will be when it is asked for: %s", moment, problem)
        finally:
            self._under_way.discard(moment)
            self._waiting.release()

    def _made(self, today: date, moment: Moment) -> Path:
        """The file that somebody else has made meanwhile, or ours: patched, or made anew."""
        path = self._folder.past(moment)
        with driver_connection(self._bind, repeatable=True) as connection:
            if path and version_of(path) == versions.current(connection)[tiles.STATE]:
                return path
            built = path and self._patched(connection, path, moment)
            built = built or snapshot.build(
                connection,
                today,
                moment,
                staff=self._staff,
                stale_days=self._stale_days,
                tell=lambda done, of: self._folder.tell(moment, done, of),
            )
        return self._written(built, moment)

    def _patched(self, connection: psycopg.Connection, path: Path, moment: Moment) -> Snapshot | None:
        """What a file says with the buildings that have changed since read anew; None where that is not known."""
        with suppress(FileNotFoundError):
            base = open_state(path, moment.as_of)
            changed = versions.changed_buildings(connection, base.version)
            if changed is not None and base.columns.header.get("stale_days") == self._stale_days:
                ids, day = base.unit_ids, moment.as_of
                return snapshot.patch(connection, base.columns, ids, changed, day, moment, staff=self._staff)
        return None

    def _written(self, built: Snapshot, moment: Moment) -> Path:
        path = self._folder.past_path(built.version, moment)
        self._folder.write(path, built)
        self._folder.compress(path)
        return path

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Let one at a time make a past day, and few wait for it: that must not keep the map waiting."""
        if not self._waiting.acquire(blocking=False):
            raise BusyError
        try:
            with self._remembering:
                yield
        finally:
            self._waiting.release()
