"""Addresses below /ogc: read the query, find, answer as GeoJSON, JSON or a page."""

from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Flask, Response, current_app, request
from werkzeug.wrappers import Response as AnyResponse

from geo.errors import BadParameterError, LouMapError
from geo.features import reading
from geo.features.collections import Collection, collection_of
from geo.features.reading import MOST_AT_ONCE, FeaturePage
from geo.kept import Kept
from geo.search import Asked
from geo.tiles import STATE
from webmap import errors
from webmap.config import current_settings
from webmap.db import public_session
from webmap.ogc import answers, documents, openapi, operations, pages, schemas
from webmap.ogc.asking import read_question
from webmap.ogc.links import GEOJSON, HTML, JSON, OPENAPI, QUERYABLES, SCHEMA, Link, Site, link
from webmap.permissions import needs
from webmap.published import published

blueprint = Blueprint("ogc", __name__, url_prefix="/ogc")

KEPT = 50
"""Totals and extents of collections that are remembered."""


def init_app(app: Flask) -> None:
    """Give the app its memory of totals and extents."""
    app.extensions["loumap_collections"] = Kept(KEPT)


@blueprint.get("/", strict_slashes=False)
@needs("public")
def landing() -> AnyResponse:
    """Where clients begin."""
    _only("f")
    return _told(documents.landing(_site(), current_settings().site_name), "landing")


@blueprint.get("/conformance")
@needs("public")
def conformance() -> AnyResponse:
    """What the interface holds itself to."""
    _only("f")
    return _told(documents.conformance(), "conformance")


@blueprint.get("/api")
@needs("public")
def api() -> AnyResponse:
    """The interface described for programs, or for people."""
    _only("f")
    return _told(openapi.description(_site(), current_settings().site_name), "api", OPENAPI)


@blueprint.get("/collections")
@needs("public")
def collections() -> AnyResponse:
    """All collections."""
    _only("f")
    return _told(documents.collections(_site(), _extents()), "collections")


@blueprint.get("/collections/<collection>")
@needs("public")
def collection(collection: str) -> AnyResponse:
    """One collection."""
    _only("f")
    found = collection_of(collection)
    return _told(documents.collection(_site(), found, _extents()[found.name]), "collection", about=found)


@blueprint.get("/collections/<collection>/queryables")
@needs("public")
def queryables(collection: str) -> AnyResponse:
    """What filters on a collection may speak of."""
    _only("f")
    found = collection_of(collection)
    address = _site().at(f"/collections/{found.name}/queryables")
    return _told(schemas.queryables(found, address), "queryables", SCHEMA, about=found)


@blueprint.get("/collections/<collection>/items")
@needs("public")
def items(collection: str) -> AnyResponse:
    """A page of features."""
    asked, chosen = _asked(), collection_of(collection)
    form = answers.form_of(request.args, request.accept_mimetypes, GEOJSON, HTML)
    question = read_question(request.args, chosen)
    found = operations.find(public_session(), chosen, asked, question, lambda: _total(chosen, asked))
    if form == HTML:
        return pages.items(chosen, question, found, _items_links(chosen, found.page.next, HTML))
    rest = _rest(chosen, asked, found) if question.limit > MOST_AT_ONCE and found.page.next else None
    return answers.as_page(
        found.page, rest, found.matched, lambda next_id: _items_links(chosen, next_id, GEOJSON), question.crs
    )


@blueprint.get("/collections/<collection>/items/<code>")
@needs("public")
def item(collection: str, code: str) -> AnyResponse:
    """One feature."""
    _only("f", "crs")
    chosen = collection_of(collection)
    form = answers.form_of(request.args, request.accept_mimetypes, GEOJSON, HTML)
    question = read_question(request.args, chosen)
    text = reading.read_one(public_session(), chosen, _asked(), code, question.crs)
    links = _item_links(chosen, code, form)
    return pages.item(chosen, text, links) if form == HTML else answers.as_feature(text, links, question.crs)


@blueprint.errorhandler(LouMapError)
def refused(error: LouMapError) -> AnyResponse:
    """The standard asks for 400 where others of our interfaces say 422."""
    status = errors.status_of(error)
    return errors.answer(error, HTTPStatus.BAD_REQUEST if status is HTTPStatus.UNPROCESSABLE_ENTITY else status)


@blueprint.after_request
def open_to_other_sites(response: Response) -> Response:
    """Let scripts of any site read what anybody may read; no cookie counts here."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "Link, Content-Crs, ETag"
    return response


def _rest(chosen: Collection, asked: Asked, found: operations.Found) -> Iterator[FeaturePage]:
    return operations.rest(public_session(), chosen, asked, found)


def _told(document: Any, page: str, media_type: str = JSON, about: Collection | None = None) -> AnyResponse:
    if answers.form_of(request.args, request.accept_mimetypes, media_type, JSON, HTML) == HTML:
        return pages.document(page, document, about)
    return answers.as_document(document, media_type, document.get("links", ()))


def _only(*known: str) -> None:
    for name, value in request.args.items():
        if name not in known:
            raise BadParameterError(name[:40], value[:40], f"one of the parameters {', '.join(known)}")


def _site() -> Site:
    return Site(current_settings().base_url or request.host_url)


def _asked() -> Asked:
    settings = current_settings()
    return Asked(settings.today(), stale_before=settings.stale_before())


def _total(chosen: Collection, asked: Asked) -> int:
    key = ("total", chosen.name, asked.today, *published().versions().items())
    total: int = _kept(key, lambda: operations.total(public_session(), chosen, asked))
    return total


def _extents() -> dict[str, list[float] | None]:
    """Under the versions of what is drawn: states of units change all the time, and move nothing."""
    key = ("extents", *((layer, version) for layer, version in published().versions().items() if layer != STATE))
    extents: dict[str, list[float] | None] = _kept(key, lambda: operations.extents(public_session(), _asked()))
    return extents


def _kept(key: tuple[object, ...], work: Callable[[], Any]) -> Any:
    """What has been worked out under a key already, or is now: a whole city takes a while."""
    memory: Kept[tuple[object, ...], Any] = current_app.extensions["loumap_collections"]
    found = memory.get(key)
    return memory.keep(key, work()) if found is None else found


def _items_links(chosen: Collection, next_id: int | None, form: str) -> list[Link]:
    path, site = f"/collections/{chosen.name}/items", _site()
    query = {name: value for name, value in request.args.items() if name != "f"}
    other, f = (GEOJSON, "json") if form == HTML else (HTML, "html")
    links = [
        link(site.at(path, request.args.to_dict()), "self", form),
        link(site.at(path, {**query, "f": f}), "alternate", other),
        link(site.at(f"/collections/{chosen.name}"), "collection", JSON),
        link(site.at(f"/collections/{chosen.name}/queryables"), QUERYABLES, SCHEMA),
    ]
    if next_id is not None:
        kept = {**request.args.to_dict(), "after": str(next_id)}
        links.append(link(site.at(path, kept), "next", form))
    return links


def _item_links(chosen: Collection, code: str, form: str) -> list[Link]:
    path, site = f"/collections/{chosen.name}/items/{code}", _site()
    other, f = (GEOJSON, "json") if form == HTML else (HTML, "html")
    return [
        link(site.at(path, request.args.to_dict()), "self", form),
        link(site.at(path, {"f": f}), "alternate", other),
        link(site.at(f"/collections/{chosen.name}"), "collection", JSON),
    ]
