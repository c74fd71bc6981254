"""The index of names for readers without a server: sorted keys in small packed blocks of one file, and where they lie.

A reader takes the directory once. Of a query it then reads the block or two in which keys begin so, and of the things
that it will show their blocks; where very many keys begin so, the best of them were picked out beforehand.
`static/src/map/data/names.js` is the reader.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from isal import igzip
from numpy.typing import NDArray

from geo.onebox.index import WIDTH, Index, Keys

PER_BLOCK = 512
"""Keys of a block; some kilobytes, packed."""

PER_PICKED = 48
"""Beginnings of a block of those with very many keys."""

MANY = 3 * PER_BLOCK
"""A beginning that more keys have is looked up among the picked ones: it would take more than four blocks."""

BEST, SHORTEST = 32, 8
"""Things picked for such a beginning: those with the highest merit, and those with the shortest keys."""

PER_THINGS = 32
"""Things of a block."""

FORMAT = 1
"""Another number whenever the file is written otherwise, so that no older one is kept."""

_QUALITY = 3

Told = tuple[str, str]
"""What is said of a thing, as JSON, and what things are sorted by, so that those of like names lie together."""


@dataclass
class _File:
    """Packed blocks one after the other; `ends` are their ends in the file."""

    parts: list[bytes] = field(default_factory=list)
    size: int = 0

    def add(self, texts: Iterable[str]) -> list[int]:
        """Add blocks; gives where the first begins and where each ends."""
        ends = [self.size]
        for text in texts:
            data = igzip.compress(text.encode(), _QUALITY, mtime=0)
            self.parts.append(data)
            self.size += len(data)
            ends.append(self.size)
        return ends


@dataclass(frozen=True, slots=True)
class _Sorted:
    """Keys of all kinds together: text, number of the thing, merit and part of a name."""

    text: NDArray[np.bytes_]
    thing: NDArray[np.int64]
    merit: NDArray[np.uint8]
    part: NDArray[np.uint8]


def name_shards(indexes: Mapping[str, Index], told: Mapping[str, Mapping[int, Told]]) -> tuple[bytes, dict[str, Any]]:
    """The file of an index, and its directory.

    Parameters
    ----------
    indexes
        Kind → index.
    told
        Kind → id → what is said of the thing; things of which nothing is said are left out.
    """
    file = _File()
    numbers, things = _numbered(indexes, told)
    counts = {kind: len(said) for kind, said in sorted(told.items())}
    directory: dict[str, Any] = {"per_things": PER_THINGS, "counts": counts}
    directory["things"] = file.add(_listed(things, PER_THINGS))
    for script, wide in (("latin", 1), ("chinese", 2)):
        keys = _together([getattr(index, script) for index in indexes.values()], list(numbers.values()))
        directory[script] = _table(file, keys, wide)
    return b"".join(file.parts), directory


def _table(file: _File, keys: _Sorted, wide: int) -> dict[str, list[Any]]:
    """Put the keys of a script into the file, `wide` bytes to a character; gives where their blocks begin and end."""
    blocks = range(0, len(keys.text), PER_BLOCK)
    picked = list(_picked(keys, wide))
    groups = [picked[at : at + PER_PICKED] for at in range(0, len(picked), PER_PICKED)]
    return {
        "first": [_text(keys.text[at], wide) for at in blocks],
        "ends": file.add(_block(keys, range(at, at + PER_BLOCK), wide) for at in blocks),
        "picked_first": [group[0][0] for group in groups],
        "picked_ends": file.add(
            f"{{{','.join(f'{json.dumps(beginning)}:{rows}' for beginning, rows in group)}}}" for group in groups
        ),
    }


def _numbered(
    indexes: Mapping[str, Index], told: Mapping[str, Mapping[int, Told]]
) -> tuple[dict[str, NDArray[np.int64]], list[str]]:
    """Kind → the number of each of its things (-1 for those left out), and what is said of things by number.

    Numbers go kind by kind, so that a number tells the kind, and by name within.
    """
    order = sorted((kind, by, ident) for kind, said in told.items() for ident, (_, by) in said.items())
    place = {(kind, ident): number for number, (kind, _, ident) in enumerate(order)}
    numbers = {
        kind: np.array([place.get((kind, ident), -1) for ident in index.docs["id"].tolist()], np.int64)
        for kind, index in indexes.items()
    }
    return numbers, [told[kind][ident][0] for kind, _, ident in order]


def _listed(things: Sequence[str], per: int) -> Iterator[str]:
    for at in range(0, len(things), per):
        yield f"[{','.join(things[at : at + per])}]"


def _together(keys: Sequence[Keys], numbers: Sequence[NDArray[np.int64]]) -> _Sorted:
    text = np.concatenate([np.asarray(each.text) for each in keys])
    thing = np.concatenate([found[each.rows["doc"]] for each, found in zip(keys, numbers, strict=True)])
    merit = np.concatenate([each.rows["merit"] for each in keys])
    part = np.concatenate([each.rows["part"] for each in keys])
    words = text.view(np.uint8).reshape(-1, WIDTH).view(">u8").astype(np.uint64)
    order = np.lexsort((255 - merit, words[:, 2], words[:, 1], words[:, 0]))
    order = order[thing[order] >= 0]
    return _Sorted(text[order], thing[order], merit[order], part[order])


def _picked(keys: _Sorted, wide: int) -> Iterator[tuple[str, str]]:
    """The beginnings that very many keys have, in their order, each with the best of these keys."""
    found: dict[str, str] = {}
    letters = keys.text.view(np.uint8).reshape(-1, WIDTH)
    for length in range(wide, WIDTH + 1, wide):
        differs = np.ones(len(keys.text), bool)
        differs[1:] = (letters[1:, :length] != letters[:-1, :length]).any(axis=1)
        starts = np.append(np.flatnonzero(differs), len(keys.text))
        spans = np.flatnonzero(np.diff(starts) > MANY).tolist()
        if not spans:
            break
        for first, last in ((int(starts[at]), int(starts[at + 1])) for at in spans):
            beginning = letters[first, :length].tobytes()
            if beginning[-wide:] != b"\0" * wide:  # a key that ends here stands among those of its shorter beginnings
                found[_text(beginning, wide)] = _block(keys, _best(keys, first, last), wide)
    yield from sorted(found.items())


def _best(keys: _Sorted, first: int, last: int) -> list[int]:
    """Rows of a span worth showing: the shortest keys, which come first, and those with the highest merit."""
    merit = keys.merit[first:last].astype(np.int16)
    highest = first + np.argpartition(merit, len(merit) - 4 * BEST)[-4 * BEST :]
    order = highest[np.argsort(-keys.merit[highest].astype(np.int16), kind="stable")].tolist()
    once = {int(keys.thing[row]): row for row in reversed([*range(first, first + SHORTEST), *order])}
    return list(once.values())[::-1][: BEST + SHORTEST]


def _block(keys: _Sorted, rows: Iterable[int], wide: int) -> str:
    """Some keys as JSON: their texts, things, merits and parts."""
    chosen = [row for row in rows if row < len(keys.text)]
    texts = [_text(text, wide) for text in keys.text[chosen]]
    columns = [texts, keys.thing[chosen].tolist(), keys.merit[chosen].tolist(), keys.part[chosen].tolist()]
    return json.dumps(columns, ensure_ascii=False, separators=(",", ":"))


def _text(key: bytes, wide: int) -> str:
    """A key as text; NumPy leaves out zeros at its end, which may belong to a character."""
    if wide == 1:
        return bytes(key).rstrip(b"\0").decode("ascii")
    even = bytes(key) + b"\0" * (len(key) % 2)
    return even.decode("utf-16-be", "replace").rstrip("\0")
