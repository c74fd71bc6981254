import numpy as np
import pytest
import shapely
from shapely import LineString

from geo.access.network import build
from geo.sample.cells import plans
from geo.sample.plane import _PLANE, meeting, to_degrees


def vertices(line):
    return {tuple(corner) for corner in shapely.get_coordinates(line).round(2).tolist()}


def test_streets_that_cross_share_a_vertex():
    one, other = meeting(np.array([LineString([(0, 0), (10, 0)]), LineString([(4, -3), (4, 3)])], dtype=object))
    assert vertices(one) == {(0, 0), (4, 0), (10, 0)}
    assert vertices(other) == {(4, -3), (4, 0), (4, 3)}


def test_a_street_that_ends_on_another_keeps_its_end():
    one, other = meeting(np.array([LineString([(0, 0), (10, 0)]), LineString([(4, 0.001), (4, 3)])], dtype=object))
    assert not vertices(other) & vertices(one)
    touching = meeting(np.array([LineString([(0, 0), (10, 0)]), LineString([(4, 0), (4, 3)])], dtype=object))
    assert vertices(touching[0]) & vertices(touching[1]) == {(4, 0)}


def test_streets_without_company_stay_as_they_are():
    line = LineString([(0, 0), (3, 4), (10, 0)])
    assert meeting(np.array([line, LineString([(0, 50), (9, 50)])], dtype=object))[0].equals_exact(line)


@pytest.mark.parametrize("number", [0, 3])
def test_inner_streets_of_a_neighbourhood_meet_where_they_cross(number):
    streets = plans(1)[number].streets
    network = build(to_degrees(streets), np.zeros(len(streets), np.int64), _PLANE, 0)
    assert shapely.union_all(streets).length == pytest.approx(network.metres.sum(), abs=1)
    meetings = np.bincount(np.concatenate([network.starts, network.ends]))
    assert meetings.max() == 4
