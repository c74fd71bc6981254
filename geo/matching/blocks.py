"""Adjoining units that together give the area: neighbours on one floor, and floors one above the other.

Units adjoin when they follow each other in the order of their floor and nothing on it lies between them. Of every
place where a block could begin the smallest one is tried; a block is as good as its weakest part.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.matching.area import Supply, Wanted, lacking, low_of, supply, taken, wanted
from geo.matching.market import Rows
from geo.matching.rules import OF_UNITS, budget_lack, shares_of
from geo.matching.scoring import WHOLE, Points, Scored, points_of
from geo.matching.stretches import Numbers, enough, on_one_floor, on_several, runs_of, spans

MOST_UNITS_OF_FLOORS = 40

_JOINT = ("area", "budget")
"""Criteria that are asked of a block as a whole."""


@dataclass(frozen=True, slots=True)
class Blocks:
    """Blocks by their units: block i has `places[ends[i-1]:ends[i]]`, of each of which it takes `take_m2`.

    `lack` has what a block as a whole lacks of area and budget, as in `geo/matching/rules.py`.
    """

    places: Rows
    ends: Rows
    take_m2: Numbers
    floors: NDArray[np.bool_]
    lack: dict[str, NDArray[np.floating]]

    def __len__(self) -> int:
        return len(self.ends)

    def span(self, block: int) -> slice:
        """Where the units of a block are."""
        return slice(int(self.ends[block - 1]) if block else 0, int(self.ends[block]))

    @property
    def units(self) -> Rows:
        """How many units each has."""
        return np.diff(self.ends, prepend=0)

    @property
    def first(self) -> Rows:
        """Where the units of each begin."""
        return self.ends - self.units

    def only(self, chosen: Rows) -> "Blocks":
        """Some of these."""
        units = self.units[chosen]
        members = spans(self.first[chosen], units)
        lack = {name: each[chosen] for name, each in self.lack.items()}
        return Blocks(self.places[members], np.cumsum(units), self.take_m2[members], self.floors[chosen], lack)


@dataclass(frozen=True, slots=True)
class Best:
    """The best blocks, one of a building, with their points by criterion; `buildings` is how many have any."""

    buildings: int
    blocks: Blocks
    points: dict[str, Points]


def blocks(scored: Scored, limit: int) -> Best | None:
    """The best blocks; None where no area is asked for, units alone suffice or none are found."""
    asked = wanted(scored.requirement)
    if asked is None or asked.low <= 0:
        return None
    candidates = _candidates(scored, low_of(asked))
    offered = supply(scored.market.at(candidates), scored.requirement)
    found = _passing(scored, _all(scored, candidates, offered, asked))
    return _best(scored, found, limit) if len(found) else None


def _candidates(scored: Scored, low: float) -> Rows:
    """The places of units that can be parts: too small alone, with others near that make up for it.

    They pass all musts that are asked of each part.
    """
    market, failed = scored.market, scored.failed
    for name in _JOINT:
        if name in scored.fails:
            failed = failed - scored.fails[name].view(np.uint8)
    most = supply(market, scored.requirement).most
    possible = np.flatnonzero((failed == 0) & market.placed & (most < low))
    return possible[enough(market.storey[possible], most[possible], low)]


def _all(scored: Scored, candidates: Rows, offered: Supply, asked: Wanted) -> Blocks:
    """Every block that gives the area."""
    runs = runs_of(scored.market, candidates, offered.most)
    pieces = [find(runs, low_of(asked)) for find in (on_one_floor, on_several)]
    start, count, parts = (np.concatenate([piece[at] for piece in pieces]) for at in range(3))
    units = np.add.reduceat(count, np.cumsum(parts) - parts) if len(parts) else parts
    several = np.repeat([False, True], [len(piece[2]) for piece in pieces])
    members = spans(start, count)
    least, most = offered.least[members].astype(float), offered.most[members].astype(float)
    first = np.cumsum(units) - units
    low, high = (np.add.reduceat(each, first) if len(first) else each for each in (least, most))
    take = _taken(least, most, units, high - taken(low, high, asked))
    take *= np.broadcast_to(offered.m2, len(candidates))[members]
    found = Blocks(candidates[members], np.cumsum(units), take, several, {"area": lacking(low, high, asked)})
    few = units <= MOST_UNITS_OF_FLOORS
    return found if few.all() else found.only(np.flatnonzero(few))


def _taken(least: Numbers, most: Numbers, units: Rows, excess: Numbers) -> Numbers:
    """How much is taken of each part, where a block has an excess: the last parts give way first."""
    slack = most - least
    behind = np.repeat(np.cumsum(slack)[np.cumsum(units) - 1], units) - np.cumsum(slack)
    found: Numbers = most - np.clip(np.repeat(excess, units) - behind, 0, slack)
    return found


def _passing(scored: Scored, found: Blocks) -> Blocks:
    """The blocks that pass the musts which are asked of them as a whole."""
    if scored.requirement.budget_month is not None and len(found):
        found.lack["budget"] = budget_lack(_month(scored, found), scored.requirement)
    passed = np.ones(len(found), bool)
    for name in found.lack.keys() & set(scored.musts):
        passed &= found.lack[name] <= 0
    return found.only(np.flatnonzero(passed))


def _month(scored: Scored, found: Blocks) -> Numbers:
    """CNY a month of each block."""
    month: Numbers = np.add.reduceat(found.take_m2 * scored.market.column("price")[found.places], found.first)
    return month


def _best(scored: Scored, found: Blocks, limit: int) -> Best:
    """Of each building the block with the best score, among equals of the fewest units; the best of these."""
    building = scored.market.buildings[found.places[found.first]]
    promising = found.only(_promising(scored, found, building, limit))
    points = _points(scored, promising)
    score = np.array(list(points.values())).sum(axis=0, dtype=np.int32)
    first, units = promising.places[promising.first], promising.units
    house = scored.market.buildings[first]
    order = np.lexsort((first, units, -score, house))
    leading = order[np.diff(house[order], prepend=-1) != 0]
    best = leading[np.lexsort((first[leading], units[leading], -score[leading]))][:limit]
    buildings = int(np.count_nonzero(np.bincount(building)))
    return Best(buildings, promising.only(best), {name: each[best] for name, each in points.items()})


def _promising(scored: Scored, found: Blocks, building: Rows, limit: int) -> Rows:
    """The blocks that may be among the best: what the parts can lose at most leaves them no worse than others."""
    of_buildings = [name for name in scored.wishes if name not in OF_UNITS]
    bound = scored.points_together(of_buildings, found.places[found.first]).astype(np.int32)
    for name, lack in found.lack.items():
        bound += points_of(shares_of(lack), scored.most[name])
    room = sum(scored.most[name] for name in scored.wishes if name in OF_UNITS and name not in _JOINT)
    best = np.full(int(building.max()) + 1, -WHOLE, np.int32)
    np.maximum.at(best, building, bound)
    reached = best[best >= 0]
    least = np.partition(reached, len(reached) - limit)[len(reached) - limit] if len(reached) > limit else 0
    return np.flatnonzero(bound >= least - room)


def _points(scored: Scored, found: Blocks) -> dict[str, Points]:
    """The points of blocks by criterion: for what is asked of each part, those of the weakest."""
    first = found.first
    points = {}
    for name, most in scored.most.items():
        if name in found.lack:
            points[name] = points_of(shares_of(found.lack[name]), most)
        elif name in scored.musts:  # each part passes it
            points[name] = np.full(len(found), most, np.int16)
        elif name in OF_UNITS:
            points[name] = np.minimum.reduceat(scored.points(name, found.places), first)
        else:  # units of a building are alike in what is of it
            points[name] = scored.points(name, found.places[first])
    return points
