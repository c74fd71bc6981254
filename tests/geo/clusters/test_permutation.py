"""Chances by laying cells out anew: PySAL's on the same data but for luck, right by hand, the same for a seed."""

from dataclasses import replace

import numpy as np
import pytest
from esda import G_Local
from libpysal.weights import WSP
from numpy.typing import NDArray
from scipy import sparse

from geo.clusters.analysis import Findings, Question, analyse
from geo.clusters.cells import Kind, cut
from geo.clusters.permutation import Draws, agreement, key_of, laid_out, lay_out_again, permute
from geo.clusters.residents import Residents

SIGMAS = 5.0
"""Between two estimates of a chance by luck; of three hundred cells none differs by more once in five thousand runs."""


def city(random: np.random.Generator, gathered: int = 25) -> Residents:
    """Four hundred houses, a fifth of whose enterprises are of finance; one corner has more of finance."""
    column, row = (side.ravel() for side in np.meshgrid(np.arange(20), np.arange(20)))
    finance = random.binomial(20, 0.2, 400) + np.where((column < 4) & (row < 4), gathered, 0)
    firms = np.column_stack([finance, random.binomial(40, 0.7, 400)])
    house, industry = np.nonzero(firms)
    return Residents(
        *(np.arange(400), (121.4e6 + column * 1600).astype(np.int32), (31.2e6 + row * 1400).astype(np.int32)),
        *(house.astype(np.uint32), industry.astype(np.uint16), firms[house, industry].astype(np.uint32)),
        [("finance", "6760"), ("it", "6510")],
    )


def answer(question: Question, gathered: int = 25) -> Findings:
    found = analyse(city(np.random.default_rng(4), gathered), question)
    assert found is not None
    return found


QUESTION = Question("finance", cell_m=200)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # esda's and numba's own
@pytest.mark.parametrize(("kind", "rings"), [("square", 1), ("hexagon", 1), ("hexagon", 2)])
def test_chances_are_those_of_pysal_as_near_as_luck_allows(kind: Kind, rings: int) -> None:
    random = np.random.default_rng(11)
    x, y = random.uniform(-900, 900, 1500), random.uniform(-600, 600, 1500)
    cells = cut(x, y, 120, kind)
    near, values = cells.around(rings), random.gamma(2, 50, len(cells)) + 80 * (cells.centres[:, 0] > 600)
    number = 4999
    ours = lay_out_again(values, near, Draws(number, seed=5)).p
    weights = WSP(near - sparse.eye_array(len(cells))).to_W(silence_warnings=True)
    one_sided = G_Local(values, weights, transform="B", permutations=number, star=True, seed=7, n_jobs=1).p_sim
    theirs = np.minimum(2 * one_sided, 1)
    # Each is twice a share of so many draws: the variance of their difference is 2 · 4 · s (1 − s) / draws.
    share = np.clip((ours + theirs) / 4, 1 / number, 0.5)
    assert (abs(ours - theirs) <= SIGMAS * np.sqrt(8 * share * (1 - share) / number)).all()
    assert (theirs < 0.02).sum() > 5


def test_the_own_value_is_kept_and_all_others_are_drawn_alike() -> None:
    """Five cells in a row: what the middle one's neighbours may get can be written down."""
    near = cut(np.arange(5) * 100.0 + 50, np.zeros(5), 100, "square").around(1)
    values = np.array([1.0, 2.0, 4.0, 8.0, 16.0])
    found = lay_out_again(values, near, Draws(200_000, seed=1))
    # Cell 2 keeps 4 and has 2 and 8 beside it: three of the six pairs of the others are as low, four as high.
    pairs = [a + b for number, a in enumerate([1, 2, 8, 16]) for b in [1, 2, 8, 16][number + 1 :]]
    assert (sum(pair <= 10 for pair in pairs), sum(pair >= 10 for pair in pairs)) == (3, 4)
    assert found.p[2] == pytest.approx(2 * 3 / 6, abs=0.01)
    # Cell 0 has one neighbour, 2, the least of four that are alike likely; cell 4 has 8, the greatest.
    assert found.p[[0, 4]] == pytest.approx([2 / 4, 2 / 4], abs=0.01)
    assert found.above.tolist()[4] and not found.above[0]


