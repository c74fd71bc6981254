"""Windows of the state over HTTP: the district on screen, and what is to say of the whole city around it."""

import threading
from collections import OrderedDict

from flask import Blueprint, Flask, Response, current_app, redirect, request, url_for
from isal import igzip

from geo.kept import Kept
from geo.state_search import Table
from geo.window import WindowQuery, check_classes, cut, read_query
from geo.window_counts import CityAnswer, Question
from webmap.permissions import needs
from webmap.searching import present_table

blueprint = Blueprint("window", __name__)
STAFF = "see_staff_values"
FOREVER = "public, max-age=31536000, immutable"
MEDIA_TYPE = "application/vnd.loumap.columns"
"""Of state files, which windows are."""

KEPT_ANSWERS = 4
"""Questions to the city whose answers are kept; at a million buildings one takes up to 10 MB."""

KEPT_BYTES = 2**24
"""Of windows as they are sent."""


class Windows:
    """Cuts windows out of the present state and keeps those asked for last."""

    def __init__(self) -> None:
        self._answers: Kept[tuple[int, Question], CityAnswer] = Kept(KEPT_ANSWERS)
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[int, WindowQuery], bytes] = OrderedDict()
        self._size = 0

    def window(self, table: Table, query: WindowQuery) -> bytes:
        """A window of the state in `table` as a compressed columns file."""
        key = table.version, query
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        return self._keep(key, igzip.compress(cut(self._answer(table, query.question), query), 1))

    def _answer(self, table: Table, question: Question) -> CityAnswer:
        key = table.version, question
        return self._answers.get(key) or self._answers.keep(key, CityAnswer(table, question))

    def _keep(self, key: tuple[int, WindowQuery], data: bytes) -> bytes:
        with self._lock:
            if key not in self._kept:
                self._kept[key] = data
                self._size += len(data)
            while self._size > KEPT_BYTES:
                self._size -= len(self._kept.popitem(last=False)[1])
        return data


def init_app(app: Flask) -> None:
    """Give the app its windows."""
    app.extensions["loumap_windows"] = {staff: Windows() for staff in (False, True)}
    app.register_blueprint(blueprint)


@blueprint.get("/state/<int:version>/window")
@needs("public")
def window(version: int) -> Response:
    """A box of the present state, and the sums of the city; parameters and header stand in `docs/gis.md`."""
    return _window(version, staff=False)


@blueprint.get("/state/staff/<int:version>/window")
@needs(STAFF)
def staff_window(version: int) -> Response:
    """The same with unpublishable sources, for staff and their browsers alone."""
    response = _window(version, staff=True)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _window(version: int, *, staff: bool) -> Response:
    query = read_query(request.args)
    table = present_table(staff=staff)
    if version != table.version:
        response = redirect(url_for(request.endpoint, version=table.version, **request.args), 307)
        response.headers["Cache-Control"] = "no-store"
        return response
    check_classes(table, query.question)
    data = current_app.extensions["loumap_windows"][staff].window(table, query)
    return _sent(data, version)


def _sent(data: bytes, version: int) -> Response:
    packed = request.accept_encodings["gzip"] > 0
    response = Response(data if packed else igzip.decompress(data), mimetype=MEDIA_TYPE)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    response.headers["Cache-Control"] = FOREVER
    response.add_etag()
    return response.make_conditional(request)
