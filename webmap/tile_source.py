"""Compressed tiles, each under the version it truly has: read from the database once and kept in memory."""

import gzip
import threading
from collections import OrderedDict

from geo import tiles
from geo.tiles import Tile
from webmap.db import Bind, driver_connection

CACHE_BYTES = 64 * 2**20


class TileSource:
    """Tiles of all layers; shared by the threads of a process."""

    def __init__(self, bind: Bind, *, staff: bool = False) -> None:
        self._bind = bind
        self._staff = staff
        self._tiles: OrderedDict[tuple[str, int, Tile], bytes] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def tile(self, layer: str, version: int, tile: Tile) -> bytes:
        """A gzipped tile.

        Raises
        ------
        NotFoundError
            No such layer.
        StaleVersionError
            `version` is not the current one.
        """
        key = (layer, version, tile)
        with self._lock:
            if key in self._tiles:
                self._tiles.move_to_end(key)
                return self._tiles[key]
        with driver_connection(self._bind) as connection:
            current, data = tiles.render(connection, layer, tile, staff=self._staff)
        tiles.require_current(version, current)
        return self._keep(key, gzip.compress(data, 6, mtime=0))

    def _keep(self, key: tuple[str, int, Tile], data: bytes) -> bytes:
        with self._lock:
            if key not in self._tiles:
                self._tiles[key] = data
                self._size += len(data)
            while self._size > CACHE_BYTES:
                self._size -= len(self._tiles.popitem(last=False)[1])
        return data
