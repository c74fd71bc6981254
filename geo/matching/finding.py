"""The answer to a requirement: the best units and blocks, what keeps others out, and what would help."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from geo.matching.area import taken_m2
from geo.matching.blocks import Best, blocks
from geo.matching.describing import Part, Result, available_on, parts
from geo.matching.market import Market
from geo.matching.relaxing import Change, relaxations
from geo.matching.requirement import Requirement
from geo.matching.scoring import Scored

UNIT, FLOOR, FLOORS = "unit", "floor", "floors"
"""One unit, adjoining units of a floor, adjoining floors."""


@dataclass(frozen=True, slots=True)
class Found:
    """A result: units by their ids with the m² that would be taken of each, and the parts of its score.

    `available_on` is the month from which all of it is free, None for now.
    """

    kind: str
    unit_ids: tuple[int, ...]
    take_m2: tuple[float, ...]
    score: float
    parts: tuple[Part, ...]
    available_on: date | None

    @property
    def area_m2(self) -> float:
        """m² in all."""
        return round(sum(self.take_m2), 2)


@dataclass(frozen=True, slots=True)
class Failure:
    """How many units fail a must, how many of them fail no other, and how many just do not say."""

    name: str
    units: int
    alone: int
    not_stated: int


@dataclass(frozen=True, slots=True)
class Help:
    """What would change, how many more units fit then, and the best of them with its score."""

    changes: tuple[Change, ...]
    requirement: Requirement
    more: int
    best_id: int
    best_score: float


@dataclass(frozen=True, slots=True)
class Answer:
    """Units and blocks that pass every must (how many, and the best), and what stands in the way of others."""

    requirement: Requirement
    units: int
    blocks: int
    found: tuple[Found, ...]
    failures: tuple[Failure, ...]
    helps: tuple[Help, ...]


def match(market: Market, requirement: Requirement, limit: int = 20) -> Answer:
    """What of `market` answers a requirement.

    Units and blocks come by their score; among equals single units, then the lower rent per m². No unit is in a block
    twice, and of each building the best block alone is told.
    """
    scored = Scored(market, requirement)
    joined = blocks(scored, limit)
    helps = tuple(
        Help(each.changes, each.requirement, each.more, int(market.ids[each.best]), each.score / 10)
        for each in relaxations(scored)
    )
    return Answer(
        requirement,
        len(scored.fitting),
        joined.buildings if joined else 0,
        tuple(_found(scored, joined, limit)),
        tuple(_failures(scored)),
        helps,
    )


def _found(scored: Scored, joined: Best | None, limit: int) -> Iterator[Found]:
    results = sorted(
        [*_units(scored, limit), *(_blocks(joined) if joined else ())],
        key=lambda result: (-sum(result.points.values()), result.kind != UNIT),
    )[:limit]
    ids = scored.market.ids
    for result, told in zip(results, parts(scored, results), strict=True):
        yield Found(
            result.kind,
            tuple(ids[result.places].tolist()),
            tuple(round(each, 2) for each in result.take_m2),
            sum(result.points.values()) / 10,
            told,
            available_on(scored.market, result.places),
        )


def _units(scored: Scored, limit: int) -> Iterator[Result]:
    """The best single units; a must that is passed gives all its points."""
    best, _ = scored.best(scored.fitting, limit)
    take = taken_m2(scored.market.at(best), scored.requirement).astype(float).tolist()
    wishes = {name: scored.points(name, best).tolist() for name in scored.wishes}
    for at in range(len(best)):
        points = {name: wishes[name][at] if name in wishes else most for name, most in scored.most.items()}
        yield Result(UNIT, best[at : at + 1], [take[at]], points)


def _blocks(best: Best) -> Iterator[Result]:
    found = best.blocks
    for at in range(len(found)):
        span = found.span(at)
        yield Result(
            FLOORS if found.floors[at] else FLOOR,
            found.places[span],
            found.take_m2[span].tolist(),
            {name: int(points[at]) for name, points in best.points.items()},
            {name: float(lack[at]) for name, lack in found.lack.items()},
        )


def _failures(scored: Scored) -> Iterator[Failure]:
    alone = scored.failed == 1
    for name, fails in scored.fails.items():
        out, only = (int(np.count_nonzero(each)) for each in (fails, fails & alone))
        yield Failure(name, out, only, scored.unstated(name))
