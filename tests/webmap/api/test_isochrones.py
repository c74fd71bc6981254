"""Walks from a building as a GIS program gets them."""

import mapbox_vector_tile
import pytest
import shapely
from flask.testing import FlaskClient
from shapely.geometry import shape
from sqlalchemy.orm import Session

from geo.access import store_distances
from geo.columns import unpack
from geo.model import Building
from geo.tiles import STATE
from tests.factories import create_building, create_floor, create_unit
from tests.geo.access.streets import amenity, degrees, house, street
from tests.geo.test_tiles import tile_of


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


@pytest.fixture
def neighbours(session: Session, building: Building) -> dict[str, str]:
    """Houses 300 m and 700 m along the street and one off it, each with a unit to let: name → code."""
    places = {"近邻": (300, 12), "远邻": (700, 12), "不临街": (300, 300)}
    houses = {name: house(session, *place, name=name) for name, place in places.items()}
    for each in houses.values():
        create_unit(session, create_floor(session, each))
    return {name: each.code for name, each in houses.items()}


def found(client: FlaskClient, query: str) -> set[str]:
    return {item["building"]["name"] for item in client.get(f"/api/v1/units?{query}").get_json()["items"]}


def test_units_within_a_walk_are_the_same_out_of_the_database_and_the_state(
    client: FlaskClient, building: Building, neighbours: dict[str, str]
) -> None:
    near, farther = (f"walk_from={building.code}&walk_min={minutes}" for minutes in (5, 10))
    before = found(client, near), found(client, farther)
    assert before == ({"近邻"}, {"近邻", "远邻"})
    assert client.get(f"/api/v1/facets?{farther}").get_json()["units"] == 2
    assert (found(client, near), found(client, farther)) == before


def test_a_walk_from_nowhere_is_refused_by_name(client: FlaskClient) -> None:
    refused = client.get("/api/v1/units?walk_from=nowhere1")
    assert refused.status_code == 422
    assert refused.get_json()["parameter"] == "walk_from"


def test_the_list_of_the_map_page_knows_walks(
    client: FlaskClient, building: Building, neighbours: dict[str, str]
) -> None:
    page = client.get(f"/?walk_from={building.code}&walk_min=5").text
    assert neighbours["近邻"] in page
    assert neighbours["远邻"] not in page


def test_a_building_tells_how_far_amenities_are_and_how_that_was_measured(
    client: FlaskClient, session: Session, building: Building
) -> None:
    amenity(session, 400, 0, category="metro", name="江湾站")
    amenity(session, 0, 900, category="cafe", name="云边咖啡")
    store_distances(session)
    station, coffee = client.get(f"/api/v1/buildings/{building.code}").get_json()["amenities"]
    assert (station["method"], station["metres"]) == ("walking", pytest.approx(402, abs=2))
    assert station["minutes"] == pytest.approx(5.0, abs=0.1)
    assert (coffee["name"], coffee["method"], coffee["minutes"]) == ("云边咖啡", "straight_line", None)


def test_a_walk_begins_at_any_place_on_the_map(
    client: FlaskClient, building: Building, neighbours: dict[str, str]
) -> None:
    (place,) = degrees(shapely.Point(0, 2))
    walk_from = f"{place.x:.6f},{place.y:.6f}"
    (found_walk,) = client.get(f"/api/v1/isochrones?walk_from={walk_from}&minutes=5").get_json()["features"]
    assert found_walk["properties"] == {"building": None, "minutes": 5, "metres": 400, "method": "walking"}
    assert found(client, f"walk_from={walk_from}&walk_min=5") == {"近邻"}
    assert found(client, f"walk_from={walk_from}&walk_min=10") == {"近邻", "远邻"}
    same = client.get(f"/api/v1/isochrones?walk_from={building.code}").get_json()
    assert same == walks(client, building)


@pytest.mark.parametrize("walk_from", ["", "121.47,95", "121.47,31.23,5", "a,b"])
def test_a_walk_from_no_place_is_refused(client: FlaskClient, walk_from: str) -> None:
    refused = client.get(f"/api/v1/isochrones?walk_from={walk_from}")
    assert (refused.status_code, refused.get_json()["parameter"]) == (422, "walk_from")


def test_windows_and_filtered_tiles_of_a_large_city_know_walks(
    client: FlaskClient, building: Building, neighbours: dict[str, str]
) -> None:
    version = client.get("/api/v1/versions").get_json()["layers"][STATE]
    for minutes, units in ((5, 1), (10, 2)):
        walk = f"walk_from={building.code}&walk_min={minutes}"
        window = client.get(f"/state/{version}/window?bbox=121.4,31.2,121.5,31.3&{walk}", follow_redirects=True)
        assert unpack(window.data).header["totals"]["city"]["units"] == units
        tile = tile_of(12)
        address = f"/tiles/market/{version}/12/{tile.x}/{tile.y}.mvt?{walk}"
        cells = mapbox_vector_tile.decode(client.get(address, follow_redirects=True).data)["grid"]["features"]
        assert sum(cell["properties"]["u"] for cell in cells) == units
    refused = client.get(f"/tiles/market/{version}/12/{tile.x}/{tile.y}.mvt?walk_from=nowhere1", follow_redirects=True)
    assert (refused.status_code, refused.get_json()["parameter"]) == (422, "walk_from")
