"""Measures of clusters: equal to PySAL's on the same data, right by hand where it has none."""

import numpy as np
import pytest
from esda import G_Local
from esda.smoothing import assuncao_rate
from libpysal.weights import WSP
from numpy.typing import NDArray
from scipy import sparse, stats

from geo.clusters.cells import Cells, cut
from geo.clusters.concentration import (
    MOST_LEVEL,
    bayes_z,
    discoveries,
    location_quotient,
    poisson_discoveries,
    poisson_excess,
)
from geo.clusters.hot_spots import gi_star
from geo.clusters.indices import colocation, ellison_glaeser, locational_gini

GROUPS = 4


@pytest.fixture(scope="module")
def district() -> tuple[Cells, NDArray[np.float64]]:
    """Cells with counts of four industries, the first of which gathers in one place."""
    random = np.random.default_rng(11)
    x, y = random.uniform(-900, 900, 6000), random.uniform(-600, 600, 6000)
    group = random.choice(GROUPS, 6000, p=[0.1, 0.2, 0.3, 0.4])
    group[np.hypot(x - 400, y) < 180] = random.choice([0, 2], int((np.hypot(x - 400, y) < 180).sum()))
    cells = cut(x, y, 150)
    return cells, cells.sums(group, GROUPS)


def test_gi_star_equals_that_of_pysal(district: tuple[Cells, NDArray[np.float64]]) -> None:
    cells, counts = district
    near = cells.around(1)
    ours = gi_star(counts, near)
    weights = WSP(near - sparse.eye_array(len(cells))).to_W(silence_warnings=True)
    for group in range(GROUPS):
        theirs = G_Local(counts[:, group], weights, transform="B", permutations=0, star=True)
        np.testing.assert_allclose(ours.z[:, group], theirs.Zs, rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(ours.p[:, group], 2 * stats.norm.sf(abs(theirs.Zs)), rtol=1e-9, atol=1e-12)


def test_the_shrunken_rate_equals_that_of_pysal(district: tuple[Cells, NDArray[np.float64]]) -> None:
    _, counts = district
    everything = counts.sum(axis=1)
    for group in range(GROUPS):
        theirs = np.asarray(assuncao_rate(counts[:, group], everything), float)
        np.testing.assert_allclose(bayes_z(counts[:, group], everything), theirs, rtol=1e-9, atol=1e-9)


def test_chances_of_counts_are_those_of_the_poisson_law(district: tuple[Cells, NDArray[np.float64]]) -> None:
    _, counts = district
    everything, shares = counts.sum(axis=1), counts.sum(axis=0) / counts.sum()
    excess = poisson_excess(counts, everything, shares)
    law = stats.poisson(np.outer(everything, shares))
    on_its_side = np.where(counts > law.mean(), law.sf(counts - 1), law.cdf(counts))
    np.testing.assert_allclose(excess.p, np.minimum(2 * on_its_side, 1), rtol=1e-9)
    np.testing.assert_allclose(excess.z, (counts - law.mean()) / law.std(), rtol=1e-9)
    np.testing.assert_allclose(excess.quotient, location_quotient(counts), rtol=1e-9)
    assert (excess.small == (law.mean() < 5)).all()


def test_the_quotient_of_a_place_with_the_usual_mix_is_one() -> None:
    assert location_quotient([[2, 6], [1, 3], [10, 30]]) == pytest.approx(np.ones((3, 2)))
    assert location_quotient([[3, 1], [1, 3]])[0] == pytest.approx([1.5, 0.5])


def test_an_empty_place_and_a_group_that_is_nowhere_have_no_quotient() -> None:
    quotient = location_quotient([[0, 0, 0], [2, 2, 0]])
    assert np.isnan(quotient[0]).all()
    assert np.isnan(quotient[1, 2])
    nothing = poisson_excess([[0]], [0], [0.5])
    assert np.isnan(nothing.quotient[0, 0])
    assert nothing.p[0, 0] == 1
    assert np.isnan(bayes_z([0, 0], [3, 0])).all()


def test_where_all_places_are_alike_there_is_no_hot_spot() -> None:
    near = cut(np.arange(9) * 100.0, np.zeros(9), 100, "square").around(1)
    assert np.isnan(gi_star(np.full(9, 3.0), near).z).all()


def test_false_discoveries_are_held_to_their_share_by_group(district: tuple[Cells, NDArray[np.float64]]) -> None:
    _, counts = district
    excess = poisson_excess(counts, counts.sum(axis=1), counts.sum(axis=0) / counts.sum())
    adjusted = discoveries(excess.p)
    for group in range(GROUPS):
        theirs = stats.false_discovery_control(excess.p[:, group])
        np.testing.assert_allclose(adjusted[:, group], theirs)
    assert discoveries(np.zeros((0, 3))).shape == (0, 3)


@pytest.mark.parametrize("level", [0.01, 0.05, MOST_LEVEL])
def test_the_fast_way_tells_the_same_discoveries_as_all_chances_do(
    district: tuple[Cells, NDArray[np.float64]], level: float
) -> None:
    cells, counts = district
    around = cells.around(1) @ counts
    around[3] = 0
    everything, shares = around.sum(axis=1), counts.sum(axis=0) / counts.sum()
    all_of_them = poisson_excess(around, everything, shares)
    adjusted = discoveries(all_of_them.p)
    fast = poisson_discoveries(around, everything, shares, level)
    assert (adjusted <= level).any()
    np.testing.assert_allclose(fast.q, np.where(adjusted <= level, adjusted, 1), rtol=1e-12)
    np.testing.assert_array_equal(fast.z, all_of_them.z)
    with pytest.raises(ValueError, match=r"up to 0\.25"):
        poisson_discoveries(around, everything, shares, 0.3)


def test_no_count_within_a_standard_deviation_is_as_rare_as_any_level_that_may_be_asked_for() -> None:
    expected = np.concatenate([np.geomspace(1e-6, 1e4, 20_000), np.arange(1, 400.0)])
    near = np.floor(expected + np.sqrt(expected)), np.maximum(np.ceil(expected - np.sqrt(expected)), 0)
    for n in near:
        inside = abs(n - expected) < np.sqrt(expected)
        assert poisson_excess(n[inside, None], expected[inside], [1.0]).p.min() > MOST_LEVEL


def test_gini_is_nought_for_the_usual_mix_and_near_one_for_a_single_place() -> None:
    assert locational_gini([[1, 3], [2, 6], [4, 12]]) == pytest.approx([0, 0])
    places = np.column_stack([np.eye(1, 100)[0] * 50, np.full(100, 1000.0)])
    assert locational_gini(places)[0] > 0.98
    assert np.isnan(locational_gini([[1, 0], [2, 0]])[1])


def test_gini_of_two_places_is_what_can_be_drawn() -> None:
    # Half of everything in each, all of the group in one: the Lorenz curve goes along the bottom, then up.
    assert locational_gini([[0, 10], [10, 0]])[0] == pytest.approx(0.5)


def test_thrown_like_darts_an_industry_does_not_gather_and_in_one_place_it_does() -> None:
    random = np.random.default_rng(3)
    darts = [np.column_stack([random.multinomial(60, np.full(50, 0.02)), np.full(50, 400)]) for _ in range(400)]
    assert abs(np.mean([ellison_glaeser(counts)[0] for counts in darts])) < 0.001
    alone = np.column_stack([np.eye(1, 50)[0] * 40, np.full(50, 2000.0)])
    assert ellison_glaeser(alone)[0] > 0.9
    assert np.isnan(ellison_glaeser([[1, 4], [0, 6]])[0])


def test_few_large_plants_explain_what_many_small_ones_do_not() -> None:
    counts = np.array([[30.0, 100.0], [10.0, 100.0], [0.0, 100.0]])
    many, few = ellison_glaeser(counts)[0], ellison_glaeser(counts, [0.5, 0.01])[0]
    assert few < many


def test_industries_that_share_places_are_together_and_those_that_shun_each_other_apart() -> None:
    counts = np.array([[20, 18, 1, 5], [19, 22, 0, 5], [1, 0, 21, 5], [0, 0, 18, 5]], float)
    together = colocation(counts)
    assert together[0, 1] > 0.1
    assert together[0, 2] < -0.1
    assert np.isnan(np.diag(together)).all()
    assert together[0, 1] == together[1, 0]
