"""Staff split, merge, correct and end units on the desk, without scripts."""

import re
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.conditions import standing
from geo.model import Building, Floor, Unit, UnitReshape
from tests.factories import create_building, create_floor, create_unit, square
from tests.web import text_of

LATER = date(2030, 1, 1)
BARE: dict[str, Any] = {"rent_amount": None, "rent_unit": None, "rent_cny_m2_day": None}


@pytest.fixture
def floor(session: Session, tower: Building) -> Floor:
    return create_floor(session, tower, 12, label="12")


@pytest.fixture
def unit(session: Session, floor: Floor) -> Unit:
    return create_unit(session, floor, label="1201", **BARE)


def send(browser: FlaskClient, page: str, **fields: Any):
    """Send a form of a page with what is hidden in it."""
    text = browser.get(page).text
    hidden = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', text)
    data: dict[str, Any] = {}
    for name, value in hidden:
        data.setdefault(name, []).append(value)
    return browser.post(page.split("?")[0], data={**data, **fields})


def labels(session: Session, tower: Building) -> dict[str, Any]:
    session.expire_all()
    rows = session.scalars(select(Unit).where(Unit.building_id == tower.id, *standing(LATER)).order_by(Unit.label))
    return {each.label: each.area_m2 for each in rows}


def test_a_unit_is_split_and_counted_once_everywhere(
    staff: FlaskClient, client: FlaskClient, tower: Building, unit: Unit, session: Session
) -> None:
    page = f"/desk/places/{tower.code}/units/split/{unit.code}"
    answer = send(
        staff, page, label=["1201", "1202"], area_m2=["120", "80"], occupancy=["", "own_use"], on="2026-11-01"
    )
    assert answer.status_code == 303, text_of(answer.text)
    assert labels(session, tower) == {"1201": 120, "1202": 80}
    listed = text_of(staff.get(f"/desk/places/{tower.code}/units").text)
    assert "1201 → 1201、1202" in listed
    assert "张三" in listed
    gone = client.get(f"/u/{unit.code}")
    assert gone.status_code == 410
    assert "1201 120 m² 甲楼 1202 80 m²" in text_of(gone.text).replace("甲楼 1201", "1201")
    part = session.scalars(select(Unit).where(Unit.label == "1202")).one()
    assert "2026-11-01 由 1201 拆分而来" in text_of(client.get(f"/u/{part.code}").text)


def test_areas_that_differ_are_told_and_taken_with_a_reason(
    staff: FlaskClient, tower: Building, unit: Unit, session: Session
) -> None:
    page = f"/desk/places/{tower.code}/units/split/{unit.code}"
    parts = {"label": ["1201", "1202"], "area_m2": ["120", "75"], "occupancy": ["", ""], "on": "2026-11-01"}
    refused = send(staff, page, **parts)
    assert refused.status_code == 422
    assert "新单元合计 195 m²，原来是 200 m²，相差 -5 m²" in refused.text
    assert 'value="75"' in refused.text
    assert send(staff, page, **parts, reason="新走廊").status_code == 303
    assert labels(session, tower) == {"1201": 120, "1202": 75}


def test_more_lines_can_be_asked_for_without_a_script(staff: FlaskClient, tower: Building, unit: Unit) -> None:
    page = f"/desk/places/{tower.code}/units/split/{unit.code}"
    answer = send(staff, page, act="more", label=["1201", ""], area_m2=["120", ""], occupancy=["", ""], on="2026-11-01")
    assert answer.text.count('name="area_m2"') == 4
    assert 'value="120"' in answer.text


