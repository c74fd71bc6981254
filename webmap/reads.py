"""How often pages of things were opened, by day: counted in memory, written every half minute, and nobody is followed.

Kept are the kind of thing, its number, the short link that led there if one did, the day, and how often. Nothing is
kept of who read: no address, no cookie; whoever opens a page twice counts twice. Programs (`webmap/robots.py`) are left
out, and so is who is signed in, since accounts are those of the people who work here.

    reads.note(reads.UNIT, unit.id)                          # in the route of a page, once it is found
    reads.through(link.id)                                   # before it, if the request came by this short link
    reads.note(reads.LINK, link.id)                          # the link itself was opened
    reads.by_day(session, reads.LINK, [link.id], since)      # {day: how often}
    reads.by_thing(session, reads.UNIT, since, link_id=7)    # {unit: how often}, through this link
"""

import logging
import threading
import time
from collections import Counter
from collections.abc import Collection
from datetime import date, timedelta

from flask import Flask, current_app, g, request
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from webmap import permissions
from webmap.config import Settings
from webmap.db import Database
from webmap.freshness import Follower, also_follow
from webmap.models import PageRead
from webmap.robots import is_a_person_reading

BUILDING, UNIT, LINK = "building", "unit", "link"

WRITTEN_EVERY_S = 30
MOST = 50_000
"""Different things that are counted between two writings; of more, in half a minute, nobody is a reader."""

KEPT_DAYS = 800
"""Two years and what it takes to compare them."""

_log = logging.getLogger(__name__)

_Key = tuple[str, int, int, date]


class Reads:
    """What this process has counted and not written yet."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._counted: Counter[_Key] = Counter()
        self._lock = threading.Lock()
        self._written_at = time.monotonic()

    def add(self, key: _Key) -> None:
        """Count one more; takes about a microsecond."""
        with self._lock:
            if key in self._counted or len(self._counted) < MOST:
                self._counted[key] += 1

    def follow(self) -> None:
        """For a thread: write when it is time."""
        if time.monotonic() - self._written_at >= WRITTEN_EVERY_S:
            self.write()

    def write(self) -> None:
        """Add what was counted to the table; what could not be written is counted on."""
        self._written_at = time.monotonic()
        with self._lock:
            counted, self._counted = self._counted, Counter()
        if not counted:
            return
        try:
            self._add_to_table(counted)
        except SQLAlchemyError:
            with self._lock:
                self._counted.update(counted)
            raise

    def close(self) -> None:
        """Write what is left when the process ends; a database that is gone by then is not waited for."""
        try:
            self.write()
        except SQLAlchemyError as problem:
            _log.warning("The last reads were not written: %s", problem)

    def _add_to_table(self, counted: Counter[_Key]) -> None:
        names = ("kind", "thing_id", "link_id", "day", "reads")
        # In one order, so that two processes do not wait for each other's rows.
        rows = [dict(zip(names, (*key, reads), strict=True)) for key, reads in sorted(counted.items())]
        new = insert(PageRead)
        more = {"reads": PageRead.reads + new.excluded.reads}
        with self._database.new_session() as session, session.begin():
            session.execute(new.on_conflict_do_update(index_elements=names[:-1], set_=more), rows)


def note(kind: str, thing_id: int) -> None:
    """The page of a thing was opened; counted if a person did who is not signed in."""
    if request.method != "GET" or not is_a_person_reading(request.headers) or permissions.current_user():
        return
    settings: Settings = current_app.extensions["loumap_settings"]
    reads: Reads = current_app.extensions["loumap_reads"]
    reads.add((kind, thing_id, 0 if kind == LINK else g.get("came_through", 0), settings.today()))


def through(link_id: int) -> None:
    """What this request reads was reached by a short link."""
    g.came_through = link_id


def by_day(
    session: Session, kind: str, thing_ids: Collection[int], since: date, *, link_id: int | None = None
) -> dict[date, int]:
    """How often pages of some things were opened, by day from `since` on; `link_id`: through this short link alone."""
    chosen = select(PageRead.day, func.sum(PageRead.reads)).where(
        PageRead.kind == kind, PageRead.thing_id.in_(thing_ids), PageRead.day >= since
    )
    if link_id is not None:
        chosen = chosen.where(PageRead.link_id == link_id)
    return {day: int(reads) for day, reads in session.execute(chosen.group_by(PageRead.day).order_by(PageRead.day))}


def by_thing(
    session: Session,
    kind: str,
    since: date,
    *,
    thing_ids: Collection[int] | None = None,
    link_id: int | None = None,
) -> dict[int, int]:
    """How often each thing of a kind was opened from a day on, the most read first.

    Give at least one of `thing_ids` and `link_id`: of these things, through this short link.
    """
    reads = func.sum(PageRead.reads)
    chosen = select(PageRead.thing_id, reads).where(PageRead.kind == kind, PageRead.day >= since)
    if thing_ids is not None:
        chosen = chosen.where(PageRead.thing_id.in_(thing_ids))
    if link_id is not None:
        chosen = chosen.where(PageRead.link_id == link_id)
    found = session.execute(chosen.group_by(PageRead.thing_id).order_by(reads.desc(), PageRead.thing_id))
    return {thing_id: int(often) for thing_id, often in found}


def prune(session: Session, today: date) -> None:
    """Forget what is older than anybody compares."""
    session.execute(delete(PageRead).where(PageRead.day < today - timedelta(days=KEPT_DAYS)))


def init_app(app: Flask) -> None:
    """Give the app its counter, and a thread that writes what was counted."""
    reads = Reads(app.extensions["loumap_database"])
    app.extensions["loumap_reads"] = reads
    also_follow(app, Follower("reads", reads.follow, reads.close))
