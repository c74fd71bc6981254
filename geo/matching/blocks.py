"""Adjoining units that together give the area: neighbours on one floor, and floors one above the other.

Units adjoin when they follow each other in the order of their floor and nothing on it lies between them. Of every
place where a block could begin the smallest one is tried; a block is as good as its weakest part.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.matching.area import Supply, Wanted, fitting, supply, taken, wanted
from geo.matching.market import Rows
from geo.matching.rules import BUDGET_ROOM
from geo.matching.scoring import Points, Scored, points_of
from geo.taxonomy.rents import DAYS_PER_MONTH

MOST_UNITS, MOST_FLOORS, MOST_UNITS_OF_FLOORS = 8, 6, 40
MOST_BLOCKS = 4000
"""Blocks that are judged; of more, those whose first unit has the best points."""

_ROUNDING = 1e-6
_JOINT = ("area", "budget")
"""Criteria that are asked of a block as a whole."""

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Blocks:
    """Blocks by their units: block i has `places[ends[i-1]:ends[i]]`, of each of which it takes `take_m2`."""

    places: Rows
    ends: Rows
    take_m2: Numbers
    floors: NDArray[np.bool_]
    score: NDArray[np.int32]
    points: dict[str, Points]

    def __len__(self) -> int:
        return len(self.ends)

    def span(self, block: int) -> slice:
        """Where the units of a block are."""
        return slice(int(self.ends[block - 1]) if block else 0, int(self.ends[block]))


@dataclass(frozen=True, slots=True)
class _Runs:
    """Stretches of adjoining candidates, in the order of building and floor: where they start and stop.

    `sums` are what all candidates before a place can give together.
    """

    start: Rows
    stop: Rows
    sums: Numbers
    building: Rows
    level: Rows


def blocks(scored: Scored) -> Blocks | None:
    """The best block of every building that has one; None where no area is asked for or units alone suffice."""
    asked = wanted(scored.requirement)
    if asked is None or asked.low <= 0:
        return None
    low = asked.low * (1 - _ROUNDING)
    candidates = _candidates(scored, low)
    if len(candidates) < 2:
        return None
    offered = supply(scored.market.at(candidates), scored.requirement)
    runs = _runs(scored, candidates, offered)
    pieces = [_on_one_floor(runs, low), _on_several(runs, low)]
    return _judged(scored, candidates, _chosen(scored, candidates, pieces), offered, asked)


def spans(starts: Rows, counts: Rows) -> Rows:
    """All numbers from each start on, as many as its count, one span after the other."""
    ends = np.cumsum(counts, dtype=np.intp)
    return np.repeat(starts - ends + counts, counts) + np.arange(int(ends[-1]) if len(ends) else 0)


def _candidates(scored: Scored, low: float) -> Rows:
    """The places of units that can be parts: too small alone, with others in the building that make up for it.

    They pass all musts that are asked of each part, and state floor and area.
    """
    market, failed = scored.market, scored.failed_of(name for name in scored.musts if name not in _JOINT)
    most = supply(market, scored.requirement).most
    possible = np.flatnonzero((failed == 0) & (market.column("floor") != 0) & (most > 0) & (most < low))
    building = market.buildings[possible]
    enough = np.bincount(building, most[possible], market.table.building_count) >= low
    return possible[enough[building]]


def _runs(scored: Scored, candidates: Rows, offered: Supply) -> _Runs:
    market = scored.market
    rows, building, floor = market.rows[candidates], market.buildings[candidates], market.column("floor")[candidates]
    apart = (np.diff(rows) != 1) | (np.diff(building) != 0) | (np.diff(floor) != 0)
    start = np.flatnonzero(np.append(True, apart))
    sums = np.append(0, np.cumsum(offered.most, dtype=float))
    return _Runs(start, np.append(start[1:], len(rows)), sums, building[start], floor[start].astype(np.intp))


Pieces = tuple[Rows, Rows, Rows]
"""Stretches of candidates (start, count), and how many of them each block has."""


def _on_one_floor(runs: _Runs, low: float) -> Pieces:
    """From every unit on as many neighbours as it takes, where it takes some."""
    sums = runs.sums
    start = np.arange(len(sums) - 1)
    stop = np.searchsorted(sums, sums[:-1] + low)
    count = stop - start
    good = (count >= 2) & (count <= MOST_UNITS) & (stop <= np.repeat(runs.stop, runs.stop - runs.start))
    start, stop = start[good], stop[good]
    minimal = sums[stop] - sums[start + 1] < low
    start, count = start[minimal], (stop - start)[minimal]
    return start, count, np.ones(len(start), np.intp)


def _largest(runs: _Runs) -> tuple[_Runs, Numbers]:
    """The largest stretch of each floor, and what the floors before one can give together."""
    size = runs.sums[runs.stop] - runs.sums[runs.start]
    first = np.append(True, (np.diff(runs.building) != 0) | (np.diff(runs.level) != 0))
    floor = np.cumsum(first) - 1
    largest = np.flatnonzero(size == np.maximum.reduceat(size, np.flatnonzero(first))[floor])
    chosen = largest[np.append(True, np.diff(floor[largest]) != 0)]
    start, stop = runs.start[chosen], runs.stop[chosen]
    sums = np.append(0, np.cumsum(size[chosen]))
    return _Runs(start, stop, runs.sums, runs.building[chosen], runs.level[chosen]), sums


def _on_several(runs: _Runs, low: float) -> Pieces:
    """From every floor upwards as many as it takes: the largest stretch of each, of the last one what is needed."""
    floors, sums = _largest(runs)
    start, stop, level = floors.start, floors.stop, floors.level
    above = (np.diff(floors.building) == 0) & (np.diff(level) == np.where(level[:-1] == -1, 2, 1))
    top = np.append(np.flatnonzero(~above), len(level) - 1)
    tops = np.repeat(top + 1, np.diff(np.append(-1, top)))
    bottom = np.arange(len(level))
    last = np.searchsorted(sums, sums[:-1] + low)
    good = (last - bottom >= 2) & (last - bottom <= MOST_FLOORS) & (last <= tops)
    bottom, last = bottom[good], last[good]
    minimal = sums[last] - sums[bottom + 1] < low
    bottom, last = bottom[minimal], last[minimal]
    missing = low - (sums[last - 1] - sums[bottom])
    needed = np.searchsorted(runs.sums, runs.sums[start[last - 1]] + missing) - start[last - 1]
    parts = last - bottom
    chosen, tops = spans(bottom, parts), np.cumsum(parts) - 1
    count = (stop - start)[chosen]
    count[tops] = np.minimum(needed, count[tops])
    return start[chosen], count, parts


def _chosen(scored: Scored, candidates: Rows, pieces: list[Pieces]) -> tuple[Rows, Rows, NDArray[np.bool_]]:
    """The candidates of each block, one after the other, their numbers, and which blocks are of several floors."""
    parts = np.concatenate([part for _, _, part in pieces])
    start, count = (np.concatenate([piece[at] for piece in pieces]) for at in (0, 1))
    several = np.repeat([False, True], [len(piece[2]) for piece in pieces])
    first = np.cumsum(parts) - parts
    units = np.add.reduceat(count, first) if len(parts) else np.zeros(0, np.intp)
    each = scored.score_of(name for name in scored.points if name not in _JOINT)[candidates]
    promise = np.where(units <= MOST_UNITS_OF_FLOORS, each[start[first]], -1) if len(parts) else units
    kept = np.flatnonzero(promise >= 0)
    if len(kept) > MOST_BLOCKS:
        kept = np.sort(kept[np.argsort(-promise[kept], kind="stable")[:MOST_BLOCKS]])
    chosen = spans(first[kept], parts[kept])
    return spans(start[chosen], count[chosen]), units[kept], several[kept]


def _judged(
    scored: Scored, candidates: Rows, chosen: tuple[Rows, Rows, NDArray[np.bool_]], offered: Supply, asked: Wanted
) -> Blocks | None:
    members, units, several = chosen
    if not len(units):
        return None
    places, ends = candidates[members], np.cumsum(units)
    first = ends - units
    least, most = offered.least[members].astype(float), offered.most[members].astype(float)
    low, high = np.add.reduceat(least, first), np.add.reduceat(most, first)
    excess = np.repeat(high - taken(low, high, asked), units)
    slack = most - least
    behind = np.repeat(np.cumsum(slack)[ends - 1], units) - np.cumsum(slack)
    take = (most - np.clip(excess - behind, 0, slack)) * np.broadcast_to(offered.m2, len(candidates))[members]
    shares = {"area": fitting(low, high, asked)}
    if scored.requirement.budget_month is not None:
        shares["budget"] = _budget(scored, places, take, first)
    points = {
        name: points_of(shares[name], scored.most[name])
        if name in shares
        else np.minimum.reduceat(found[places], first)
        for name, found in scored.points.items()
    }
    passed = np.ones(len(units), bool)
    for name in _JOINT:
        if name in scored.musts:
            passed &= shares[name] >= 1
    score: NDArray[np.int32] = np.array(list(points.values())).sum(axis=0, dtype=np.int32)
    best = _best_of_buildings(scored, places[first], score, units, passed)
    return _only(Blocks(places, ends, take, several, score, points), best) if len(best) else None


def _budget(scored: Scored, places: Rows, take: Numbers, first: Rows) -> NDArray[np.float32]:
    most = float(scored.requirement.budget_month or 0)
    month = np.add.reduceat(take * scored.market.column("rent")[places], first) * DAYS_PER_MONTH
    shares = np.clip(1 - np.maximum(month - most - 0.01, 0) / (BUDGET_ROOM * most), 0, 1)
    return np.nan_to_num(shares).astype(np.float32)


def _best_of_buildings(
    scored: Scored, first: Rows, score: NDArray[np.int32], units: Rows, passed: NDArray[np.bool_]
) -> Rows:
    """Of each building the block with the best score, among equals of the fewest units; in that order of all."""
    good = np.flatnonzero(passed)
    building = scored.market.buildings[first[good]]
    order = np.lexsort((first[good], units[good], -score[good], building))
    leading = order[np.append(True, np.diff(building[order]) != 0)] if len(order) else order
    good = good[leading]
    return good[np.lexsort((first[good], units[good], -score[good]))]


def _only(found: Blocks, chosen: Rows) -> Blocks:
    counts = np.diff(np.append(0, found.ends))
    members = spans((found.ends - counts)[chosen], counts[chosen])
    return Blocks(
        found.places[members],
        np.cumsum(counts[chosen]),
        found.take_m2[members],
        found.floors[chosen],
        found.score[chosen],
        {name: points[chosen] for name, points in found.points.items()},
    )
