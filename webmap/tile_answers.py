"""A tile as it is answered: its address, and status, headers and body for whoever asks, the same on every way."""

import zlib
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import blake2b
from typing import Any
from urllib.parse import urlencode

from werkzeug.datastructures import Accept
from werkzeug.http import is_resource_modified, parse_accept_header

from geo import filters as filter_language
from geo.filters import Filters
from geo.looking_back import Moment
from geo.tiles import MEDIA_TYPE, Tile
from webmap.moments import write_instant

FOREVER = "public, max-age=31536000, immutable"
Headers = list[tuple[str, str]]
Reply = tuple[str, Headers, bytes]
"""Status line, headers and body."""

_MODIFIED, _NOT_MODIFIED = "200 OK", "304 Not Modified"
_KEPT = ("Cache-Control", FOREVER)
_PASSING = ("Cache-Control", "no-store")
_VARIES = ("Vary", "Accept-Encoding")
_TYPE = ("Content-Type", MEDIA_TYPE)
_GZIPPED = ("Content-Encoding", "gzip")


@dataclass(frozen=True)
class TileAddress:
    """Which tile: of a layer under a version, of what filters find where the layer has filters."""

    layer: str
    version: int
    tile: Tile
    filters: Filters | None = None
    moment: Moment | None = None
    """What a filtered tile looks back to."""

    @cached_property
    def path(self) -> str:
        """The path, written in the one way that is answered."""
        return f"/tiles/{self.layer}/{self.version}/{self.tile.zoom}/{self.tile.x}/{self.tile.y}.mvt"

    @cached_property
    def key(self) -> tuple[str, str]:
        """Path and query, the same for equal filters however they were sent."""
        written = _written(self.filters) if self.filters else ""
        return self.path, "&".join(filter(None, [written, past_query(self.moment)])) if self.moment else written


class TileAnswer:
    """A tile that is ready to be sent.

    `lasting` says that it is the one content of its address, so that everybody may keep it. `used` is set by whoever
    sends it and read by who makes room for others.
    """

    __slots__ = ("_headers", "_tag", "gzipped", "lasting", "layer", "of_past", "used")

    def __init__(self, address: TileAddress, gzipped: bytes, *, lasting: bool = True) -> None:
        self.layer, self.of_past = address.layer, address.moment is not None
        self.gzipped = gzipped
        self.lasting = lasting
        self.used = True
        path, query = address.key
        asked = path.removeprefix("/tiles/").removesuffix(".mvt").replace("/", "-")
        self._tag = f'"{asked}-{blake2b(query.encode(), digest_size=8).hexdigest()}"' if query else f'"{asked}"'
        length = ("Content-Length", str(len(gzipped)))
        self._headers = [_TYPE, _GZIPPED, length, *self._keeping(self._tag)]

    def reply(self, environ: dict[str, Any]) -> Reply:
        """What the request of a WSGI environment is answered."""
        if not takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")):
            return self._plain(environ)
        if self._is_had(environ, self._tag):
            return _NOT_MODIFIED, self._keeping(self._tag), b""
        return _MODIFIED, self._headers, b"" if environ["REQUEST_METHOD"] == "HEAD" else self.gzipped

    def _plain(self, environ: dict[str, Any]) -> Reply:
        tag = f'{self._tag[:-1]}-plain"'
        if self._is_had(environ, tag):
            return _NOT_MODIFIED, self._keeping(tag), b""
        data = zlib.decompress(self.gzipped, 31)
        headers = [_TYPE, ("Content-Length", str(len(data))), *self._keeping(tag)]
        return _MODIFIED, headers, b"" if environ["REQUEST_METHOD"] == "HEAD" else data

    def _keeping(self, tag: str) -> Headers:
        """What is said of keeping the tile under a tag."""
        return [_VARIES, _KEPT, ("ETag", tag)] if self.lasting else [_VARIES, _PASSING]

    def _is_had(self, environ: dict[str, Any], tag: str) -> bool:
        """Whether the client has this tile already."""
        asked = environ.get("HTTP_IF_NONE_MATCH")
        if asked is None or not self.lasting:
            return False
        return asked == tag or not is_resource_modified(environ, tag)


def past_query(moment: Moment) -> str:
    """The parameters by which a tile looks back to a moment."""
    return urlencode({"as_of": f"{moment.as_of}", "known_at": write_instant(moment.known_at)})


_written = lru_cache(1000)(filter_language.to_query)


@lru_cache(1000)
def takes_gzip(accepted: str) -> bool:
    """Whether an `Accept-Encoding` header lets gzip through; a client that says nothing may not understand it."""
    return parse_accept_header(accepted, Accept)["gzip"] > 0
