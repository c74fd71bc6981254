"""Documents of the interface: landing page, conformance, collections; the same facts for programs and for pages."""

from collections.abc import Mapping
from typing import Any

from geo.features.collections import COLLECTIONS, Collection
from geo.features.crs import ALL, CRS84
from webmap.ogc.links import GEOJSON, HTML, JSON, OPENAPI, QUERYABLES, SCHEMA, Site, link
from webmap.ogc.tilesets import TILESETS

Document = dict[str, Any]

_FEATURES_1 = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf"
_FEATURES_2 = "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf"
_FEATURES_3 = "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf"
_CQL2 = "http://www.opengis.net/spec/cql2/1.0/conf"
_SCHEMES = "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes"
_TILES = "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf"
CONFORMANCE = (
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
    *(f"{_FEATURES_1}/{name}" for name in ("core", "oas30", "html", "geojson")),
    f"{_FEATURES_2}/crs",
    *(f"{_FEATURES_3}/{name}" for name in ("queryables", "queryables-query-parameters", "filter", "features-filter")),
    *(f"{_CQL2}/{name}" for name in ("cql2-text", "cql2-json", "basic-cql2", "advanced-comparison-operators")),
    *(f"{_CQL2}/{name}" for name in ("basic-spatial-functions", "basic-spatial-functions-plus", "spatial-functions")),
    *(f"{_CQL2}/{name}" for name in ("case-insensitive-comparison", "temporal-functions", "property-property")),
    f"{_CQL2}/arithmetic",
    *(f"{_TILES}/{name}" for name in ("core", "tileset", "tilesets-list", "geodata-tilesets", "mvt")),
)
"""What the interface holds itself to."""


def landing(site: Site, title: str) -> Document:
    """Where everything begins."""
    return {
        "title": title,
        "description": "Buildings, units, areas, amenities and industry clusters; public facts only.",
        "links": [
            *_both(site, "", "self"),
            link(site.at("/api"), "service-desc", OPENAPI, "OpenAPI 3.0"),
            link(site.at("/api", {"f": "html"}), "service-doc", HTML, "Parameters and examples"),
            link(site.at("/conformance"), "conformance", JSON, "Conformance classes"),
            link(site.at("/collections"), "data", JSON, "Collections"),
            link(site.at("/tileMatrixSets"), _SCHEMES, JSON, "Tile matrix sets"),
        ],
    }


def conformance() -> Document:
    """The classes of the standards that the interface holds itself to."""
    return {"conformsTo": list(CONFORMANCE)}


def collections(site: Site, extents: Mapping[str, list[float] | None]) -> Document:
    """All collections."""
    return {
        "links": _both(site, "/collections", "self"),
        "collections": [collection(site, each, extents.get(each.name)) for each in COLLECTIONS.values()],
    }


def collection(site: Site, each: Collection, extent: list[float] | None) -> Document:
    """One collection."""
    path = f"/collections/{each.name}"
    spatial = {"spatial": {"bbox": [extent], "crs": CRS84.uri}} if extent else {}
    return {
        "id": each.name,
        "title": f"{each.title} {each.title_en}",
        "description": f"{each.about}。 {each.about_en}.",
        "extent": spatial,
        "itemType": "feature",
        "crs": [each.uri for each in ALL],
        "storageCrs": CRS84.uri,
        "links": [
            *_both(site, path, "self"),
            link(site.at(f"{path}/items"), "items", GEOJSON, each.title_en),
            link(site.at(f"{path}/items", {"f": "html"}), "items", HTML, each.title_en),
            link(site.at(f"{path}/queryables"), QUERYABLES, SCHEMA, "Queryables"),
            *([link(site.at(f"{path}/tiles"), TILESETS, JSON, "Vector tiles")] if each.tiles else []),
        ],
    }


def _both(site: Site, path: str, rel: str) -> list[dict[str, str]]:
    """A document as it is for programs, and its page."""
    return [link(site.at(path or "/"), rel, JSON), link(site.at(path or "/", {"f": "html"}), "alternate", HTML)]
