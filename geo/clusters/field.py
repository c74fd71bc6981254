"""Buildings on a plane with what is in each, and what lies within discs round them."""

from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from scipy import spatial

from geo.clusters.reach import Within

Floats = NDArray[np.float64]

WIDEST_M = 1000.0
"""The radius of the largest disc that bounds are told for."""

STEP_M = 20.0
"""How finely is looked at what lies in a disc at least."""


@dataclass(frozen=True)
class Field:
    """Buildings in metres with what there is of all industries in each, shapes (b,)."""

    x: Floats
    y: Floats
    everything: Floats

    @cached_property
    def places(self) -> Floats:
        """Shape (b, 2)."""
        return np.column_stack([self.x, self.y])

    @cached_property
    def tree(self) -> "spatial.cKDTree":
        """For looking up who is near."""
        return spatial.cKDTree(self.places)

    @cached_property
    def within(self) -> Within:
        """For bounds of what lies near."""
        return Within(self.x, self.y, self.everything.astype(np.int64), WIDEST_M, STEP_M)

    def sums(self, middles: Floats, radii: Floats) -> tuple[Floats, Floats]:
        """What there is within some discs, and the sum of its squares by building."""
        lists = self.tree.query_ball_point(middles, radii, return_sorted=False)
        lengths = np.fromiter(map(len, lists), np.int64, len(lists))
        found = np.fromiter(chain.from_iterable(lists), np.int64, int(lengths.sum()))
        starts = np.cumsum(lengths) - lengths
        every = self.everything[found]
        return np.add.reduceat(every, starts), np.add.reduceat(every**2, starts)
