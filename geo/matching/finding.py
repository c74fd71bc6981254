"""The answer to a requirement: the best units and blocks, what keeps others out, and what would help."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from geo.matching.area import taken_m2
from geo.matching.blocks import Blocks, blocks
from geo.matching.describing import Part, available_on, part
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
    fitting = scored.fitting
    joined = blocks(scored)
    helps = tuple(
        Help(each.changes, each.requirement, each.more, int(market.ids[each.best]), each.score / 10)
        for each in relaxations(scored)
    )
    return Answer(
        requirement,
        len(fitting),
        len(joined) if joined else 0,
        tuple(_merged(scored, joined, limit)),
        tuple(_failures(scored)),
        helps,
    )


def _merged(scored: Scored, joined: Blocks | None, limit: int) -> list[Found]:
    best = scored.best(scored.fitting, scored.score[scored.fitting], limit)
    ranked = [(-int(scored.score[place]), 0, at) for at, place in enumerate(best.tolist())]
    if joined:
        ranked += [(-int(score), 1, at) for at, score in enumerate(joined.score[:limit].tolist())]
    take = taken_m2(scored.market.at(best), scored.requirement)
    found = []
    for _, is_block, at in sorted(ranked)[:limit]:
        if is_block and joined:
            found.append(_block(scored, joined, at))
        else:
            points = {name: int(each[best[at]]) for name, each in scored.points.items()}
            found.append(_found(scored, UNIT, best[at : at + 1], take[at : at + 1].astype(float), points))
    return found


def _block(scored: Scored, joined: Blocks, block: int) -> Found:
    span = joined.span(block)
    kind = FLOORS if joined.floors[block] else FLOOR
    points = {name: int(each[block]) for name, each in joined.points.items()}
    return _found(scored, kind, joined.places[span], joined.take_m2[span], points)


def _found(
    scored: Scored, kind: str, places: NDArray[np.intp], take: NDArray[np.float64], points: dict[str, int]
) -> Found:
    return Found(
        kind,
        tuple(scored.market.ids[places].tolist()),
        tuple(round(each, 2) for each in take.tolist()),
        sum(points.values()) / 10,
        tuple(part(scored, name, places, take, tenths) for name, tenths in points.items()),
        available_on(scored.market, places),
    )


def _failures(scored: Scored) -> Iterator[Failure]:
    alone = scored.failed == 1
    for name in scored.musts:
        fails, unstated = scored.fails[name], scored.judged[name].unstated
        silent = 0 if unstated is None else int(np.count_nonzero(unstated & fails))
        yield Failure(name, int(np.count_nonzero(fails)), int(np.count_nonzero(fails & alone)), silent)
