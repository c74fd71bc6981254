"""Filtered tiles: what a search finds in the state file, drawn as the tiles of buildings are.

The search itself is `geo/state_search`; here its answer is summed up by building and cut into tiles. Zooms 10 to 12
count in cells, from 13 the outlines are drawn by `tile_market`. Everything stands for one version of the state; the
statement that draws says which one the database has.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from psycopg import Connection
from psycopg.rows import TupleRow

from geo.errors import BadParameterError
from geo.filters import MARKET, Filters
from geo.kept import Kept
from geo.looking_back import Moment, looking_back
from geo.outline_boxes import BLOCKS_KEPT, Block, OutlineBoxes
from geo.prepared import (
    Bound,
    Value,
    array_from,
    binary_texts,
    bind,
    elements,
    first_row,
    whole_arrays,
    whole_elements,
)
from geo.state_search import Search, Table
from geo.tiles import (
    EACH_FROM_ZOOM,
    FAR_UNITS,
    GRID_BITS,
    OUTLINES_FROM_ZOOM,
    TILE_PX,
    Tile,
    frame,
    grid,
    version_of,
)

LAYER = "market"
SEARCHES_KEPT = 16
"""Per state; one that finds 100,000 buildings takes 10 MB."""

WHERE = ("id", "lon", "lat")
"""Columns that say which buildings there are and where."""

ATTEMPTS = 2
"""Outlines may change between the choice of a tile's buildings and the drawing; then all that was found is sent."""

UNKNOWN = -1
_MORTON_ZOOM = 24
_FIGURES = ("shares", "days", "units_found", "areas", "rents", "leads")
_SUMS = ("counts", "units_found", "areas")

