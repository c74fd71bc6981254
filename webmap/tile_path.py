"""Tiles for visitors on their way past Flask: what is ready, or comes well from the database, is answered here.

Everything else goes on to Flask, and so does whatever went wrong on the way: the route in `webmap/map/routes.py` says
what is true of an address, `webmap/errors.py` how it is told. Here is only what a tile that exists needs.
"""

import re
import time
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

from flask import Flask

from geo import filters as filter_language
from geo import market_tiles
from geo.filters import Filters
from geo.tiles import Tile
from webmap import metrics
from webmap.config import Settings
from webmap.moments import read_shown
from webmap.published import Published
from webmap.security import headers_for
from webmap.tile_answers import Headers, TileAddress, TileAnswer

PREFIX = "/tiles/"
PROBLEM = "loumap.tile_problem"
"""Where in the WSGI environment Flask finds the error that was met here."""

_NUMBER = r"(0|[1-9][0-9]{0,17})"
_PATH = re.compile(rf"/tiles/([a-z]+)/{_NUMBER}/{_NUMBER}/{_NUMBER}/{_NUMBER}\.mvt", re.ASCII)
Environ = dict[str, Any]
Wsgi = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


def init_app(app: Flask) -> None:
    """Put the path before Flask. Call before the app is wrapped in what understands proxies."""
    app.wsgi_app = TilePath(app, app.wsgi_app)  # type: ignore[method-assign]  # Flask's way


class TilePath:
    """A WSGI application in front of `beyond`."""

    def __init__(self, app: Flask, beyond: Wsgi) -> None:
        self._app, self._beyond = app, beyond
        settings: Settings = app.extensions["loumap_settings"]
        self._settings, self._always_secure = settings, settings.https
        self._usual: dict[bool, Headers] = {
            secure: list(headers_for(PREFIX, secure=secure).items()) for secure in (False, True)
        }

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a tile, or hand the request on."""
        if not environ["PATH_INFO"].startswith(PREFIX) or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self._beyond(environ, start_response)
        try:
            answer = self._answer(environ["PATH_INFO"], environ.get("QUERY_STRING", ""))
        except Exception as problem:  # Flask raises it again, and logs and answers it like any other
            environ[PROBLEM] = problem
            answer = None
        if answer is None:
            return self._beyond(environ, start_response)
        status, headers, body = answer.reply(environ)
        secure = self._always_secure or environ["wsgi.url_scheme"] == "https"
        start_response(status, headers + self._usual[secure])
        return [body]

    def _answer(self, path: str, query: str) -> TileAnswer | None:
        published: Published = self._app.extensions["loumap_published"]
        ready = published.tiles.ready((path, query))
        if ready:
            ready.used = True
            metrics.tile_hit(ready.layer)
            return ready
        found = _PATH.fullmatch(path)
        if not found or "%00" in query:  # Flask refuses NUL wherever it stands
            return None
        layer, version, zoom, x, y = found.groups()
        began = time.perf_counter()
        tile = Tile(int(zoom), int(x), int(y))
        answer = published.tiles.answer(address_of(layer, int(version), tile, query, self._settings))
        metrics.answered(metrics.TILE_ROUTE, 200, time.perf_counter() - began)
        return answer


def address_of(layer: str, version: int, tile: Tile, query: str, settings: Settings) -> TileAddress:
    """The address of a tile; of the layers that take no filters whatever the query says.

    Raises
    ------
    BadParameterError
        A filter that nobody knows, or a value that it does not take; a day or an instant that is none.
    """
    if layer != market_tiles.LAYER:
        return TileAddress(layer, version, tile)
    filters, past = _read(query)
    return TileAddress(layer, version, tile, filters, read_shown(*past, settings))


@lru_cache(1000)
def _read(query: str) -> tuple[Filters, tuple[str, str]]:
    """The filters of a query string, and the past it names; of several values for one parameter the first."""
    sent = dict(reversed(parse_qsl(query, max_num_fields=100)))
    day, known_at = (sent.pop(name, "").strip() for name in ("as_of", "known_at"))
    return filter_language.parse(sent), (day, known_at)
