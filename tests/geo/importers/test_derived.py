from shapely import LineString
from sqlalchemy import select

from geo.access import store_distances
from geo.model import AmenityDistance
from tests.factories import create_building
from tests.geo.access.streets import amenity
from tests.geo.importers.importing import bring, geojson

STREET = LineString([(121.465, 31.2297), (121.475, 31.2297)])


def methods(session):
    session.expire_all()
    return dict(session.execute(select(AmenityDistance.building_id, AmenityDistance.method)).all())


def test_new_roads_make_straight_lines_into_ways(session, tmp_path):
    near, far = create_building(session), create_building(session)
    amenity(session, 300, -30)
    store_distances(session)
    assert methods(session) == {near.id: "straight_line", far.id: "straight_line"}
    path = geojson(tmp_path / "roads.geojson", (STREET, {"name": "海湾路", "kind": "residential"}))
    bring(session, path, "ground", source_publishable=True)
    assert methods(session) == {near.id: "walking", far.id: "walking"}
