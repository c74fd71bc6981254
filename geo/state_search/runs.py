"""Counts set flags run by run: of a building's units, which lie one after the other, how many are chosen.

The flags are packed into bits; how many are set before any place is then a sum over bytes and a look at one byte.
"""

import numpy as np
from numpy.typing import NDArray


class Runs:
    """Runs of flags, one after the other.

    Parameters
    ----------
    lengths
        Of the runs; some may be empty.
    """

    def __init__(self, lengths: NDArray[np.int32]) -> None:
        borders = np.concatenate([[0], np.cumsum(lengths, dtype=np.intp)])
        self._bytes = borders >> 3
        self._before = (0xFF00 >> (borders & 7) & 0xFF).astype(np.uint8)

    def sums(self, flags: NDArray[np.bool_]) -> NDArray[np.int32]:
        """How many flags of each run are set."""
        packed = np.append(np.packbits(flags), np.uint8(0))
        until = np.cumsum(np.bitwise_count(packed), dtype=np.int32)
        full = until - np.bitwise_count(packed)
        set_before = full[self._bytes] + np.bitwise_count(packed[self._bytes] & self._before)
        counts: NDArray[np.int32] = np.diff(set_before)
        return counts
