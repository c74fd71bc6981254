import pytest
from geoalchemy2.shape import from_shape
from shapely import LineString, Point, Polygon, box
from sqlalchemy import func, select

from geo.access import store_distances
from geo.model import AmenityDistance
from geo.quantities import WALKING_M_MIN
from tests.factories import create_source
from tests.geo.access.streets import amenity, degrees, ground, house, street


def ways(session, building):
    session.expire_all()
    rows = session.scalars(select(AmenityDistance).where(AmenityDistance.building_id == building.id)).all()
    return {row.category: (row.method, row.metres) for row in rows}


def walked(metres):
    return ("walking", pytest.approx(metres, abs=2))


def straight(metres):
    return ("straight_line", pytest.approx(metres, abs=2))


@pytest.fixture
def crossroads(session):
    """Two streets of a kilometre that meet in the middle."""
    street(session, (-500, 0), (0, 0), (500, 0))
    street(session, (0, -500), (0, 0), (0, 500))


def test_the_way_runs_from_the_door_along_the_streets(session, crossroads):
    building = house(session, -300, 20)
    amenity(session, 10, 300)
    assert store_distances(session) == 1
    assert ways(session, building) == {"metro": walked(10 + 300 + 300 + 10)}


def test_minutes_go_by_the_pace_of_station_signs(session, crossroads):
    house(session, -300, 20)
    amenity(session, 10, 300)
    store_distances(session)
    stored = session.scalars(select(AmenityDistance)).one()
    assert stored.minutes == pytest.approx(stored.metres / WALKING_M_MIN, abs=0.06)


def test_the_nearest_on_foot_is_not_the_nearest_in_a_straight_line(session, crossroads):
    building = house(session, -300, 20)
    amenity(session, -300, 300, category="cafe")  # 270 m away over the roofs, no road near
    amenity(session, 100, 5, category="cafe")
    store_distances(session)
    assert ways(session, building) == {"cafe": walked(10 + 400 + 5)}


def test_an_entrance_is_where_the_way_begins(session, crossroads):
    door = from_shape(degrees(Point(20, 310))[0], srid=4326)
    building = house(session, 30, 310, entrance=door)
    amenity(session, 10, 0)
    store_distances(session)
    assert ways(session, building) == {"metro": walked(20 + 310 + 10)}


def test_without_roads_the_straight_line_stays_and_says_so(session):
    building = house(session, 0, 0)
    amenity(session, 110, 0)
    store_distances(session)
    assert ways(session, building) == {"metro": straight(100)}
    assert session.scalars(select(AmenityDistance.minutes)).one() is None


def test_a_house_far_from_any_road_is_measured_straight(session, crossroads):
    building = house(session, 300, 300)
    amenity(session, 5, 300)
    store_distances(session)
    assert ways(session, building) == {"metro": straight(285)}


def test_a_river_without_a_bridge_is_not_walked_through(session):
    ground(session, box(-900, -20, 900, 20), kind="water")
    for north in (100, -100):
        street(session, (-500, north), (500, north))
    building = house(session, 0, 120)
    amenity(session, 0, -110)
    store_distances(session)
    assert ways(session, building) == {"metro": straight(220)}


def test_a_bridge_leads_over_the_river_by_its_ends_alone(session):
    ground(session, box(-900, -20, 900, 20), kind="water")
    street(session, (-500, 100), (0, 100), (500, 100))
    street(session, (0, 100), (0, 30))
    street(session, (0, 30), (0, -30), bridge=True)
    street(session, (0, -30), (0, -100), (-400, -100))
    building = house(session, -300, 115)
    amenity(session, -300, -110)
    store_distances(session)
    assert ways(session, building) == {"metro": walked(5 + 300 + 200 + 300 + 10)}


def test_a_door_on_the_wrong_bank_is_led_to_a_road_on_its_own(session):
    ground(session, box(-900, -20, 900, 20), kind="water")
    street(session, (-500, 25), (500, 25))
    street(session, (-500, -150), (500, -150))
    building = house(session, 0, -35)
    amenity(session, 200, -155, category="cafe")
    amenity(session, 200, 30, category="bank")
    store_distances(session)
    found = ways(session, building)
    assert found["cafe"] == walked(105 + 200 + 5)
    assert found["bank"][0] == "straight_line"


@pytest.mark.parametrize("values", [{"road_class": "motorway"}, {"road_class": "trunk_link"}])
def test_nobody_walks_on_or_over_a_motorway(session, values):
    street(session, (-600, 0), (600, 0), foot=False, **values)
    street(session, (-600, 100), (600, 100))
    building = house(session, 0, -15)
    amenity(session, 100, 105)
    store_distances(session)
    assert ways(session, building)["metro"][0] == "straight_line"


