"""Staff add floors, sections, conditions, parties, complexes and offers of a building."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.model import (
    Building,
    BuildingFact,
    Complex,
    FieldEdit,
    Floor,
    Offer,
    Party,
    PartyRole,
    Section,
    Unit,
)
from tests.factories import create_building, create_floor, create_source, create_unit, square
from tests.web import text_of
from tests.webmap.editing.forms import send


@pytest.fixture
def place(tower: Building) -> str:
    return f"/desk/places/{tower.code}"


def floors(session: Session) -> list[tuple[int, str]]:
    session.expire_all()
    return [(floor.position, floor.label) for floor in session.scalars(select(Floor).order_by(Floor.position))]


def test_floors_come_from_a_list_and_stand_on_the_public_page(
    staff: FlaskClient, client: FlaskClient, tower: Building, place: str, session: Session
) -> None:
    assert send(staff, f"{place}/floors", labels="B1, 1-3, 3A, 5").status_code == 303
    assert floors(session) == [(-1, "B1"), (1, "1"), (2, "2"), (3, "3"), (4, "3A"), (5, "5")]
    page = text_of(client.get(f"/b/{tower.code}").text)
    assert "3A" in page
    refused = send(staff, f"{place}/floors", labels="5-6")
    assert refused.status_code == 422
    assert "“5”不能用" in refused.text


def test_several_floors_are_set_at_once_and_empty_fields_stay(
    staff: FlaskClient, tower: Building, place: str, session: Session
) -> None:
    one, two = create_floor(session, tower, 1, use="retail"), create_floor(session, tower, 2)
    answer = send(staff, f"{place}/floors", f"{place}/floors/several", f=[str(one.id)], clear_height_m="2.8")
    assert answer.status_code == 303
    session.expire_all()
    assert (one.clear_height_m, one.use, two.clear_height_m) == (2.8, "retail", None)
    assert session.scalars(select(FieldEdit.field)).all() == ["clear_height_m"]
    wrong = send(staff, f"{place}/floors", f"{place}/floors/several", f=[str(one.id)], clear_height_m="tall")
    assert wrong.status_code == 422


def test_a_floor_is_relabelled_and_two_of_one_label_are_refused(
    staff: FlaskClient, tower: Building, place: str, session: Session
) -> None:
    floor, _ = create_floor(session, tower, 13, label="13"), create_floor(session, tower, 14, label="14")
    page, said = f"{place}/floors/{floor.id}", {"use": "office", "area_m2": "1200"}
    empty = {"storey_height_m": "4.2", "clear_height_m": "", "load_kn_m2": ""}
    assert send(staff, page, label="12A", **said, **empty).status_code == 303
    assert floors(session) == [(13, "12A"), (14, "14")]
    refused = send(staff, page, label="14", **said, **empty)
    assert refused.status_code == 422
    assert "楼层标识“14”已经有了" in refused.text
    assert floors(session) == [(13, "12A"), (14, "14")]


def test_a_floor_with_units_is_not_deleted(staff: FlaskClient, tower: Building, place: str, session: Session) -> None:
    floor, empty = create_floor(session, tower, 1), create_floor(session, tower, 2)
    create_unit(session, floor)
    for each in (floor, empty):
        send(staff, f"{place}/floors/{each.id}", f"{place}/floors/{each.id}/delete")
    assert [position for position, _ in floors(session)] == [1]


def test_a_section_gets_its_own_outline(staff: FlaskClient, tower: Building, place: str, session: Session) -> None:
    answer = send(staff, f"{place}/floors", f"{place}/sections/new", kind="tower", base_height_m="20", height_m="88")
    section = session.scalars(select(Section)).one()
    assert answer.headers["Location"].endswith(f"/outline?section={section.id}")
    page = f"{place}/outline?section={section.id}"
    drawn = square(half=0.0001).wkt
    looked = send(staff, page, outline=drawn, crs="wgs84", act="check")
    assert "在楼外的部分 0" in text_of(looked.text)
    checked = re.search(r'name="checked" value="([^"]+)"', looked.text)
    assert checked
    assert send(staff, page, outline=drawn, crs="wgs84", checked=checked[1], act="save").status_code == 303
    session.expire_all()
    assert session.scalar(select(func.ST_Area(Section.geom))) == pytest.approx(0.0002**2)
    assert not tower.sectioned


def test_a_condition_is_stated_beside_what_a_source_says(
    staff: FlaskClient, client: FlaskClient, tower: Building, place: str, session: Session
) -> None:
    source = create_source(session)
    told = {"building_id": tower.id, "source_id": source.id}
    session.add(BuildingFact(fact="air_conditioning", value="分体空调", **told))
    session.flush()
    fields = {"fact": "air_conditioning", "value": "变风量 VAV", "dated_on": "2026-11-01"}
    assert send(staff, f"{place}/facts", **fields).status_code == 303
    values = session.scalars(select(BuildingFact.value).order_by(BuildingFact.id)).all()
    assert values == ["分体空调", "变风量 VAV"]
    assert "变风量 VAV" in client.get(f"/b/{tower.code}").text
    assert send(staff, f"{place}/facts", fact="nonsense", value="x").status_code == 422
    assert send(staff, f"{place}/facts", fact="power", value="").status_code == 422


def test_a_hidden_condition_leaves_the_public_page(
    staff: FlaskClient, client: FlaskClient, tower: Building, place: str, session: Session
) -> None:
    send(staff, f"{place}/facts", fact="generator", value="两台 800 kW 柴油机")
    assert "两台 800 kW" in client.get(f"/b/{tower.code}").text
    fact = session.scalars(select(BuildingFact)).one()
    page = f"{place}/facts/{fact.id}"
    fields = {"value": fact.value, "unit": fact.unit or "", "dated_on": "", "publishable": "no"}
    assert send(staff, page, **fields).status_code == 303
    assert "两台 800 kW" not in client.get(f"/b/{tower.code}").text


def test_a_contact_is_public_only_by_consent(
    staff: FlaskClient, client: FlaskClient, tower: Building, place: str, session: Session
) -> None:
    party = {"role": "manager", "kind": "company", "business_phone": "021-5555 0101", "first": "2026-01-01"}
    assert send(staff, f"{place}/parties", name="甲物业", **party).status_code == 303
    assert "5555 0101" not in client.get(f"/b/{tower.code}").text
    found = session.scalars(select(Party)).one()
    page = f"{place}/parties/{found.id}"
    fields = {"kind": "company", "name": "甲物业", "name_en": "", "business_phone": "021-5555 0101"}
    assert send(staff, page, **fields, business_email="", contact_consent="yes").status_code == 303
    assert "5555 0101" in client.get(f"/b/{tower.code}").text
    role = session.scalars(select(PartyRole)).one()
    assert (
        send(staff, f"{place}/parties", f"{place}/parties/end", role=str(role.id), last="2026-11-01").status_code == 303
    )
    session.expire_all()
    assert str(role.valid.upper) == "2026-11-02"
    assert "5555 0101" not in client.get(f"/b/{tower.code}").text


def test_a_party_of_a_building_elsewhere_is_not_changed(
    staff: FlaskClient, tower: Building, place: str, session: Session
) -> None:
    send(staff, f"{place}/parties", name="甲物业", role="manager", kind="company")
    party = session.scalars(select(Party)).one()
    far = create_building(session, square(120, 30))
    session.add(PartyRole(party_id=party.id, role="manager", building_id=far.id))
    session.flush()
    assert staff.get(f"{place}/parties/{party.id}").status_code == 403


def test_a_building_joins_a_complex_and_leaves_it(
    staff: FlaskClient, client: FlaskClient, tower: Building, place: str, session: Session
) -> None:
    assert send(staff, f"{place}/complexes", name="江湾中心").status_code == 303
    assert send(staff, f"{place}/complexes", name="江湾中心").status_code == 303
    whole = session.scalars(select(Complex)).one()
    assert "江湾中心" in client.get(f"/b/{tower.code}").text
    send(staff, f"{place}/complexes", f"{place}/complexes/leave", complex=whole.code)
    assert "江湾中心" not in client.get(f"/b/{tower.code}").text


def test_an_offer_is_published_changed_and_ended(
    staff: FlaskClient, client: FlaskClient, tower: Building, place: str, session: Session
) -> None:
    bare = {"rent_amount": None, "rent_unit": None, "rent_cny_m2_day": None}
    unit: Unit = create_unit(session, create_floor(session, tower, 5), label="501", **bare)
    terms = {"kind": "rent", "rent_low": "5.5", "rent_unit": "cny_m2_day", "area_basis": "gross", "on": "2026-11-01"}
    assert send(staff, f"{place}/offers/new", u=[unit.code], **terms).status_code == 303
    assert "5.5 元" in client.get(f"/u/{unit.code}").text
    assert send(staff, f"{place}/offers/new", u=[unit.code], **terms).status_code == 422
    first = session.scalars(select(Offer)).one()
    page = f"{place}/offers/{first.id}"
    assert send(staff, page, u=[unit.code], **terms | {"rent_low": "6"}, act="save").status_code == 303
    late = send(staff, f"{place}/offers", page, u=[unit.code], **terms | {"rent_low": "7"}, act="save")
    assert late.status_code in (400, 409)
    now = session.scalars(select(Offer).where(func.upper_inf(Offer.known))).one()
    assert now.rent_low == 6
    assert send(staff, f"{place}/offers/{now.id}", act="end", on="2026-11-10").status_code == 303
    assert "6 元" not in client.get(f"/u/{unit.code}").text


def test_what_is_wrong_with_an_offer_is_said(staff: FlaskClient, tower: Building, place: str, session: Session) -> None:
    create_unit(session, create_floor(session, tower, 5), label="501")
    none = send(staff, f"{place}/offers/new", kind="rent", area_basis="gross", on="2026-11-01")
    assert none.status_code == 422
    assert "请至少选一个单元" in none.text