def test_units_are_merged_and_it_is_taken_back(
    staff: FlaskClient, tower: Building, floor: Floor, unit: Unit, session: Session
) -> None:
    other = create_unit(session, floor, label="1203", area_m2=100, **BARE)
    page = f"/desk/places/{tower.code}/units/merge?u={unit.code}&u={other.code}"
    form = staff.get(page).text
    assert 'value="1201-1203"' in form
    assert 'value="300"' in form
    answer = send(staff, page, label="1201-1203", area_m2="300", occupancy="", on="2026-11-01")
    assert answer.status_code == 303
    assert labels(session, tower) == {"1201-1203": 300}
    whole = session.scalars(select(Unit).where(Unit.label == "1201-1203")).one()
    assert staff.get(f"/u/{other.code}").headers["Location"] == f"/u/{whole.code}"
    act = session.scalars(select(UnitReshape.code)).one()
    send_undo = send(staff, f"/desk/places/{tower.code}/units", act=act)
    assert send_undo.status_code == 405
    token = re.search(r'name="csrf_token" value="([^"]+)"', form)
    assert token
    staff.post(f"/desk/places/{tower.code}/units/undo", data={"csrf_token": token[1], "act": act})
    assert labels(session, tower) == {"1201": 200, "1203": 100}


def test_one_unit_cannot_be_merged(staff: FlaskClient, tower: Building, unit: Unit) -> None:
    answer = staff.get(f"/desk/places/{tower.code}/units/merge?u={unit.code}", follow_redirects=True)
    assert "请选两个以上" in answer.text


def test_a_unit_is_corrected_from_a_day_on(staff: FlaskClient, tower: Building, unit: Unit, session: Session) -> None:
    page = f"/desk/places/{tower.code}/units/{unit.code}"
    fields = {"label": "1201A", "area_m2": "210.5", "area_basis": "gross", "use": "office", "occupancy": "own_use"}
    answer = send(staff, page, **fields, floor=str(unit.floor_id), on="2026-11-02", act="save")
    assert answer.status_code == 303, text_of(answer.text)
    assert {label: float(area) for label, area in labels(session, tower).items()} == {"1201A": 210.5}
    assert unit.public_status == "own_use"


def test_the_second_writer_of_a_unit_sees_both(staff: FlaskClient, tower: Building, unit: Unit) -> None:
    page = f"/desk/places/{tower.code}/units/{unit.code}"
    fields = {"label": "1201", "area_m2": "200", "area_basis": "gross", "use": "office", "on": "2026-11-02"}
    fields["floor"] = str(unit.floor_id)
    late = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', staff.get(page).text))
    assert send(staff, page, **fields, occupancy="own_use").status_code == 303
    refused = staff.post(page, data={**late, **fields, "occupancy": "fitting_out"})
    assert refused.status_code == 422
    assert "别人改了这个单元" in refused.text
    assert "现在：自用" in refused.text


def test_a_unit_is_added_and_ended(staff: FlaskClient, tower: Building, floor: Floor, session: Session) -> None:
    fields = {"label": "1209", "area_m2": "88", "area_basis": "gross", "use": "office", "occupancy": "vacant"}
    page = f"/desk/places/{tower.code}/units/new"
    assert send(staff, page, **fields, floor=str(floor.id), on="2026-11-01").status_code == 303
    assert labels(session, tower) == {"1209": 88}
    again = send(staff, page, **fields, floor=str(floor.id), on="2026-11-01")
    assert again.status_code == 422
    assert "房号“1209”不能用" in again.text
    added = session.scalars(select(Unit).where(Unit.label == "1209")).one()
    ended = send(staff, f"/desk/places/{tower.code}/units/{added.code}", act="end", on="2026-11-10")
    assert ended.status_code == 303
    assert labels(session, tower) == {}


def test_units_of_other_areas_are_out_of_reach(staff: FlaskClient, session: Session) -> None:
    far = create_unit(session, create_floor(session, create_building(session, square(120, 30))))
    building = session.get_one(Building, far.building_id)
    assert staff.get(f"/desk/places/{building.code}/units").status_code == 403
    assert staff.get(f"/desk/places/{building.code}/units/split/{far.code}").status_code == 403
