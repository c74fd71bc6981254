"""Clusters: planted ones are found, chance is not, and a tower full of everything is no cluster."""

from datetime import date

import numpy as np
import pytest
from geoalchemy2.shape import from_shape
from shapely import Point
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.clusters import Parameters, find_clusters, store_clusters
from geo.model import Cluster
from tests.factories import HERE, create_enterprise

GROUPS, SHARES = ["it", "finance", "business", "trade"], [0.3, 0.15, 0.25, 0.3]


def scattered(seed: int, n: int = 3000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Enterprises all over 2.5 by 2 km, industries by chance alone."""
    rng = np.random.default_rng(seed)
    return rng.uniform(0, 2500, n), rng.uniform(0, 2000, n), rng.choice(GROUPS, n, p=SHARES).astype(object)


@pytest.mark.parametrize("seed", range(5))
def test_a_planted_cluster_is_found_where_it_was_planted(seed: int) -> None:
    x, y, groups = scattered(seed)
    planted = np.hypot(x - 600, y - 700) < 200
    groups[planted & (np.random.default_rng(seed).random(len(x)) < 0.7)] = "finance"
    strongest = find_clusters(x, y, groups)[0]
    assert strongest.group == "finance"
    assert strongest.outline.distance(Point(600, 700)) < 100
    inside = [strongest.outline.contains(Point(a, b)) for a, b in zip(x, y, strict=True)]
    assert strongest.enterprises == sum(np.array(inside) & (groups == "finance"))
    expected = sum(inside) * np.mean(groups == "finance")
    assert strongest.quotient == pytest.approx(strongest.enterprises / expected)
    assert strongest.z == pytest.approx((strongest.enterprises - expected) / expected**0.5)


def test_chance_alone_makes_hardly_any_clusters() -> None:
    assert sum(len(find_clusters(*scattered(seed))) for seed in range(10)) <= 3


def test_a_crowded_place_with_the_usual_mix_is_no_cluster() -> None:
    x, y, groups = scattered(3)
    rng = np.random.default_rng(9)
    crowd = 600
    x, y = np.r_[x, rng.normal(1200, 40, crowd)], np.r_[y, rng.normal(900, 40, crowd)]
    groups = np.r_[groups, rng.choice(GROUPS, crowd, p=SHARES).astype(object)]
    assert find_clusters(x, y, groups) == []


def test_two_cities_in_one_database_do_not_need_the_grid_between_them() -> None:
    x, y, groups = scattered(1)
    groups[np.hypot(x - 600, y - 700) < 200] = "finance"
    far = find_clusters(np.r_[x, x + 900_000], np.r_[y, y + 500_000], np.r_[groups, groups])
    assert [cluster.group for cluster in far] == ["finance", "finance"]


def test_nothing_in_nothing_out() -> None:
    assert find_clusters(np.array([]), np.array([]), []) == []


def test_a_cluster_keeps_its_code_when_it_is_computed_again(session: Session) -> None:
    rng = np.random.default_rng(2)
    for number in range(240):
        near = number < 40
        spread = 0.0008 if near else 0.02
        place = Point(HERE[0] + rng.uniform(-spread, spread), HERE[1] + rng.uniform(-spread, spread))
        group = "finance" if near else GROUPS[number % 4]
        create_enterprise(session, industry_group=group, geom=from_shape(place, srid=4326))
    assert store_clusters(session, date(2026, 3, 1)) >= 1
    first = session.scalars(select(Cluster).where(Cluster.industry_group == "finance")).one()
    code, parameters = first.code, first.parameters
    store_clusters(session, date(2026, 3, 2))
    again = session.scalars(select(Cluster).where(Cluster.industry_group == "finance")).one()
    assert again.code == code
    assert again.computed_on == date(2026, 3, 2)
    assert parameters["cell_m"] == Parameters().cell_m
