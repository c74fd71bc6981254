"""Tiles ready to be sent, each under the version it truly has: read from the database once and kept in memory."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from datetime import date

from isal import igzip

from geo import market_tiles, tiles
from geo.building_grid import BuildingGrid
from geo.errors import NotFoundError
from geo.filters import Filters
from geo.kept import Kept
from geo.looking_back import Moment
from geo.market_tiles import Market
from geo.outline_boxes import OutlineBoxes
from geo.state_search import Table
from webmap import metrics, slow_queries
from webmap.db import Bind
from webmap.opened_states import OpenState
from webmap.past_tables import PastTables
from webmap.searchable import Searchable
from webmap.state_files import StateFiles
from webmap.tile_answers import TileAddress, TileAnswer
from webmap.tile_cache import TileCache
from webmap.tile_connections import Driver, TileConnections

QUALITY = 2
"""Of igzip: within a tenth of what zlib's 6 makes of a tile, in a tenth of its time."""


PAST_MARKETS = 2
"""Of moments that are looked back to; at a million buildings one takes up to 20 MB."""

_NOT_FOR_STAFF = f"There is no tile layer {market_tiles.LAYER!r} for staff; use the one of visitors."


class TileSource:
    """Tiles of all layers for one kind of reader; shared by the threads of a process.

    `states` are what filtered tiles search in; there are none of these without. Their tables are those of `searchable`,
    at moments of the past those of `pasts`.
    """

    def __init__(
        self,
        bind: Bind,
        cache_bytes: int,
        *,
        staff: bool = False,
        states: StateFiles | None = None,
        searchable: Searchable | None = None,
        pasts: PastTables | None = None,
        today: Callable[[], date] = date.today,
    ) -> None:
        self._connections = TileConnections(bind)
        self._cache = TileCache(cache_bytes)
        self._staff = staff
        self._states, self._searchable, self._today = states, searchable or Searchable(), today
        self._pasts, self._past_markets = pasts, Kept[Table, Market](PAST_MARKETS)
        self._boxes, self._grid = OutlineBoxes(), BuildingGrid()
        self._opened: tuple[OpenState, Market] | None = None
        self._opening, self._asking = threading.Lock(), threading.Lock()
        self._asked: dict[tuple[str, str], Future[TileAnswer]] = {}
        self.ready = self._cache.get
        """The tile that is ready under a `TileAddress.key`, or None; takes no lock."""
        self.located: Callable[[Filters], Filters] = lambda filters: filters
        """Gives filters the land that they mean by a walk; may ask the database."""

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
            metrics.tile_hit(address.layer, metrics.FOUND)
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
            current, data = self._filtered(address) if address.layer == market_tiles.LAYER else self._plain(address)
        answer = TileAnswer(address, igzip.compress(data, QUALITY, mtime=0), lasting=current == address.version)
        metrics.tile_miss(address.layer, time.perf_counter() - began)
        return self._cache.keep(address, answer) if answer.lasting else answer

    def _plain(self, address: TileAddress) -> tuple[int, bytes]:
        def read(connection: Driver) -> tuple[int, bytes]:
            if address.layer == "buildings" and address.tile.zoom < tiles.OUTLINES_FROM_ZOOM and not self._staff:
                return self._grid.tile(connection, address.tile)
            return tiles.render(connection, address.layer, address.tile, staff=self._staff)

        current, data = self._connections.read(read)
        tiles.require_current(address.version, current)
        return current, data

    def _filtered(self, address: TileAddress) -> tuple[int, bytes]:
        """A tile of the state that readers have now, and the database's version, which may be ahead for a moment.

        One of the past is as lasting as its state: what has no past there, outlines, is that of today.
        """
        filters = self.located(address.filters or Filters())
        market = self._past_market(address.moment) if address.moment else self._market()
        tiles.require_current(address.version, market.version)
        current, data = self._connections.read(lambda connection: market.tile(connection, filters, address.tile))
        return (market.version if address.moment else current), data

    def _past_market(self, moment: Moment) -> Market:
        if self._pasts is None:
            raise NotFoundError(_NOT_FOR_STAFF)
        table = self._pasts.table(self._today(), moment)
        found = self._past_markets.get(table)
        before = self._opened[1] if self._opened else None
        return found or self._past_markets.keep(table, Market(table, self._boxes, before, moment))

    def _market(self) -> Market:
        if self._states is None:
            raise NotFoundError(_NOT_FOR_STAFF)
        state = self._states.current(self._today())
        if self._opened is None or self._opened[0] is not state:
            with self._opening:
                if self._opened is None or self._opened[0] is not state:
                    before = self._opened[1] if self._opened else None
                    self._opened = state, Market(self._searchable.table(state), self._boxes, before)
        return self._opened[1]
