"""Pages and lists go over the wire compressed; files that have twins on disk and tiles are compressed already.

What is sent to somebody signed in stays as it is: a page that holds both a secret and words of the reader could be
guessed at by its compressed size. A large page that repeats nothing of its request may say so and is compressed.
"""

import gzip

import brotli
from flask import Flask, Response, g, request

from webmap.permissions import current_user

TYPES = frozenset(
    {
        *("text/html", "text/csv", "text/calendar", "image/svg+xml", "application/xml", "application/atom+xml"),
        *("application/json", "application/geo+json", "application/problem+json"),
    }
)
LEAST_BYTES = 1000
QUALITY = 5


def init_app(app: Flask) -> None:
    """Compress answers after everything else has been said about them."""
    app.after_request(_compress)


def repeats_nothing() -> None:
    """Say of the present page that it holds no words of its request, so that nobody can guess at it by its size."""
    g.repeats_nothing = not request.query_string


def _compress(response: Response) -> Response:
    if response.mimetype not in TYPES or response.direct_passthrough or "Content-Encoding" in response.headers:
        return response
    response.vary.add("Accept-Encoding")
    body = response.get_data()
    coding = _coding()
    if coding is None or len(body) < LEAST_BYTES or _is_private():
        return response
    response.set_data(brotli.compress(body, quality=QUALITY) if coding == "br" else gzip.compress(body, 6, mtime=0))
    response.headers["Content-Encoding"] = coding
    return response


def _coding() -> str | None:
    accepted = request.accept_encodings
    return next((coding for coding in ("br", "gzip") if accepted[coding] > 0), None)


def _is_private() -> bool:
    """Whether the answer may hold a form's token or what only an account sees."""
    return not g.get("repeats_nothing") and ("csrf_token" in g or current_user() is not None)
