"""What every address of the interface asks of the request: where it stands, which day it is, what the query may say."""

from collections.abc import Callable
from typing import Any

from flask import Flask, current_app, request
from werkzeug.wrappers import Response as AnyResponse

from geo.errors import BadParameterError
from geo.features.collections import Collection
from geo.kept import Kept
from geo.search import Asked
from geo.tiles import STATE
from webmap.config import current_settings
from webmap.db import public_session
from webmap.ogc import answers, operations, pages
from webmap.ogc.asking import Question
from webmap.ogc.links import HTML, JSON, Site
from webmap.published import published

KEPT = 500
"""Extents of collections and numbers of matches that are remembered."""

ABOUT_THE_PAGE = ("f", "limit", "after", "crs")
"""Parameters that say nothing of what matches."""


def init_app(app: Flask) -> None:
    """Give the app its memory of totals and extents."""
    app.extensions["loumap_collections"] = Kept(KEPT)


def site() -> Site:
    """Where the interface stands, as the client reaches it."""
    return Site(current_settings().base_url or request.host_url)


def present() -> Asked:
    """The search of a visitor today."""
    settings = current_settings()
    return Asked(settings.today(), stale_before=settings.stale_before())


def only(*known: str) -> None:
    """Refuse any other parameter, as the standard asks for.

    Raises
    ------
    BadParameterError
        There is one.
    """
    for name, value in request.args.items():
        if name not in known:
            raise BadParameterError(name[:40], value[:40], f"one of the parameters {', '.join(known)}")


def told(document: Any, page: str, media_type: str = JSON, about: Collection | None = None) -> AnyResponse:
    """A document in the form that is asked for."""
    if answers.form_of(request.args, request.accept_mimetypes, media_type, JSON, HTML) == HTML:
        return pages.document(page, document, about)
    return answers.as_document(document, media_type, document.get("links", ()))


def matches(chosen: Collection, asked: Asked, question: Question) -> int:
    """How many features match, counted once for each version of what is public, and not for every page of them."""
    condition = frozenset((name, value) for name, value in request.args.items() if name not in ABOUT_THE_PAGE)
    key = ("matches", chosen.name, condition, asked.today, *published().versions().items())
    found: int = _kept(key, lambda: operations.count(public_session(), chosen, asked, question))
    return found


def extents() -> dict[str, list[float] | None]:
    """Collection → its extent, under the versions of what is drawn: states of units change all day and move nothing."""
    key = ("extents", *((layer, version) for layer, version in published().versions().items() if layer != STATE))
    found: dict[str, list[float] | None] = _kept(key, lambda: operations.extents(public_session(), present()))
    return found


def _kept(key: tuple[object, ...], work: Callable[[], Any]) -> Any:
    """What has been worked out under a key already, or is now: a whole city takes a while."""
    memory: Kept[tuple[object, ...], Any] = current_app.extensions["loumap_collections"]
    found = memory.get(key)
    return memory.keep(key, work()) if found is None else found
