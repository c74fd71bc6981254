"""The interface described for programs: an OpenAPI 3.0 document that is made of the collections and their fields."""

from typing import Any

from geo.features.collections import COLLECTIONS, Collection
from geo.features.crs import ALL, CRS84
from geo.tiles import MEDIA_TYPE
from webmap.ogc.asking import ABOUT_THE_PAGE, LANGUAGES, LIMIT, MOST
from webmap.ogc.links import GEOJSON, HTML, JSON, OPENAPI, PROBLEM, SCHEMA, Site
from webmap.ogc.schemas import schema_of
from webmap.ogc.tilesets import DRAWN, MATRIX_SET

Document = dict[str, Any]


def description(site: Site, title: str) -> Document:
    """The whole document."""
    return {
        "openapi": "3.0.3",
        "info": {"title": f"{title}: OGC API", "version": "1", "description": "Public facts only; no key needed."},
        "servers": [{"url": site.root}],
        "tags": [{"name": "interface"}, *({"name": each} for each in COLLECTIONS)],
        "paths": {
            "/": _simple("getLandingPage", "Landing page"),
            "/api": _simple("getApi", "This document", OPENAPI),
            "/conformance": _simple("getConformance", "Conformance classes"),
            "/collections": _simple("getCollections", "Collections"),
            "/tileMatrixSets": _simple("getTileMatrixSets", "Tile matrix sets"),
            f"/tileMatrixSets/{MATRIX_SET}": _simple("getTileMatrixSet", MATRIX_SET),
            **{path: item for each in COLLECTIONS.values() for path, item in _of(each).items()},
            **{path: item for each in DRAWN.values() for path, item in _tiles_of(each).items()},
        },
        "components": {"parameters": _parameters(), "responses": _responses()},
    }


def _of(collection: Collection) -> Document:
    path, name = f"/collections/{collection.name}", collection.name.title()
    named = [_query(each.name, schema_of(each), each.heading_en) for each in collection.fields]
    return {
        path: _simple(f"get{name}", collection.about_en, tag=collection.name),
        f"{path}/queryables": _simple(f"get{name}Queryables", "Queryables", SCHEMA, tag=collection.name),
        f"{path}/items": {
            "get": {
                "operationId": f"get{name}Items",
                "summary": f"{collection.title_en}, page by page",
                "tags": [collection.name],
                "parameters": [*(_ref("parameters", each) for each in ABOUT_THE_PAGE), *named],
                "responses": _answers("Features", GEOJSON),
            }
        },
        f"{path}/items/{{featureId}}": {
            "get": {
                "operationId": f"get{name}Item",
                "summary": "One feature",
                "tags": [collection.name],
                "parameters": [_ref("parameters", each) for each in ("featureId", "f", "crs")],
                "responses": _answers("Feature", GEOJSON) | {"404": _ref("responses", "NotFound")},
            }
        },
    }


def _tiles_of(collection: Collection) -> Document:
    path, name = f"/collections/{collection.name}/tiles", collection.name.title()
    steps = {"tileMatrix": "Zoom", "tileRow": "Row from the north", "tileCol": "Column from the west"}
    place = [
        {
            "name": each,
            "in": "path",
            "required": True,
            "description": about,
            "schema": {"type": "integer", "minimum": 0},
        }
        for each, about in steps.items()
    ]
    tile = {
        "operationId": f"get{name}Tile",
        "summary": f"{collection.title_en} in a vector tile",
        "tags": [collection.name],
        "parameters": place,
        "responses": {
            "200": {"description": "Tile", "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}},
            "404": _ref("responses", "NotFound"),
        },
    }
    return {
        path: _simple(f"get{name}Tilesets", "Tilesets", tag=collection.name),
        f"{path}/{MATRIX_SET}": _simple(f"get{name}Tileset", "Tileset", tag=collection.name),
        f"{path}/{MATRIX_SET}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}": {"get": tile},
    }


def _simple(operation: str, summary: str, media_type: str = JSON, tag: str = "interface") -> Document:
    return {
        "get": {
            "operationId": operation,
            "summary": summary,
            "tags": [tag],
            "parameters": [_ref("parameters", "f")],
            "responses": _answers(summary, media_type),
        }
    }


def _answers(what: str, media_type: str) -> Document:
    content = {media_type: {"schema": {"type": "object"}}, HTML: {"schema": {"type": "string"}}}
    return {"200": {"description": what, "content": content}, "400": _ref("responses", "BadRequest")}


def _ref(kind: str, name: str) -> Document:
    return {"$ref": f"#/components/{kind}/{name}"}


def _query(name: str, schema: Document, about: str) -> Document:
    plain = {key: value for key, value in schema.items() if not key.startswith("x-") and key != "title"}
    return _parameter(name, plain, about)


def _parameter(name: str, schema: Document, about: str) -> Document:
    told = {"name": name, "in": "query", "required": False, "description": about, "schema": schema}
    return told | {"style": "form", "explode": False}


def _parameters() -> Document:
    number = {"type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"}}
    systems = {"type": "string", "format": "uri", "enum": [each.uri for each in ALL], "default": CRS84.uri}
    feature = {"name": "featureId", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        "featureId": feature | {"description": "Code of the feature"},
        "f": _parameter("f", {"type": "string", "enum": ["json", "geojson", "html"]}, "Form of the answer"),
        "limit": _parameter(
            "limit", {"type": "integer", "minimum": 1, "maximum": MOST, "default": LIMIT}, "Features of a page"
        ),
        "after": _parameter("after", {"type": "integer", "minimum": 0}, "Where a page begins; taken from a next link"),
        "bbox": _parameter("bbox", number, "Features that meet this box"),
        "bbox-crs": _parameter("bbox-crs", systems, "Coordinate system of bbox"),
        "crs": _parameter("crs", systems, "Coordinate system of the answer"),
        "filter": _parameter("filter", {"type": "string"}, "Condition in CQL2 on the queryables"),
        "filter-lang": _parameter(
            "filter-lang", {"type": "string", "enum": [*LANGUAGES], "default": "cql2-text"}, "Form of the filter"
        ),
        "filter-crs": _parameter("filter-crs", systems, "Coordinate system of geometries in the filter"),
        "datetime": _parameter("datetime", {"type": "string"}, "Instant, or first/last; '..' where open"),
    }


def _responses() -> Document:
    problem = {PROBLEM: {"schema": {"type": "object", "properties": {"title": {"type": "string"}}}}}
    return {
        "BadRequest": {"description": "A parameter is not understood", "content": problem},
        "NotFound": {"description": "There is no such feature", "content": problem},
    }