def test_one_walks_under_a_motorway_on_pillars(session):
    street(session, (-600, 0), (600, 0), foot=False, road_class="motorway", bridge=True)
    street(session, (-600, 100), (600, 100))
    building = house(session, 0, -15)
    amenity(session, 100, 105)
    store_distances(session)
    assert ways(session, building) == {"metro": walked(105 + 100 + 5)}


def test_a_railway_bars_the_way_but_not_to_its_station(session):
    ground(session, LineString([(-600, 30), (600, 30)]), kind="rail", road_class="rail", foot=False)
    street(session, (-600, 0), (600, 0))
    building = house(session, 0, -15)
    amenity(session, 100, 40, category="rail")
    amenity(session, 100, 50, category="cafe")
    store_distances(session)
    found = ways(session, building)
    assert found["rail"] == walked(5 + 100 + 40)
    assert found["cafe"][0] == "straight_line"


def test_a_private_way_is_not_taken(session):
    street(session, (-300, 0), (300, 0), foot=False)
    street(session, (-300, 0), (-300, 200), (300, 200), (300, 0))
    building = house(session, -315, 0)
    amenity(session, 305, 0)
    store_distances(session)
    assert ways(session, building) == {"metro": walked(5 + 200 + 600 + 200 + 5)}


def test_roads_of_unpublished_sources_lead_nowhere(session):
    street(session, (-600, 0), (600, 0), publishable=False)
    building = house(session, 0, -15)
    amenity(session, 100, 5)
    store_distances(session)
    assert ways(session, building)["metro"][0] == "straight_line"


def test_a_courtyard_that_leads_nowhere_is_passed_by(session, crossroads):
    street(session, (-290, 32), (-310, 32))
    building = house(session, -300, 20)
    amenity(session, 0, 305)
    store_distances(session)
    assert ways(session, building) == {"metro": walked(10 + 300 + 305)}


def test_an_amenity_in_the_house_is_reached_without_a_road(session, crossroads):
    building = house(session, -300, 20)
    amenity(session, -300, 25, category="restaurant")
    store_distances(session)
    assert ways(session, building) == {"restaurant": walked(0)}


def test_closed_and_unpublished_amenities_are_no_goals(session, crossroads):
    building = house(session, -300, 20)
    amenity(session, -280, 5, open=False)
    amenity(session, -270, 5, publishable=False)
    store_distances(session)
    assert ways(session, building) == {}


def test_the_edge_of_a_square_is_walked_along(session, crossroads):
    square = Polygon([(0, 500), (60, 500), (60, 560), (0, 560)])
    ground(session, square, kind="plaza", road_class="pedestrian", source_id=create_source(session).id)
    building = house(session, -20, 500)
    amenity(session, 65, 530)
    store_distances(session)
    assert ways(session, building) == {"metro": walked(10 + 60 + 30 + 5)}


def test_only_the_named_buildings_are_measured_again(session, crossroads):
    first, second = house(session, -300, 20), house(session, 300, 20)
    amenity(session, 10, 300)
    assert store_distances(session) == 2
    amenity(session, 305, 5)
    assert store_distances(session, [first.id]) == 1
    assert ways(session, second) == {"metro": walked(10 + 300 + 300 + 10)}


def test_what_has_not_changed_is_left_as_it_was_stored(session, crossroads):
    building = house(session, -300, 20)
    station = amenity(session, 10, 300)
    store_distances(session)
    (before,) = session.scalars(select(AmenityDistance.computed_at))
    assert store_distances(session) == 1
    assert session.scalars(select(AmenityDistance.computed_at)).all() == [before]
    station.geom = from_shape(degrees(Point(10, 200))[0], srid=4326)
    session.flush()
    store_distances(session)
    assert ways(session, building) == {"metro": walked(10 + 300 + 200 + 10)}
    assert session.scalars(select(AmenityDistance.computed_at)).one() > before


def test_what_is_gone_is_forgotten(session, crossroads):
    first, second = house(session, -300, 20), house(session, 300, 20)
    station, coffee = amenity(session, 10, 300), amenity(session, 5, 5, category="cafe")
    store_distances(session)
    station.open = False
    session.flush()
    store_distances(session, [first.id])
    assert set(ways(session, first)) == {"cafe"}
    assert set(ways(session, second)) == {"cafe", "metro"}
    coffee.open, second.withdrawn_at = False, func.now()
    session.flush()
    store_distances(session)
    assert ways(session, first) == ways(session, second) == {}
