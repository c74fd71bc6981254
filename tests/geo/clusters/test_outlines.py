"""Outlines of clusters: where an industry was gathered they lie, and a house of one trade is none."""

from dataclasses import replace

import numpy as np
import pytest
import shapely

from geo.clusters.concentration import variance_between
from geo.clusters.field import Field
from geo.clusters.outlines import USUAL, Density, density_outlines
from geo.clusters.reach import Within

HOW = Density(least=20)


def district(seed: int = 4) -> tuple[Field, np.ndarray]:
    """2,500 buildings with ten enterprises each, a twentieth of the industry, spread alike."""
    random = np.random.default_rng(seed)
    x, y = random.uniform(-3000, 3000, (2, 2500))
    return Field(x, y, np.full(2500, 10.0)), random.binomial(10, 0.05, 2500).astype(float)


def gathered(field: Field, here: np.ndarray, middle: tuple[float, float], radius: float, number: float) -> np.ndarray:
    """The same with so many more in each building of a disc."""
    inside = np.hypot(field.x - middle[0], field.y - middle[1]) <= radius
    return np.minimum(here + inside * number, field.everything)


def test_a_cluster_is_outlined_where_it_was_planted_with_its_figures() -> None:
    field, here = district()
    here = gathered(field, here, (1000, -500), 500, 4)
    [found] = density_outlines(field, here, HOW)
    assert shapely.contains_xy(found.shape, 1000, -500)
    planted = np.hypot(field.x - 1000, field.y + 500) <= 500
    assert here[planted & np.isin(np.arange(2500), found.buildings)].sum() > 0.8 * here[planted].sum()
    inside = shapely.contains_xy(found.shape, field.x, field.y)
    assert found.buildings.tolist() == np.flatnonzero(inside).tolist()
    assert found.enterprises == here[inside].sum()
    assert found.everything == 10 * inside.sum()
    assert found.expected == pytest.approx(found.everything * here.sum() / 25_000)
    assert found.quotient == pytest.approx(found.enterprises / found.expected)
    assert found.q <= HOW.q
    assert found.without_largest < found.quotient + 0.5


def test_chance_alone_is_outlined_hardly_ever() -> None:
    assert sum(len(density_outlines(*district(seed), HOW)) for seed in range(10)) <= 1


def test_a_house_of_one_trade_is_no_cluster() -> None:
    field, here = district()
    here[7] = 10
    here[8] = 10
    assert density_outlines(field, here, HOW) == []


def test_two_clusters_far_apart_are_two_and_the_stronger_comes_first() -> None:
    field, here = district()
    here = gathered(field, gathered(field, here, (-1500, -1500), 400, 3), (1500, 1500), 400, 4)
    found = density_outlines(field, here, HOW)
    middles = [(1500, 1500), (-1500, -1500)]
    assert len(found) == 2
    away = [each.shape.centroid.distance(shapely.Point(at)) for each, at in zip(found, middles, strict=True)]
    assert max(away) < 200
    assert found[0].z > found[1].z
    assert not found[0].shape.intersects(found[1].shape)


def test_no_reach_finds_nothing_and_neither_does_a_least_that_nobody_has() -> None:
    field, here = district()
    here = gathered(field, here, (1000, -500), 400, 4)
    assert density_outlines(field, here, HOW)
    assert not density_outlines(field, here, Density(reach_m=20, least=20))
    assert not density_outlines(field, here, Density(least=1000))


def test_discs_that_cannot_be_rare_are_passed_over_and_nothing_is_found_otherwise() -> None:
    """A bound of nothing, which rules nothing out, gives the same clusters with the same figures."""
    field, here = district()
    here = gathered(field, gathered(field, here, (-1500, -1500), 400, 3), (1500, 1500), 400, 4)
    blind = replace(field)
    blind.__dict__["within"] = Within(field.x, field.y, np.zeros(2500, np.int64), 1000, 20)
    told = [
        [(each.enterprises, each.everything, each.z, each.q) for each in density_outlines(seen, here, HOW)]
        for seen in (field, blind)
    ]
    assert told[0] == told[1]
    assert len(told[0]) == 2


def test_where_nobody_is_there_is_no_outline() -> None:
    field, here = district()
    assert density_outlines(field, here * 0) == []
    assert density_outlines(Field(np.zeros(0), np.zeros(0), np.zeros(0)), np.zeros(0)) == []
    alone = np.eye(1, 2500)[0] * 5
    assert density_outlines(field, alone, Density(least=5)) == []


def test_buildings_alike_do_not_vary_and_houses_of_one_trade_do() -> None:
    random = np.random.default_rng(2)
    everything = random.integers(5, 60, 4000).astype(float)
    assert variance_between(random.binomial(everything.astype(int), 0.1).astype(float), everything) < 0.002
    rates = random.beta(0.1 * 49, 0.9 * 49, 4000)
    told = variance_between(random.binomial(everything.astype(int), rates).astype(float), everything)
    assert told == pytest.approx(1 / 50, rel=0.15)
    assert USUAL.least == 30
