"""Cuts the plane into cells of one size, hexagons or squares, of which those are kept in which something lies.

A cell has two whole numbers, column and row. Squares count from the origin; hexagons stand on a point, and their odd
rows are half a cell further east ("odd-r" offsets).
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Kind = Literal["hexagon", "square"]

KINDS: tuple[Kind, ...] = ("hexagon", "square")
LEAST_M, MOST_M = 20.0, 5000.0
_ROOT3 = 3**0.5


@dataclass(frozen=True)
class Cells:
    """The cells that hold points, in the order of column and row.

    Attributes
    ----------
    kind, size_m
        Their form and their width in metres, from side to side.
    column, row
        Where each is, shape (m,).
    of
        In which of them each point lies, shape (n,).
    """

    kind: Kind
    size_m: float
    column: Integers
    row: Integers
    of: Integers

    def __len__(self) -> int:
        """How many they are."""
        return len(self.column)

    @property
    def area_m2(self) -> float:
        """The area of one."""
        return self.size_m**2 * (_ROOT3 / 2 if self.kind == "hexagon" else 1)

    @cached_property
    def centres(self) -> Floats:
        """Their middles in metres, shape (m, 2)."""
        if self.kind == "square":
            return np.column_stack([self.column + 0.5, self.row + 0.5]) * self.size_m
        return np.column_stack([self.column + 0.5 * (self.row & 1), self.row * (_ROOT3 / 2)]) * self.size_m

    @cached_property
    def outlines(self) -> Floats:
        """Their corners in metres, counter-clockwise and not closed, shape (m, 6 or 4, 2)."""
        if self.kind == "square":
            turns = np.radians([225, 315, 45, 135])
            reach = self.size_m * 0.5**0.5
        else:
            turns = np.radians([30, 90, 150, 210, 270, 330])
            reach = self.size_m / _ROOT3
        corners = np.column_stack([np.cos(turns), np.sin(turns)]) * reach
        outlines: Floats = self.centres[:, None, :] + corners[None, :, :]
        return outlines

    def taking(self, points: NDArray[np.integer]) -> "Cells":
        """The same cells with other points in them, each of which lies where the point of this number does."""
        return replace(self, of=self.of[points])

    def sums(self, groups: NDArray[np.integer], number: int, weights: ArrayLike | None = None) -> Floats:
        """Add up points by cell and group.

        Parameters
        ----------
        groups
            The group of each point, from 0 to `number` - 1, shape (n,).
        weights
            What each point counts; 1 when left out.

        Returns
        -------
        Floats
            Shape (m, number).
        """
        flat = np.bincount(self.of * number + groups, weights, len(self) * number)
        return flat.reshape(len(self), number).astype(float)

    def around(self, rings: int) -> "sparse.csr_array":
        """Say which cells are at most `rings` steps from one another, each from itself as well: ones, shape (m, m)."""
        found = [self._beside(column, row) for column, row in self._steps(rings)]
        near = np.concatenate([there for there, _ in found])
        here = np.concatenate([np.flatnonzero(hit) for _, hit in found])
        return sparse.csr_array((np.ones(len(near)), (here, near)), shape=(len(self), len(self)))

    def _steps(self, rings: int) -> list[tuple[Integers, int]]:
        """Differences of column (which may depend on the row's parity) and row to all cells within some rings."""
        reach = range(-rings, rings + 1)
        if self.kind == "square":
            return [(np.full(len(self), column), row) for row in reach for column in reach]
        steps = []
        for row in reach:
            # Along a row of hexagons `row` away lie 2 rings + 1 - |row| of them, whose columns in a row of the
            # other parity begin one further where our own row is shifted.
            first = np.full(len(self), abs(row) // 2 - rings) + (self.row & 1 if row % 2 else 0)
            steps += [(first + along, row) for along in range(2 * rings + 1 - abs(row))]
        return steps

    def _beside(self, column: Integers, row: int) -> tuple[Integers, NDArray[np.bool_]]:
        wanted = _key(self.column + column, self.row + row)
        place = np.minimum(np.searchsorted(self._keys, wanted), len(self) - 1)
        hit = self._keys[place] == wanted
        return place[hit], hit

    @cached_property
    def _keys(self) -> Integers:
        return _key(self.column, self.row)


def cut(x: ArrayLike, y: ArrayLike, size_m: float, kind: Kind = "hexagon") -> Cells:
    """Put points into cells.

    Parameters
    ----------
    x, y
        Positions in metres, shape (n,).
    size_m
        The width of a cell from side to side, from `LEAST_M` to `MOST_M`.

    Raises
    ------
    ValueError
        The size is none, or a position is not finite.
    """
    x, y = np.asarray(x, float), np.asarray(y, float)
    if not LEAST_M <= size_m <= MOST_M:
        raise ValueError(f"A cell is {LEAST_M:g} to {MOST_M:g} m wide, not {size_m:g}.")
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise ValueError("Points without a position cannot be put into cells; leave them out.")
    column, row = (_squares if kind == "square" else _hexagons)(x / size_m, y / size_m)
    return Cells(kind, size_m, *_distinct(column, row))


_HALF = 1 << 30
_DENSE = 1 << 23


def _key(column: Integers, row: Integers) -> Integers:
    """One number for both, in the order of column and row."""
    return ((column + _HALF) << 32) | (row + _HALF)


def _distinct(column: Integers, row: Integers) -> tuple[Integers, Integers, Integers]:
    """Columns and rows that occur, in order, and which of them each point has."""
    if not len(column):
        return column, row, column
    west, south = column.min(), row.min()
    high = int(row.max() - south) + 1
    if (int(column.max() - west) + 1) * high > _DENSE:
        keys, of = np.unique(_key(column, row), return_inverse=True)
        return (keys >> 32) - _HALF, (keys & 0xFFFFFFFF) - _HALF, of
    # All cells of the box fit into memory: counting is ten times faster than sorting.
    flat = (column - west) * high + (row - south)
    used = np.bincount(flat) > 0
    found = np.flatnonzero(used)
    return found // high + west, found % high + south, (np.cumsum(used) - 1)[flat]


def _squares(x: Floats, y: Floats) -> tuple[Integers, Integers]:
    return np.floor(x).astype(np.int64), np.floor(y).astype(np.int64)


def _hexagons(x: Floats, y: Floats) -> tuple[Integers, Integers]:
    """Middles of hexagons are the points of two rectangular lattices: the nearer one of both is the cell's."""
    high = y / _ROOT3
    column, half = np.floor(x), np.floor(high)
    # From the middle of the box of the odd lattice; its corners are the middles of the even one.
    along, up = x - column - 0.5, high - half - 0.5
    right, above = along > 0, up > 0
    corner = (0.5 - abs(along)) ** 2 + 3 * (0.5 - abs(up)) ** 2 <= along**2 + 3 * up**2
    column += corner & right
    row = 2 * (half + (corner & above)) + ~corner
    return column.astype(np.int64), row.astype(np.int64)
