"""The whole tile pyramid of the city in one PMTiles file (version 3), for any object store, program or offline device.

References
----------
https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
from isal import igzip
from numpy.typing import NDArray
from pmtiles.tile import Compression, TileType
from pmtiles.writer import Writer
from psycopg import Connection
from psycopg.rows import TupleRow

from geo.db import query
from geo.errors import NotFoundError, StaleVersionError
from geo.exports.sent import Sent
from geo.exports.tile_archive import archive_key
from geo.tiles import LAYERS, MARGIN_PX, MAX_ZOOM, MIN_ZOOM, TILE_PX, Tile, render

CHUNK = 32
"""Tiles that a connection draws before it hands them over."""

AHEAD = 4
"""Chunks per connection that may wait to be written."""

QUALITY = 1
_TEXTS = {"name": "String", "name_en": "String"}
VECTOR_LAYERS: tuple[tuple[str, int, Mapping[str, str]], ...] = (
    (
        "buildings",
        13,
        {
            "h": "Number",
            "b": "Number",
            "m": "Number",
            "code": "String",
            "floors": "Number",
            "grade": "String",
            **_TEXTS,
        },
    ),
    ("grid", 10, {"n": "Number", "m": "Number"}),
    ("water", 10, _TEXTS),
    ("green", 10, _TEXTS),
    ("plaza", 10, _TEXTS),
    ("roads", 10, {"class": "String", "bridge": "Number", **_TEXTS}),
    ("rail", 10, {}),
    ("transit", 10, {"mode": "String", "colour": "String", **_TEXTS}),
    ("amenities", 10, {"code": "String", "category": "String", **_TEXTS}),
    ("areas", 10, {"code": "String", "level": "String", **_TEXTS}),
    (
        "clusters",
        10,
        {"code": "String", "group": "String", "n": "Number", "quotient": "Number", "z": "Number", "on": "String"},
    ),
)
"""Layers of a tile: name, first zoom and the attributes of its features."""

Connections = Callable[[], AbstractContextManager[Connection[TupleRow]]]
Array = NDArray[Any]


def write_pyramid(path: Path, boxes: Array, connections: Connections, workers: int, about: Mapping[str, Any]) -> int:
    """Write all tiles in which something stands; gives their number.

    Parameters
    ----------
    boxes
        As `read_boxes` gives them.
    connections
        Opens a connection of the visitors' login in autocommit; each worker has one.
    about
        What the file says of itself.

    Raises
    ------
    NotFoundError
        There is nothing on the map.
    StaleVersionError
        A layer changed while its tiles were written.
    """
    if not len(boxes):
        raise NotFoundError("There is nothing on the map yet.")
    tiles = tiles_of(boxes)
    versions: dict[str, int] = {}
    written = 0
    with path.open("wb") as file:
        writer: Any = Writer(file)  # type: ignore[no-untyped-call]  # the library has no types
        for tile_id, data in _drawn(tiles, connections, workers, versions):
            writer.write_tile(tile_id, data)
            written += 1
        writer.finalize(_header(boxes), _metadata(about, versions))
    return written


def read_boxes(connection: Connection[TupleRow]) -> Array:
    """The box of everything on the map, in whole pixels of zoom 16: west, north, east, south in each row."""
    asked = query("pyramid_boxes").rstrip().removesuffix(";")
    names = ["west", "north", "east", "south"]
    with connection.cursor() as cursor, cursor.copy(f"COPY ({asked}) TO STDOUT (FORMAT CSV)") as copy:
        types = pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.float64()))
        try:
            table = pyarrow.csv.read_csv(Sent(copy), pyarrow.csv.ReadOptions(column_names=names), None, types)
        except pa.ArrowInvalid:  # there is nothing
            return np.empty((0, 4))
    boxes: Array = np.column_stack([table.column(name).to_numpy() for name in names])
    found: Array = boxes[np.isfinite(boxes).all(axis=1)]  # what is empty has none
    return found


def tiles_of(boxes: Array) -> list[Tile]:
    """The tiles of all zooms that boxes reach into, in the order of their numbers."""
    tiles = [tile for zoom in range(MIN_ZOOM, MAX_ZOOM + 1) for tile in _at(boxes, zoom)]
    return sorted(tiles, key=archive_key)


def _at(boxes: Array, zoom: int) -> Iterator[Tile]:
    side = TILE_PX * 2.0 ** (MAX_ZOOM - zoom)
    margin = side * MARGIN_PX / TILE_PX
    low = np.floor((boxes[:, :2] - margin) / side).astype(np.int64)
    high = np.floor((boxes[:, 2:] + margin) / side).astype(np.int64)
    spans = np.unique(np.column_stack([low, high]).clip(0, 2**zoom - 1), axis=0)
    wide, tall = spans[:, 2] - spans[:, 0] + 1, spans[:, 3] - spans[:, 1] + 1
    count = wide * tall
    place = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    across = np.repeat(wide, count)
    x = np.repeat(spans[:, 0], count) + place % across
    y = np.repeat(spans[:, 1], count) + place // across
    for column, row in np.unique(np.column_stack([x, y]), axis=0).tolist():
        yield Tile(zoom, column, row)


def _drawn(
    tiles: Sequence[Tile], connections: Connections, workers: int, versions: dict[str, int]
) -> Iterator[tuple[int, bytes]]:
    """The tiles that are not empty, in their order, drawn by several connections at once."""
    waiting: deque[Future[list[tuple[int, bytes]]]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        for start in range(0, len(tiles), CHUNK):
            waiting.append(pool.submit(_chunk, tiles[start : start + CHUNK], connections, versions))
            if len(waiting) > AHEAD * workers:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


def _chunk(tiles: Iterable[Tile], connections: Connections, versions: dict[str, int]) -> list[tuple[int, bytes]]:
    with connections() as connection:
        drawn = ((archive_key(tile), _tile(connection, tile, versions)) for tile in tiles)
        return [(number, igzip.compress(data, QUALITY)) for number, data in drawn if data]


def _tile(connection: Connection[TupleRow], tile: Tile, versions: dict[str, int]) -> bytes:
    """All layers of a tile, which stand behind one another in the format."""
    pieces = []
    for layer in LAYERS:
        version, data = render(connection, layer, tile)
        if versions.setdefault(layer, version) != version:
            raise StaleVersionError(f"The layer {layer} changed while its tiles were written; write the file again.")
        pieces.append(data)
    return b"".join(pieces)


def _header(boxes: Array) -> dict[str, Any]:
    pixels = np.concatenate([boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)])
    lon, lat = _degrees(pixels[[0, 2]], pixels[[1, 3]])
    sides = {"min_lon_e7": lon[0], "min_lat_e7": lat[1], "max_lon_e7": lon[1], "max_lat_e7": lat[0]}
    middle = {"center_lon_e7": np.mean(lon), "center_lat_e7": np.mean(lat)}
    degrees = {name: round(float(value) * 1e7) for name, value in {**sides, **middle}.items()}
    return {"tile_type": TileType.MVT, "tile_compression": Compression.GZIP, "center_zoom": 13, **degrees}


def _degrees(x: Array, y: Array) -> tuple[Array, Array]:
    """Longitudes and latitudes of pixels of zoom 16, y down."""
    world = TILE_PX * 2.0**MAX_ZOOM
    return x / world * 360 - 180, np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * y / world))))


def _metadata(about: Mapping[str, Any], versions: Mapping[str, int]) -> dict[str, Any]:
    layers = [
        {"id": name, "minzoom": first, "maxzoom": 12 if name == "grid" else MAX_ZOOM, "fields": dict(fields)}
        for name, first, fields in VECTOR_LAYERS
    ]
    named = {"name": about.get("site") or "LouMap", "attribution": about["attribution"], "type": "overlay"}
    said = {"description": f"{about['note']} {about['note_en']}", "version": about["date"], "versions": dict(versions)}
    return {**named, **said, "vector_layers": layers, "about": about}
