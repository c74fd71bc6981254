"""Tiles ready to be sent, each under the version it truly has: read from the database once and kept in memory."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from datetime import date

import numpy as np
from isal import igzip

from geo import market_tiles, tiles
from geo.columns import read as read_columns
from geo.errors import NotFoundError
from geo.filters import Filters
from geo.market_tiles import Market
from geo.outline_boxes import OutlineBoxes
from geo.state_search import Table
from webmap import metrics, slow_queries
from webmap.db import Bind
from webmap.state_files import StateFiles
from webmap.tile_answers import TileAddress, TileAnswer
from webmap.tile_cache import TileCache
from webmap.tile_connections import Driver, TileConnections

QUALITY = 2
"""Of igzip: within a tenth of what zlib's 6 makes of a tile, in a tenth of its time."""


class TileSource:
    """Tiles of all layers for one kind of reader; shared by the threads of a process.

    `states` are what filtered tiles search in; there are none of these without.
    """

    def __init__(
        self,
        bind: Bind,
        cache_bytes: int,
        *,
        staff: bool = False,
        states: StateFiles | None = None,
        today: Callable[[], date] = date.today,
    ) -> None:
        self._connections = TileConnections(bind)
        self._cache = TileCache(cache_bytes)
        self._staff = staff
        self._states, self._today = states, today
        self._boxes = OutlineBoxes()
        self._opened: tuple[date, Market] | None = None
        self._opening, self._asking = threading.Lock(), threading.Lock()
        self._asked: dict[tuple[str, str], Future[TileAnswer]] = {}
        self.ready = self._cache.get
        """The tile that is ready under a `TileAddress.key`, or None; takes no lock."""

    def answer(self, address: TileAddress) -> TileAnswer:
        """The tile at `address`; of many who ask at once for one that is not ready, one asks the database.

        Raises
        ------
        NotFoundError
            No such layer.
        BadParameterError
            The filters cannot be used here.
        StaleVersionError
            The version is not the current one.
        psycopg.Error
            The database does not answer.
        """
        found = self.ready(address.key)
        if found:
            metrics.tile_hit(address.layer)
            return found
        with self._asking:
            under_way = self._asked.get(address.key)
            mine: Future[TileAnswer] = Future()
            if not under_way:
                self._asked[address.key] = mine
        return under_way.result() if under_way else self._fulfil(mine, address)

    def _fulfil(self, promise: Future[TileAnswer], address: TileAddress) -> TileAnswer:
        try:
            answer = self.ready(address.key) or self._render(address)
            promise.set_result(answer)
        except BaseException as problem:  # whoever waits must hear of it, whatever it is
            promise.set_exception(problem)
            raise
        finally:
            del self._asked[address.key]
        return answer

    def _render(self, address: TileAddress) -> TileAnswer:
        began = time.perf_counter()
        with slow_queries.timed(f"tile {address.path}"):
            data = self._filtered(address) if address.layer == market_tiles.LAYER else self._plain(address)
        answer = TileAnswer(address, igzip.compress(data, QUALITY, mtime=0))
        metrics.tile_miss(address.layer, time.perf_counter() - began)
        return self._cache.keep(address, answer)

    def _plain(self, address: TileAddress) -> bytes:
        def read(connection: Driver) -> tuple[int, bytes]:
            return tiles.render(connection, address.layer, address.tile, staff=self._staff)

        current, data = self._connections.read(read)
        tiles.require_current(address.version, current)
        return data

    def _filtered(self, address: TileAddress) -> bytes:
        market, filters = self._market(address.version), address.filters or Filters()
        return self._connections.read(lambda connection: market.tile(connection, filters, address.tile))

    def _market(self, version: int) -> Market:
        """What is to let in a version of the state."""
        if self._states is None:
            raise NotFoundError(f"There is no tile layer {market_tiles.LAYER!r} for staff; use the one of visitors.")
        today, opened = self._today(), self._opened
        if opened and (opened[0], opened[1].version) == (today, version):
            return opened[1]
        with self._opening:
            if self._opened is opened:
                market = Market(self._table(version, today), self._boxes)
                self._cache.forget(market_tiles.LAYER)
                self._opened = today, market
        return self._market(version)

    def _table(self, version: int, today: date) -> Table:
        assert self._states is not None
        path = self._states.state(version, today).path
        return Table(read_columns(path), np.fromfile(path.with_suffix(".ids"), np.int64))
