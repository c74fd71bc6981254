"""Lets only so many requests of a kind be worked on at once; some more wait, and the rest are told to come again.

A process has threads enough for all that may work or wait in every lane and for quick answers beside them, so that no
flood of searches, and no client that sends a form byte by byte, keeps the others from the map.
"""

import threading
from dataclasses import dataclass, field
from types import TracebackType

from flask import Flask, current_app, g, request

from webmap.errors import BusyError
from webmap.locale import LANGUAGES


@dataclass
class Lane:
    """So many at once, so many waiting, and how long (s); used as a `with` block, by any number of threads."""

    working: int
    waiting: int
    patience_s: float
    _free: threading.Semaphore = field(init=False, repr=False)
    _room: threading.Semaphore = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Open the lane."""
        self._free = threading.BoundedSemaphore(self.working)
        self._room = threading.BoundedSemaphore(self.waiting)

    def enter(self) -> None:
        """Wait for a turn; `leave` gives it back.

        Raises
        ------
        BusyError
            Too many wait already, or the turn did not come in time.
        """
        if self._free.acquire(blocking=False):
            return
        if not self._room.acquire(blocking=False):
            raise BusyError
        try:
            if not self._free.acquire(timeout=self.patience_s):
                raise BusyError
        finally:
            self._room.release()

    @property
    def full(self) -> bool:
        """Whether nobody more may even wait."""
        if self._room.acquire(blocking=False):
            self._room.release()
            return False
        return True

    def leave(self) -> None:
        """Give the turn to the next."""
        self._free.release()

    def __enter__(self) -> None:
        """Wait for a turn."""
        self.enter()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the turn to the next."""
        self.leave()


SPARE_THREADS = 6
"""For quick answers and tiles beside the lanes. Many more would only get in each other's way."""


def tile_lane() -> Lane:
    """The lane of tiles that are read from the database: each takes little, so nobody is sent away for them."""
    return Lane(working=4, waiting=1000, patience_s=5)


@dataclass(frozen=True)
class Lanes:
    """The lanes of the requests that come to Flask."""

    maps: Lane = field(default_factory=lambda: Lane(working=3, waiting=4, patience_s=5))
    """The map page, state files, and tiles that do not come past Flask: those of staff and of old versions."""

    pages: Lane = field(default_factory=lambda: Lane(working=3, waiting=8, patience_s=3))
    """Other pages, searches, exports, the API."""

    papers: Lane = field(default_factory=lambda: Lane(working=1, waiting=4, patience_s=20))
    """Workbooks, PDF and files of searches, written to order: they take a second or two of the processor each."""

    pictures: Lane = field(default_factory=lambda: Lane(working=1, waiting=6, patience_s=10))
    """Pictures for chats and posters that are not kept yet; those that are take no lane."""

    bodies: Lane = field(default_factory=lambda: Lane(working=2, waiting=1, patience_s=1))
    """Whatever sends a body: how long that takes is the sender's choice."""

    returns: Lane = field(default_factory=lambda: Lane(working=2, waiting=28, patience_s=25))
    """Weekly returns: on Friday afternoon all managers send theirs at once, and nobody should have to do so twice."""

    @property
    def threads(self) -> int:
        """Threads of a process: for all that may work or wait in a lane, and some beside them."""
        every = (self.maps, self.pages, self.papers, self.pictures, self.bodies, self.returns)
        return sum(lane.working + lane.waiting for lane in every) + SPARE_THREADS


QUICK = ("/static/", "/pictures/", "/healthz", "/readyz", "/metrics", "/api/v1/versions")
"""Never kept waiting: answered from memory or with one short question. So are pictures that are kept (`CARDS`)."""

FOR_THE_MAP = ("/tiles/", "/state/")
CARDS = ("/card/", *(f"/{language.prefix}/card/" for language in LANGUAGES if language.prefix))
RETURNS = ("/return/", *(f"/{language.prefix}/return/" for language in LANGUAGES if language.prefix))
PAPERS = ("/shortlist.xlsx", "/shortlist.pdf")
DOWNLOADS = "/downloads/"
MAP_PAGES = frozenset({"/", *(f"/{language.prefix}/" for language in LANGUAGES)})


def init_app(app: Flask) -> None:
    """Have every request take its lane. Call before whatever reads a body or asks the database."""
    app.extensions["loumap_lanes"] = Lanes()
    app.before_request(_enter)
    app.teardown_request(_leave)


def lane_of(found: Lanes, method: str, path: str) -> Lane | None:
    """The lane of a request, None if it is free of them."""
    if method not in ("GET", "HEAD", "OPTIONS"):
        return found.returns if path.startswith(RETURNS) else found.bodies
    if path.startswith((*QUICK, *CARDS)):
        return None
    if path.endswith(PAPERS) or DOWNLOADS in path:
        return found.papers
    return found.maps if path in MAP_PAGES or path.startswith(FOR_THE_MAP) else found.pages


def lanes() -> Lanes:
    """The lanes of the running app."""
    found: Lanes = current_app.extensions["loumap_lanes"]
    return found


def _enter() -> None:
    lane = lane_of(lanes(), request.method, request.path)
    if lane is not None:
        lane.enter()
        g.lane = lane


def _leave(error: BaseException | None) -> None:
    if lane := g.pop("lane", None):
        lane.leave()
