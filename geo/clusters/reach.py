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


class Raster:
    """Places on a raster: which of them, in the order of rows and columns, lie in a stretch of a row.

    Parameters
    ----------
    x, y
        Positions in metres, shape (n,).
    step_m
        The width of a step; wider where places lie very far apart.
    margin
        Empty steps all around that may be looked into, for that width.
    """

    def __init__(self, x: Floats, y: Floats, step_m: float, margin: int) -> None:
        wide, high = (float(np.ptp(side)) if len(side) else 0.0 for side in (x, y))
        self.step_m = max(step_m, math.sqrt(wide * high / MOST_STEPS), max(wide, high) / MOST_STEPS)
        column, row = (((side - side.min(initial=0)) / self.step_m).astype(np.int64) + margin for side in (x, y))
        self._width = int(column.max(initial=0)) + margin + 2
        self.keys = row * self._width + column
        self._order = np.argsort(self.keys, kind="stable")
        size = (int(row.max(initial=0)) + margin + 1) * self._width
        self._before = np.zeros(size + 1, np.int32)
        np.cumsum(np.bincount(self.keys, minlength=size), out=self._before[1:])

    def running(self, values: Integers) -> NDArray[np.integer]:
        """Running sums of values by place and group, in the order of the raster, shape (n + 1, groups)."""
        # Half as wide they find more room in the processor's memory.
        kind = np.int32 if values.sum(axis=0).max(initial=0) < 1 << 31 else np.int64
        sums = np.zeros((len(values) + 1, values.shape[1]), kind)
        np.cumsum(values[self._order], axis=0, out=sums[1:])
        return sums

    def stretch(
        self, running: NDArray[np.integer], keys: Integers, up: int, half: int | Integers
    ) -> NDArray[np.integer]:
        """The sums of what lies `up` rows further and up to `half` columns to both sides, shape (k, groups)."""
        middle = keys + up * self._width
        sums: NDArray[np.integer] = running.take(self._before.take(middle + (half + 1)), axis=0)
        sums -= running.take(self._before.take(middle - half), axis=0)
        return sums


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
        self._raster = Raster(x, y, metres / GRAIN, GRAIN)
        self._steps = int(metres / self._raster.step_m + 1e-9)

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
        running = self._raster.running(values)
        # Neighbours one after another, so that they find the same stretches in the processor's memory.
        by_place = np.argsort(self._raster.keys[at], kind="stable")
        keys = self._raster.keys[at][by_place]
        found = np.zeros((len(at), values.shape[1]), running.dtype)
        for up in range(-self._steps, self._steps + 1):
            found += self._raster.stretch(running, keys, up, math.isqrt(self._steps**2 - up**2))
        sums = np.empty(found.shape, np.int64)
        sums[by_place] = found
        return sums


class Within:
    """What lies within a disc at least, for discs of different sizes round places: quick, and never too much.

    Parameters
    ----------
    x, y
        Positions in metres, shape (n,).
    values
        Whole numbers by place, shape (n,).
    most_m
        The radius of the largest disc.
    step_m
        How finely to look.
    """

    def __init__(self, x: Floats, y: Floats, values: Integers, most_m: float, step_m: float) -> None:
        self._most = int(most_m / step_m)
        self._raster = Raster(x, y, step_m, self._most)
        self._running = self._raster.running(values[:, None])

    def at_least(self, at: Integers, radii: Floats) -> Integers:
        """A lower bound of the sums within discs round the places `at`, shape (k,)."""
        order = np.argsort(self._raster.keys[at], kind="stable")
        keys = self._raster.keys[at][order]
        # Two places are each up to half a diagonal of a step from the middle of theirs.
        reach = np.minimum(radii[order] / self._raster.step_m - math.sqrt(2), self._most)
        sums = np.zeros(len(at), np.int64)
        for up in range(-self._most, self._most + 1):
            chosen = np.flatnonzero(reach >= abs(up))
            half = np.sqrt(reach[chosen] ** 2 - up**2).astype(np.int64)
            sums[chosen] += self._raster.stretch(self._running, keys[chosen], up, half)[:, 0]
        found = np.empty_like(sums)
        found[order] = sums
        return found
