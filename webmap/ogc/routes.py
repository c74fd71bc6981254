"""Addresses below /ogc: read the query, find, answer as GeoJSON, JSON or a page."""

from collections.abc import Iterator
from http import HTTPStatus

from flask import Blueprint, Flask, Response, request
from sqlalchemy.exc import DataError, DBAPIError, InternalError
from werkzeug.wrappers import Response as AnyResponse

from geo.errors import FilterError, LouMapError
from geo.features import reading
from geo.features.collections import Collection, collection_of
from geo.features.reading import MOST_AT_ONCE, FeaturePage
from geo.search import Asked
from webmap import errors
from webmap.config import current_settings
from webmap.db import public_session
from webmap.ogc import answers, asked, documents, openapi, operations, pages, schemas, tile_routes
from webmap.ogc.asked import extents, matches, only, present, site, told
from webmap.ogc.asking import read_question
from webmap.ogc.links import GEOJSON, HTML, JSON, OPENAPI, QUERYABLES, SCHEMA, Link, link
from webmap.permissions import needs

blueprint = Blueprint("ogc", __name__, url_prefix="/ogc")
blueprint.register_blueprint(tile_routes.blueprint)


def init_app(app: Flask) -> None:
    """Give the app its memory of totals and extents."""
    asked.init_app(app)


@blueprint.get("/", strict_slashes=False)
@needs("public")
def landing() -> AnyResponse:
    """Where clients begin."""
    only("f")
    return told(documents.landing(site(), current_settings().site_name), "landing")


@blueprint.get("/conformance")
@needs("public")
def conformance() -> AnyResponse:
    """What the interface holds itself to."""
    only("f")
    return told(documents.conformance(), "conformance")


@blueprint.get("/api")
@needs("public")
def api() -> AnyResponse:
    """The interface described for programs, or for people."""
    only("f")
    return told(openapi.description(site(), current_settings().site_name), "api", OPENAPI)


@blueprint.get("/collections")
@needs("public")
def collections() -> AnyResponse:
    """All collections."""
    only("f")
    return told(documents.collections(site(), extents()), "collections")


@blueprint.get("/collections/<collection>")
@needs("public")
def collection(collection: str) -> AnyResponse:
    """One collection."""
    only("f")
    found = collection_of(collection)
    return told(documents.collection(site(), found, extents()[found.name]), "collection", about=found)


@blueprint.get("/collections/<collection>/queryables")
@needs("public")
def queryables(collection: str) -> AnyResponse:
    """What filters on a collection may speak of."""
    only("f")
    found = collection_of(collection)
    address = site().at(f"/collections/{found.name}/queryables")
    return told(schemas.queryables(found, address), "queryables", SCHEMA, about=found)


@blueprint.get("/collections/<collection>/items")
@needs("public")
def items(collection: str) -> AnyResponse:
    """A page of features."""
    day, chosen = present(), collection_of(collection)
    form = answers.form_of(request.args, request.accept_mimetypes, GEOJSON, HTML)
    question = read_question(request.args, chosen)
    found = operations.find(public_session(), chosen, day, question, matches(chosen, day, question))
    if form == HTML:
        return pages.items(chosen, question, found, _items_links(chosen, found.page.next, HTML))
    rest = _rest(chosen, day, found) if question.limit > MOST_AT_ONCE and found.page.next else None
    return answers.as_page(
        found.page, rest, found.matched, lambda next_id: _items_links(chosen, next_id, GEOJSON), question.crs
    )


@blueprint.get("/collections/<collection>/items/<code>")
@needs("public")
def item(collection: str, code: str) -> AnyResponse:
    """One feature."""
    only("f", "crs")
    chosen = collection_of(collection)
    form = answers.form_of(request.args, request.accept_mimetypes, GEOJSON, HTML)
    question = read_question(request.args, chosen)
    text = reading.read_one(public_session(), chosen, present(), code, question.crs)
    links = _item_links(chosen, code, form)
    return pages.item(chosen, text, links) if form == HTML else answers.as_feature(text, links, question.crs)


@blueprint.errorhandler(LouMapError)
def refused(error: LouMapError) -> AnyResponse:
    """The standard asks for 400 where others of our interfaces say 422."""
    status = errors.status_of(error)
    return errors.answer(error, HTTPStatus.BAD_REQUEST if status is HTTPStatus.UNPROCESSABLE_ENTITY else status)


@blueprint.errorhandler(DataError)
@blueprint.errorhandler(InternalError)
def not_reckoned(error: DBAPIError) -> AnyResponse:
    """What a filter asks for cannot be worked out: numbers beyond all bounds, geometries that cannot be related."""
    text = request.args.get("filter")
    if isinstance(error, InternalError) and (text is None or errors.was_cut_off(error)):
        return errors.answer_cut_off(error)
    if text is None:
        raise error
    return refused(FilterError("for some feature this cannot be worked out", text, 0))


@blueprint.after_request
def open_to_other_sites(response: Response) -> Response:
    """Let scripts of any site read what anybody may read; no cookie counts here."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "Link, Content-Crs, ETag"
    return response


def _rest(chosen: Collection, day: Asked, found: operations.Found) -> Iterator[FeaturePage]:
    return operations.rest(public_session(), chosen, day, found)


def _items_links(chosen: Collection, next_id: int | None, form: str) -> list[Link]:
    path, at = f"/collections/{chosen.name}/items", site().at
    query = {name: value for name, value in request.args.items() if name != "f"}
    other, f = (GEOJSON, "json") if form == HTML else (HTML, "html")
    links = [
        link(at(path, request.args.to_dict()), "self", form),
        link(at(path, {**query, "f": f}), "alternate", other),
        link(at(f"/collections/{chosen.name}"), "collection", JSON),
        link(at(f"/collections/{chosen.name}/queryables"), QUERYABLES, SCHEMA),
    ]
    if next_id is not None:
        kept = {**request.args.to_dict(), "after": str(next_id)}
        links.append(link(at(path, kept), "next", form))
    return links


def _item_links(chosen: Collection, code: str, form: str) -> list[Link]:
    path, at = f"/collections/{chosen.name}/items/{code}", site().at
    other, f = (GEOJSON, "json") if form == HTML else (HTML, "html")
    return [
        link(at(path, request.args.to_dict()), "self", form),
        link(at(path, {"f": f}), "alternate", other),
        link(at(f"/collections/{chosen.name}"), "collection", JSON),
    ]
