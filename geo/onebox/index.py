"""Sorted keys of one kind of things: which of them begin so, the weightiest first.

A key is cut after 24 bytes: 24 letters of a Latin one, 12 characters of a Chinese one. The arrays lie in files that all
processes of a machine map into memory together.
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geo.onebox.keys import Key, Place

WIDTH = 24
"""Bytes of a key."""

WEIGHTS = 128
"""Weights of things are below this; in a merit the bit above says that a key is the beginning of a name."""

BLOCK = 256
"""Of every so many keys is kept the highest merit."""

_ROWS = np.dtype([("doc", "<i4"), ("merit", "u1"), ("part", "u1"), ("length", "u1")])
_DOCS = np.dtype([("id", "<i8"), ("lon", "<f4"), ("lat", "<f4")])
_LONGEST = 255

Rows = NDArray[np.intp]
Span = tuple[int, int]
"""Rows of a `Keys`: the first, and the one after the last."""


@dataclass(frozen=True)
class Thing:
    """Something to be found: its id, where it is (degrees, NaN for unknown), its weight (below `WEIGHTS`), its keys."""

    id: int
    lon: float
    lat: float
    weight: int
    keys: Sequence[Key]


@dataclass(frozen=True)
class Keys:
    """The keys of one script, sorted, and for each whose it is, what it is worth, which part of a name and how long."""

    text: NDArray[np.bytes_]
    rows: NDArray[np.void]
    blocks: NDArray[np.uint8]

    def span(self, prefix: bytes) -> Span:
        """The rows that begin so."""
        ends = np.array([prefix, prefix.ljust(WIDTH, b"\xff")], self.text.dtype)
        return int(self.text.searchsorted(ends[0])), int(self.text.searchsorted(ends[1], side="right"))

    def spans(self, prefixes: Sequence[bytes]) -> list[tuple[bytes, Span]]:
        """Those of many prefixes that any row begins with, and the rows."""
        if not prefixes or not len(self.text):
            return []
        asked = np.array(prefixes, self.text.dtype)
        first = self.text.searchsorted(asked).clip(max=len(self.text) - 1)
        there = _bytes(self.text[first])
        lengths = np.array([len(prefix) for prefix in prefixes])
        same = (there == _bytes(asked)) | (np.arange(WIDTH) >= lengths[:, None])
        return [(prefixes[at], self.span(prefixes[at])) for at in np.flatnonzero(same.all(axis=1)).tolist()]

    def best(self, span: Span, most: int) -> Rows:
        """The rows of a span with the highest merits, at most so many, the highest first."""
        first, last = span
        many = last - first > 2 * BLOCK * most
        rows = self._in_best_blocks(first, last, most) if many else np.arange(first, last)
        merit = self.rows["merit"][rows]
        if len(rows) > most:
            chosen = np.argpartition(merit, len(rows) - most)[-most:]
            rows, merit = rows[chosen], merit[chosen]
        return rows[np.argsort(-merit.astype(np.int16), kind="stable")]

    def _in_best_blocks(self, first: int, last: int, most: int) -> Rows:
        """Rows of the span's whole blocks with the highest merit, and of the two that are cut: the best are in them."""
        begin, end = -(-first // BLOCK), last // BLOCK
        blocks = begin + np.argpartition(self.blocks[begin:end], end - begin - most)[-most:]
        inside = (blocks[:, None] * BLOCK + np.arange(BLOCK)).ravel()
        return np.concatenate([np.arange(first, begin * BLOCK), np.sort(inside), np.arange(end * BLOCK, last)])

    @cached_property
    def letters(self) -> list[bytes]:
        """The characters that keys of two bytes per character are made of."""
        pairs: list[int] = np.unique(self.text.view(">u2")).tolist() if len(self.text) else []
        return [pair.to_bytes(2, "big") for pair in pairs if pair]


@dataclass(frozen=True)
class Index:
    """All that is found of one kind: Chinese and Latin keys, and the things they lead to."""

    chinese: Keys
    latin: Keys
    docs: NDArray[np.void]

    def keys_for(self, query: str) -> tuple[Keys, bytes]:
        """The keys of a folded query's script, and the query as such a key."""
        return (self.latin if query.isascii() else self.chinese), encoded(query)


def encoded(text: str) -> bytes:
    """A folded text as a key."""
    wide = text.encode("ascii") if text.isascii() else text.encode("utf-16-be", "replace")
    return wide[:WIDTH]


def made_index(things: Iterable[Thing]) -> Index:
    """Sort the keys of some things; a thing that has a key twice keeps the worthier."""
    docs: list[tuple[int, float, float]] = []
    texts: tuple[list[bytes], list[bytes]] = ([], [])
    rows: tuple[list[tuple[int, int, int, int]], list[tuple[int, int, int, int]]] = ([], [])
    for doc, thing in enumerate(things):
        docs.append((thing.id, thing.lon, thing.lat))
        for (text, latin), (merit, part) in _worthiest(thing).items():
            texts[latin].append(encoded(text))
            rows[latin].append((doc, merit, part, min(len(text), _LONGEST)))
    chinese, latin_keys = (
        _sorted(np.array(text, f"S{WIDTH}"), np.array(row, _ROWS)) for text, row in zip(texts, rows, strict=True)
    )
    return Index(chinese, latin_keys, np.array(docs, _DOCS))


def write_index(index: Index, folder: Path) -> None:
    """Put an index into a new folder, safely on the disk."""
    folder.mkdir(parents=True)
    for name, array in _arrays(index).items():
        with (folder / f"{name}.npy").open("wb") as file:
            np.save(file, array)
            os.fsync(file.fileno())


def open_index(folder: Path) -> Index:
    """Map an index into memory."""
    found = {path.stem: np.load(path, mmap_mode="r") for path in folder.glob("*.npy")}
    keys = [
        Keys(*(found[f"{script}_{name}"] for name in ("text", "rows", "blocks"))) for script in ("chinese", "latin")
    ]
    return Index(keys[0], keys[1], found["docs"])


def _arrays(index: Index) -> dict[str, NDArray[np.generic]]:
    scripts = {"chinese": index.chinese, "latin": index.latin}
    arrays: dict[str, NDArray[np.generic]] = {
        f"{script}_{name}": getattr(keys, name)
        for script, keys in scripts.items()
        for name in ("text", "rows", "blocks")
    }
    return {**arrays, "docs": index.docs}


def _worthiest(thing: Thing) -> dict[tuple[str, bool], tuple[int, int]]:
    found: dict[tuple[str, bool], tuple[int, int]] = {}
    for text, part, place in thing.keys:
        key = (text, text.isascii())
        merit = thing.weight + (WEIGHTS if place == Place.START else 0)
        if text and (key not in found or found[key][0] < merit):
            found[key] = (merit, int(part))
    return found


def _sorted(text: NDArray[np.bytes_], rows: NDArray[np.void]) -> Keys:
    words = _bytes(text).view(">u8").astype(np.uint64)
    order = np.lexsort((words[:, 2], words[:, 1], words[:, 0]))
    merit = rows["merit"][order]
    blocks = np.maximum.reduceat(merit, np.arange(0, len(merit), BLOCK)) if len(merit) else np.zeros(0, np.uint8)
    return Keys(text[order], rows[order], blocks)


def _bytes(text: NDArray[np.bytes_]) -> NDArray[np.uint8]:
    """The bytes of keys, one row each."""
    return np.ascontiguousarray(text).view(np.uint8).reshape(-1, WIDTH)
