"""Which amenities are near which building: one bit per category, counted by ten bits at a time."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geo.columns import Columns

_LANE = 10
_BITS_OF_LANE = ((np.arange(2**_LANE)[:, None] >> np.arange(_LANE)) & 1).astype(float)


class Near:
    """For each building of a state the amenity categories within so many metres."""

    def __init__(self, state: Columns, metres: int) -> None:
        categories = state.header["words"]["amenity"]
        self._count = len(categories)
        self.bits = np.zeros(state.header["tables"]["buildings"]["rows"], np.uint32)
        for number, category in enumerate(categories):
            within = state.array("buildings", f"near_{category}") <= metres
            self.bits |= within.astype(np.uint32) << np.uint32(number)

    def sums(self, rows: NDArray[np.intp] | None, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """For each category the sum of the weights of the given buildings (None is all) that have it near."""
        sums = [
            np.bincount(lane if rows is None else lane[rows], weights, 2**_LANE) @ _BITS_OF_LANE for lane in self._lanes
        ]
        return np.concatenate([*sums, np.zeros(0)])[: self._count]

    @cached_property
    def _lanes(self) -> list[NDArray[np.intp]]:
        return [
            (self.bits >> np.uint32(start) & np.uint32(2**_LANE - 1)).astype(np.intp)
            for start in range(0, self._count, _LANE)
        ]
