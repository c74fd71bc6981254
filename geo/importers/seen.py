"""Tells numbers that come for the first time from those that came before, millions of them in a few bytes each."""

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray


def hashes_of(values: pa.Array) -> NDArray[np.int64]:
    """Return a number for each value that is the same for the same value; two values seldom share one."""
    return np.fromiter(map(hash, values.to_pylist()), np.int64, len(values))


class Seen:
    """A set of numbers that grows by whole arrays.

    Numbers of 64 bits are told apart as they are. Of `short` ones only 32 bits are kept, half the memory: of a million
    different numbers about a hundred are then taken for one that came before.
    """

    def __init__(self, *, short: bool = False) -> None:
        self._kind = np.uint32 if short else np.int64
        # Sorted, each at least twice as long as the next: few to look through, and the long ones are seldom made anew.
        self._runs: list[NDArray[Any]] = []

    def first_met(self, numbers: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which of the numbers were in no array before and stand first in this one, and remember them all."""
        unique, places = np.unique(numbers.astype(self._kind), return_index=True)
        known = np.zeros(len(unique), dtype=bool)
        for run in self._runs:
            known |= run[np.minimum(np.searchsorted(run, unique), len(run) - 1)] == unique
        met = np.zeros(len(numbers), dtype=bool)
        met[places[~known]] = True
        self._keep(unique[~known])
        return met

    def _keep(self, fresh: NDArray[Any]) -> None:
        while self._runs and len(self._runs[-1]) < 2 * len(fresh):
            fresh = np.concatenate([self._runs.pop(), fresh])
            # Two sorted runs one after the other: a stable sort only merges them.
            fresh.sort(kind="stable")
        if len(fresh):
            self._runs.append(fresh)
