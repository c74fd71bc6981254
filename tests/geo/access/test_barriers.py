"""Ways on foot end at walls and closed gates, and lead through openings."""

import pytest
import shapely
from shapely import LineString, Point, box
from sqlalchemy import select, update

from geo.access import isochrones, store_distances
from geo.model import AmenityDistance, Building, GroundFeature
from tests.geo.access.streets import amenity, degrees, ground, house, street
from tests.geo.importers.conftest import FILES
from tests.geo.importers.importing import bring


def way(session, building):
    session.expire_all()
    row = session.scalars(select(AmenityDistance).where(AmenityDistance.building_id == building.id)).one()
    return row.method, row.metres


def barrier(session, shape, **values):
    return ground(session, shape, **{"kind": "barrier", "road_class": "wall", "foot": False} | values)


@pytest.fixture
def lane(session):
    """A lane of 200 m between two streets, which meet again 400 m to the west; a house south and a stop north."""
    street(session, (-400, -100), (0, -100))
    street(session, (-400, 100), (0, 100))
    street(session, (-400, -100), (-400, 100))
    street(session, (0, -100), (0, 100))
    amenity(session, 5, 90)
    return house(session, 15, -90)


SHORT = ("walking", pytest.approx(5 + 180 + 5, abs=2))
AROUND = ("walking", pytest.approx(5 + 10 + 400 + 200 + 400 + 10 + 5, abs=2))
WALL = LineString([(-100, 0), (100, 0)])


def test_a_wall_without_a_gate_is_walked_around(session, lane):
    barrier(session, WALL)
    store_distances(session)
    assert way(session, lane) == AROUND


@pytest.mark.parametrize("kind", ["gate", "bollard", "entrance"])
def test_an_opening_leads_through_the_wall(session, lane, kind):
    barrier(session, WALL)
    barrier(session, Point(0, 0), road_class=kind, foot=True)
    store_distances(session)
    assert way(session, lane) == SHORT


def test_a_closed_gate_bars_the_way_even_without_a_wall(session, lane):
    barrier(session, Point(0, 40), road_class="gate")
    store_distances(session)
    assert way(session, lane) == AROUND


def test_a_closed_gate_between_two_pieces_of_a_way_bars_it(session):
    street(session, (-600, 0), (0, 0))
    street(session, (0, 0), (600, 0))
    barrier(session, Point(0, 0), road_class="gate")
    building = house(session, -250, 20)
    amenity(session, 250, 10)
    store_distances(session)
    assert way(session, building)[0] == "straight_line"


def test_a_closed_gate_at_the_mouth_of_a_yard_leaves_the_street_free(session):
    street(session, (-600, 0), (0, 0), (600, 0))
    street(session, (0, 0), (0, 60))
    barrier(session, Point(0, 0), road_class="gate")
    building = house(session, -100, -20)
    amenity(session, 100, -10)
    store_distances(session)
    assert way(session, building) == ("walking", pytest.approx(10 + 200 + 10, abs=2))


@pytest.mark.parametrize("shape", [LineString([(-100, 0), (0, 0)]), LineString([(0, -60), (0, 60)])])
def test_a_wall_that_ends_at_a_way_or_runs_along_it_does_not_bar_it(session, lane, shape):
    barrier(session, shape)
    store_distances(session)
    assert way(session, lane) == SHORT


def test_ends_on_both_sides_of_a_wall_are_not_joined(session, lane):
    barrier(session, LineString([(-100, -0.5), (100, 0.5)]))
    street(session, (30, -100), (30, -0.6))
    street(session, (30, 0.6), (30, 100))
    street(session, (0, -100), (30, -100))
    street(session, (0, 100), (30, 100))
    store_distances(session)
    assert way(session, lane) == AROUND


@pytest.mark.parametrize("values", [{"layer": 1}, {"bridge": True}, {"publishable": False}])
def test_railings_elsewhere_do_not_bar_the_street(session, lane, values):
    barrier(session, WALL, **values)
    store_distances(session)
    assert way(session, lane) == SHORT


def test_a_railing_on_a_bridge_does_not_bar_the_street_below(session, lane):
    street(session, (-100, 0), (100, 0), road_class="motorway", foot=False, bridge=True)
    barrier(session, LineString([(-100, 8), (100, 8)]), road_class="guard_rail")
    store_distances(session)
    assert way(session, lane) == SHORT


def test_steps_lead_over_the_wall_beside_them(session):
    street(session, (-500, 0), (0, 0))
    street(session, (0, 0), (0, 40), road_class="steps")
    street(session, (0, 40), (500, 40))
    barrier(session, LineString([(-300, 20), (300, 20)]), road_class="retaining_wall")
    building = house(session, -200, -20)
    amenity(session, 200, 50)
    store_distances(session)
    assert way(session, building) == ("walking", pytest.approx(10 + 200 + 40 + 200 + 10, abs=2))


