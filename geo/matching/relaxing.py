"""What would fit if one thing gave: how many more units each change brings, counted, the smallest change first.

Units that fail one must alone are sorted by what they miss; every number that is told is counted by judging these
units anew with the changed requirement. Two changes together are looked for only where none alone brings anything.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from geo.matching.levers import Lever, levers
from geo.matching.market import Rows
from geo.matching.requirement import Requirement
from geo.matching.rules import passes
from geo.matching.scoring import Scored

STEPS = (1, 5)
"""For a number it is told what brings the first unit, and what brings so many."""

MOST_TOLD, MOST_PAIRS = 12, 3
LARGEST, FARTHEST = 1.0, 9.0
"""Larger changes (a rent twice as high) are not worth telling; where nothing fits, ten times as high still is."""


@dataclass(frozen=True, slots=True)
class Change:
    """A parameter of a criterion changed from a value to another; `relative` is how large that is."""

    name: str
    parameter: str
    before: str
    after: str
    relative: float


@dataclass(frozen=True, slots=True)
class Relaxation:
    """One change or two, how many more units pass every must then, and which of these is the best with what score.

    `best` is its place in the market, `score` in tenths of a point.
    """

    changes: tuple[Change, ...]
    requirement: Requirement
    more: int
    best: int
    score: int


def relaxations(scored: Scored) -> list[Relaxation]:
    """Single changes, the smallest first; the best two together where no unit fits and no single change helps."""
    found = [each for name in scored.musts for each in _of_one(scored, name)]
    if not found and not len(scored.fitting):
        found = list(_of_two(scored))
    return sorted(found, key=lambda each: (sum(change.relative for change in each.changes), -each.more))[:MOST_TOLD]


def _of_one(scored: Scored, name: str) -> Iterator[Relaxation]:
    places = np.flatnonzero(scored.fails[name] & (scored.failed == 1))
    if not len(places):
        return
    told: set[int] = set()
    for lever in levers(name, scored.requirement, scored.market.at(places)):
        for value in _steps(lever):
            relaxed = _moved(scored, lever, value)
            passing = _passing(scored, places[lever.reached(value)], (name,), relaxed) if relaxed else places[:0]
            if relaxed and len(passing) and not (lever.parameter == "must" and len(passing) in told):
                told.add(len(passing))
                yield _relaxation(scored, relaxed, [(name, lever, value)], passing)


def _of_two(scored: Scored) -> Iterator[Relaxation]:
    """For the pairs of musts that keep out most units: what the unit nearest to both needs."""
    both = np.flatnonzero(scored.failed == 2)
    fails = np.array([each[both] for each in scored.fails.values()], np.float32).reshape(len(scored.musts), len(both))
    together = np.triu(fails @ fails.T, 1)
    for pair in np.argsort(-together, axis=None, kind="stable")[:MOST_PAIRS].tolist():
        one, other = divmod(pair, len(scored.musts))
        if together[one, other]:
            kept_out = both[(fails[one] > 0) & (fails[other] > 0)]
            yield from _pulled(scored, (scored.musts[one], scored.musts[other]), kept_out)


def _pulled(scored: Scored, pair: tuple[str, str], places: Rows) -> Iterator[Relaxation]:
    units = scored.market.at(places)
    cheapest = [_cheapest(list(levers(name, scored.requirement, units)), len(places)) for name in pair]
    nearest = int(np.argmin(np.add(cheapest[0][1], cheapest[1][1])))
    pulled = [(name, found[nearest]) for name, (found, _) in zip(pair, cheapest, strict=True)]
    relaxed, changes = scored.requirement, []
    for name, place in pulled:
        lever = list(levers(name, relaxed, units))[place]
        value = lever.step(float(lever.needs[nearest]))
        moved = _moved(scored, lever, value)
        if moved is None:
            return
        relaxed = moved
        changes.append((name, lever, value))
    passing = _passing(scored, places, pair, relaxed)
    if len(passing):
        yield _relaxation(scored, relaxed, changes, passing)


def _cheapest(found: list[Lever], units: int) -> tuple[list[int], Rows]:
    """For each unit the place of the lever that has to move least, and how far."""
    costs = np.array([np.where(np.isnan(lever.needs), np.inf, lever.costs) for lever in found]).reshape(-1, units)
    return costs.argmin(axis=0).tolist(), costs.min(axis=0)


def _steps(lever: Lever) -> list[float]:
    nearest = lever.nearest(max(STEPS))
    return list(dict.fromkeys(lever.step(nearest[min(step, len(nearest)) - 1]) for step in STEPS if nearest))


def _moved(scored: Scored, lever: Lever, value: float) -> Requirement | None:
    most = LARGEST if len(scored.fitting) else FARTHEST
    return lever.moved(value) if lever.relative(value) <= most else None


def _passing(scored: Scored, places: Rows, names: tuple[str, ...], relaxed: Requirement) -> Rows:
    """The units that fail these musts alone and pass all that is left of them, judged by the relaxed requirement."""
    if _takes_otherwise(scored.requirement, relaxed):
        return np.setdiff1d(Scored(scored.market, relaxed).fitting, scored.fitting)
    units, passed = scored.market.at(places), np.ones(len(places), bool)
    for name in names:
        if name in relaxed.asked and relaxed.is_must(name):
            passed &= passes(name, units, relaxed)
    return places[passed]


def _takes_otherwise(one: Requirement, other: Requirement) -> bool:
    """Whether another part of divisible units would be taken, so that what they cost a month changes too."""
    same = (one.area_min, one.area_max) == (other.area_min, other.area_max)
    return not same and one.budget_month is not None


def _relaxation(
    scored: Scored, relaxed: Requirement, pulled: list[tuple[str, Lever, float]], passing: Rows
) -> Relaxation:
    now, then = scored.requirement.pairs, relaxed.pairs
    changes = tuple(
        Change(
            name,
            lever.parameter,
            now.get(lever.parameter, _unsaid(lever.parameter, scored.requirement)),
            then.get(lever.parameter, _unsaid(lever.parameter, relaxed)),
            round(lever.relative(value), 4),
        )
        for name, lever, value in pulled
    )
    place, score = _best(scored, relaxed, passing)
    return Relaxation(changes, relaxed, len(passing), place, score)


def _best(scored: Scored, relaxed: Requirement, passing: Rows) -> tuple[int, int]:
    """The best of some units that pass all musts of a relaxed requirement, and its score by that."""
    if relaxed.asked != scored.requirement.asked or _takes_otherwise(scored.requirement, relaxed):
        scored = Scored(scored.market, relaxed)  # what the others give weighs more then, or is more or less itself
    lost = tuple(name for name in scored.musts if not relaxed.is_must(name))
    places, points = scored.best(passing, 1, among=(*scored.wishes, *lost))
    kept = sum(scored.most[name] for name in scored.musts if name not in lost)
    return int(places[0]), kept + int(points[0])


def _unsaid(parameter: str, requirement: Requirement) -> str:
    """What stands for a parameter that a query string leaves out."""
    if parameter == "must":
        return ",".join(name for name in requirement.asked if requirement.is_must(name))
    return str(requirement.tolerance) if parameter == "tolerance" else ""
