"""Finds the rows of a text column that contain a term, by comparing bytes of all rows at once."""

import re
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geo.columns import TextColumn
from geo.kept import Kept

CHUNK_BYTES = 2**18
"""Compared at a time, so that what comes of it stays in the processor's cache."""

SAMPLED = 31
"""One byte in so many is counted to learn which bytes are rare."""

BLOCK_BITS = 6
"""Of every block of so many bytes is kept in which row it begins."""

KEPT_TERMS = 64
"""What was found for terms; one byte per building each."""


class Texts:
    """The texts of a column, made ready for search."""

    def __init__(self, column: TextColumn) -> None:
        self._bytes = np.frombuffer(column.data, np.uint8)
        self._ends = column.ends
        self._counts = np.bincount(self._bytes[::SAMPLED], minlength=256)
        self._found: Kept[str, NDArray[np.bool_]] = Kept(KEPT_TERMS)

    def having(self, term: str) -> NDArray[np.bool_]:
        """For each row whether it contains `term`."""
        found = self._found.get(term)
        return self._found.keep(term, self._search(term)) if found is None else found

    def _search(self, term: str) -> NDArray[np.bool_]:
        wanted = np.frombuffer(term.encode(), np.uint8)
        found = np.zeros(len(self._ends), bool)
        places = self._places(wanted)
        rows = self._rows_at(places)
        found[rows[places + len(wanted) <= self._ends[rows]]] = True  # a match does not go on in the next row
        found.flags.writeable = False
        return found

    def _rows_at(self, places: NDArray[np.intp]) -> NDArray[np.intp]:
        """The row that each byte belongs to."""
        rows: NDArray[np.intp] = self._row_of_block[places >> BLOCK_BITS]
        while len(behind := np.flatnonzero(self._ends[rows] <= places)):
            rows[behind] += 1
        return rows

    @cached_property
    def _row_of_block(self) -> NDArray[np.intp]:
        blocks = np.arange(0, len(self._bytes), 2**BLOCK_BITS, dtype=self._ends.dtype)
        found: NDArray[np.intp] = np.searchsorted(self._ends, blocks, side="right")
        return found

    def _places(self, wanted: NDArray[np.uint8]) -> NDArray[np.intp]:
        """Where in the bytes `wanted` stands: its two rarest bytes are looked for, the others compared there."""
        order = np.argsort(self._counts[wanted], kind="stable").tolist()
        starts = len(self._bytes) - len(wanted) + 1
        chunks = [(start, min(start + CHUNK_BYTES, starts)) for start in range(0, max(starts, 0), CHUNK_BYTES)]
        places = [self._compared(wanted, order[:2], *chunk) for chunk in chunks]
        found = np.concatenate([*places, np.zeros(0, np.intp)])
        for offset in order[2:]:
            found = found[self._bytes[found + offset] == wanted[offset]]
        return found

    def _compared(self, wanted: NDArray[np.uint8], offsets: list[int], start: int, end: int) -> NDArray[np.intp]:
        first, *others = offsets
        match = self._bytes[start + first : end + first] == wanted[first]
        for offset in others:
            match &= self._bytes[start + offset : end + offset] == wanted[offset]
        return _true_places(match) + start


def _true_places(flags: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Where the flags are set: eight at a time, since most are not."""
    whole = len(flags) // 8 * 8
    eights = np.flatnonzero(flags[:whole].view(np.uint64) != 0)
    within = np.flatnonzero(flags[:whole].reshape(-1, 8)[eights])
    return np.concatenate([eights[within >> 3] * 8 + (within & 7), np.flatnonzero(flags[whole:]) + whole])


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
