"""Lets only so many requests of a kind be worked on at once; more wait for their turn while that is short.

A process has threads enough for all that may work or wait in every lane and for quick answers beside them, so that no
flood of searches, and no client that sends a form byte by byte, keeps the others from the map. Turns are given in the
order of coming, so that on a busy afternoon everybody waits a little and nobody for ever; whoever would have to wait
longer than the lane's patience, as things go, is told at once to come again.
"""

import threading
from collections import deque
from dataclasses import dataclass, field
from time import monotonic
from types import TracebackType

from flask import Flask, current_app, g, request

from webmap.errors import BusyError
from webmap.locale import LANGUAGES

_RECENT = 8
"""How many turns the time between two of them is smoothed over."""


@dataclass
class Lane:
    """So many at once, so many waiting, and how long (s); used as a `with` block, by any number of threads."""

    working: int
    waiting: int
    patience_s: float
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)
    _taken: int = field(default=0, init=False, repr=False)
    _queue: deque[threading.Lock] = field(default_factory=deque, init=False, repr=False)
    _left_at: float | None = field(default=None, init=False, repr=False)
    _every_s: float | None = field(default=None, init=False, repr=False)

    def enter(self) -> None:
        """Wait for a turn; `leave` gives it back.

        Raises
        ------
        BusyError
            Too many wait already, those before would take too long, or the turn did not come in time.
        """
        with self._lock:
            if self._taken < self.working:
                self._taken += 1
                return
            if self._is_full():
                raise BusyError
            turn = threading.Lock()
            turn.acquire()
            self._queue.append(turn)
        if not turn.acquire(timeout=self.patience_s):
            self._give_up(turn)

    @property
    def full(self) -> bool:
        """Whether nobody more may even wait."""
        with self._lock:
            return self._is_full()

    def leave(self) -> None:
        """Give the turn to the next."""
        with self._lock:
            if not self._queue:
                self._taken -= 1
                self._left_at = self._every_s = None
                return
            self._note_turn(monotonic())
            self._queue.popleft().release()

    def _is_full(self) -> bool:
        before = len(self._queue) + 1
        return before > self.waiting or before * (self._every_s or 0) > self.patience_s

    def _note_turn(self, now: float) -> None:
        if self._left_at is not None:
            took = now - self._left_at
            usual = took if self._every_s is None else self._every_s
            self._every_s = usual + (took - usual) / _RECENT
        self._left_at = now

    def _give_up(self, turn: threading.Lock) -> None:
        with self._lock:
            if turn in self._queue:  # else the turn came in this very moment
                self._queue.remove(turn)
                raise BusyError

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

    maps: Lane = field(default_factory=lambda: Lane(working=3, waiting=24, patience_s=20))
    """The map page, state files, and tiles that do not come past Flask: those of staff and of old versions."""

    searches: Lane = field(default_factory=lambda: Lane(working=3, waiting=48, patience_s=20))
    """Lists, counts and the search box, which the state in memory answers in a few milliseconds: they wait for each
    other and not behind pages."""

    pages: Lane = field(default_factory=lambda: Lane(working=3, waiting=64, patience_s=20))
    """Other pages, exports, the rest of the API: five milliseconds of the processor, but a hundred and fifty for the
    page of a building with two hundred units."""

    papers: Lane = field(default_factory=lambda: Lane(working=1, waiting=4, patience_s=20))
    """Workbooks, PDF and files of searches, and cells of clusters: a second or two of the processor each, written to
    order."""

    pictures: Lane = field(default_factory=lambda: Lane(working=1, waiting=6, patience_s=10))
    """Pictures for chats and posters that are not kept yet; those that are take no lane."""

    brochures: Lane = field(default_factory=lambda: Lane(working=4, waiting=4, patience_s=4))
    """Brochures: the worker writes them, and whoever asks waits a moment for it."""

    bodies: Lane = field(default_factory=lambda: Lane(working=2, waiting=8, patience_s=3))
    """Whatever sends a body: how long that takes is the sender's choice."""

    returns: Lane = field(default_factory=lambda: Lane(working=2, waiting=48, patience_s=25))
    """Weekly returns, and the plans that they are written on: on Friday afternoon all managers send theirs at once;
    nobody should have to do so twice, and readers should not wait behind them."""

    @property
    def threads(self) -> int:
        """Threads of a process: for all that may work or wait in a lane, and some beside them."""
        written = (self.papers, self.pictures, self.brochures)
        every = (self.maps, self.searches, self.pages, *written, self.bodies, self.returns)
        return sum(lane.working + lane.waiting for lane in every) + SPARE_THREADS


QUICK = ("/static/", "/pictures/", "/healthz", "/readyz", "/metrics", "/api/v1/versions")
"""Never kept waiting: answered from memory or with one short question. So are pictures that are kept (`CARDS`)."""

FOR_THE_MAP = ("/tiles/", "/state/")
CARDS = ("/card/", *(f"/{language.prefix}/card/" for language in LANGUAGES if language.prefix))
BROCHURES = ("/brochure/", *(f"/{language.prefix}/brochure/" for language in LANGUAGES if language.prefix))
RETURNS = ("/return/", *(f"/{language.prefix}/return/" for language in LANGUAGES if language.prefix))
SEARCHES = frozenset({"/search", *(f"/{language.prefix}/search" for language in LANGUAGES if language.prefix)})
SEARCHES |= {f"/api/v1/{name}" for name in ("units", "buildings", "facets", "suggest")}
OF_CLUSTERS = tuple(f"/clusters{each}" for each in ("", ".csv", "/chains", "/chains.csv", "/side-by-side", "/months"))
PAPERS = ("/shortlist.xlsx", "/shortlist.pdf", "/selection.xlsx", "/map.html", *OF_CLUSTERS)
PAPERS += ("/indicators", "/indicators.csv", "/cockpit")
OF_SELECTIONS = ("/selection.pdf", "/selection-long.pdf", "/selection.pptx")
DOWNLOADS = "/downloads/"
MAP_PAGES = frozenset({"/", *(f"/{language.prefix}/" for language in LANGUAGES)})


def init_app(app: Flask) -> None:
    """Have every request take its lane. Call before whatever reads a body or asks the database."""
    app.extensions["loumap_lanes"] = Lanes()
    app.before_request(_enter)
    app.teardown_request(_leave)


def lane_of(found: Lanes, method: str, path: str) -> Lane | None:
    """The lane of a request, None if it is free of them."""
    if path.startswith(RETURNS):
        return found.returns
    if method not in ("GET", "HEAD", "OPTIONS"):
        return found.bodies
    if path.startswith((*QUICK, *CARDS)):
        return None
    if path.startswith(BROCHURES) or path.endswith(OF_SELECTIONS):
        return found.brochures
    if path.endswith(PAPERS) or DOWNLOADS in path:
        return found.papers
    if path in SEARCHES:
        return found.searches
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
