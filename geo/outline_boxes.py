"""Where the outlines of listed buildings lie, block by block of the city, read when first needed and kept in memory.

What is kept stays right by a check, not by hope: the statement that draws says whether outlines have changed since.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from psycopg import Connection
from psycopg.rows import TupleRow

from geo.kept import Kept
from geo.prepared import array_of, bind, first_row
from geo.tiles import Tile, frame

BLOCK_ZOOM = 13
BLOCKS_KEPT = 2048
"""About 50 bytes for each listed building: a dense block of a large city takes 100 kB."""

FUZZ_PX = 64
"""PostGIS keeps boxes as single floats: up to so many pixels of zoom 16 wider than the outline."""


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """The listed buildings that reach into a tile of `BLOCK_ZOOM`: ids, ascending, and boxes in pixels of zoom 16."""

    ids: NDArray[np.int64]
    boxes: NDArray[np.float64]
    """West, north, east, south, with a column for each building."""
    mark: list[bytes | None]
    """Tells the outlines from later ones: the layer's version and the number of changes that wait for the next."""

    _near: dict[Tile, NDArray[np.intp]] = field(default_factory=dict, repr=False)

    def near(self, tile: Tile) -> NDArray[np.intp]:
        """Which of the boxes, by their place, touch a tile with its margin; worked out once for each tile."""
        found = self._near.get(tile)
        if found is None:
            found = self._near[tile] = np.flatnonzero(self._touching(frame(tile)))
        return found

    def _touching(self, sides: Mapping[str, float]) -> NDArray[np.bool_]:
        west, north, east, south = self.boxes
        across: NDArray[np.bool_] = (west <= sides["east"] + FUZZ_PX) & (east >= sides["west"] - FUZZ_PX)
        across &= (north <= sides["south"] + FUZZ_PX) & (south >= sides["north"] - FUZZ_PX)
        return across


class OutlineBoxes:
    """The blocks of the city; shared by the threads of a process."""

    def __init__(self) -> None:
        self._blocks: Kept[tuple[int, int], Block] = Kept(BLOCKS_KEPT)

    def around(self, connection: Connection[TupleRow], tile: Tile, *, but: Block | None = None) -> Block:
        """The block that a tile of the same or a higher zoom lies in; read anew if the one kept is `but`."""
        shift = tile.zoom - BLOCK_ZOOM
        place = tile.x >> shift, tile.y >> shift
        kept = self._blocks.get(place)
        if kept is not None and kept is not but:
            return kept
        version, changes, *columns = first_row(connection, bind("market_block", frame(Tile(BLOCK_ZOOM, *place))))
        ids, *boxes = (array_of(column, kind) for column, kind in zip(columns, ("i8", *["f8"] * 4), strict=True))
        return self._blocks.keep(place, Block(*_by_building(ids, boxes), [version, changes]), instead_of=but)


def _by_building(
    ids: NDArray[np.int64], boxes: list[NDArray[np.float64]]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """One box around the outline and the sections of each building."""
    order = np.argsort(ids, kind="stable")
    different, first = np.unique(ids[order], return_index=True)
    if not len(ids):
        return different, np.empty((4, 0))
    widest = (np.minimum, np.minimum, np.maximum, np.maximum)
    return different, np.array([most.reduceat(box[order], first) for most, box in zip(widest, boxes, strict=True)])
