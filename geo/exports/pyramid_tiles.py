"""Which tiles of a city there are to draw, and which layers have anything in each of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
from numpy.typing import NDArray
from psycopg import Connection
from psycopg.rows import TupleRow

from geo.db import query
from geo.exports.sent import Sent
from geo.exports.tile_archive import archive_key
from geo.tiles import LAYERS, MARGIN_PX, MAX_ZOOM, MIN_ZOOM, TILE_PX, Tile

Array = NDArray[Any]
Boxes = Mapping[str, Array]
"""Of each layer the boxes of what it shows, in pixels of zoom 16: west, north, east, south in each row."""

GROUNDS = ("areas", "clusters")
"""Layers that lie under the things of a city: where nothing else stands, they make no tile."""

NEAR_PX = 32
"""PostGIS compares boxes in single precision, which tells pixels of zoom 16 apart by 16 only, and widens both of them:
a tile of the map may show what ends so close to its margin."""

_SIDES = ("west", "north", "east", "south")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A tile, and the layers that may have something in it, in the order in which they are drawn."""

    tile: Tile
    layers: tuple[str, ...]


def read_boxes(connection: Connection[TupleRow]) -> Boxes:
    """The box of everything on the map."""
    asked = query("pyramid_boxes").rstrip().removesuffix(";")
    with connection.cursor() as cursor, cursor.copy(f"COPY ({asked}) TO STDOUT (FORMAT CSV)") as copy:
        types = {"layer": pa.dictionary(pa.int32(), pa.string()), **dict.fromkeys(_SIDES, pa.float64())}
        names = pyarrow.csv.ReadOptions(column_names=list(types))
        try:
            table = pyarrow.csv.read_csv(Sent(copy), names, None, pyarrow.csv.ConvertOptions(column_types=types))
        except pa.ArrowInvalid:  # there is nothing
            return {layer: np.empty((0, 4)) for layer in LAYERS}
    of = np.asarray(table.column("layer").to_pandas().astype(str))
    sides = np.column_stack([table.column(name).to_numpy() for name in _SIDES])
    there = np.isfinite(sides).all(axis=1)  # what is empty has no box
    return {layer: sides[there & (of == layer)] for layer in LAYERS}


def standing(boxes: Boxes) -> Array:
    """The boxes of the things that make a tile."""
    return np.concatenate([sides for layer, sides in boxes.items() if layer not in GROUNDS])


def tiles_of(boxes: Boxes) -> list[Wanted]:
    """The tiles of all zooms that things reach into, in the order of their numbers in an archive."""
    things = standing(boxes)
    if not len(things):
        return []
    low, high = things[:, :2].min(axis=0), things[:, 2:].max(axis=0)
    # An area may be as wide as a province: only what lies around the city is cut into tiles.
    within = {layer: np.hstack([s[:, :2].clip(low, high), s[:, 2:].clip(low, high)]) for layer, s in boxes.items()}
    keys = {layer: _keys(sides) for layer, sides in within.items()}
    every = np.unique(np.concatenate([keys[layer] for layer in keys if layer not in GROUNDS]))
    names = [layer for layer in LAYERS if layer in keys]
    has = np.column_stack([np.isin(every, keys[layer], assume_unique=True) for layer in names]).tolist()
    wanted = [
        Wanted(_tile(key), tuple(name for name, there in zip(names, row, strict=True) if there))
        for key, row in zip(every.tolist(), has, strict=True)
    ]
    return sorted(wanted, key=lambda each: archive_key(each.tile))


def _keys(boxes: Array) -> Array:
    """The tiles of all zooms that boxes reach into, each as one number: zoom, column, row."""
    found: Array = np.concatenate([_at(boxes, zoom) + (zoom << 40) for zoom in range(MIN_ZOOM, MAX_ZOOM + 1)])
    return found


def _tile(key: int) -> Tile:
    return Tile(key >> 40, key >> 20 & 0xFFFFF, key & 0xFFFFF)


def _at(boxes: Array, zoom: int) -> Array:
    """The tiles of a zoom that boxes reach into, column and row in one number, each once."""
    side = TILE_PX * 2.0 ** (MAX_ZOOM - zoom)
    margin = side * MARGIN_PX / TILE_PX + NEAR_PX
    low, high = (
        np.floor(sides / side).astype(np.int64).clip(0, 2**zoom - 1)
        for sides in (boxes[:, :2] - margin, boxes[:, 2:] + margin)
    )
    several = (low != high).any(axis=1)
    # Most things stand in one tile, and their numbers are had without going through each of them.
    single = low[~several, 0] << 20 | low[~several, 1]
    low, spans = low[several], (high - low + 1)[several]
    count = spans.prod(axis=1)
    place = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    across = np.repeat(spans[:, 0], count)
    columns = np.repeat(low[:, 0], count) + place % across
    rows = np.repeat(low[:, 1], count) + place // across
    return np.unique(np.concatenate([single, columns << 20 | rows]))
