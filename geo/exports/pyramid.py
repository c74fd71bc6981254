"""The whole tile pyramid of the city in one PMTiles file (version 3), for any object store, program or offline device.

References
----------
https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any

import numpy as np
from isal import igzip
from pmtiles.tile import Compression, TileType
from pmtiles.writer import Writer
from psycopg import Connection
from psycopg.rows import TupleRow

from geo.errors import NotFoundError, StaleVersionError
from geo.exports.pyramid_tiles import Array, Boxes, Wanted, standing, tiles_of
from geo.exports.tile_archive import archive_key
from geo.tiles import LAYERS, MAX_ZOOM, TILE_PX, render
from geo.versions import current

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


def write_pyramid(path: Path, boxes: Boxes, connections: Connections, workers: int, about: Mapping[str, Any]) -> int:
    """Write all tiles in which something stands; gives their number.

    Parameters
    ----------
    boxes
        As `geo.exports.pyramid_tiles.read_boxes` gives them.
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
    things = standing(boxes)
    if not len(things):
        raise NotFoundError("There is nothing on the map yet.")
    versions = _versions(connections)
    written = 0
    with path.open("wb") as file, ExitStack() as held:
        writer: Any = Writer(file)  # type: ignore[no-untyped-call]  # the library has no types
        held.callback(writer.tile_f.close)  # which it leaves open when it does not come to its end
        for tile_id, data in _drawn(tiles_of(boxes), connections, workers, versions):
            writer.write_tile(tile_id, data)
            written += 1
        if (now := _versions(connections)) != versions:
            raise StaleVersionError(_changed(layer for layer in versions if now[layer] != versions[layer]))
        writer.finalize(_header(things), _metadata(about, versions))
    return written


def _drawn(
    tiles: Sequence[Wanted], connections: Connections, workers: int, versions: Mapping[str, int]
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


def _chunk(tiles: Iterable[Wanted], connections: Connections, versions: Mapping[str, int]) -> list[tuple[int, bytes]]:
    with connections() as connection:
        drawn = ((archive_key(wanted.tile), _tile(connection, wanted, versions)) for wanted in tiles)
        return [(number, igzip.compress(data, QUALITY)) for number, data in drawn if data]


def _tile(connection: Connection[TupleRow], wanted: Wanted, versions: Mapping[str, int]) -> bytes:
    """All layers of a tile, which stand behind one another in the format."""
    pieces = []
    for layer in wanted.layers:
        version, data = render(connection, layer, wanted.tile)
        if versions[layer] != version:
            raise StaleVersionError(_changed([layer]))
        pieces.append(data)
    return b"".join(pieces)


def _versions(connections: Connections) -> dict[str, int]:
    with connections() as connection:
        return {layer: version for layer, version in current(connection).items() if layer in LAYERS}


def _changed(layers: Iterable[str]) -> str:
    return f"Of the map {', '.join(layers)} changed while the tiles were written; write the file again."


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
