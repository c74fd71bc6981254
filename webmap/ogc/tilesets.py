"""Documents about vector tiles: the tiles of a collection, and how WebMercatorQuad divides the world.

References
----------
OGC 20-057, "OGC API - Tiles - Part 1: Core", 2022; OGC 17-083r4, "Two Dimensional Tile Matrix Set", 2022, annex D.1.
"""

from typing import Any

from geo.features.collections import COLLECTIONS, Collection
from geo.features.crs import CRS84, EPSG
from geo.tiles import MAX_ZOOM, MEDIA_TYPE, MIN_ZOOM
from webmap.ogc.links import HTML, JSON, Site, link

MATRIX_SET = "WebMercatorQuad"
URI = f"http://www.opengis.net/def/tilematrixset/OGC/1.0/{MATRIX_SET}"
SCHEME = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"
TILESETS = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"
DRAWN = {name: each for name, each in COLLECTIONS.items() if each.tiles}
"""Collections that have tiles."""

_CELL_M, _SCALE = 156543.033928041, 559082264.028717
"""Metres of a pixel at the equator, and the denominator of the scale, of the matrix that is one tile."""

_CORNER = 20037508.3427892
Document = dict[str, Any]


def matrix_sets(site: Site) -> Document:
    """The ways to divide the world: one."""
    own = link(site.at(f"/tileMatrixSets/{MATRIX_SET}"), "self", JSON)
    return {"tileMatrixSets": [{"id": MATRIX_SET, "title": "Web Mercator", "uri": URI, "links": [own]}]}


def matrix_set() -> Document:
    """WebMercatorQuad."""
    return {
        "id": MATRIX_SET,
        "title": "Google Maps Compatible for the World",
        "uri": URI,
        "crs": f"{EPSG}3857",
        "orderedAxes": ["X", "Y"],
        "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        "tileMatrices": [_matrix(zoom) for zoom in range(25)],
    }


def tilesets(site: Site, collection: Collection, extent: list[float] | None) -> Document:
    """The tilesets of a collection: one."""
    path = f"/collections/{collection.name}/tiles"
    return {
        "links": [link(site.at(path), "self", JSON), link(site.at(path, {"f": "html"}), "alternate", HTML)],
        "tilesets": [tileset(site, collection, extent)],
    }


def tileset(site: Site, collection: Collection, extent: list[float] | None) -> Document:
    """The vector tiles of a collection."""
    path = f"/collections/{collection.name}/tiles/{MATRIX_SET}"
    template = site.at(path) + "/{tileMatrix}/{tileRow}/{tileCol}"
    tile = link(template, "item", MEDIA_TYPE, collection.title_en) | {"templated": True}
    layer = {"id": collection.tiles, "title": collection.title_en, "dataType": "vector"}
    told: Document = {
        "title": f"{collection.title} {collection.title_en}",
        "dataType": "vector",
        "crs": f"{EPSG}3857",
        "tileMatrixSetURI": URI,
        "layers": [layer | {"minTileMatrix": str(MIN_ZOOM), "maxTileMatrix": str(MAX_ZOOM)}],
        "links": [
            link(site.at(path), "self", JSON),
            link(site.at(f"/tileMatrixSets/{MATRIX_SET}"), SCHEME, JSON),
            tile,
        ],
    }
    if extent:
        told["boundingBox"] = {"lowerLeft": extent[:2], "upperRight": extent[2:], "crs": CRS84.uri}
    return told


def _matrix(zoom: int) -> Document:
    return {
        "id": str(zoom),
        "scaleDenominator": _SCALE / 2**zoom,
        "cellSize": _CELL_M / 2**zoom,
        "cornerOfOrigin": "topLeft",
        "pointOfOrigin": [-_CORNER, _CORNER],
        "tileWidth": 256,
        "tileHeight": 256,
        "matrixWidth": 2**zoom,
        "matrixHeight": 2**zoom,
    }
