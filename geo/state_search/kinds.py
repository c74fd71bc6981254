"""Buildings by all their words at once: those that share every word are of one kind, and counted together.

A city has many buildings and few kinds, so one count by kind gives the counts of every word of every field.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from geo.columns import Columns, ListColumn

_MOST = 2**62
"""Above this, numbers made of several columns would not fit into 64 bits."""


OF_KINDS = ("grade", "star", "theme", "industry", "status", "within", "cluster")
"""Fields of filters that speak of these words."""

STARS = ["1", "2", "3", "4", "5"]


@dataclass(frozen=True, slots=True)
class Members:
    """Which kinds have which values of a field: pairs, `kinds[i]` has `words[values[i]]`."""

    kinds: NDArray[np.intp]
    values: NDArray[np.intp]
    words: list[str]


@dataclass(frozen=True, slots=True)
class Kinds:
    """The kind of each building, how many kinds there are, and what they have of each field."""

    COLUMNS: ClassVar[tuple[str, ...]] = ("grade", "star", "status", "themes", "industries", "areas", "clusters")

    of: NDArray[np.intp]
    count: int
    members: Mapping[str, Members]

    def having(self, field: str, chosen: Iterable[str]) -> NDArray[np.bool_]:
        """Which buildings have one of the chosen words of a field."""
        members = self.members[field]
        wanted = np.array([word in chosen for word in members.words], bool)
        kinds = np.zeros(self.count, bool)
        kinds[members.kinds[wanted[members.values]]] = True
        return kinds.take(self.of, mode="clip")  # no kind is out of bounds; the default checks each

    def sums(self, rows: NDArray[np.intp] | None, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """For each kind the sum of the weights of the given buildings (None is all)."""
        kinds = self.of if rows is None else self.of[rows]
        return np.bincount(kinds, weights, self.count).astype(np.float64, copy=False)

    def of_rows(self, rows: NDArray[np.intp]) -> "Kinds":
        """The same for some of the buildings."""
        return replace(self, of=self.of[rows])


def kinds_of(state: Columns) -> Kinds:
    """The kinds of buildings in a state."""
    key = np.zeros(state.header["tables"]["buildings"]["rows"], np.uint64)
    size = 1
    for column, top in _parts(state):
        if size * top >= _MOST:
            distinct, key = np.unique(key, return_inverse=True)
            key, size = key.astype(np.uint64), len(distinct)
        key = key * np.uint64(top) + column.astype(np.uint64)
        size *= top
    _, first, of = np.unique(key, return_index=True, return_inverse=True)
    return Kinds(of, len(first), _members(state, first))


def _parts(state: Columns) -> list[tuple[NDArray[np.integer], int]]:
    """Columns of whole numbers that together tell kinds apart, each with the first number it never reaches."""
    words = state.header["words"]
    parts: list[tuple[NDArray[np.integer], int]] = [
        (state.array("buildings", name), 256) for name in ("grade", "star", "status")
    ]
    for name in ("themes", "industries"):
        column = state.array("buildings", name)
        parts.append((column, int(column.max(initial=0)) + 1))
    for name in ("areas", "clusters"):
        parts += [(column, len(words[name]) + 1) for column in _slots(state.lists("buildings", name))]
    return parts


def _slots(lists: ListColumn) -> list[NDArray[np.integer]]:
    """The first value of every row, the second and so on, each plus one; 0 where a row has fewer."""
    lengths = np.diff(lists.ends.astype(np.intp), prepend=0)
    slots: list[NDArray[np.integer]] = []
    for place in range(int(lengths.max(initial=0))):
        column = np.zeros(len(lengths), np.intp)
        rows = np.flatnonzero(lengths > place)
        column[rows] = lists.values[lists.ends[rows].astype(np.intp) - lengths[rows] + place].astype(np.intp) + 1
        slots.append(column)
    return slots


def _members(state: Columns, first: NDArray[np.intp]) -> dict[str, Members]:
    """What the kinds have, read from the first building of each."""
    words = state.header["words"]
    stars = {"star": STARS}
    found = {
        name: _worded(state.array("buildings", name)[first], stars.get(name) or words[name])
        for name in ("grade", "star", "status")
    }
    for field, column in (("theme", "themes"), ("industry", "industries")):
        bits = state.array("buildings", column)[first]
        kinds, values = np.nonzero(bits[:, None] >> np.arange(len(words[field]), dtype=np.uint32) & 1)
        found[field] = Members(kinds, values, words[field])
    for field, column in (("within", "areas"), ("cluster", "clusters")):
        rows = [state.lists("buildings", column).row(int(row)) for row in first]
        kinds = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
        found[field] = Members(kinds, np.concatenate([*rows, np.zeros(0, np.intp)]).astype(np.intp), words[column])
    return found


def _worded(numbers: NDArray[np.uint8], words: list[str]) -> Members:
    kinds = np.flatnonzero(numbers)
    return Members(kinds, numbers[kinds].astype(np.intp) - 1, words)
