"""Vector tiles as OGC API Tiles: the tiles of the map under addresses that any client makes by itself."""

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from geo.errors import NotFoundError, StaleVersionError
from geo.features.collections import Collection, collection_of
from geo.tiles import Tile
from webmap.ogc import tilesets
from webmap.ogc.asked import extents, only, site, told
from webmap.permissions import needs
from webmap.published import published
from webmap.tile_answers import TileAddress, TileAnswer

blueprint = Blueprint("tiles", __name__)


@blueprint.get("/tileMatrixSets")
@needs("public")
def matrix_sets() -> AnyResponse:
    """The ways to divide the world."""
    only("f")
    return told(tilesets.matrix_sets(site()), "collections")


@blueprint.get(f"/tileMatrixSets/{tilesets.MATRIX_SET}")
@needs("public")
def matrix_set() -> AnyResponse:
    """The one that there is."""
    only("f")
    return told(tilesets.matrix_set(), "collections")


@blueprint.get("/collections/<collection>/tiles")
@needs("public")
def tilesets_of(collection: str) -> AnyResponse:
    """The tilesets of a collection."""
    only("f")
    found = _drawn(collection)
    return told(tilesets.tilesets(site(), found, extents()[found.name]), "collection", about=found)


@blueprint.get(f"/collections/<collection>/tiles/{tilesets.MATRIX_SET}")
@needs("public")
def tileset(collection: str) -> AnyResponse:
    """The tileset of a collection."""
    only("f")
    found = _drawn(collection)
    return told(tilesets.tileset(site(), found, extents()[found.name]), "collection", about=found)


@blueprint.get(f"/collections/<collection>/tiles/{tilesets.MATRIX_SET}/<int:matrix>/<int:row>/<int:column>")
@needs("public")
def tile(collection: str, matrix: int, row: int, column: int) -> Response:
    """A tile of the present version, whichever that is; so it is asked for again each time."""
    only("f")
    answer = _present_tile(_drawn(collection), Tile(matrix, column, row))
    status, headers, body = answer.reply(request.environ)
    response = Response(body, status, headers)
    response.headers["Cache-Control"] = "no-cache"
    return response


def _present_tile(found: Collection, place: Tile) -> TileAnswer:
    source, layer = published(), found.tiles or ""
    try:
        return source.tiles.answer(TileAddress(layer, source.versions()[layer], place))
    except StaleVersionError as stale:  # the layer has changed since its version was noted
        return source.tiles.answer(TileAddress(layer, stale.current or 0, place))


def _drawn(name: str) -> Collection:
    found = collection_of(name)
    if found.tiles is None:
        raise NotFoundError(f"{name} has no tiles; {', '.join(tilesets.DRAWN)} have.")
    return found
