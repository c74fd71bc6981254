"""The units of one public state, ready to be compared column by column, and those of them that pass a search."""

from collections.abc import Mapping
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geo.columns import Array, Columns
from geo.filters import MARKET

Rows = NDArray[np.intp]
Mask = NDArray[np.bool_]
Counts = NDArray[np.int32]
"""Of units, one number per building: half the size, so that more of them stay in the processor's cache."""

NO_RENT = np.float32(1e9)

FEW = 1 / 8
"""Share of the buildings below which their units are gathered one by one."""

_WORD = 32
"""Bits of flags looked at together."""


class UnitGroup:
    """The units of one public state, in the order of their buildings; columns are copied together when asked for.

    Those that are left out of searches for the age of their last word are a group of their own, with a name of its own.
    """

    def __init__(self, state: Columns, unit_ids: NDArray[np.int64], word: str, *, stale: bool = False) -> None:
        self.word = word
        self.stale = stale
        self.name = f"{word} stale" if stale else word
        self.words: Mapping[str, list[str]] = state.header["words"]
        number = self.words["occupancy"].index(word) + 1
        mine = state.array("units", "occupancy") == number
        if tells_stale(state):
            mine &= state.array("units", "stale").astype(bool) == stale
        self.rows: Rows = np.flatnonzero(mine)
        self._state = state
        self._unit_ids = unit_ids
        self._columns: dict[str, Array] = {}
        self._orders: dict[str, NDArray[np.uint32]] = {}
        self._binned: dict[tuple[str, tuple[float, ...]], NDArray[np.uint8]] = {}

    def column(self, name: str) -> Array:
        """A column of the state file for these units.

        Or `id`; `least`, the least area that can be had; `known_rent`, with what is not known behind all others.
        """
        found = self._columns.get(name)
        if found is None:
            found = self._columns[name] = self._made(name)
        return found

    def order(self, name: str) -> NDArray[np.uint32]:
        """The rows in the order of a column, those with one value by their ids."""
        found = self._orders.get(name)
        if found is None:
            found = self._by_id if name == "id" else _sorted_rows(self.column(name), self._by_id)
            self._orders[name] = found
        return found

    @cached_property
    def buildings(self) -> Rows:
        """Row of the building of each unit, ascending."""
        return self.column("b").astype(np.intp)

    @cached_property
    def per_building(self) -> Counts:
        """How many of these units each building has."""
        return counted(self.buildings, self._state.header["tables"]["buildings"]["rows"])

    @cached_property
    def area_per_building(self) -> NDArray[np.float64]:
        """Their m² in each building."""
        return np.bincount(self.buildings, self.column("area"), len(self.per_building)).astype(np.float64, copy=False)

    def may_have(self, field: str) -> bool:
        """Whether any of these units can pass a condition on a field of filters."""
        if field == "available_by":
            return self.word in MARKET
        if field in ("rent_min", "rent_max"):
            return self._has_rent
        return field != "fitout" or self.has_fitout

    @cached_property
    def has_fitout(self) -> bool:
        """Whether the fit-out of any of these units is known."""
        return bool(self.column("fitout").any())

    @cached_property
    def _has_rent(self) -> bool:
        return not np.isnan(self.column("rent")).all()

    @cached_property
    def fitout_places(self) -> Rows:
        """The place of each unit's fit-out and building in a table of fit-outs by buildings, laid out in one row."""
        return self.column("fitout").astype(np.intp) * len(self.per_building) + self.buildings

    def fitted(self, number: int) -> Counts:
        """How many of these units with one kind of fit-out each building has."""
        return counted(self.buildings[self.column("fitout") == number], len(self.per_building))

    def binned(self, name: str, edges: tuple[float, ...]) -> NDArray[np.uint8]:
        """The bin of each unit's value among ascending edges (0 is below the first); one more where it is not known."""
        found = self._binned.get((name, edges))
        if found is None:
            values = self.column(name)
            bins = np.searchsorted(edges, values.astype(float), side="right")
            found = np.where(np.isnan(values), len(edges) + 1, bins).astype(np.uint8)
            self._binned[name, edges] = found
        return found

    def of_buildings(self, chosen: Rows) -> Rows:
        """The rows, within this group, of the units of some buildings (ascending)."""
        return spans(self._first[chosen], self.per_building[chosen])

    @cached_property
    def runs(self) -> "Runs":
        """The units of each building as runs."""
        return Runs(self.per_building)

    def like(self, before: "UnitGroup") -> None:
        """Make ready what was made ready of the group that this one replaces."""
        for name in [*before._columns]:
            self.column(name)
        for name in [*before._orders]:
            self.order(name)

    @cached_property
    def _first(self) -> Rows:
        return np.cumsum(self.per_building, dtype=np.intp) - self.per_building

    @cached_property
    def _by_id(self) -> NDArray[np.uint32]:
        return np.argsort(self.column("id"), kind="stable").astype(np.uint32)

    def _made(self, name: str) -> Array:
        if name == "id":
            return self._unit_ids[self.rows]
        if name == "least":
            least = self.column("min_area")
            return np.where(least > 0, least, self.column("area"))
        if name == "known_rent":
            rent = self.column("rent")
            return np.where(np.isnan(rent), NO_RENT, rent)
        return self._state.array("units", name)[self.rows]


