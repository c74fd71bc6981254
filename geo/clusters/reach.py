"""Adds up what lies within a distance of places, for hundreds of thousands of places at once.

Places are put onto a raster of a twentieth of the distance, row after row; a disc is then one stretch of each row, and
what is in a stretch is the difference of two running sums. So a place is taken to be up to 1/40 of the distance further
or nearer than it is, alike in all directions.
"""

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

GRAIN = 20
"""Steps of the raster in the distance."""

MOST_STEPS = 1 << 23
"""Of the whole raster: where places lie further apart than that, its steps are wider."""


class Reach:
    """Places on a plane, and what is within a distance of them.

    Parameters
    ----------
    x, y
        Positions in metres, shape (n,).
    metres
        The distance.
    """

    def __init__(self, x: Floats, y: Floats, metres: float) -> None:
        wide, high = (float(np.ptp(side)) if len(side) else 0.0 for side in (x, y))
        self.step_m = max(metres / GRAIN, math.sqrt(wide * high / MOST_STEPS), max(wide, high) / MOST_STEPS)
        self._steps = int(metres / self.step_m + 1e-9)
        # A margin all around, so that no stretch leaves the raster.
        column, row = (((side - side.min(initial=0)) / self.step_m).astype(np.int64) + self._steps for side in (x, y))
        self._width = int(column.max(initial=0)) + self._steps + 2
        self._key = row * self._width + column
        self._order = np.argsort(self._key, kind="stable")
        size = (int(row.max(initial=0)) + self._steps + 1) * self._width
        self._before = np.zeros(size + 1, np.int32)
        np.cumsum(np.bincount(self._key, minlength=size), out=self._before[1:])

    def sums(self, values: Integers, at: Integers) -> Integers:
        """Add up values of all places within the distance of some, each of which is within its own.

        Parameters
        ----------
        values
            Whole numbers by place and group, shape (n, groups).
        at
            The places asked about, shape (k,).

        Returns
        -------
        Integers
            Shape (k, groups).
        """
        running = np.zeros((len(values) + 1, values.shape[1]), np.int64)
        np.cumsum(values[self._order], axis=0, out=running[1:])
        # Neighbours one after another, so that they find the same stretches in the processor's memory.
        by_place = np.argsort(self._key[at], kind="stable")
        keys = self._key[at][by_place]
        found = np.zeros((len(at), values.shape[1]), np.int64)
        for up in range(-self._steps, self._steps + 1):
            half = math.isqrt(self._steps**2 - up**2)
            middle = keys + up * self._width
            found += running[self._before[middle + half + 1]]
            found -= running[self._before[middle - half]]
        sums = np.empty_like(found)
        sums[by_place] = found
        return sums
