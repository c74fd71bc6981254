"""Points of units on the market for one requirement, in tenths of a point, so that sums are exact.

The weights of what is asked for are scaled so that a unit that meets everything has 100 points. Of all units it is only
found out which musts they pass; points are counted for those that may be among the best.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geo.matching.market import Market, Mask, Rows
from geo.matching.requirement import Requirement
from geo.matching.rules import OF_UNITS, Judged, judged, passes

WHOLE = 1000
"""Tenths of a point that can be had in all."""

Points = NDArray[np.int16]


def most_points(requirement: Requirement) -> dict[str, int]:
    """Criterion → tenths of a point that it can give; they come to `WHOLE` where any has a weight."""
    weights = {name: requirement.weight(name) for name in requirement.asked}
    total = sum(weights.values())
    if not total:
        return dict.fromkeys(weights, 0)
    exact = {name: weight * WHOLE / total for name, weight in weights.items()}
    most = {name: int(points) for name, points in exact.items()}
    by_remainder = sorted(exact, key=lambda name: most[name] - exact[name])
    for name in by_remainder[: WHOLE - sum(most.values())]:
        most[name] += 1
    return most


class Scored:
    """All units of a market judged by a requirement."""

    def __init__(self, market: Market, requirement: Requirement) -> None:
        self.market = market
        self.requirement = requirement
        self.most = most_points(requirement)
        self.musts = tuple(name for name in requirement.asked if requirement.is_must(name))
        self.wishes = tuple(name for name in requirement.asked if not requirement.is_must(name))
        self._of_houses: dict[str, Judged] = {}
        self._points_of_houses: dict[str, Points] = {}
        self._sums: dict[tuple[str, ...], Points] = {}
        self.fails: Mapping[str, Mask] = {name: self._fails(name) for name in self.musts}

    @cached_property
    def failed(self) -> NDArray[np.uint8]:
        """How many musts each unit fails."""
        total = np.zeros(len(self.market), np.uint8)
        for fails in self.fails.values():
            total += fails.view(np.uint8)
        return total

    @cached_property
    def fitting(self) -> Rows:
        """The places of the units that pass every must."""
        return np.flatnonzero(self.failed == 0)

    @property
    def for_musts(self) -> int:
        """The points of whoever passes every must."""
        return sum(self.most[name] for name in self.musts)

    def unstated(self, name: str) -> int:
        """How many units do not say what is asked for; what units state is the same whatever is asked."""
        if name not in OF_UNITS:
            return int(self.market.units_of_houses[self.of_houses(name).unstated].sum())
        if name not in self.market.unstated:
            silent = judged(name, self.market, self.requirement).unstated
            self.market.unstated[name] = int(np.count_nonzero(silent))
        return self.market.unstated[name]

    def of_houses(self, name: str) -> Judged:
        """What buildings say under a criterion that is not of units."""
        found = self._of_houses.get(name)
        if found is None:
            found = self._of_houses[name] = judged(name, self.market.houses, self.requirement)
        return found

    def points(self, name: str, places: Rows) -> Points:
        """The points that some units get for a criterion."""
        if name not in OF_UNITS:
            return self._house_points(name)[self.market.house[places]]
        return points_of(judged(name, self.market.at(places), self.requirement).shares, self.most[name])

    def points_together(self, names: Iterable[str], places: Rows) -> Points:
        """The points that some units get for several criteria."""
        chosen = tuple(names)
        total = self._of_their_houses(chosen)[places]
        for name in chosen:
            if name in OF_UNITS:
                total += self.points(name, places)
        return total

    def best(self, places: Rows, limit: int, among: tuple[str, ...] | None = None) -> tuple[Rows, Points]:
        """The best of some places and their points for some criteria, the wishes unless others are named.

        They come by these points, among equals the lower rent per m², then the lower id. What buildings alone give is
        an upper bound that leaves few units to look at.
        """
        names = self.wishes if among is None else among
        bound = self._of_their_houses(names)[places]
        room = sum(self.most[name] for name in names if name in OF_UNITS)
        near = bound >= _nth(bound, limit) - room
        places = places[near]
        return self._first(places, self.points_together(names, places) if room else bound[near], limit)

    def _first(self, places: Rows, points: Points, limit: int) -> tuple[Rows, Points]:
        """By points, then by rank: both in one number, the least first."""
        key = (WHOLE - points.astype(np.int64) << 32) + self.market.rank[places]
        key = np.sort(np.partition(key, limit)[:limit] if len(key) > limit else key)
        return self.market.cheapest[key & (2**32 - 1)], (WHOLE - (key >> 32)).astype(np.int16)

    def _fails(self, name: str) -> Mask:
        if name in OF_UNITS:
            return ~passes(name, self.market, self.requirement)
        fails: Mask = (~self.of_houses(name).met)[self.market.house]
        return fails

    def _house_points(self, name: str) -> Points:
        found = self._points_of_houses.get(name)
        if found is None:
            found = points_of(self.of_houses(name).shares, self.most[name])
            self._points_of_houses[name] = found
        return found

    def _of_their_houses(self, names: Iterable[str]) -> Points:
        """The points of each unit for those of some criteria that are of its building."""
        chosen = tuple(name for name in names if name not in OF_UNITS)
        found = self._sums.get(chosen)
        if found is None:
            total = np.zeros(len(self.market.houses), np.int16)
            for name in chosen:
                total += self._house_points(name)
            found = self._sums[chosen] = total[self.market.house]
        return found


def _nth(points: Points, limit: int) -> int:
    """The points of the last of so many; the least there are where they are no more."""
    if len(points) <= limit:
        return 0
    return int(points.max() if limit == 1 else np.partition(points, len(points) - limit)[len(points) - limit])


def points_of(shares: NDArray[np.float32], most: int) -> Points:
    """Shares as tenths of a point."""
    points: Points = np.rint(shares * np.float32(most)).astype(np.int16)
    return points