Whole = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: the buildings in the order of their rows, and in the order of their Morton codes."""

    position: NDArray[np.intp]
    """Of each building of the state among those found, -1 where nothing was found; behind all a last -1."""

    units: Whole
    areas: Whole
    """Whole m²."""

    ids: NDArray[np.void]
    figures: NDArray[np.int64]
    """With the ids all that `tile_market` is told, ready to be chosen from (`_FIGURES`, see `whole_elements`)."""

    codes: NDArray[np.int64]
    in_order: NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class _Places:
    """What follows from the places of buildings alone: their Morton codes, the rows in the order of these, and the rows
    of the blocks that were looked at.
    """

    codes: NDArray[np.int64]
    order: NDArray[np.intp]
    rows: Kept[Block, NDArray[np.intp]]

    @classmethod
    def of(cls, state: Table) -> "_Places":
        codes = _morton_codes(state)
        return cls(codes, np.argsort(codes, kind="stable"), Kept(BLOCKS_KEPT))


class Market:
    """What is to let in one version of the state, at a `moment` or now; shared by the threads of a process.

    `boxes` outlive a state: markets that follow each other share them. What follows from the places of buildings alone
    is taken over from the market `before`.
    """

    def __init__(
        self,
        state: Table,
        boxes: OutlineBoxes | None = None,
        before: "Market | None" = None,
        moment: Moment | None = None,
    ) -> None:
        self.version, self._moment = state.version, moment
        self._state = state
        self._boxes = boxes or OutlineBoxes()
        self._ids = state.building("id").astype(np.int64)
        self._shares, self._days = _shares(state), state.building("reported").astype(np.int32)
        self._leads = state.building("leading").astype(np.int32)
        self._words = binary_texts(state.words["industry"])
        self._searches: Kept[Filters, Found] = Kept(SEARCHES_KEPT)
        same = before is not None and all(np.array_equal(state.building(n), before._state.building(n)) for n in WHERE)
        self._places: _Places = before._places if before is not None and same else _Places.of(state)

    def tile(self, connection: Connection[TupleRow], filters: Filters, tile: Tile) -> tuple[int, bytes]:
        """What `filters` find, as an uncompressed Mapbox vector tile (see `docs/gis.md` for its layers).

        Before it stands the version of the state that the database had meanwhile: if it is a later one than ours, the
        outlines may belong to that, and the tile shall be kept by nobody.

        Raises
        ------
        BadParameterError
            The filters name a box.
        """
        if tile.zoom < OUTLINES_FROM_ZOOM:
            return self._read(connection, self.cells(filters, tile))[:2]
        block = None
        for _ in range(ATTEMPTS):
            block = self._boxes.around(connection, tile, but=block)
            version, data, mark = self._read(connection, self.outlines(filters, tile, block))
            if mark == block.mark:
                return version, data
        return self._read(connection, self.outlines(filters, tile, None))[:2]

    def _read(self, connection: Connection[TupleRow], asked: Bound) -> tuple[int, bytes, list[bytes | None]]:
        if self._moment is None:
            version, data, *mark = first_row(connection, asked)
        else:
            past = replace(asked, name=asked.name + b"_past")  # planned for the views of the past
            with connection.transaction(), looking_back(connection, self._moment):
                version, data, *mark = first_row(connection, past)
        return version_of(version), data or b"", mark

    def cells(self, filters: Filters, tile: Tile) -> Bound:
        """What the database is asked for a tile of the low zooms: it gives the version of the state and the tile."""
        return bind("tile_market_grid", _cells(self.found(filters), tile))

    def outlines(self, filters: Filters, tile: Tile, block: Block | None) -> Bound:
        """The same for higher zooms, choosing among the buildings of a block or of the city; then the block's mark."""
        found = self.found(filters)
        near = found.position if block is None else found.position.take(self._rows_of(block).take(block.near(tile)))
        chosen = near[near >= 0]
        units = TILE_PX if tile.zoom >= EACH_FROM_ZOOM else FAR_UNITS
        figures = zip(_FIGURES, whole_arrays(found.figures.take(chosen, axis=1)), strict=True)
        ids = array_from(found.ids.take(chosen))
        return bind("tile_market", {**frame(tile, units), **dict(figures), "ids": ids, "words": self._words})

    def found(self, filters: Filters) -> Found:
        """What `filters` find; units that can be had, unless they ask for others.

        Raises
        ------
        BadParameterError
            The filters name a box.
        """
        if filters.bbox:
            raise BadParameterError("bbox", ",".join(map(str, filters.bbox)), "none: the tile itself is the box")
        found = self._searches.get(filters)
        if found is None:
            wanted = filters if filters.occupancy else replace(filters, occupancy=MARKET)
            found = self._searches.keep(filters, self._summed_up(Search(self._state, wanted)))
        return found

    def _summed_up(self, search: Search) -> Found:
        buildings = self._state.building_count
        units, areas = np.zeros(buildings, np.int32), np.zeros(buildings)
        lowest = np.full(buildings, np.inf, np.float32)
        for name in search.asked:
            hits = search.hits(name)
            group, rows = hits.group, hits.inside(search.passing)
            row, rent = group.buildings[rows], group.column("rent")[rows]
            known = ~np.isnan(rent)
            units += np.bincount(row, minlength=buildings).astype(np.int32)
            areas += np.bincount(row, weights=group.column("area")[rows], minlength=buildings)
            np.minimum.at(lowest, row[known], rent[known])
        chosen = np.flatnonzero(units)
        fen = np.where(np.isinf(lowest), UNKNOWN, np.round(lowest.astype(np.float64) * 100))
        return self._found(
            chosen, units[chosen], np.round(areas[chosen]).astype(np.int32), fen[chosen].astype(np.int32)
        )

    def _found(self, rows: NDArray[np.intp], units: Whole, areas: Whole, rents: Whole) -> Found:
        position = np.full(self._state.building_count + 1, -1, np.intp)
        position[rows] = np.arange(len(rows))
        in_order = position[self._places.order]
        in_order = in_order[in_order >= 0]
        figures = whole_elements([self._shares[rows], self._days[rows], units, areas, rents, self._leads[rows]])
        codes = self._places.codes[rows][in_order]
        return Found(position, units, areas, elements(self._ids[rows]), figures, codes, in_order)

    def _rows_of(self, block: Block) -> NDArray[np.intp]:
        """The row of each building of a block; the row behind all for one that the state does not know yet."""
        kept = self._places.rows.get(block)
        if kept is not None:
            return kept
        rows = np.searchsorted(self._ids, block.ids)
        known = np.append(self._ids, UNKNOWN)[rows] == block.ids
        return self._places.rows.keep(block, np.where(known, rows, len(self._ids)))


