"""Finds the rows of a text column that contain a term: by pairs of its bytes, or by comparing bytes of all rows."""

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

KEPT_TERMS = 512
"""What was found for terms; one bit per building each."""

INDEXED_BYTES = 2**20
"""From so many bytes on it pays to note which rows have which pairs of bytes."""

_ASCII = 2**7

CHECKED = 2_000
"""Rows that have all pairs of a term and are looked at one by one; where there are more, all bytes are compared."""

Bits = NDArray[np.uint8]
"""One bit per row, the first in the lowest."""


class Texts:
    """The texts of a column, made ready for search."""

    def __init__(self, column: TextColumn) -> None:
        self._column = column
        self._bytes = np.frombuffer(column.data, np.uint8)
        self._ends = column.ends
        self._counts = np.bincount(self._bytes[::SAMPLED], minlength=256)
        self._found: Kept[str, Bits] = Kept(KEPT_TERMS)

    def having(self, term: str) -> NDArray[np.bool_]:
        """For each row whether it contains `term`."""
        found = self._found.get(term)
        return self._unpacked(self._found.keep(term, self._search(term)) if found is None else found)

    @cached_property
    def index(self) -> "PairIndex | None":
        """Which rows have which pairs of bytes; of few bytes nothing is noted."""
        return PairIndex(self._bytes, self._ends) if len(self._bytes) >= INDEXED_BYTES else None

    def _search(self, term: str) -> Bits:
        wanted = np.frombuffer(term.encode(), np.uint8)
        if len(wanted) > 1 and self.index is not None:
            bits, sure = self.index.having(wanted)
            if sure:
                return bits
            rows = np.flatnonzero(self._unpacked(bits))
            if len(rows) <= CHECKED:
                return self._packed([row for row in rows.tolist() if term in self._column[row]])
        places = self._places(wanted)
        rows = self._rows_at(places)
        return self._packed(rows[places + len(wanted) <= self._ends[rows]])  # a match does not go on in the next row

    def _packed(self, rows: NDArray[np.intp] | list[int]) -> Bits:
        flags = np.zeros(len(self._ends), bool)
        flags[rows] = True
        return np.packbits(flags, bitorder="little")

    def _unpacked(self, bits: Bits) -> NDArray[np.bool_]:
        return np.unpackbits(bits, count=len(self._ends), bitorder="little").view(bool)

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


class PairIndex:
    """In which rows of a text stand which pairs of bytes, so that few rows need to be looked at for a term.

    The pairs of letters and digits that stand most often have a set of rows of their own, so that initials are found
    at once; the others share sets, many pairs one.

    Parameters
    ----------
    data
        The bytes of all rows.
    ends
        Where the part of each row ends in them.
    """

    OWN = 640
    SHARED_BITS = 7
    _SETS = OWN + 2**SHARED_BITS
    _NONE = _SETS
    _ROWS = 2**13
    """Worked through at a time."""

    def __init__(self, data: Bits, ends: NDArray[np.uint32]) -> None:
        self._set_of = self.OWN + _spread(np.arange(2**16, dtype=np.uint16), self.SHARED_BITS)
        counts = np.bincount(_pairs(data), minlength=2**16).reshape(256, 256)
        counts[_ASCII:] = counts[:, _ASCII:] = 0
        self._set_of[np.argsort(-counts.ravel(), kind="stable")[: self.OWN]] = np.arange(self.OWN)
        borders = np.concatenate([[0], ends]).astype(np.intp)
        parts = [self._sets(data, borders[first : first + self._ROWS + 1]) for first in range(0, len(ends), self._ROWS)]
        self._rows = np.concatenate([*parts, np.zeros((self._SETS, 0), np.uint8)], axis=1)

    def having(self, wanted: Bits) -> tuple[Bits, bool]:
        """The rows that have all pairs of a term, and whether these are surely those that contain it."""
        sets = np.unique(self._set_of[_pairs(wanted)])
        return np.bitwise_and.reduce(self._rows[sets], axis=0), len(wanted) == 2 and bool(sets[0] < self.OWN)

    def _sets(self, data: Bits, borders: NDArray[np.intp]) -> Bits:
        """The bits of some rows, set by set."""
        rows, begin = len(borders) - 1, borders[0]
        sets = self._set_of[_pairs(np.append(data[begin : borders[-1]], np.uint8(0)))]
        lengths = np.diff(borders)
        sets[borders[1:][lengths > 0] - begin - 1] = self._NONE  # a pair does not go on in the next row
        flags = np.zeros((self._SETS + 1) * rows, bool)
        flags[sets * rows + np.repeat(np.arange(rows), lengths)] = True
        return np.packbits(flags.reshape(-1, rows)[: self._SETS], axis=1, bitorder="little")


def _pairs(data: Bits) -> NDArray[np.uint16]:
    """Each byte together with the next."""
    return data[:-1].astype(np.uint16) << np.uint16(8) | data[1:]


def _spread(numbers: NDArray[np.uint16], bits: int) -> NDArray[np.intp]:
    """Numbers of so many bits, neighbours far apart (multiplicative hashing)."""
    return (numbers * np.uint16(40503) >> np.uint16(16 - bits)).astype(np.intp)


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
