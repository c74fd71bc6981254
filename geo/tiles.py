"""Vector tiles, cut by PostGIS out of outlines that are already in tile pixels (see `geo/sql/tiles.sql`)."""

from collections.abc import Mapping
from dataclasses import dataclass

from psycopg import Connection
from psycopg.rows import TupleRow

from geo.errors import NotFoundError, StaleVersionError
from geo.prepared import Bound, Value, bind, first_row

MEDIA_TYPE = "application/vnd.mapbox-vector-tile"
LAYERS = ("buildings", "ground", "amenities", "areas", "clusters")
STATE = "state"
MIN_ZOOM, MAX_ZOOM = 10, 16
OUTLINES_FROM_ZOOM, EACH_FROM_ZOOM = 13, 15
TILE_PX, MARGIN_PX = 4096, 64
FAR_UNITS = 2048
"""Outlines of zooms 13 and 14 are cut this fine: a metre at zoom 14, half of what a screen shows."""

GRID_BITS = 12
"""A tile of the low zooms holds 64 x 64 cells: twelve bits of a Morton code."""

LEAST_PX = {13: 14_000.0, 14: 2_000.0}
"""At these zooms unmanaged outlines below so many square pixels of zoom 16 (0.0164 m² each at 31° N) are left out:
about 230 and 33 m², less than four by four and three by three pixels on a screen. `tile_buildings_far` and the indexes
that it reads say the same numbers."""

MAJOR_RANK = {10: 1, 11: 1, 12: 2, 13: 2, 14: 3}
"""Zoom → the least important rank of ground features that it shows (4, everything, from zoom 15)."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile of the usual Web Mercator pyramid."""

    zoom: int
    x: int
    y: int

    def __post_init__(self) -> None:
        if not (MIN_ZOOM <= self.zoom <= MAX_ZOOM and 0 <= self.x < 2**self.zoom and 0 <= self.y < 2**self.zoom):
            raise NotFoundError(f"There is no tile {self.zoom}/{self.x}/{self.y}; zooms are {MIN_ZOOM} to {MAX_ZOOM}.")


def render(connection: Connection[TupleRow], layer: str, tile: Tile, *, staff: bool = False) -> tuple[int, bytes]:
    """The current version of `layer` and its content in `tile`, both out of one snapshot.

    Parameters
    ----------
    connection
        A psycopg connection; in autocommit the statement is prepared on it when it is first used.
    layer
        One of `LAYERS`.
    staff
        Show unpublishable sources as well; the connection's login must be allowed to.

    Returns
    -------
    tuple[int, bytes]
        The version and the uncompressed Mapbox vector tile (empty bytes where nothing is shown).

    Raises
    ------
    NotFoundError
        There is no such layer.
    """
    version, data = first_row(connection, question(layer, tile, staff=staff))
    return version_of(version), data or b""


def question(layer: str, tile: Tile, *, staff: bool = False) -> Bound:
    """What the database is asked for a tile: it gives the layer's version and the tile.

    Raises
    ------
    NotFoundError
        There is no such layer.
    """
    if layer not in LAYERS:
        raise NotFoundError(f"There is no tile layer {layer!r}; there are {', '.join(LAYERS)}.")
    name = _query_name(layer, tile.zoom)
    return bind(name, _query_values(name, tile), staff=staff)


def version_of(column: bytes | None) -> int:
    """A layer's version as a statement gave it."""
    assert column is not None, "every layer has a version"
    return int.from_bytes(column, "big")


def require_current(asked: int, current: int) -> None:
    """Raise `StaleVersionError` when a version other than the current one was asked for."""
    if asked != current:
        raise StaleVersionError(f"Version {asked} is not current; {current} is.", current)


def _query_name(layer: str, zoom: int) -> str:
    if layer != "buildings" or zoom >= EACH_FROM_ZOOM:
        return f"tile_{layer}"
    return "tile_buildings_far" if zoom >= OUTLINES_FROM_ZOOM else "tile_building_grid"


def _query_values(name: str, tile: Tile) -> Mapping[str, Value]:
    if name == "tile_building_grid":
        return grid(tile)
    return frame(tile, FAR_UNITS if name == "tile_buildings_far" else TILE_PX)


def frame(tile: Tile, units: int = TILE_PX) -> dict[str, float]:
    """The values of a query whose tile is `units` wide and high inside.

    All but `units`, `zoom` and `rank` are in pixels of zoom 16: the sides of the tile, the same with its margin, what
    is added to a coordinate before `s` scales it to the tile's units, and the smallest outline worth drawing.
    """
    pixels = 2.0 ** (MAX_ZOOM - tile.zoom)
    left, top = tile.x * TILE_PX * pixels, tile.y * TILE_PX * pixels
    side, margin = TILE_PX * pixels, MARGIN_PX * pixels
    unit = side / units
    half = 0.5 * unit if unit > 1 else 0.0  # ST_AsMVT cuts decimals off: half a unit more makes that rounding
    return {
        "zoom": tile.zoom,
        "units": units,
        "left": left,
        "top": top,
        "right": left + side,
        "bottom": top + side,
        "west": left - margin,
        "north": top - margin,
        "east": left + side + margin,
        "south": top + side + margin,
        "dx": half - left,
        "dy": half - top,
        "s": 1 / unit,
        "least_px": LEAST_PX.get(tile.zoom, 0.0),
        "rank": MAJOR_RANK.get(tile.zoom, 4),
    }


def grid(tile: Tile) -> dict[str, int]:
    """The range of Morton codes (see `loumap_morton`) in a tile, and by how much a code is shifted to give its cell."""
    bits = 2 * (24 - tile.zoom)
    first = _interleave(tile.x) << bits | _interleave(tile.y) << (bits + 1)
    return {"first": first, "last": first + (1 << bits), "shift": bits - GRID_BITS}


def _interleave(number: int) -> int:
    return sum(((number >> bit) & 1) << (2 * bit) for bit in range(24))
