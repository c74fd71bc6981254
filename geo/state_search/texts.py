"""Finds the rows of a text column that contain a term, by comparing bytes of all rows at once."""

import re

import numpy as np
from numpy.typing import NDArray

from geo.columns import TextColumn

CHUNK_BYTES = 2**18
"""Compared at a time, so that what comes of it stays in the processor's cache."""

SAMPLED = 31
"""One byte in so many is counted to learn which bytes are rare."""


class Texts:
    """The texts of a column, made ready for search."""

    def __init__(self, column: TextColumn) -> None:
        self._bytes = np.frombuffer(column.data, np.uint8)
        self._ends = column.ends
        self._counts = np.bincount(self._bytes[::SAMPLED], minlength=256)

    def having(self, term: str) -> NDArray[np.bool_]:
        """For each row whether it contains `term`."""
        wanted = np.frombuffer(term.encode(), np.uint8)
        found = np.zeros(len(self._ends), bool)
        places = self._places(wanted)
        rows = np.searchsorted(self._ends, places.astype(self._ends.dtype), side="right")
        found[rows[places + len(wanted) <= self._ends[rows]]] = True  # a match does not go on in the next row
        return found

    def _places(self, wanted: NDArray[np.uint8]) -> NDArray[np.intp]:
        """Where in the bytes `wanted` stands: its two rarest bytes are looked for, the others compared there."""
        order = np.argsort(self._counts[wanted], kind="stable")
        first, *others = order.tolist()
        starts = len(self._bytes) - len(wanted) + 1
        places = [
            self._pairs(wanted, first, others[:1], chunk, min(chunk + CHUNK_BYTES, starts))
            for chunk in range(0, max(starts, 0), CHUNK_BYTES)
        ]
        found = np.concatenate(places) if places else np.zeros(0, np.intp)
        for offset in others[1:]:
            found = found[self._bytes[found + offset] == wanted[offset]]
        return found

    def _pairs(
        self, wanted: NDArray[np.uint8], first: int, second: list[int], start: int, end: int
    ) -> NDArray[np.intp]:
        match = self._bytes[start + first : end + first] == wanted[first]
        for offset in second:
            match &= self._bytes[start + offset : end + offset] == wanted[offset]
        return np.flatnonzero(match) + start


def name_ranks(search_keys: TextColumn) -> NDArray[np.intp]:
    """The place of each row in the order of its names: by pinyin where there is one, numbers by their value.

    Parameters
    ----------
    search_keys
        As `geo.text.search_keys` makes them: the folded name first, its pinyin second when it is Chinese.
    """
    ranks = np.empty(len(search_keys), np.intp)
    order = sorted(range(len(search_keys)), key=[_spoken(keys) for keys in search_keys].__getitem__)
    ranks[order] = np.arange(len(search_keys))
    return ranks


def _spoken(keys: str) -> str:
    first, _, others = keys.partition(" ")
    spoken = first if first.isascii() else others.partition(" ")[0] or first
    return _NUMBER.sub(lambda number: number[0].zfill(6), spoken)


_NUMBER = re.compile(r"\d+")
