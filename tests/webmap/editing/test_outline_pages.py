"""An outline is pasted, looked at and kept, without scripts; a new building begins with one."""

import re

import pytest
from flask.testing import FlaskClient
from geoalchemy2.shape import to_shape
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.editing.outlines import written
from geo.model import Building
from tests.factories import create_building, square
from tests.web import text_of
from tests.webmap.editing.forms import send

BOW = "POLYGON ((121.47 31.23, 121.4705 31.2305, 121.4705 31.23, 121.47 31.2305, 121.47 31.23))"


@pytest.fixture
def page(tower: Building) -> str:
    return f"/desk/places/{tower.code}/outline"


def save(browser: FlaskClient, page: str, **fields: str):
    """Look at an outline and keep it as it was shown."""
    looked = send(browser, page, act="check", **fields)
    checked = re.search(r'name="checked" value="([^"]+)"', looked.text)
    assert checked, text_of(looked.text)
    return send(browser, page, act="save", checked=checked[1], **fields)


def test_area_and_overlap_are_shown_before_it_is_kept(
    staff: FlaskClient, tower: Building, page: str, session: Session
) -> None:
    create_building(session, square(121.4703), name="乙楼")
    before = to_shape(tower.geom).wkt
    looked = send(staff, page, outline=square(121.4701).wkt, crs="wgs84", act="save")
    assert looked.status_code == 200
    text = text_of(looked.text)
    assert "有效" in text
    assert "原为 1,6" in text
    assert "乙楼" in text
    assert "50%" in text
    session.expire_all()
    assert to_shape(tower.geom).wkt == before


def test_an_outline_in_another_system_is_kept_in_degrees(
    staff: FlaskClient, tower: Building, page: str, session: Session
) -> None:
    drawn = square(121.4702)
    assert save(staff, page, outline=written(drawn, "EPSG:4549"), crs="EPSG:4549").status_code == 303
    session.expire_all()
    assert to_shape(tower.geom).equals_exact(drawn, 1e-6)


def test_what_crosses_itself_is_refused_and_can_be_repaired(
    staff: FlaskClient, tower: Building, page: str, session: Session
) -> None:
    refused = send(staff, page, outline=BOW, crs="wgs84", act="save", checked="x")
    assert refused.status_code == 422
    assert "边线自相交" in refused.text
    assert "121.470250, 31.230250" in refused.text
    repaired = send(staff, page, outline=BOW, crs="wgs84", act="repair")
    text = re.search(r"<textarea[^>]*>([^<]+)</textarea>", repaired.text)
    assert text
    assert save(staff, page, outline=text[1], crs="wgs84").status_code == 303
    session.expire_all()
    assert to_shape(tower.geom).is_valid
    assert len(to_shape(tower.geom).geoms) == 2


@pytest.mark.parametrize(("text", "crs"), [("", "wgs84"), ("POINT (1 1)", "wgs84"), (square().wkt, "EPSG:1")])
def test_what_is_no_outline_is_told_and_stays_in_the_form(staff: FlaskClient, page: str, text: str, crs: str) -> None:
    refused = send(staff, page, outline=text, crs=crs, act="check")
    assert refused.status_code == 422
    assert 'role="alert"' in refused.text
    assert text[:20] in refused.text


def test_the_second_who_draws_is_told(staff: FlaskClient, tower: Building, page: str, session: Session) -> None:
    seen = re.search(r'name="seen" value="([^"]+)"', staff.get(page).text)
    assert seen
    assert save(staff, page, outline=square(half=0.0003).wkt, crs="wgs84").status_code == 303
    mine = square(half=0.00025).wkt
    looked = send(staff, page, outline=mine, crs="wgs84", act="check", seen=seen[1])
    checked = re.search(r'name="checked" value="([^"]+)"', looked.text)
    assert checked
    late = send(staff, page, outline=mine, crs="wgs84", act="save", checked=checked[1], seen=seen[1])
    assert late.status_code == 409
    assert "别人改过这个轮廓" in late.text


def test_a_new_building_begins_with_its_outline(
    staff: FlaskClient, client: FlaskClient, tower: Building, session: Session
) -> None:
    fields = {
        "name": "丙楼",
        "floors_above": "12",
        "outline": square(121.472).wkt,
        "crs": "wgs84",
        "status": "operating",
    }
    answer = save(staff, "/desk/places/new", **fields)
    assert answer.status_code == 303, text_of(answer.text)
    made = session.scalars(select(Building).where(Building.name == "丙楼")).one()
    assert answer.headers["Location"].endswith(f"/desk/places/{made.code}/floors")
    assert (made.floors_above, made.managed, "binglou" in made.search_text) == (12, True, True)
    assert "丙楼" in client.get(f"/b/{made.code}").text


def test_nobody_builds_outside_the_own_area(staff: FlaskClient, tower: Building, session: Session) -> None:
    answer = save(staff, "/desk/places/new", name="远楼", outline=square(120, 30).wkt, crs="wgs84", status="planned")
    assert answer.status_code == 403
    session.expire_all()
    assert session.scalars(select(Building.id).where(Building.name == "远楼")).all() == []
