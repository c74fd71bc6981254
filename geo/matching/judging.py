"""Units that somebody has chosen, judged by a requirement however deep they lie in its ranking, or outside it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from geo.matching.area import taken_m2
from geo.matching.describing import Part, Result, parts
from geo.matching.finding import UNIT
from geo.matching.market import Market, Rows
from geo.matching.requirement import Requirement
from geo.matching.scoring import Scored


@dataclass(frozen=True, slots=True)
class Verdict:
    """A unit under a requirement: the sum of its points, the parts of it, and the musts that it fails.

    A must that is passed gives all its points, one that is failed none. Who fails one is no match, whatever the score.
    `take_m2` is what would be taken of it: of a divisible unit what comes nearest to the area that is asked for.
    """

    score: float
    parts: tuple[Part, ...]
    failed: tuple[str, ...]
    take_m2: float


def judge(market: Market, requirement: Requirement, unit_ids: Iterable[int]) -> dict[int, Verdict]:
    """Unit id → verdict, for those of some units that are on the market."""
    places = np.flatnonzero(np.isin(market.ids, list(unit_ids)))
    scored = Scored(market, requirement)
    results = list(_results(scored, places))
    return {
        int(market.ids[place]): Verdict(
            score=sum(result.points.values()) / 10,
            parts=told,
            failed=tuple(name for name, fails in scored.fails.items() if fails[place]),
            take_m2=result.take_m2[0],
        )
        for place, result, told in zip(places.tolist(), results, parts(scored, results), strict=True)
    }


def _results(scored: Scored, places: Rows) -> Iterator[Result]:
    wishes = {name: scored.points(name, places).tolist() for name in scored.wishes}
    take = taken_m2(scored.market.at(places), scored.requirement).astype(float).tolist()
    for at, place in enumerate(places.tolist()):
        musts = {name: 0 if fails[place] else scored.most[name] for name, fails in scored.fails.items()}
        points = musts | {name: found[at] for name, found in wishes.items()}
        yield Result(UNIT, places[at : at + 1], [take[at]], {name: points[name] for name in scored.most})
