"""A unit that nobody has confirmed for sixty days leaves every search, is said to have, and can be asked for."""

from dataclasses import replace
from datetime import date, timedelta

import mapbox_vector_tile
import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy.orm import Session

from geo.columns import unpack
from geo.model import Building, Unit
from geo.tiles import STATE
from tests.factories import create_building, create_floor, create_unit
from tests.geo.test_tiles import tile_of
from tests.web import text_of
from webmap.config import Settings

HERE = tile_of(15)
LEFT_OUT = {"units": 1, "days": 60, "show": "stale=1"}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """As a new installation has them."""
    return replace(settings, stale_days=60)


@pytest.fixture
def today(settings: Settings) -> date:
    return settings.today()


@pytest.fixture
def tower(session: Session) -> Building:
    return create_building(session, name="云澜大厦")


@pytest.fixture
def fresh(session: Session, tower: Building, today: date) -> Unit:
    return create_unit(session, create_floor(session, tower, 1), area_m2=500, reported_on=today - timedelta(days=60))


@pytest.fixture
def stale(session: Session, tower: Building, today: date) -> Unit:
    return create_unit(
        session,
        create_floor(session, tower, 2),
        area_m2=900,
        label="0266",
        public_status="soon",
        available_on=(today + timedelta(days=40)).replace(day=1),
        reported_on=today - timedelta(days=61),
    )


@pytest.mark.parametrize("opened", [False, True], ids=["out of the database", "out of the state"])
def test_programs_are_told_how_many_are_left_out_and_why(
    client: FlaskClient, fresh: Unit, stale: Unit, opened: bool
) -> None:
    if opened:
        assert client.get("/api/v1/facets").get_json()["not_shown"].items() >= LEFT_OUT.items()
    found = client.get("/api/v1/units").get_json()
    assert [item["code"] for item in found["items"]] == [fresh.code]
    assert found["not_shown"].items() >= LEFT_OUT.items()
    assert "more than 60 days ago" in found["not_shown"]["reason"]
    asked = client.get("/api/v1/units?stale=1").get_json()
    assert {item["code"]: item["truth"]["stale"] for item in asked["items"]} == {fresh.code: False, stale.code: True}
    assert asked["not_shown"] is None


@pytest.mark.parametrize("opened", [False, True], ids=["out of the database", "out of the state"])
def test_a_building_does_not_match_through_it(client: FlaskClient, fresh: Unit, stale: Unit, opened: bool) -> None:
    if opened:
        client.get("/api/v1/facets")
    found = client.get("/api/v1/buildings?area_min=800").get_json()
    assert (found["total"], found["not_shown"]["units"]) == (0, 1)
    assert client.get("/api/v1/buildings?area_min=800&stale=1").get_json()["total"] == 1
    assert client.get("/api/v1/buildings").get_json()["total"] == 1


def test_files_for_maps_say_it_beside_the_total(client: FlaskClient, fresh: Unit, stale: Unit) -> None:
    found = client.get("/api/v1/units.geojson").get_json(force=True)
    assert (found["numberMatched"], found["notShown"]["units"]) == (1, 1)


def test_a_unit_that_staff_have_seen_since_stays(
    client: FlaskClient, session: Session, tower: Building, today: date
) -> None:
    old, seen = today - timedelta(days=300), today - timedelta(days=5)
    create_unit(session, create_floor(session, tower, 3), reported_on=old, verified_on=seen)
    assert client.get("/api/v1/units").get_json()["total"] == 1


def test_a_match_leaves_it_out_and_says_so(client: FlaskClient, fresh: Unit, stale: Unit) -> None:
    found = client.get("/api/v1/match?area_min=100").get_json()
    assert (found["units"], found["not_shown"]["units"]) == (1, 1)
    asked = client.get("/api/v1/match?area_min=100&stale=1").get_json()
    assert (asked["units"], asked["not_shown"]) == (2, None)
    page = client.get("/match?area_min=100").text
    assert "另有 1 个单元符合条件，但超过 60 天没有人确认空置，未显示。" in text_of(page)
    assert "stale=1" in page


def test_the_list_without_scripts_has_a_link_that_shows_it(client: FlaskClient, fresh: Unit, stale: Unit) -> None:
    page = client.get("/?area_max=2000").text
    assert "另有 1 个单元超过 60 天没有人确认空置，未显示。" in text_of(page)
    assert 'href="/?area_max=2000&amp;stale=1"' in page
    shown = client.get("/?area_max=2000&stale=1").text
    assert "2 个单元" in text_of(shown)
    assert 'href="/?area_max=2000"' in shown


def test_its_own_page_and_the_building_show_it_with_the_reason(client: FlaskClient, stale: Unit, tower: Building):
    for address in (f"/u/{stale.code}", f"/b/{tower.code}"):
        page = text_of(client.get(address).text)
        assert "0266" in page
        assert "超过 60 天没有人确认空置，默认搜索不再显示；请先核实" in page


def test_feed_and_calendar_do_not_tell_of_it(client: FlaskClient, fresh: Unit, stale: Unit) -> None:
    def told(address: str) -> tuple[int, int]:
        feed, days = client.get(f"/feeds/units.atom{address}").text, client.get(f"/feeds/units.ics{address}").data
        return feed.count("<entry"), len(Calendar.from_ical(days).walk("VEVENT"))

    assert told("") == (1, 0)
    assert told("?stale=1") == (2, 1)


def test_windows_and_filtered_tiles_leave_it_out(client: FlaskClient, fresh: Unit, stale: Unit) -> None:
    version = client.get("/api/v1/versions").get_json()["layers"][STATE]
    market = f"/tiles/market/{version}/15/{HERE.x}/{HERE.y}.mvt"
    box = "bbox=121.4,31.2,121.5,31.3&filter_bbox=121.4,31.2,121.5,31.3"
    for query, units, left_out in (("", 1, 1), ("&stale=1", 2, 0)):
        window = client.get(f"/state/{version}/window?{box}{query}", follow_redirects=True)
        totals = unpack(window.data).header["totals"]["box"]
        assert (totals["units"], totals["stale"]) == (units, left_out)
        tile = client.get(f"{market}?{query.lstrip('&')}", follow_redirects=True)
        (feature,) = mapbox_vector_tile.decode(tile.data)["market"]["features"]
        assert feature["properties"]["u"] == units


def test_a_filter_of_anything_else_is_refused_by_name(client: FlaskClient) -> None:
    refused = client.get("/api/v1/units?stale=yes")
    assert (refused.status_code, refused.get_json()["parameter"]) == (422, "stale")
