"""Stretches of adjoining units, and which of them together are just enough: on one floor, and floor by floor upwards.

Everything is counted in sums over the candidates in their order, so that no stretch is looked at unit by unit.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.columns import Array
from geo.matching.market import Market, Rows

MOST_UNITS, MOST_FLOORS = 8, 6

Numbers = NDArray[np.float64]

Pieces = tuple[Rows, Rows, Rows]
"""Stretches of candidates (start, count), and how many of them each block has."""


@dataclass(frozen=True, slots=True)
class Runs:
    """Stretches of adjoining candidates, in the order of building and floor: where they start and stop.

    `sums` are what all candidates before a place can give together, `storey` is that of the market.
    """

    start: Rows
    stop: Rows
    sums: Numbers
    storey: NDArray[np.int64]

    @property
    def size(self) -> Numbers:
        """What each can give."""
        size: Numbers = self.sums[self.stop] - self.sums[self.start]
        return size

    def only(self, chosen: Rows) -> "Runs":
        """Some of these."""
        return Runs(self.start[chosen], self.stop[chosen], self.sums, self.storey[chosen])


def enough(storey: NDArray[np.int64], most: Array, low: float) -> Rows:
    """Which candidates lie on floors next to each other that together can give `low`; of most nothing can come."""
    apart = np.ones(len(storey), bool)
    apart[1:] = np.diff(storey) > 1
    first = np.flatnonzero(apart)
    total = np.add.reduceat(most, first, dtype=float) if len(first) else np.zeros(0)
    return np.flatnonzero((total >= low)[np.cumsum(apart) - 1])


def runs_of(market: Market, candidates: Rows, most: Array) -> Runs:
    """The stretches of some places of a market, of which each can give `most`."""
    begins = np.ones(len(candidates), bool)
    begins[1:] = (np.diff(candidates) != 1) | market.apart[candidates[1:]]
    start = np.flatnonzero(begins)
    stop = np.append(start[1:], len(candidates))
    return Runs(start, stop, _sums(most.astype(float)), market.storey[candidates[start]])


def on_one_floor(runs: Runs, low: float) -> Pieces:
    """From every unit on as many neighbours as it takes, where it takes some."""
    long = runs.only(np.flatnonzero((runs.size >= low) & (runs.stop - runs.start > 1)))
    lengths, sums = long.stop - long.start, runs.sums
    start = spans(long.start, lengths)
    stop = np.searchsorted(sums, sums[start] + low)
    count = stop - start
    good = (count >= 2) & (count <= MOST_UNITS) & (stop <= np.repeat(long.stop, lengths))
    start, stop = start[good], stop[good]
    minimal = sums[stop] - sums[start + 1] < low
    start, count = start[minimal], (stop - start)[minimal]
    return start, count, np.ones(len(start), np.intp)


def on_several(runs: Runs, low: float) -> Pieces:
    """From every floor upwards as many as it takes: the largest stretch of each, of the last one what is needed."""
    floors = _largest(runs)
    top = np.append(np.flatnonzero(np.diff(floors.storey) != 1), len(floors.storey) - 1)
    tops = np.repeat(top + 1, np.diff(top, prepend=-1))
    sums = _sums(floors.size)
    bottom = np.arange(len(floors.storey))
    last = np.searchsorted(sums, sums[:-1] + low)
    good = (last - bottom >= 2) & (last - bottom <= MOST_FLOORS) & (last <= tops)
    bottom, last = bottom[good], last[good]
    minimal = sums[last] - sums[bottom + 1] < low
    bottom, last = bottom[minimal], last[minimal]
    return _cut(floors, bottom, last, low - (sums[last - 1] - sums[bottom]))


def spans(starts: Rows, counts: Rows) -> Rows:
    """All numbers from each start on, as many as its count, one span after the other."""
    ends = np.cumsum(counts, dtype=np.intp)
    return np.repeat(starts - ends + counts, counts) + np.arange(int(ends[-1]) if len(ends) else 0)


def _sums(sizes: Numbers) -> Numbers:
    """What comes before each, and all together at the end."""
    sums = np.zeros(len(sizes) + 1)
    np.cumsum(sizes, out=sums[1:])
    return sums


def _largest(runs: Runs) -> Runs:
    """The largest stretch of each floor, of equals the first."""
    first = np.diff(runs.storey, prepend=-(2**40)) != 0
    if first.all():
        return runs
    floor, size = np.cumsum(first) - 1, runs.size
    largest = np.flatnonzero(size == np.maximum.reduceat(size, np.flatnonzero(first))[floor])
    return runs.only(largest[np.diff(floor[largest], prepend=-1) != 0])


def _cut(floors: Runs, bottom: Rows, last: Rows, missing: Numbers) -> Pieces:
    """The floors from each bottom up to the last, of which only as many units are taken as give what is missing."""
    top = floors.start[last - 1]
    needed = np.searchsorted(floors.sums, floors.sums[top] + missing) - top
    parts = last - bottom
    chosen = spans(bottom, parts)
    count = (floors.stop - floors.start)[chosen]
    ends = np.cumsum(parts) - 1
    count[ends] = np.minimum(needed, count[ends])
    return floors.start[chosen], count, parts
