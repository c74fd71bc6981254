"""Walks from a building as a GIS program gets them."""

import pytest
import shapely
from flask.testing import FlaskClient
from shapely.geometry import shape
from sqlalchemy.orm import Session

from geo.model import Building
from tests.factories import create_building
from tests.geo.access.streets import degrees, house, street


@pytest.fixture
def building(session: Session) -> Building:
    """A house in the middle of a street of two kilometres."""
    street(session, (-1000, 0), (1000, 0))
    return house(session, 0, 12)


def walks(client: FlaskClient, building: Building, query: str = "") -> dict:
    return client.get(f"/api/v1/buildings/{building.code}/isochrones{query}").get_json()


def test_a_longer_walk_reaches_farther(client: FlaskClient, building: Building) -> None:
    found = walks(client, building)["features"]
    assert [each["properties"]["metres"] for each in found] == [400, 800, 1200]
    assert {each["properties"]["method"] for each in found} == {"walking"}
    areas = [shape(each["geometry"]) for each in found]
    assert areas[0].area < areas[1].area < areas[2].area
    near, far = degrees(shapely.Point(390, 0), shapely.Point(480, 0))
    assert areas[0].contains(near)
    assert not areas[0].contains(far)
    assert areas[1].contains(far)


def test_one_walk_alone(client: FlaskClient, building: Building) -> None:
    (found,) = walks(client, building, "?minutes=10")["features"]
    assert found["properties"] == {"building": building.code, "minutes": 10, "metres": 800, "method": "walking"}


def test_without_roads_the_circle_says_that_it_is_straight(client: FlaskClient, session: Session) -> None:
    alone = create_building(session)
    assert {each["properties"]["method"] for each in walks(client, alone)["features"]} == {"straight_line"}


def test_unknown_buildings_and_walks_are_refused(client: FlaskClient, session: Session, building: Building) -> None:
    hidden = create_building(session, publishable=False)
    assert client.get(f"/api/v1/buildings/{hidden.code}/isochrones").status_code == 404
    refused = client.get(f"/api/v1/buildings/{building.code}/isochrones?minutes=7")
    assert refused.status_code == 422
    assert "5, 10, 15" in refused.get_json()["detail"]


def test_programs_that_know_geojson_get_it_by_name(client: FlaskClient, building: Building) -> None:
    address = f"/api/v1/buildings/{building.code}/isochrones"
    assert client.get(address).mimetype == "application/json"
    asked = client.get(address, headers={"Accept": "application/geo+json"})
    assert asked.mimetype == "application/geo+json"
