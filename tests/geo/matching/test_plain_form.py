"""The ranking looks at as few units as it can; it gives what going through all of them one by one gives."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.matching import Answer, Market, Requirement, match
from geo.matching.rules import judged, passes
from geo.matching.scoring import most_points, points_of
from tests.geo.matching.test_matching_holds import cases, crowded

Ranked = list[tuple[float, float, int]]


def one_by_one(market: Market, requirement: Requirement) -> tuple[Ranked, dict[str, tuple[int, int, int]]]:
    """Units that pass every must as (minus their score, rent, id) in their order; per must who fails it, and why."""
    most, ranked = most_points(requirement), []
    musts = [name for name in requirement.asked if requirement.is_must(name)]
    counts = {name: [0, 0, 0] for name in musts}
    for place, ident in enumerate(market.ids.tolist()):
        said = {name: judged(name, market.at(np.array([place])), requirement) for name in requirement.asked}
        failed = [name for name in musts if not said[name].lack[0] <= 0]
        for name in failed:
            counts[name][0] += 1
            counts[name][1] += failed == [name]
            counts[name][2] += bool(said[name].unstated[0])
        if not failed:
            tenths = sum(int(points_of(each.shares, most[name])[0]) for name, each in said.items())
            rent = float(market.column("rent")[place])
            ranked.append((-tenths / 10, rent if rent == rent else float("inf"), ident))
    return sorted(ranked), {name: (out, alone, silent) for name, (out, alone, silent) in counts.items()}


def told(answer: Answer, market: Market) -> Ranked:
    rents = dict(zip(market.ids.tolist(), market.column("rent").tolist(), strict=True))
    units = [found for found in answer.found if found.kind == "unit"]
    ids = [(found, found.unit_ids[0]) for found in units]
    return [(-found.score, rents[at] if rents[at] == rents[at] else float("inf"), at) for found, at in ids]


@settings(max_examples=150, deadline=None)
@given(case=st.one_of(cases(), crowded()))
def test_units_and_the_reasons_of_others_are_those_of_going_through_all(case: tuple[Market, Requirement]) -> None:
    market, requirement = case
    ranked, counts = one_by_one(market, requirement)
    answer = match(market, requirement, limit=10_000)
    assert told(answer, market) == ranked
    assert {each.name: (each.units, each.alone, each.not_stated) for each in answer.failures} == counts


@settings(max_examples=150, deadline=None)
@given(case=st.one_of(cases(), crowded()), limit=st.integers(1, 6))
def test_a_short_answer_is_the_beginning_of_the_whole_one(case: tuple[Market, Requirement], limit: int) -> None:
    few, all_of_it = match(*case, limit=limit), match(*case, limit=10_000)
    assert few.found == all_of_it.found[:limit]
    assert (few.units, few.blocks, few.helps) == (all_of_it.units, all_of_it.blocks, all_of_it.helps)


@settings(max_examples=150, deadline=None)
@given(case=st.one_of(cases(), crowded()))
def test_a_must_is_passed_by_those_that_lack_nothing(case: tuple[Market, Requirement]) -> None:
    market, requirement = case
    for name in requirement.asked:
        expected = judged(name, market, requirement).met
        assert passes(name, market, requirement).tolist() == expected.tolist()
