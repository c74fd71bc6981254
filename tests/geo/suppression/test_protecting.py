"""Nobody works out of everything that is shown what a hidden sum was, nor what one contributor gave.

The attacker of `attack.py` is built contributor by contributor and shares no code with what protects the sums.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.suppression import Atom, Rule, Sum, protect
from tests.geo.suppression.attack import Attacker, hidden_amounts, largest_of

RULE = Rule()
SCOPES = [("retained", "full")]


def table(gifts, areas, periods=("1",), measures=("full",), share=0.5):
    """Sums of buildings and areas; `gifts` has what each firm of each building gave, `areas` the buildings of each.

    Later periods and other measures follow from the first by factors, so that small inputs make whole tables.
    """
    contributions = {}
    for place, values in enumerate(gifts):
        for when, period in enumerate(periods):
            for which, measure in enumerate(measures):
                factors = [(1 + (when * (number + 2) % 5) / 4) * share**which for number in range(len(values))]
                named = {f"{place}.{n}": value * factors[n] for n, value in enumerate(values)}
                contributions[Atom(place, period, measure)] = named
    places = [("building", [place]) for place in range(len(gifts))] + [("area", members) for members in areas]
    spans = [(period,) for period in periods] + ([tuple(periods)] if len(periods) > 1 else [])
    sums = [
        Sum((kind, number, span, measure), frozenset(Atom(p, t, measure) for p in members for t in span), len(members))
        for number, (kind, members) in enumerate(places)
        for span in spans
        for measure in measures
    ]
    return sums, contributions


def found_out(sums, contributions, shown, order=()):
    """What an attacker, from outside or among the contributors, learns that the rule keeps from him."""
    attacker, told = Attacker(sums, shown, contributions, order), []
    insiders = {(atom.place, who) for atom, given in contributions.items() for who in _two_largest(given)}
    for place, periods, measure in hidden_amounts(contributions, RULE):
        wanted = attacker.all_of(place, periods, measure)
        total, gift = wanted @ attacker.true, largest_of(contributions, place, periods, measure)
        for insider in (None, *sorted(who for other, who in insiders if other != place)):
            own = attacker.own_of(insider) if insider else []
            low, high = attacker.interval(wanted, own)
            slack = 1e-4 * gift
            wide = low <= total - 0.2 * gift + slack and high >= total + 0.25 * gift - slack
            if attacker.solves(wanted, own) or not wide:
                told.append((place, periods, measure, insider, low, total, high))
    return told


def _two_largest(given):
    return sorted(given, key=given.get)[-2:]


buildings = st.lists(st.lists(st.integers(1, 300), min_size=1, max_size=5), min_size=3, max_size=6)


@st.composite
def towns(draw):
    """Buildings, and areas that nest and overlap as they like, the whole town among them."""
    gifts = draw(buildings)
    members = st.lists(st.sampled_from(range(len(gifts))), min_size=2, max_size=len(gifts), unique=True)
    return gifts, [list(range(len(gifts))), *draw(st.lists(members, max_size=3))]


@given(towns())
@settings(max_examples=12)
def test_nothing_hidden_comes_out_of_areas_that_overlap(town) -> None:
    sums, contributions = table(*town)
    assert found_out(sums, contributions, protect(sums, contributions).shown) == []


@given(towns())
@settings(max_examples=4)
def test_nothing_hidden_comes_out_of_quarters_and_their_year(town) -> None:
    sums, contributions = table(*town, periods=("1", "2", "3"))
    assert found_out(sums, contributions, protect(sums, contributions).shown) == []


@given(towns(), st.sampled_from([0.3, 0.9]))
@settings(max_examples=5)
def test_nothing_hidden_comes_out_of_several_scopes_of_tax(town, share: float) -> None:
    sums, contributions = table(*town, measures=("full", "retained"), share=share)
    shown = protect(sums, contributions, order=SCOPES).shown
    assert found_out(sums, contributions, shown, SCOPES) == []
    assert {key[:3] for key in shown if key[3] == "full"} == {key[:3] for key in shown if key[3] == "retained"}


def test_the_attack_finds_what_the_rule_of_single_sums_leaves_open() -> None:
    sums, contributions = table([[10, 20, 30], [500], [40, 50, 60, 70]], [[0, 1, 2]])
    by_themselves = {sums[0].key, sums[2].key, sums[3].key}
    told = found_out(sums, contributions, by_themselves)
    assert {leak[0] for leak in told} == {1}
    assert protect(sums, contributions).shown < by_themselves


def test_one_hidden_building_in_an_area_hides_a_second_and_a_third_that_are_large_enough() -> None:
    gifts = [[100], [40, 50, 60], [45, 50, 65], [200, 300, 400], [300, 300, 400]]
    sums, contributions = table(gifts, [range(5)])
    protection = protect(sums, contributions)
    assert protection.primary == {("building", 0, ("1",), "full")}
    assert ("area", 5, ("1",), "full") in protection.shown
    assert len(protection.secondary) == 1, "a building of three firms: none of them can subtract the others"


def test_an_area_that_differs_from_another_by_one_firm_is_not_shown_beside_it() -> None:
    sums, contributions = table([[90, 80, 100], [70, 60, 90], [55]], [[0, 1, 2], [0, 1]])
    shown = protect(sums, contributions).shown
    assert not {sums[3].key, sums[4].key} <= shown
    attacker = Attacker(sums, {sums[3].key, sums[4].key}, contributions)
    assert attacker.solves(attacker.all_of(2, ("1",), "full"))


def test_where_nothing_has_to_be_hidden_everything_is_shown() -> None:
    sums, contributions = table([[10, 20, 30], [40, 50, 60]], [[0, 1]])
    protection = protect(sums, contributions)
    assert protection.shown == {each.key for each in sums}
    assert not protection.primary | protection.secondary


def test_buildings_without_tax_are_neither_shown_nor_in_the_way() -> None:
    sums, contributions = table([[10, 20, 30], [], [40, 50, 60]], [[0, 1, 2]])
    assert protect(sums, contributions).primary == {("building", 1, ("1",), "full")}
    assert not protect(sums, contributions).secondary


def test_a_refund_does_not_make_a_dominant_firm_look_small() -> None:
    sums, contributions = table([[900, -800, 30]], [])
    assert protect(sums, contributions).shown == {sums[0].key}, "900 of 1,730 that changed hands"
    sums, contributions = table([[900, -10, 30]], [])
    assert not protect(sums, contributions).shown


@pytest.mark.parametrize("seed", range(3))
def test_tax_per_square_metre_tells_no_more_than_the_sum_it_is_made_of(seed: int) -> None:
    rng = np.random.default_rng(seed)
    gifts = [list(rng.integers(1, 300, rng.integers(1, 5))) for _ in range(5)]
    sums, contributions = table(gifts, [range(5), [0, 1, 2]])
    shown = protect(sums, contributions).shown
    areas = rng.integers(500, 5000, len(sums))
    per_m2 = {
        each.key: sum(sum(contributions[a].values()) for a in each.atoms) / m2
        for each, m2 in zip(sums, areas, strict=True)
    }
    ranked = sorted((key for key in shown), key=lambda key: -per_m2[key])
    assert set(ranked) == shown, "ranks and tiers are made of what is shown"
    assert found_out(sums, contributions, set(ranked)) == []
