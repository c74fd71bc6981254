"""Tiles in PMTiles archives: one file that any server of files can hand out piece by piece.

An archive holds the tiles of one layer that lie together, gzipped, in the order of the format, so that the same tiles
always make the same bytes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from math import asinh, floor, pi, radians, tan
from typing import Any, BinaryIO

from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from geo.tiles import Tile

Box = tuple[float, float, float, float]
"""West, south, east and north in degrees."""

_E7 = 10_000_000


def tiles_over(box: Box, zooms: Iterable[int]) -> Iterator[Tile]:
    """Every tile that touches a box, zoom by zoom."""
    west, south, east, north = box
    for zoom in zooms:
        (left, top), (right, bottom) = _column_row(west, north, zoom), _column_row(east, south, zoom)
        for x in range(left, right + 1):
            for y in range(top, bottom + 1):
                yield Tile(zoom, x, y)


def archive_key(tile: Tile) -> int:
    """The number by which an archive orders its tiles."""
    number: int = zxy_to_tileid(tile.zoom, tile.x, tile.y)
    return number


def write_archive(file: BinaryIO, tiles: Sequence[tuple[Tile, bytes]], box: Box, metadata: Mapping[str, Any]) -> None:
    """Write tiles that are gzipped already as one PMTiles archive.

    Parameters
    ----------
    tiles
        At least one; in any order.
    box
        What the archive says that it covers.
    metadata
        The archive's JSON: name, attribution, `vector_layers`.

    References
    ----------
    PMTiles version 3, https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md
    """
    writer = Writer(file)
    for tile, data in sorted(tiles, key=lambda each: archive_key(each[0])):
        writer.write_tile(archive_key(tile), data)
    west, south, east, north = (round(degrees * _E7) for degrees in box)
    header = {
        "tile_type": TileType.MVT,
        "tile_compression": Compression.GZIP,
        "min_lon_e7": west,
        "min_lat_e7": south,
        "max_lon_e7": east,
        "max_lat_e7": north,
        "center_zoom": min(tile.zoom for tile, _ in tiles),
        "center_lon_e7": (west + east) // 2,
        "center_lat_e7": (south + north) // 2,
    }
    writer.finalize(header, dict(metadata))


def archive_bytes(tiles: Sequence[tuple[Tile, bytes]], box: Box, metadata: Mapping[str, Any]) -> bytes:
    """The same as bytes, for archives of a few megabytes."""
    file = BytesIO()
    write_archive(file, tiles, box, metadata)
    return file.getvalue()


def _column_row(lon: float, lat: float, zoom: int) -> tuple[int, int]:
    wide = 2**zoom
    x = (lon + 180) / 360 * wide
    y = (1 - asinh(tan(radians(lat))) / pi) / 2 * wide
    return min(max(floor(x), 0), wide - 1), min(max(floor(y), 0), wide - 1)
