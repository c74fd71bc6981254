"""Answers in the form that is asked for, with their links; pages of features as a stream that is packed as it goes."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

from flask import Response, request, stream_with_context
from isal import igzip, isal_zlib
from werkzeug.datastructures import MIMEAccept

from geo.errors import BadParameterError
from geo.features.crs import Crs
from geo.features.reading import FeaturePage
from webmap.ogc.links import FORMATS, GEOJSON, JSON, Link, header

PACKED = 1
"""Level of compression: most of what more would bring, in a fifth of the time."""


_BETWEEN = ",\n"


def form_of(query: Mapping[str, str], accepted: MIMEAccept, *offered: str) -> str:
    """The media type to answer in, of those `offered`; the first where nothing is asked for.

    Raises
    ------
    BadParameterError
        `f` asks for another one.
    """
    asked = query.get("f")
    if asked is None:
        return accepted.best_match(offered, default=offered[0]) or offered[0]
    if asked == "json" and JSON not in offered:
        asked = next(name for name, media_type in FORMATS.items() if media_type == offered[0])
    if FORMATS.get(asked) not in offered:
        names = [name for name, media_type in FORMATS.items() if media_type in offered]
        raise BadParameterError("f", asked[:20], ", ".join(names))
    return FORMATS[asked]


def as_document(document: Any, media_type: str = JSON, links: Iterable[Link] = ()) -> Response:
    """A document for programs."""
    response = Response(json.dumps(document, ensure_ascii=False), content_type=media_type)
    response.headers["Cache-Control"] = "no-cache"
    response.vary.add("Accept")
    if told := header(links):
        response.headers["Link"] = told
    return response


def as_feature(text: str, links: list[Link], crs: Crs) -> Response:
    """One feature, with its links."""
    response = Response(f'{text[:-1]}, "links": {json.dumps(links)}}}', content_type=GEOJSON)
    return _finished(response, links, crs)


def as_page(
    first: FeaturePage, rest: Iterator[FeaturePage] | None, matched: int | None, links: Any, crs: Crs
) -> Response:
    """A page of features.

    Parameters
    ----------
    rest
        The other parts of a page that is not held in memory as a whole; None where there are none.
    links
        Gives the links of the page, told the id that the next one begins after.
    """
    if rest is None:
        told = links(first.next)
        body = "".join(_written(first, iter(()), matched, links)).encode()
        response = _packed(Response(body, content_type=GEOJSON))
        response.set_etag(blake2b(_lasting(first, matched, crs), digest_size=12).hexdigest(), weak=True)
        return _finished(response, told, crs).make_conditional(request)
    pieces = (piece.encode() for piece in _written(first, rest, matched, links))
    response = Response(content_type=GEOJSON)
    if _takes_gzip():
        response.headers["Content-Encoding"] = "gzip"
        pieces = _squeezed(pieces)
    response.response = stream_with_context(pieces)
    response.direct_passthrough = True
    return _finished(response, list(links(None)), crs)


def _finished(response: Response, links: Iterable[Link], crs: Crs) -> Response:
    response.headers["Content-Crs"] = f"<{crs.uri}>"
    response.headers["Link"] = header(links)
    response.headers["Cache-Control"] = "no-cache"
    response.vary.update(("Accept", "Accept-Encoding"))
    return response


def _written(first: FeaturePage, rest: Iterator[FeaturePage], matched: int | None, links: Any) -> Iterator[str]:
    """The pieces of a collection; what is known only at the end stands at the end."""
    total = "" if matched is None else f'"numberMatched": {matched}, '
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    yield f'{{"type": "FeatureCollection", "timeStamp": "{now}", {total}"features": ['
    yield _BETWEEN.join(first.features)
    returned, following = len(first.features), first.next
    for page in rest:
        yield "".join(_BETWEEN + each for each in page.features)
        returned, following = returned + len(page.features), page.next
    yield f'], "numberReturned": {returned}, "links": {json.dumps(links(following))}}}'


def _lasting(page: FeaturePage, matched: int | None, crs: Crs) -> bytes:
    """All of a page but the time of the answer."""
    return "\n".join((*page.features, f"{page.next} {matched} {crs.uri} {request.full_path}")).encode()


def _packed(response: Response) -> Response:
    body = response.get_data()
    if _takes_gzip() and len(body) > 1000:
        response.set_data(igzip.compress(body, PACKED, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response


def _squeezed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    packer = isal_zlib.compressobj(PACKED, wbits=31)
    for piece in pieces:
        if made := packer.compress(piece):
            yield made
    yield packer.flush()


def _takes_gzip() -> bool:
    return request.accept_encodings["gzip"] > 0