def _cells(found: Found, tile: Tile) -> Mapping[str, Value]:
    """The sums over the 64 x 64 cells of a tile, as arrays for `tile_market_grid`."""
    place = grid(tile)
    first, last = np.searchsorted(found.codes, [place["first"], place["last"]])
    cells = found.codes[first:last] >> place["shift"]
    rows = found.in_order[first:last]
    starts = np.flatnonzero(np.concatenate([np.ones(min(len(cells), 1), bool), cells[1:] != cells[:-1]]))
    counts = np.diff(starts, append=len(cells)).astype(np.int32)
    sums = whole_elements([counts, _sums(found.units.take(rows), starts), _sums(found.areas.take(rows), starts)])
    middles = _MIDDLES.take(cells.take(starts) & ((1 << GRID_BITS) - 1), axis=1)
    return dict(zip(("xs", "ys", *_SUMS), [*whole_arrays(middles), *whole_arrays(sums)], strict=True))


def _sums(values: Whole, starts: NDArray[np.intp]) -> Whole:
    return np.add.reduceat(values, starts, dtype=np.int32) if len(starts) else np.empty(0, np.int32)


def _shares(state: Table) -> Whole:
    """Known vacant share of the leasable area in tenths of a per cent, `UNKNOWN` as `static/src/map/colours.js` has it.

    Rounded up, so that a share a little over the limit of a class stays over it.
    """
    vacant, unknown, leasable = (state.building(name).astype(np.float64) for name in ("vacant", "unknown", "leasable"))
    told = (state.building("units") > 0) & (leasable > 0) & ((vacant > 0) | (unknown == 0))
    share = np.ceil(1000 * vacant / np.where(leasable > 0, leasable, 1) - 1e-6)
    return np.where(told, np.clip(share, 0, 10_000), UNKNOWN).astype(np.int32)


def _morton_codes(state: Table) -> NDArray[np.int64]:
    """The Morton code of each building's representative point, as `loumap_morton` counts (48 bits)."""
    lon, lat = (state.building(name).astype(np.float64) / 1e6 for name in ("lon", "lat"))
    x = (lon + 180) / 360
    y = (1 - np.arcsinh(np.tan(np.radians(lat))) / np.pi) / 2
    most = 2**_MORTON_ZOOM - 1
    return _spread(np.clip(x * 2**_MORTON_ZOOM, 0, most)) | _spread(np.clip(y * 2**_MORTON_ZOOM, 0, most)) << 1


def _spread(numbers: NDArray[np.float64]) -> NDArray[np.int64]:
    """The low 24 bits of whole parts, on the even places of the result."""
    spread = numbers.astype(np.int64)
    for shift, kept in (
        (16, 0x0000FFFF0000FFFF),
        (8, 0x00FF00FF00FF00FF),
        (4, 0x0F0F0F0F0F0F0F0F),
        (2, 0x3333333333333333),
        (1, 0x5555555555555555),
    ):
        spread = (spread | spread << shift) & kept
    return spread


def _every_second_bit(codes: Whole) -> Whole:
    """The bits on the even places of cells' codes, moved together."""
    bits = [codes >> bit & 1 << bit for bit in range(GRID_BITS // 2)]
    together: Whole = np.bitwise_or.reduce(bits).astype(np.int32)
    return together


def _middles() -> NDArray[np.int64]:
    """Where in a tile the middle of each cell lies, across and down, by the cell's code."""
    codes, side = np.arange(1 << GRID_BITS, dtype=np.int32), TILE_PX >> (GRID_BITS // 2)
    return whole_elements([_every_second_bit(places) * side + side // 2 for places in (codes, codes >> 1)])


_MIDDLES = _middles()
