"""The map of a copy: vector tiles in archives, one per layer and part of the city, read from one snapshot."""

import itertools
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Any

import psycopg
from isal import igzip
from sqlalchemy import Connection

from geo import tiles, versions
from geo.exports.tile_archive import Box, archive_bytes, tiles_over
from geo.tiles import MIN_ZOOM, Tile
from webmap.db import Bind, driver_connection
from webmap.publish.folder import CopyFolder

MOST_ZOOM = 15
"""Nearer the browser enlarges these tiles: their 4096 units are a quarter of a metre, finer than what it shows."""

PART_ZOOM = 12
"""The tiles of zooms 12 and more lie together by their tile of zoom 12, some 8 km wide; all others in one archive."""

READERS = 2
"""Connections at once; the work is the database's."""

_QUALITY = 3
"""Of isal: what is read for months may take a little longer to be made."""

Archives = dict[str, dict[str, str]]
"""Layer → part ("far", or "x-y" of its tile of `PART_ZOOM`) → file."""


def write_tiles(bind: Bind, folder: CopyFolder, box: Box, layers: tuple[str, ...] = tiles.LAYERS) -> Archives:
    """Write the archives of all layers within a box; those of a layer that is as it was stay as they are."""
    found: Archives = {}
    with _readers(bind) as (readers, current):
        for layer in layers:
            kept = _kept(folder, layer, current[layer], box)
            found[layer] = kept if kept is not None else _written(readers, folder, layer, box)
    folder.leave("tiles", {layer: [current[layer], list(box), found[layer]] for layer in layers})
    return found


def _kept(folder: CopyFolder, layer: str, version: int, box: Box) -> dict[str, str] | None:
    """The archives that the last publication made of this version, if all of them are there."""
    known = folder.told.get("tiles", {}).get(layer)
    if known is None or known[:2] != [version, list(box)]:
        return None
    archives: dict[str, str] = known[2]
    return archives if all(folder.keep(name) for name in archives.values()) else None


def _written(readers: "_Readers", folder: CopyFolder, layer: str, box: Box) -> dict[str, str]:
    archives = {}
    for part, wanted in _parts(box):
        found = [(tile, data) for tile, data in readers.read(layer, wanted) if data]
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


class _Readers:
    """Connections that see the same snapshot, each used by one thread at a time."""

    def __init__(self, connections: list[psycopg.Connection[Any]]) -> None:
        self._free = connections
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(len(connections))

    def read(self, layer: str, wanted: list[Tile]) -> Iterator[tuple[Tile, bytes]]:
        """The tiles of a layer, gzipped; empty bytes where there is nothing."""
        return zip(wanted, self._pool.map(lambda tile: self._tile(layer, tile), wanted), strict=True)

    def _tile(self, layer: str, tile: Tile) -> bytes:
        with self._lock:
            connection = self._free.pop()
        try:
            data = tiles.render(connection, layer, tile)[1]
        finally:
            with self._lock:
                self._free.append(connection)
        return igzip.compress(data, _QUALITY, mtime=0) if data else b""

    def close(self) -> None:
        """Let the threads go."""
        self._pool.shutdown(cancel_futures=True)


@contextmanager
def _readers(bind: Bind) -> Iterator[tuple[_Readers, Mapping[str, int]]]:
    """Readers of one snapshot, and the versions of the layers in it."""
    with ExitStack() as stack:
        first = stack.enter_context(driver_connection(bind, repeatable=True))
        connections = [first]
        current = versions.current(first)
        if not isinstance(bind, Connection):
            row = first.execute("SELECT pg_export_snapshot()").fetchone()
            for _ in range(READERS - 1):
                other = stack.enter_context(driver_connection(bind, repeatable=True))
                other.execute(f"SET TRANSACTION SNAPSHOT '{row[0] if row else ''}'")
                connections.append(other)
        readers = _Readers(connections)
        stack.callback(readers.close)
        yield readers, current

