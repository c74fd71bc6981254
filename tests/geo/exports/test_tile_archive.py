"""Tiles in PMTiles archives, read back by the format's own library."""

import gzip

from pmtiles.reader import MemorySource, Reader, all_tiles

from geo.exports.tile_archive import archive_bytes, tiles_over
from geo.tiles import Tile

BOX = (122.94, 29.14, 122.96, 29.16)
TILES = [
    (Tile(12, 3447, 1700), gzip.compress(b"north", mtime=0)),
    (Tile(12, 3447, 1701), gzip.compress(b"south", mtime=0)),
]


def test_an_archive_gives_back_its_tiles_and_nothing_beside_them() -> None:
    reader = Reader(MemorySource(archive_bytes(TILES, BOX, {"name": "try"})))
    assert gzip.decompress(reader.get(12, 3447, 1701) or b"") == b"south"
    assert reader.get(12, 3447, 1702) is None
    assert reader.metadata()["name"] == "try"
    assert reader.header()["min_lon_e7"] == 1_229_400_000


def test_the_same_tiles_in_any_order_make_the_same_bytes() -> None:
    assert archive_bytes(TILES, BOX, {}) == archive_bytes(TILES[::-1], BOX, {})
    assert len(list(all_tiles(MemorySource(archive_bytes(TILES, BOX, {}))))) == 2


def test_the_tiles_over_a_box_are_those_that_touch_it() -> None:
    over = list(tiles_over(BOX, (10, 14)))
    assert over[0] == Tile(10, 861, 425)
    assert {tile.zoom for tile in over} == {10, 14}
    assert Tile(14, 13787, 6803) in over
    assert len(over) == 1 + len({(tile.x, tile.y) for tile in over if tile.zoom == 14})
