"""Keys of the rows of the sample: running numbers inside, scattered public codes outside."""

from collections import defaultdict
from zlib import crc32

import numpy as np

from geo.model.declarative import ALPHABET

_LETTERS = np.array(list(ALPHABET))
_MASK = np.uint64(2**40 - 1)


class Keys:
    """Hands out ids that no other row has and the codes that belong to them; the same seed gives the same codes."""

    def __init__(self, seed: int, first_id: int = 1) -> None:
        self._seed = seed
        self._next: defaultdict[str, int] = defaultdict(lambda: first_id)

    def take(self, table: str, count: int) -> range:
        """The next `count` ids of a table."""
        start = self._next[table]
        self._next[table] += count
        return range(start, start + count)

    def codes(self, table: str, ids: range) -> list[str]:
        """Eight signs of base32 per id; odd factors and shifts are one-to-one, so no two ids of a table share one."""
        salt = np.random.SeedSequence([self._seed, crc32(table.encode())]).generate_state(2, np.uint64)
        mixed = (np.arange(ids.start, ids.stop, dtype=np.uint64) * (salt[0] | np.uint64(1)) + salt[1]) & _MASK
        for factor in (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)):
            mixed ^= mixed >> np.uint64(19)
            mixed = (mixed * factor) & _MASK
        digits = (mixed[:, None] >> (np.arange(8, dtype=np.uint64) * np.uint64(5))) & np.uint64(31)
        return _LETTERS[digits.astype(np.intp)].view("<U8").ravel().tolist() if len(ids) else []
