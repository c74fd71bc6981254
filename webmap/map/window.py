"""Windows of the state over HTTP: the district on screen, and what is to say of the whole city around it."""

import threading
from collections import OrderedDict
from dataclasses import replace

from flask import Blueprint, Flask, Response, current_app, redirect, request, url_for
from isal import igzip

from geo.kept import Kept
from geo.state_search import Table
from geo.window import WindowQuery, check_classes, cut, read_query
from geo.window_counts import CityAnswer, Question
from webmap.config import current_settings
from webmap.freshness import Follower, also_follow
from webmap.looking_back import PARAMETERS
from webmap.moments import read_shown
from webmap.past_searching import past_table
from webmap.permissions import needs
from webmap.published import Published
from webmap.searching import present_table
from webmap.walking import located

blueprint = Blueprint("window", __name__)
STAFF = "see_staff_values"
FOREVER = "public, max-age=31536000, immutable"
MEDIA_TYPE = "application/vnd.loumap.columns"
"""Of state files, which windows are."""

KEPT_ANSWERS = 4
"""Questions to the city whose answers are kept; at a million buildings one takes up to 10 MB."""

KEPT_BYTES = 2**24
"""Of windows as they are sent."""

KEPT_PASTS = 2
"""Moments of which something is remembered."""


class Windows:
    """Cuts windows out of the present state and keeps those asked for last."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._memory = _Memory(0)
        self._pasts: Kept[Table, _Memory] = Kept(KEPT_PASTS)

    def window(self, table: Table, query: WindowQuery, *, of_past: bool = False) -> bytes:
        """A window of the state in `table` as a compressed columns file."""
        memory = self._memory_of_past(table) if of_past else self._memory_of(table.version)
        found = memory.sent(query)
        return found or memory.keep(query, igzip.compress(cut(memory.answer(table, query.question), query), 1))

    def forget_before(self, version: int) -> None:
        """Let go of older states, which would stay in memory with what was asked of them."""
        self._memory_of(version)

    def _memory_of_past(self, table: Table) -> "_Memory":
        return self._pasts.get(table) or self._pasts.keep(table, _Memory(table.version))

    def _memory_of(self, version: int) -> "_Memory":
        """What is remembered of a state; nothing stays of one that is older than what has been asked for already."""
        with self._lock:
            if self._memory.version < version:
                self._memory = _Memory(version)
            return self._memory if self._memory.version == version else _Memory(version)


class _Memory:
    """What was asked of one version of the state."""

    def __init__(self, version: int) -> None:
        self.version = version
        self._sent: OrderedDict[WindowQuery, bytes] = OrderedDict()
        self._answers: Kept[Question, CityAnswer] = Kept(KEPT_ANSWERS)
        self._lock = threading.Lock()
        self._size = 0

    def sent(self, query: WindowQuery) -> bytes | None:
        with self._lock:
            if query not in self._sent:
                return None
            self._sent.move_to_end(query)
            return self._sent[query]

    def answer(self, table: Table, question: Question) -> CityAnswer:
        return self._answers.get(question) or self._answers.keep(question, CityAnswer(table, question))

    def keep(self, query: WindowQuery, data: bytes) -> bytes:
        with self._lock:
            if query not in self._sent:
                self._sent[query] = data
                self._size += len(data)
            while self._size > KEPT_BYTES:
                self._size -= len(self._sent.popitem(last=False)[1])
        return data


def init_app(app: Flask) -> None:
    """Give the app its windows."""
    windows = app.extensions["loumap_windows"] = {staff: Windows() for staff in (False, True)}
    public: Published = app.extensions["loumap_published"]

    def forget() -> None:
        if state := public.states.followed:
            windows[False].forget_before(state.version)

    also_follow(app, Follower("windows", forget))
    app.register_blueprint(blueprint)


@blueprint.get("/state/<int:version>/window")
@needs("public")
def window(version: int) -> Response:
    """A box of the state, now or at a moment, and the city's sums; parameters and header stand in `docs/gis.md`."""
    return _window(version, staff=False)


@blueprint.get("/state/staff/<int:version>/window")
@needs(STAFF)
def staff_window(version: int) -> Response:
    """The same with unpublishable sources, for staff and their browsers alone."""
    response = _window(version, staff=True)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _window(version: int, *, staff: bool) -> Response:
    moment = read_shown(*(request.args.get(name, "").strip() for name in PARAMETERS), current_settings())
    query = _located(read_query({name: value for name, value in request.args.items() if name not in PARAMETERS}))
    table = past_table(moment, staff=staff) if moment else present_table(staff=staff)
    if version != table.version:
        response = redirect(url_for(request.endpoint, version=table.version, **request.args), 307)
        response.headers["Cache-Control"] = "no-store"
        return response
    check_classes(table, query.question)
    windows: Windows = current_app.extensions["loumap_windows"][staff]
    return _sent(windows.window(table, query, of_past=moment is not None))


def _located(query: WindowQuery) -> WindowQuery:
    """The same with the land that its filters mean by a walk."""
    return replace(query, question=replace(query.question, filters=located(query.question.filters)))


def _sent(data: bytes) -> Response:
    packed = request.accept_encodings["gzip"] > 0
    response = Response(data if packed else igzip.decompress(data), mimetype=MEDIA_TYPE)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    response.headers["Cache-Control"] = FOREVER
    response.add_etag()
    return response.make_conditional(request)
