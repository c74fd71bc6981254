"""Records of a large city on disk: read by one thread of the machine behind everybody's back, mapped by all processes.

Reading one takes seconds, longer than anybody waits. So who asks is given the file that is there, though it may be some
minutes old, while a newer one is made; who comes before there is any is told that it is being made. Smaller cities have
none: there a record is read for who asks first.
"""

import logging
import threading
from collections.abc import Callable, Hashable
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg
from sqlalchemy.exc import SQLAlchemyError

from geo import versions
from geo.errors import LouMapError
from geo.indicators import Record, read_record
from geo.indicators.record_file import opened, packed
from geo.kept import Kept
from geo.looking_back import Moment, looking_back
from geo.snapshot import Snapshot
from webmap.db import Bind, driver_connection
from webmap.errors import PreparingError
from webmap.state_folder import StateFolder, version_of, written_within

_log = logging.getLogger(__name__)

LASTS_S = 300
"""A file serves so long, whatever has changed since: pages say the instant."""

_OPEN = 6
_FAILURES = (SQLAlchemyError, psycopg.Error, LouMapError, OSError)


class RecordFiles:
    """The records of the present and of past moments for one kind of reader; shared by the threads of a process.

    `is_large` says whether the city of a day is so large that nobody should wait for its record.
    """

    def __init__(self, bind: Bind, folder: Path, is_large: Callable[[date], bool], *, staff: bool = False) -> None:
        self._bind, self._folder, self._staff = bind, StateFolder(folder), staff
        self.is_large = is_large
        self._open: Kept[Path, Record] = Kept(_OPEN)
        self._under_way: set[Hashable] = set()
        self._entering = threading.Lock()

    def keep(self, today: date) -> None:
        """For a thread: have a file of the day made where there is none that is good."""
        if self.is_large(today) and not self._good(self._folder.newest(today)):
            self._begin(today, None)

    def record(self, today: date, moment: Moment | None) -> Record | None:
        """The record of the present, or of a moment; None where the city is small, and it is to be read.

        Raises
        ------
        PreparingError
            It is being made.
        """
        if not self.is_large(today):
            return None
        path = self._folder.past(moment) if moment else self._folder.newest(today)
        if not self._good(path):
            self._begin(today, moment)
        if path is not None:
            with suppress(FileNotFoundError):  # it has made room for others
                return self._open.get(path) or self._open.keep(path, opened(path))
        raise PreparingError(0, 1)

    def _good(self, path: Path | None) -> bool:
        """Whether a file needs no other instead: it is new, or nothing has changed since."""
        if path is None:
            return False
        return written_within(path, LASTS_S) or version_of(path) == self._version()

    def _version(self) -> int:
        """A number that grows whenever a layer has a new version."""
        with driver_connection(self._bind) as connection:
            return sum(versions.current(connection).values())

    def _begin(self, today: date, moment: Moment | None) -> None:
        """Have a thread make the file, if none of ours is at it."""
        with self._entering:
            if moment in self._under_way:
                return
            self._under_way.add(moment)
        threading.Thread(target=self._make, args=(today, moment), name="indicators", daemon=True).start()

    def _make(self, today: date, moment: Moment | None) -> None:
        try:
            with self._folder.alone(wait=moment is not None, at="record") as alone:
                path = self._folder.past(moment) if moment else self._folder.newest(today)
                if alone and not self._good(path):
                    self._written(today, moment)
        except _FAILURES as problem:
            _log.warning("The record of %s was not read, and will be when asked for: %s", moment or today, problem)
        finally:
            self._under_way.discard(moment)

    def _written(self, today: date, moment: Moment | None) -> None:
        with driver_connection(self._bind, repeatable=True) as connection:
            number = sum(versions.current(connection).values())
            asked = moment or Moment(today, datetime.now(UTC))
            with looking_back(connection, moment, staff=self._staff):
                record = read_record(connection, asked, staff=self._staff)
        path = self._folder.past_path(number, moment) if moment else self._folder.path(number, today)
        self._folder.write(path, Snapshot(number, packed(record), []))
