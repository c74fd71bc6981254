import heapq
from collections import defaultdict

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point, box

from geo.access.doors import footholds
from geo.access.network import SNAP_M
from geo.access.paths import ways_between
from tests.geo.access.streets import town, walls

GRID_M = 300
MOVED = np.random.default_rng(136).uniform(-120, 120, (4, 4, 2))
"""No line between two corners passes a third within 7 m."""


def metres_from(network, door, *goals, barriers=None, reach_m=3000.0):
    """The metres on foot from a door to the nearest goal."""
    shapes = np.array([door, *map(Point, goals)], dtype=object)
    places = footholds(network, shapes, barriers or walls())
    ways = ways_between(network, places.part(np.array([0])), places.part(np.arange(1, len(shapes))), reach_m)
    return ways.to_nearest(np.arange(len(goals))).metres[0]


def test_door_and_goal_may_lie_on_the_same_stretch_of_road():
    network = town([(0, 0), (500, 0)])
    assert metres_from(network, Point(100, 10), (160, 5)) == pytest.approx(10 + 60 + 5, abs=0.1)


def test_of_two_roads_between_the_same_crossings_the_shorter_is_walked():
    network = town([(0, 0), (300, 0)], [(0, 0), (0, 50), (300, 50), (300, 0)])
    assert metres_from(network, Point(-1, 0), (301, 0)) == pytest.approx(302, abs=0.1)


def test_lines_that_cross_without_a_common_vertex_do_not_meet():
    network = town([(-200, 0), (200, 0)], [(0, -200), (0, 200)])
    assert metres_from(network, Point(-150, 1), (0, 190)) == np.inf


def test_a_bridge_does_not_meet_what_it_crosses_even_where_a_file_shares_the_vertex():
    bridge, below = [(0, -200), (0, 0), (0, 200)], [(-200, 0), (0, 0), (200, 0)]
    ramp = [(0, 200), (150, 200)]
    apart = town(below, bridge, ramp, layers=[0, 1, 0])
    assert metres_from(apart, Point(-150, 1), (140, 201)) == np.inf
    level = town(below, bridge, ramp, layers=[0, 0, 0])
    assert metres_from(level, Point(-150, 1), (140, 201)) == pytest.approx(1 + 150 + 200 + 140 + 1, abs=0.1)


def test_nobody_steps_onto_a_bridge_from_beside_it():
    network = town([(0, 100), (300, 100)], [(0, 0), (0, 100)], [(0, 0), (300, 0)], layers=[1, 0, 0])
    assert metres_from(network, Point(290, 90), (290, 99), reach_m=3000) == pytest.approx(90 + 99, abs=0.1)


@pytest.mark.parametrize(("gap_m", "joined"), [(0.5 * SNAP_M, True), (2 * SNAP_M, False)])
def test_small_gaps_at_ends_are_closed(gap_m, joined):
    network = town([(0, 0), (300, 0)], [(150, gap_m), (150, 300)])
    metres = metres_from(network, Point(1, -10), (150, 301))
    assert metres == pytest.approx(10 + 149 + 300 + 1 if joined else np.inf, abs=0.1)


def test_an_end_under_a_bridge_is_not_joined_to_it():
    network = town([(0, 0), (300, 0)], [(150, 1), (150, 300)], layers=[1, 0])
    assert not len(network.joints)


def test_pieces_that_lead_nowhere_are_left_out():
    network = town([(0, 0), (900, 0)], [(0, 50), (80, 50)], island_m=500)
    assert metres_from(network, Point(10, 40), (800, 1)) == pytest.approx(40 + 790 + 1, abs=0.1)


def test_a_shorter_way_across_water_is_refused_for_a_longer_dry_one():
    network = town([(0, 0), (300, 0)], [(0, 100), (300, 100)], [(300, 0), (300, 100)])
    pond = walls(box(50, 20, 250, 30))
    assert metres_from(network, Point(150, 35), (150, -1), barriers=pond) == pytest.approx(
        65 + 150 + 100 + 150 + 1, abs=0.1
    )


def test_a_way_that_runs_along_a_shore_is_free():
    network = town([(0, 0), (300, 0)])
    assert metres_from(network, Point(0, 20), (300, 0), barriers=walls(box(-50, 0, 0, 20))) == pytest.approx(
        320, abs=0.1
    )


def test_an_outline_is_left_where_it_is_nearest_to_a_road():
    network = town([(0, 0), (300, 0)])
    assert metres_from(network, box(100, 10, 140, 60), (300, 1)) == pytest.approx(10 + 160 + 1, abs=41)


CORNER = st.tuples(st.integers(0, 3), st.integers(0, 3))
ROADS = st.lists(st.tuples(CORNER, CORNER).filter(lambda pair: pair[0] != pair[1]), min_size=1, max_size=14)


@settings(max_examples=150, deadline=None)
@given(ROADS, st.lists(CORNER, min_size=1, max_size=4), CORNER)
def test_ways_are_as_short_as_a_plain_search_finds_them(roads, goals, door):
    lines = [(bent(one), bent(other)) for one, other in roads]
    ends = {end for line in lines for end in line}
    places = [bent(goal) for goal in goals if bent(goal) in ends]
    if bent(door) not in ends or not places:
        return
    found = metres_from(town(*lines), Point(bent(door)), *places, reach_m=1e6)
    assert found == pytest.approx(plainly(lines, bent(door), set(places)), abs=0.5)


def bent(corner):
    """A corner of the grid moved so far that no road passes another corner within reach of being joined to it."""
    x, y = corner
    return x * GRID_M + MOVED[x, y, 0], y * GRID_M + MOVED[x, y, 1]


def plainly(roads, door, goals):
    """The metres from a door to the nearest goal, by the textbook."""
    streets = defaultdict(list)
    for one, other in roads:
        metres = float(shapely.length(LineString([one, other])))
        streets[one].append((metres, other))
        streets[other].append((metres, one))
    waiting, done = [(0.0, door)], set()
    while waiting:
        metres, place = heapq.heappop(waiting)
        if place in goals:
            return metres
        if place not in done:
            done.add(place)
            for further, other in streets[place]:
                heapq.heappush(waiting, (metres + further, other))
    return np.inf