def test_a_wall_drawn_across_a_main_street_bars_nobody(session):
    street(session, (-500, 0), (500, 0), road_class="secondary", rank=2)
    barrier(session, LineString([(0, -50), (0, 50)]))
    building = house(session, -200, -20)
    amenity(session, 200, 10)
    store_distances(session)
    assert way(session, building) == ("walking", pytest.approx(10 + 400 + 10, abs=2))


def yard(session):
    """A house in a walled yard beside a street."""
    street(session, (-600, 0), (40, 0), (600, 0))
    barrier(session, box(-60, 10, 60, 150).exterior)
    amenity(session, 300, -10)
    return house(session, 0, 80)


def test_a_house_in_a_walled_yard_without_ways_is_measured_straight(session):
    building = yard(session)
    store_distances(session)
    assert way(session, building)[0] == "straight_line"
    shape = shapely.from_wkb(bytes(building.geom.data))
    (walk,) = isochrones(session, shape, minutes=[5])
    assert walk.method == "straight_line"


def test_a_street_behind_the_house_is_not_taken_for_the_one_behind_the_wall(session):
    street(session, (-600, 0), (600, 0))
    street(session, (-600, 0), (-600, 180), (600, 180), (600, 0))
    barrier(session, LineString([(-200, 20), (200, 20)]))
    building = house(session, 0, 40)
    amenity(session, 300, -10)
    store_distances(session)
    assert way(session, building)[0] == "straight_line"


def test_the_way_out_of_a_yard_leads_through_its_gate(session):
    building = yard(session)
    barrier(session, Point(40, 10), road_class="gate", foot=True)
    street(session, (40, 0), (40, 80), (15, 80))
    store_distances(session)
    assert way(session, building) == ("walking", pytest.approx(5 + 25 + 80 + 260 + 10, abs=2))


def test_a_shop_behind_a_fence_is_still_reached(session):
    street(session, (-600, 0), (600, 0))
    barrier(session, LineString([(250, 10), (350, 10)]), road_class="fence")
    building = house(session, 0, 20)
    amenity(session, 300, 30)
    store_distances(session)
    assert way(session, building) == ("walking", pytest.approx(10 + 300 + 30, abs=2))


def test_a_wall_around_the_way_ends_the_land_that_is_reached(session):
    street(session, (-600, 0), (600, 0))
    barrier(session, LineString([(-600, 20), (600, 20)]))
    house(session, 0, -20)
    shape = shapely.from_wkb(bytes(session.scalars(select(Building.geom)).one().data))
    (walk,) = isochrones(session, shape, minutes=[5])
    near, behind = degrees(Point(100, 10), Point(100, 30))
    assert walk.area.contains(near)
    assert not walk.area.contains(behind)


def test_an_imported_wall_is_passed_at_its_gate_alone(session):
    bring(session, FILES / "barriers.osm", None)
    lanes = {"bank": -300, "cafe": -100, "hotel": 100, "clinic": 300}
    houses = {}
    for category, east in lanes.items():
        houses[category] = house(session, east + 15, 20)
        amenity(session, east + 5, 85, category=category)
    store_distances(session)
    through, around = 5 + 65 + 5, 5 + 20 + 200 + 100 + 200 + 15 + 5
    assert {category: metres_to(session, houses[category], category) for category in lanes} == {
        "bank": pytest.approx(around, abs=3),
        "cafe": pytest.approx(through, abs=3),
        "hotel": pytest.approx(around, abs=3),
        "clinic": pytest.approx(through, abs=3),
    }


def metres_to(session, building, category):
    """Metres on foot, whatever lies at the other end of the straight line."""
    found = session.get(AmenityDistance, (building.id, category), populate_existing=True)
    return found.metres if found.method == "walking" else None


def stored(session):
    """Method and metres of every distance."""
    columns = (AmenityDistance.building_id, AmenityDistance.category, AmenityDistance.method, AmenityDistance.metres)
    return {row[:2]: row[2:] for row in session.execute(select(*columns))}


@pytest.mark.real_data
def test_real_walls_lengthen_some_walks_and_end_none(session, shared_data):
    bring(session, shared_data / "helsinki_osm" / "Helsinki.osm.pbf", None)
    with_walls = stored(session)
    session.execute(update(GroundFeature).where(GroundFeature.kind == "barrier").values(publishable=False))
    store_distances(session)
    without = stored(session)
    assert with_walls.keys() == without.keys()
    changed = {key for key, found in with_walls.items() if found != without[key]}
    assert 0 < len(changed) < 0.2 * len(without)
    longer = [key for key in changed if with_walls[key][1] > without[key][1]]
    assert len(longer) > len(changed) / 2
    assert {key for key in changed if without[key][0] != with_walls[key][0]} == set()
