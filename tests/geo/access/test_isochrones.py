import pytest
import shapely
from geoalchemy2.shape import to_shape
from shapely import LineString, Point, box

from geo.access import isochrones
from tests.geo.access.streets import PLANE, degrees, ground, house, street


def reached(session, building, minutes=10):
    """The land within some minutes, in metres."""
    (found,) = isochrones(session, to_shape(building.geom), minutes=[minutes])
    assert found.area.is_valid
    return PLANE.project([found.area])[0]


def test_the_land_beside_the_ways_is_reached(session):
    street(session, (-1000, 0), (1000, 0))
    land = reached(session, house(session, 0, 12))
    assert land.bounds[::2] == pytest.approx((-840, 840), abs=15)
    assert land.contains(Point(500, 30))
    assert not land.contains(Point(500, 60))


def test_a_river_ends_the_land_but_a_bridge_leads_on(session):
    ground(session, box(-2000, -60, 2000, -20), kind="water")
    street(session, (-900, 0), (0, 0), (900, 0))
    building = house(session, 0, 12)
    assert not reached(session, building).intersects(box(-900, -200, 900, -61))
    street(session, (0, 0), (0, -15))
    street(session, (0, -15), (0, -65), bridge=True)
    street(session, (0, -65), (0, -400))
    land = reached(session, building)
    assert land.contains(Point(10, -300))
    assert not land.intersects(box(300, -55, 400, -25))


def test_a_railway_parts_the_land_beside_a_street(session):
    ground(session, LineString([(-900, 20), (900, 20)]), kind="rail", road_class="rail", foot=False)
    street(session, (-900, 0), (900, 0))
    land = reached(session, house(session, 0, -12))
    assert land.contains(Point(200, 18))
    assert not land.contains(Point(200, 25))


def test_courtyards_between_reached_ways_are_no_holes(session):
    street(session, (0, 0), (100, 0), (100, 120), (0, 120), (0, 0))
    street(session, (0, 0), (-500, 0))
    land = reached(session, house(session, 50, -12))
    assert land.contains(Point(50, 60))


def test_a_longer_walk_holds_the_shorter_one(session):
    for at in range(-1200, 1201, 200):
        street(session, *[(at, y) for y in range(-1200, 1201, 200)])
        street(session, *[(x, at) for x in range(-1200, 1201, 200)])
    outline = to_shape(house(session, 20, 0).geom)
    short, longer, longest = (each.area for each in isochrones(session, outline))
    assert shapely.difference(short, longer).area == pytest.approx(0, abs=1e-9)
    assert shapely.difference(longer, longest).area == pytest.approx(0, abs=1e-9)


def test_a_house_without_a_road_has_a_circle_that_says_so(session):
    building = house(session, 0, 0)
    (found,) = isochrones(session, to_shape(building.geom), minutes=[5])
    assert found.method == "straight_line"
    assert found.area.contains(degrees(Point(0, 390))[0])
