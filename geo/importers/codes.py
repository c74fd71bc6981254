"""Draws public codes for new rows, whole arrays at a time, that neither the table nor its past has given out."""

import os

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from psycopg.sql import SQL, Composed, Identifier, Literal

from geo.db import query
from geo.importers.running import Run
from geo.importers.seen import Seen
from geo.model.declarative import ALPHABET

LENGTH = 8
"""Letters of a code; each is 5 bits."""

_LETTERS = np.frombuffer(ALPHABET.encode(), np.uint8)
_VALUES = np.zeros(256, np.int64)
_VALUES[_LETTERS] = np.arange(32)
_SHIFTS = np.arange(5 * (LENGTH - 1), -1, -5, dtype=np.int64)
_FEW = 20_000


def random_codes(count: int) -> pa.Array:
    """Return random codes, among which one may stand twice: of a million about one does."""
    return _texts(_drawn(count))


class Codes:
    """Codes for the rows that one run adds to a table: all different, none of them taken.

    For few rows the table is asked for just these codes; for many all codes are read once.
    """

    def __init__(self, run: Run, table: str) -> None:
        self._run, self._table = run, table
        self._given = Seen(short=True)  # one that is taken for another is just drawn again
        self._count = 0
        self._all_known = False

    def draw(self, count: int) -> pa.Array:
        """Return so many codes as texts."""
        self._count += count
        if self._count > _FEW and not self._all_known:
            self._given.first_met(self._every_code())
            self._all_known = True
        numbers = _drawn(count)
        again = np.arange(count)
        while len(again := again[~self._free(numbers[again])]):
            numbers[again] = _drawn(len(again))
        return _texts(numbers)

    def _free(self, numbers: NDArray[np.int64]) -> NDArray[np.bool_]:
        free = self._given.first_met(numbers)
        if self._all_known:
            return free
        codes = _texts(numbers).cast(pa.large_string()).to_pylist()
        taken = {row[0] for row in self._run.connection.execute(self._filled("import_codes_taken"), [codes, codes])}
        free &= np.array([code not in taken for code in codes], dtype=bool)
        return free

    def _every_code(self) -> NDArray[np.int64]:
        with self._run.connection.cursor().copy(self._filled("import_codes_all")) as copy:
            lines = np.frombuffer(b"".join(bytes(line) for line in copy), np.uint8).reshape(-1, LENGTH + 1)
        numbers: NDArray[np.int64] = (_VALUES[lines[:, :LENGTH]] << _SHIFTS).sum(axis=1)
        return numbers

    def _filled(self, name: str) -> Composed:
        return SQL(query(name)).format(table=Identifier(self._table), name=Literal(self._table), length=Literal(LENGTH))


def _drawn(count: int) -> NDArray[np.int64]:
    """Return random numbers of 40 bits."""
    return np.frombuffer(os.urandom(8 * count), np.int64) & ((1 << 5 * LENGTH) - 1)


def _texts(numbers: NDArray[np.int64]) -> pa.Array:
    letters = _LETTERS[(numbers[:, None] >> _SHIFTS) & 31]
    offsets = np.arange(0, (len(numbers) + 1) * LENGTH, LENGTH, dtype=np.int64)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(letters))]
    return pa.LargeBinaryArray.from_buffers(pa.large_binary(), len(numbers), buffers)
