"""Points of all units on the market for one requirement, in tenths of a point, so that sums are exact.

The weights of what is asked for are scaled so that a unit that meets everything has 100 points.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geo.matching.area import desk_m2
from geo.matching.market import Market, Mask, Rows
from geo.matching.requirement import Requirement
from geo.matching.rules import Judged, judged

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
        self.judged: Mapping[str, Judged] = {name: judged(name, market, requirement) for name in requirement.asked}
        self.points: Mapping[str, Points] = {
            name: points_of(found.shares, self.most[name]) for name, found in self.judged.items()
        }
        self.musts = tuple(name for name in requirement.asked if requirement.is_must(name))
        self.fails: Mapping[str, Mask] = {name: self.judged[name].shares < 1 for name in self.musts}

    @cached_property
    def desk_m2(self) -> NDArray[np.float32]:
        """m² per desk in each unit."""
        return desk_m2(self.market)

    @cached_property
    def score(self) -> Points:
        """The sum of each unit's points."""
        return self.score_of(self.points)

    def score_of(self, names: Iterable[str]) -> Points:
        """The sum of each unit's points for some criteria."""
        total = np.zeros(len(self.market), np.int16)
        for name in names:
            total += self.points[name]
        return total

    @cached_property
    def failed(self) -> NDArray[np.uint8]:
        """How many musts each unit fails."""
        return self.failed_of(self.musts)

    def failed_of(self, names: Iterable[str]) -> NDArray[np.uint8]:
        """How many of some musts each unit fails."""
        total = np.zeros(len(self.market), np.uint8)
        for name in names:
            total += self.fails[name]
        return total

    @cached_property
    def fitting(self) -> Rows:
        """The places of the units that pass every must."""
        return np.flatnonzero(self.failed == 0)

    def best(self, places: Rows, score: NDArray[np.integer], limit: int) -> Rows:
        """The best of some places: by their score, among equals the lower rent per m², then the lower id."""
        if len(places) > limit:
            edge = np.partition(score, len(score) - limit)[len(score) - limit]
            near = score >= edge
            places, score = places[near], score[near]
        rent = self.market.column("rent")[places]
        order = np.lexsort((self.market.ids[places], np.where(np.isnan(rent), np.inf, rent), -score))
        return places[order[:limit]]


def points_of(shares: NDArray[np.float32], most: int) -> Points:
    """Shares as tenths of a point."""
    points: Points = np.rint(shares * np.float32(most)).astype(np.int16)
    return points
