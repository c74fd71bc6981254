"""The map of a copy: vector tiles in archives, one per layer and part of the city, read from one snapshot."""

import itertools
from collections.abc import Iterator
from functools import partial

from isal import igzip

from geo import tiles
from geo.exports.tile_archive import Box, archive_bytes, tiles_over
from geo.tiles import MIN_ZOOM, Tile
from webmap.publish.folder import CopyFolder
from webmap.publish.snapshot import Driver, Snapshot

MOST_ZOOM = 15
"""Nearer the browser enlarges these tiles: their 4096 units are a quarter of a metre, finer than what it shows."""

PART_ZOOM = 12
"""The tiles of zooms 12 and more lie together by their tile of zoom 12, some 8 km wide; all others in one archive."""

_QUALITY = 3
"""Of isal: what is read for months may take a little longer to be made."""

Archives = dict[str, dict[str, str]]
"""Layer → part ("far", or "x-y" of its tile of `PART_ZOOM`) → file."""


def write_tiles(moment: Snapshot, folder: CopyFolder, box: Box) -> Archives:
    """Write the archives of all layers within a box; those of a layer that is as it was stay as they are."""
    found: Archives = {}
    for layer in tiles.LAYERS:
        kept = _kept(folder, layer, moment.versions[layer], box)
        found[layer] = kept if kept is not None else _written(moment, folder, layer, box)
    folder.leave("tiles", {layer: [moment.versions[layer], list(box), found[layer]] for layer in tiles.LAYERS})
    return found


def _kept(folder: CopyFolder, layer: str, version: int, box: Box) -> dict[str, str] | None:
    """The archives that the last publication made of this version, if all of them are there."""
    known = folder.told.get("tiles", {}).get(layer)
    if known is None or known[:2] != [version, list(box)]:
        return None
    archives: dict[str, str] = known[2]
    return archives if all(folder.keep(name) for name in archives.values()) else None


def _written(moment: Snapshot, folder: CopyFolder, layer: str, box: Box) -> dict[str, str]:
    archives = {}
    for part, wanted in _parts(box):
        read = zip(wanted, moment.read(partial(_tile, layer), wanted), strict=True)
        found = [(tile, data) for tile, data in read if data]
        if found:
            data = archive_bytes(found, box, {"name": f"LouMap {layer}", "vector_layers": []})
            archives[part] = folder.put_named(f"data/tiles/{layer}-{part}", ".pmtiles", data)
    return archives


def _parts(box: Box) -> Iterator[tuple[str, list[Tile]]]:
    """The parts of a box with their tiles; a part is some hundred tiles."""
    yield "far", list(tiles_over(box, range(MIN_ZOOM, PART_ZOOM)))
    near = sorted(tiles_over(box, range(PART_ZOOM, MOST_ZOOM + 1)), key=_part)
    for part, found in itertools.groupby(near, _part):
        yield part, list(found)


def _part(tile: Tile) -> str:
    shift = tile.zoom - PART_ZOOM
    return f"{tile.x >> shift}-{tile.y >> shift}"


def _tile(layer: str, connection: Driver, tile: Tile) -> bytes:
    """A tile, gzipped; empty bytes where there is nothing."""
    data = tiles.render(connection, layer, tile)[1]
    return igzip.compress(data, _QUALITY, mtime=0) if data else b""
