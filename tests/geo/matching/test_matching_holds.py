"""What holds for every city and every requirement: sums, musts, blocks, and promises of what a change would bring."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from geo.matching import Answer, Market, Requirement, match, parse, to_query
from geo.matching.finding import Found
from geo.matching.rules import judged
from tests.geo.matching.states import market

AREAS = (0.0, 120.0, 200.0, 333.3, 500.0, 640.0, 900.0, 1500.0, 4000.0)
EVERYTHING = 10_000

buildings = st.fixed_dictionaries(
    {
        "floors": st.sampled_from([0, 3, 30]),
        "grade": st.integers(0, 3),
        "star": st.sampled_from([0, 3, 5]),
        "industries": st.integers(0, 7),
        "leading": st.integers(0, 3),
        "registrable": st.integers(0, 3),
        "permits": st.integers(0, 63),
        "fee": st.sampled_from([float("nan"), 12.5, 30.0]),
        "firms": st.sampled_from([{}, {"finance": 2}, {"finance": 1, "it": 3}]),
        "lon": st.sampled_from([121_470_000, 121_474_000, 121_490_000]),
        "parking": st.sampled_from([0, 5, 80, 65535]),
        "near_metro": st.sampled_from([10, 500, 700, 1500, 65535]),
        "near_restaurant": st.sampled_from([10, 250, 65535]),
        "areas": st.sampled_from([[], [0], [0, 1]]),
    }
)
units = st.fixed_dictionaries(
    {
        "b": st.integers(0, 3),
        "floor": st.sampled_from([-1, 0, 1, 2, 3, 4]),
        "area": st.sampled_from(AREAS),
        "occupancy": st.sampled_from([1, 1, 1, 2, 3]),
        "rent": st.sampled_from([2.5, 4.0, 4.0, 5.0, 5.25, 6.5, float("nan")]),
        "fitout": st.integers(0, 4),
        "available": st.sampled_from([0, 0, 20_820, 20_878, 20_970]),
        "min_area": st.sampled_from([0.0, 0.0, 0.0, 100.0, 300.0]),
        "fee_included": st.sampled_from([0, 0, 1]),
    }
)
spaces = st.sampled_from(
    [
        {"area": "1000"},
        {"area": "333.3", "tolerance": "0"},
        {"area_min": "800", "area_max": "1400"},
        {"area_min": "600"},
        {"area_max": "500"},
        {"people": "60", "tolerance": "20"},
        {},
    ]
)
others = st.fixed_dictionaries(
    {},
    optional={
        "available_by": st.just("2027-02-01"),
        "rent_max": st.sampled_from(["4", "5"]),
        "budget_month": st.sampled_from(["60000", "150000"]),
        "floor_min": st.just("2"),
        "band": st.just("high"),
        "grade": st.sampled_from(["a", "a,b"]),
        "star": st.just("5"),
        "fitout": st.sampled_from(["full", "full,furnished"]),
        "industry": st.just("finance"),
        "neighbours": st.sampled_from(["2", "5"]),
        "registrable": st.just("1"),
        "permits": st.sampled_from(["catering", "catering,training"]),
        "parking": st.just("40"),
        "metro_minutes": st.just("8"),
        "lunch_m": st.just("200"),
        "zone": st.just("AR2"),
        "within": st.just("AR1"),
        "weights": st.sampled_from(["area:5,metro:0", "rent:1,grade:5"]),
    },
)
musts = st.sampled_from(
    [None, "none", "area", "area,rent,budget,metro", "fitout,grade,floor,star", "band,parking,zone,neighbours"]
)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Market, Requirement]:
    """A small city and a requirement."""
    rows = sorted(draw(st.lists(units, min_size=1, max_size=25)), key=lambda unit: (unit["b"], unit["floor"]))
    query = {**draw(spaces), **draw(others)}
    query = {"industry": "finance", **query} if "neighbours" in query else query
    must = draw(musts)
    found = market(draw(st.lists(buildings, min_size=4, max_size=4)), rows)
    return found, parse({**query, "must": must} if must else query)


@st.composite
def crowded(draw: st.DrawFn) -> tuple[Market, Requirement]:
    """Two towers with small units and a requirement that mostly takes several of them."""
    rows = draw(st.lists(units, min_size=6, max_size=20))
    small = st.sampled_from([200.0, 333.3, 500.0, 640.0])
    shaped = [
        {**row, "b": row["b"] % 2, "floor": draw(st.sampled_from([-1, 1, 2, 3])), "area": draw(small)} for row in rows
    ]
    query = {**draw(spaces), **draw(st.fixed_dictionaries({}, optional={"rent_max": st.just("5")}))}
    budget = draw(st.sampled_from([{}, {"budget_month": "170000"}]))
    return market([{}, {}], sorted(shaped, key=lambda unit: (unit["b"], unit["floor"]))), parse({**query, **budget})


def answered(case: tuple[Market, Requirement]) -> Answer:
    return match(*case, limit=EVERYTHING)


def places(found: Found, asked: Market) -> list[int]:
    return [asked.ids.tolist().index(ident) for ident in found.unit_ids]


@settings(max_examples=100, deadline=None)
@given(case=st.one_of(cases(), crowded()))
def test_the_sum_of_the_parts_is_the_score(case: tuple[Market, Requirement]) -> None:
    for found in answered(case).found:
        assert round(sum(part.points for part in found.parts), 1) == round(found.score, 1)
        assert all(0 <= part.points <= part.most for part in found.parts)
        weighed = sum(case[1].weight(part.name) for part in found.parts)
        assert round(sum(part.most for part in found.parts), 1) == (100 if weighed else 0)
        for part in found.parts:
            assert abs(part.most * float(weighed) - 100 * float(case[1].weight(part.name))) <= 0.1 * float(weighed)


@settings(max_examples=100, deadline=None)
@given(case=st.one_of(cases(), crowded()))
def test_every_must_holds_for_every_result_and_all_that_hold_are_results(case: tuple[Market, Requirement]) -> None:
    asked, requirement = case
    answer = answered(case)
    hard = [name for name in requirement.asked if requirement.is_must(name)]
    for found in answer.found:
        assert {part.outcome for part in found.parts if part.name in hard} <= {"met"}
    single = [found.unit_ids[0] for found in answer.found if found.kind == "unit"]
    passing = [
        ident
        for place, ident in enumerate(asked.ids.tolist())
        if all(judged(name, asked, requirement).shares[place] >= 1 for name in hard)
    ]
    assert sorted(single) == passing
    assert answer.units == len(passing)


@settings(max_examples=100, deadline=None)
@given(case=st.one_of(cases(), crowded()))
def test_results_come_by_their_score(case: tuple[Market, Requirement]) -> None:
    assert all(one.score >= other.score for one, other in pairwise(answered(case).found))


@settings(max_examples=150, deadline=None)
@given(case=crowded())
def test_a_block_is_of_adjoining_units_each_once_and_none_too_many(case: tuple[Market, Requirement]) -> None:
    asked, _ = case
    floor, building = asked.column("floor"), asked.buildings
    for found in answered(case).found:
        if found.kind == "unit":
            continue
        at = places(found, asked)
        assert len(set(at)) == len(at) >= 2
        assert len({int(building[place]) for place in at}) == 1
        levels = sorted({int(floor[place]) for place in at})
        assert found.kind == ("floor" if len(levels) == 1 else "floors")
        assert 0 not in levels
        assert all(above - below == (2 if below == -1 else 1) for below, above in pairwise(levels))
        for level in levels:
            rows = sorted(int(asked.rows[place]) for place in at if floor[place] == level)
            assert rows == list(range(rows[0], rows[0] + len(rows)))
        for place, take in zip(at, found.take_m2, strict=True):
            area, least = float(asked.column("area")[place]), float(asked.column("min_area")[place])
            assert (least if 0 < least < area else area) - 0.01 <= take <= area + 0.01


@settings(max_examples=150, deadline=None)
@given(case=cases())
def test_what_a_change_is_said_to_bring_it_brings(case: tuple[Market, Requirement]) -> None:
    asked, answer = case[0], answered(case)
    for help in answer.helps:
        query = dict(pair.split("=") for pair in to_query(help.requirement).split("&") if pair)
        query = {name: value.replace("%2C", ",") for name, value in query.items()}
        relaxed = match(asked, parse(query), limit=EVERYTHING)
        assert relaxed.units == answer.units + help.more
        best = [found for found in relaxed.found if found.unit_ids == (help.best_id,)]
        assert [round(found.score, 1) for found in best] == [round(help.best_score, 1)]
        before = {found.unit_ids for found in answer.found}
        new = [found.score for found in relaxed.found if found.kind == "unit" and found.unit_ids not in before]
        assert round(max(new), 1) == round(help.best_score, 1)


@settings(max_examples=80, deadline=None)
@given(case=cases())
def test_two_changes_are_told_only_where_nothing_fits_and_none_alone_helps(case: tuple[Market, Requirement]) -> None:
    answer = answered(case)
    if any(len(help.changes) > 1 for help in answer.helps):
        assert answer.units == 0
        assert all(len(help.changes) == 2 for help in answer.helps)
    sizes = [sum(change.relative for change in help.changes) for help in answer.helps]
    assert sizes == sorted(sizes)


@settings(max_examples=100, deadline=None)
@given(case=cases())
def test_more_is_asked_for_and_no_more_is_found(case: tuple[Market, Requirement]) -> None:
    asked, requirement = case
    wider: dict[str, Any] = {"must": ()}
    assert match(asked, replace(requirement, **wider)).units >= answered(case).units
