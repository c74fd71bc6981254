"""Pairs of industries are held against enterprises dealt out by chance; what comes of chance is known here exactly."""

from itertools import permutations

import numpy as np
import pytest

from geo.clusters.chains import Seats, closeness, links_of
from geo.clusters.gaps import gaps, gatherings
from geo.clusters.reach import Reach, Within
from geo.taxonomy import Supply

PAIR = Supply("business", "finance", "")
CODES = ("business", "finance", "it")


def seats_at(x, y, counts) -> Seats:
    counts = np.asarray(counts, np.int64)
    ids = np.arange(len(counts)) + 1
    return Seats(ids, np.asarray(x, float), np.asarray(y, float), counts.sum(axis=1), CODES, counts)


def dealt(labels, pairs) -> int:
    return sum(labels[one] == 0 and labels[other] == 1 for one, other in pairs)


def test_what_is_expected_is_what_all_ways_of_dealing_out_the_industries_give():
    # Seven enterprises in four buildings on a line, 300 m apart: two of business, two of finance, three of it.
    seats = seats_at([0, 300, 600, 900], [0, 0, 0, 0], [[1, 1, 0], [1, 0, 1], [0, 1, 1], [0, 0, 1]])
    places = np.repeat(seats.x, seats.everybody)
    pairs = [(i, j) for i in range(7) for j in range(7) if i != j and abs(places[i] - places[j]) <= 500]
    sums = np.array([dealt(labels, pairs) for labels in permutations([0, 0, 1, 1, 2, 2, 2])])
    with_any = [
        np.mean([any((i, j) in set(pairs) and labels[j] == 1 for j in range(7)) for i in range(7) if labels[i] == 0])
        for labels in set(permutations([0, 0, 1, 1, 2, 2, 2]))
    ]
    [found] = closeness(seats, [PAIR], 500)
    assert (found.sellers, found.buyers) == (2, 2)
    assert found.near == 1.5
    assert found.near_expected == pytest.approx(sums.mean() / 2, abs=1e-12)
    assert found.z == pytest.approx((3 - sums.mean()) / sums.std(), abs=1e-9)
    assert found.with_any == 1
    assert found.with_any_expected == pytest.approx(np.mean(with_any), abs=1e-9)


def test_what_lies_within_a_distance_is_counted_to_a_fortieth_of_it():
    random = np.random.default_rng(5)
    x, y = random.uniform(0, 4000, (2, 1500))
    values = random.integers(0, 9, (1500, 2))
    found = Reach(x, y, 500).sums(values, np.arange(1500))
    apart = np.hypot(x[:, None] - x, y[:, None] - y)
    least, most = ((apart <= reach) @ values for reach in (500 - 40, 500 + 40))
    assert ((least <= found) & (found <= most)).all()
    exact = (apart <= 500) @ values
    assert found.sum() / exact.sum() == pytest.approx(1, abs=0.005)


@pytest.mark.parametrize("spread", [2000.0, 1e6])
def test_what_is_told_to_lie_in_a_disc_at_least_does_and_is_most_of_it(spread):
    random = np.random.default_rng(7)
    x, y = random.uniform(0, spread, (2, 1200))
    values, radii = random.integers(1, 9, 1200), random.uniform(0, 1000, 1200)
    bound = Within(x, y, values, 1000, 20).at_least(np.arange(1200), radii)
    exact = (np.hypot(x[:, None] - x, y[:, None] - y) <= radii[:, None]) @ values
    assert (bound <= exact).all()
    if spread == 2000:
        assert bound.sum() > 0.85 * exact.sum()


def test_places_all_over_the_globe_do_not_ask_for_more_memory_than_there_is():
    reach = Reach(np.array([0.0, 1e7]), np.array([0.0, 1e7]), 100)
    assert reach.sums(np.ones((2, 1), np.int64), np.array([0, 1])).tolist() == [[1], [1]]


def test_industries_that_sit_together_are_told_from_those_laid_out_by_chance():
    random = np.random.default_rng(11)
    x, y = random.uniform(0, 6000, (2, 800))
    together = random.multinomial(6, [0.1, 0.1, 0.8], 800)
    west = x < 1500
    together[west] = random.multinomial(6, [0.4, 0.4, 0.2], west.sum())
    [planted] = closeness(seats_at(x, y, together), [PAIR], 500)
    [chance] = closeness(seats_at(x, y, random.multinomial(6, [0.2, 0.2, 0.6], 800)), [PAIR], 500)
    assert planted.ratio > 1.5 and planted.q < 1e-6 and not planted.small
    assert chance.ratio == pytest.approx(1, abs=0.1) and chance.p > 0.01


def test_a_pair_of_which_nobody_is_there_is_left_out():
    seats = seats_at([0, 10], [0, 0], [[1, 0, 2], [1, 0, 1]])
    assert closeness(seats, [PAIR], 500) == []
    assert links_of(seats, PAIR, 500, 10)[1] == 0


def test_links_lead_from_building_to_building_the_strongest_first_and_all_are_counted():
    seats = seats_at([0, 300, 600, 5000], [0] * 4, [[4, 1, 0], [0, 3, 0], [1, 2, 0], [9, 9, 0]])
    links, number = links_of(seats, PAIR, 500, 2)
    # Within the distance: 0 to 1 with 4 × 3, 2 to 1 with 1 × 3; nobody to the one that is far away, none to itself.
    assert number == 2
    assert [*zip(links.sellers, links.buyers, links.strength, strict=True)] == [(0, 1, 12), (2, 1, 3)]


def test_a_cluster_without_its_suppliers_is_found_with_how_many_are_missing():
    # Finance fills the west, where nobody of business is; elsewhere there is as much business as of it.
    x, y = (side.ravel() * 200.0 for side in np.mgrid[0:30, 0:10])
    counts = np.tile([3, 1, 3], (300, 1))
    west = x < 1000
    counts[west] = [0, 5, 2]
    seats = seats_at(x, y, counts)
    clusters = gatherings(seats, CODES)
    finance = next(each for each in clusters if each.industry == "finance")
    assert 0.9 * 5 * west.sum() <= finance.members <= 1.2 * 5 * west.sum()
    [gap] = gaps(seats, [finance], [PAIR], 100)
    assert (gap.partner, gap.side, gap.found) == ("business", "upstream", 0)
    others = 2 * len(finance.buildings)
    share = counts[:, 0].sum() / (counts.sum() - counts[:, 1].sum())
    assert gap.expected == pytest.approx(others * share)
    assert gap.q < 0.001
    assert gaps(seats, clusters, [PAIR], 100)[0].partner == "business"


def test_nobody_at_all_makes_no_cluster():
    nowhere = seats_at([], [], np.zeros((0, 3)))
    assert gatherings(nowhere, CODES) == [] and closeness(nowhere, [PAIR], 500) == []
