"""How many buildings stand in each cell of the low zooms, counted once for each version of the outlines.

A tile of zoom 10 covers a whole city: counting its buildings anew for every tile would take longer the larger the city
is. The counts of the finest cells are kept in memory instead, and a tile adds up those that lie in its own.
"""

import threading
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from psycopg import Connection
from psycopg.rows import TupleRow

from geo.errors import StaleVersionError
from geo.prepared import array_of, binary_array, bind, first_row
from geo.tiles import GRID_BITS, OUTLINES_FROM_ZOOM, Tile, grid, version_of

FINEST = OUTLINES_FROM_ZOOM - 1
SHIFT = grid(Tile(FINEST, 0, 0))["shift"]
"""By how much a Morton code is shifted to give its cell at the finest zoom that shows cells."""

TRIES = 3


@dataclass(frozen=True, slots=True)
class _Counts:
    """Buildings, and managed ones among them, of the cells where any stand; ascending by cell."""

    version: int
    cells: NDArray[np.int64]
    buildings: NDArray[np.int64]
    managed: NDArray[np.int64]


class BuildingGrid:
    """The grid for visitors; shared by the threads of a process."""

    def __init__(self) -> None:
        self._counts: _Counts | None = None
        self._lock = threading.Lock()

    def tile(self, connection: Connection[TupleRow], tile: Tile) -> tuple[int, bytes]:
        """The current version of the outlines and the tile under it, as `geo.tiles.render` gives them.

        Raises
        ------
        StaleVersionError
            The outlines change faster than they can be counted.
        """
        counts = self._counts or self._read(connection, None)
        for _ in range(TRIES):
            column, data = first_row(connection, bind("tile_building_cells", _arrays(counts, tile)))
            if (version := version_of(column)) == counts.version:
                return version, data or b""
            stale, counts = counts, self._read(connection, counts)
        raise StaleVersionError(f"Version {stale.version} is not current; {version} is.", version)

    def _read(self, connection: Connection[TupleRow], old: _Counts | None) -> _Counts:
        """Count anew, unless another thread has done so since `old`."""
        with self._lock:
            if self._counts is None or self._counts is old:
                version, *columns = first_row(connection, bind("building_cells", {"shift": SHIFT}))
                self._counts = _Counts(version_of(version), *(array_of(column, "i8") for column in columns))
            return self._counts


def _arrays(counts: _Counts, tile: Tile) -> dict[str, bytes]:
    """The sums over the cells of a tile, as arrays for `tile_building_cells`."""
    place = grid(tile)
    first, last = np.searchsorted(counts.cells, [place["first"] >> SHIFT, place["last"] >> SHIFT])
    cells = counts.cells[first:last] >> (place["shift"] - SHIFT)
    starts = np.flatnonzero(np.diff(cells, prepend=-1))
    return {
        "cells": binary_array(cells[starts] & ((1 << GRID_BITS) - 1)),
        "counts": binary_array(_sums(counts.buildings[first:last], starts)),
        "managed": binary_array(_sums(counts.managed[first:last], starts)),
    }


def _sums(values: NDArray[np.int64], starts: NDArray[np.intp]) -> NDArray[np.int64]:
    return np.add.reduceat(values, starts) if len(starts) else values