def test_equal_sums_count_on_both_sides_and_who_is_alone_tells_nothing() -> None:
    row = cut(np.arange(9) * 100.0 + 50, np.zeros(9), 100, "square")
    assert (lay_out_again(np.full(9, 0.1), row.around(1), Draws(999)).p == 1).all()
    assert (lay_out_again(np.arange(9.0), row.around(0), Draws(999)).p == 1).all()


@pytest.mark.parametrize("cells", [30, 3000])
def test_the_same_seed_gives_the_same_and_another_almost(cells: int) -> None:
    random = np.random.default_rng(3)
    near, values = cut(np.arange(cells) * 100.0 + 50, np.zeros(cells), 100, "square").around(1), random.random(cells)
    told: list[tuple[int, int]] = []
    first = lay_out_again(values, near, Draws(2000, seed=8), lambda done, of: told.append((done, of)))
    again, other = (lay_out_again(values, near, Draws(2000, seed=seed)).p for seed in (8, 9))
    assert (first.p == again).all()
    assert 0 < abs(first.p - other).max() < 0.2
    assert told[-1] == (2000, 2000)
    assert first.p.min() >= Draws(2000).least_p


def test_what_gathers_is_found_both_ways_and_what_does_not_is_found_in_neither() -> None:
    found = answer(QUESTION)
    held = agreement(found, permute(found, Draws(9999)))
    assert held.both >= 9
    assert held.both + held.fast_alone == (found.hot | found.cold).sum()
    assert held.both + held.permuted_alone == (held.hot | held.cold).sum()
    assert (held.q[held.hot] <= QUESTION.q).all()
    nothing = answer(QUESTION, gathered=0)
    assert agreement(nothing, permute(nothing, Draws(9999))).both == 0


def test_each_statistic_lays_out_what_it_measures() -> None:
    by_chance = answer(QUESTION)
    expected = by_chance.all_here * by_chance.share
    np.testing.assert_allclose(laid_out(by_chance), (by_chance.here - expected) / np.sqrt(expected))
    counts = answer(replace(QUESTION, statistic="gi"))
    assert (laid_out(counts) == counts.here).all()
    rates = answer(replace(QUESTION, statistic="bayes"))
    assert abs(np.corrcoef(laid_out(rates), rates.here / rates.all_here)[0, 1]) > 0.9


def test_an_answer_is_known_by_what_it_rests_on() -> None:
    found, same, draws = answer(QUESTION), answer(replace(QUESTION, q=0.1, reach_m=300)), Draws(999)
    assert key_of(found, draws) == key_of(same, draws)
    others = [answer(replace(QUESTION, statistic="gi")), answer(replace(QUESTION, rings=2)), answer(QUESTION, 24)]
    keys = {key_of(found, draws), key_of(found, Draws(999, 2)), key_of(found, Draws(9999))}
    assert len(keys | {key_of(each, draws) for each in others}) == 6


def test_the_places_of_a_draw_are_all_different_and_alike_likely() -> None:
    """Many cells are drawn without shuffling them all: no cell meets itself or the same neighbour twice."""
    near = cut(np.arange(400) * 100.0 + 50, np.zeros(400), 100, "square").around(1)
    values: NDArray[np.float64] = np.zeros(400)
    values[0] = 1.0
    # One in 399 has the only one beside it: its neighbours draw it with the chance 2 / 399, the end's with 1 / 399.
    found = lay_out_again(values, near, Draws(99_999, seed=2))
    assert found.p[1] == pytest.approx(2 * 2 / 399, rel=0.15)
    assert found.p[0] == 1