class Hits:
    """Units of `group` that pass; their buildings may still not match. Without rows and mask it is all of them."""

    def __init__(self, group: UnitGroup, rows: Rows | None = None, mask: Mask | None = None) -> None:
        self.group = group
        self.everything = rows is None and mask is None
        self._rows = rows
        self.mask = mask
        """For each unit of the group whether it passes, where whole columns were compared."""

    @cached_property
    def rows(self) -> Rows | None:
        """Within the group; None is all of them."""
        return self._rows if self.mask is None else np.flatnonzero(self.mask)

    @cached_property
    def count(self) -> int:
        """How many units pass."""
        if self.mask is not None:
            return int(np.count_nonzero(self.mask))
        return len(self.group.rows if self._rows is None else self._rows)

    @property
    def chosen(self) -> Rows | slice:
        """The rows as numpy takes them, to read columns of the group without copying all of them."""
        return slice(None) if self.rows is None else self.rows

    @cached_property
    def per_building(self) -> Counts:
        """How many there are in each building."""
        if self.everything:
            return self.group.per_building
        if self.mask is not None:
            return self.group.runs.sums(self.mask)
        return counted(self.group.buildings[self.chosen], len(self.group.per_building))

    @property
    def building_count(self) -> int:
        """How many buildings they are in."""
        buildings = self.group.buildings[self.chosen]
        return int(np.count_nonzero(np.diff(buildings, prepend=-1)))  # they ascend

    @cached_property
    def area_m2(self) -> float:
        """The sum of their areas."""
        areas = self.group.column("area")
        if self.mask is not None and self.count > FEW * len(areas):
            return float(np.einsum("i,i", areas, self.mask, dtype=float))  # without BLAS and its threads
        return float(areas[self.chosen].sum(dtype=float))

    def fitouts(self, kinds: int) -> NDArray[np.intp]:
        """How many have each kind of fit-out, of so many kinds (0 is not known)."""
        fitout = self.group.column("fitout")
        if self.mask is None:
            return np.bincount(fitout[self.chosen], minlength=kinds)
        return np.array([np.count_nonzero(self.mask & (fitout == number)) for number in range(kinds)])

    def within(self, buildings: Mask) -> "Hits":
        """Those in the given buildings."""
        group = self.group
        if self._rows is not None:
            return Hits(group, self._rows[buildings[group.buildings[self._rows]]])
        if np.count_nonzero(buildings) < FEW * len(buildings):
            rows = group.of_buildings(np.flatnonzero(buildings))
            return Hits(group, rows if self.mask is None else rows[self.mask[rows]])
        inside = buildings.take(group.buildings, mode="clip")  # no row is out of bounds; the default checks each
        return Hits(group, mask=inside if self.mask is None else np.logical_and(inside, self.mask, out=inside))

    def inside(self, buildings: Mask | None) -> Rows | None:
        """The rows, within the group, of those in the given buildings (None is all)."""
        return self.rows if buildings is None else self.within(buildings).rows


class Runs:
    """Runs of flags, one after the other, to be counted run by run.

    The flags are packed into words of bits; how many are set before any place is a sum over words and a look at one.

    Parameters
    ----------
    lengths
        Of the runs; some may be empty.
    """

    def __init__(self, lengths: Counts) -> None:
        self._runs = len(lengths)
        self._filled = np.flatnonzero(lengths)
        borders = np.concatenate([[0], np.cumsum(lengths[self._filled], dtype=np.intp)])
        self._words = borders // _WORD
        self._before = ((1 << borders % _WORD) - 1).astype(np.uint32)

    def sums(self, flags: Mask) -> Counts:
        """How many flags of each run are set."""
        words = _packed(flags)
        each = np.bitwise_count(words)
        set_before = (np.cumsum(each, dtype=np.int32) - each).take(self._words, mode="clip")
        begun = words.take(self._words, mode="clip")
        begun &= self._before
        set_before += np.bitwise_count(begun)
        counts = np.diff(set_before)
        if len(counts) == self._runs:
            return counts
        spread = np.zeros(self._runs, np.int32)
        spread[self._filled] = counts
        return spread


def tells_stale(state: Columns) -> bool:
    """Whether a state says which units are stale; one that an earlier version of the program made does not."""
    return "stale" in state.header["tables"]["units"]["columns"]


def counted(places: Array, size: int) -> Counts:
    """How often each whole number below `size` is among `places`."""
    return np.bincount(places, minlength=size).astype(np.int32)


def spans(starts: Rows, counts: Rows | Counts) -> Rows:
    """All numbers from each start on, as many as its count, one span after the other."""
    ends = np.cumsum(counts, dtype=np.intp)
    return np.repeat(starts - ends + counts, counts) + np.arange(int(ends[-1]) if len(ends) else 0)


def _packed(flags: Mask) -> NDArray[np.uint32]:
    """The flags as bits of words, the first in the lowest; at least one word more than they fill."""
    words = np.zeros(len(flags) // _WORD + 2, "<u4")
    packed = np.packbits(flags, bitorder="little")
    words.view(np.uint8)[: len(packed)] = packed
    return words


def _sorted_rows(values: Array, by_id: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """`by_id` in the order of its values: numbers made of a value and a place are sorted, which is quick."""
    keys = _ordered(values)[by_id].astype(np.uint64) << np.uint64(32) | np.arange(len(by_id), dtype=np.uint64)
    keys.sort()
    return by_id[(keys & np.uint64(2**32 - 1)).astype(np.intp)]


def _ordered(values: Array) -> NDArray[np.uint32]:
    """Whole numbers in the same order as the values, whose type has 32 bits at most and which are known."""
    if values.dtype != np.float32:
        return (values.astype(np.int64) - int(values.min(initial=0))).astype(np.uint32)
    bits = (values + np.float32(0)).view(np.uint32)  # -0 becomes 0
    return np.where(bits >> 31, ~bits, bits | np.uint32(2**31))
