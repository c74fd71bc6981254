"""The stacking plan on the pages: its colours, what was looked for in it, and units that can be taken together."""

import csv
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from geo.model import Building, BuildingFact, Tenancy
from tests.factories import (
    create_building,
    create_enterprise,
    create_floor,
    create_offer,
    create_source,
    create_unit,
    create_user,
)
from tests.web import post_form, sign_in, text_of
from webmap.auth.models import UserRole
from webmap.config import Settings

ROOT = Path(__file__).parents[3]


@pytest.fixture
def tower(session: Session) -> Building:
    return create_building(session, name="甲楼", leasable_area_m2=None)


def cell_of(page: str, code: str) -> str:
    found = re.search(rf'<td id="unit-{code}"[^>]*>', page)
    assert found
    return found[0]


def test_a_unit_is_coloured_by_industry_only_where_its_tenant_agreed_to_be_known(
    client: FlaskClient, session: Session, tower: Building
):
    floor = create_floor(session, tower, 5, label="5")
    codes = {}
    for agreed in (True, False):
        unit = create_unit(session, floor, public_status="in_use", label=f"50{1 + agreed}")
        firm = create_enterprise(session, name=f"某银行{agreed}", industry_group="finance")
        tenancy = {"enterprise_id": firm.id, "building_id": tower.id, "unit_id": unit.id, "source_id": firm.source_id}
        session.add(Tenancy(**tenancy, room_public=agreed))
        codes[agreed] = unit.code
    session.flush()
    page = client.get(f"/b/{tower.code}?colour=industry").text
    assert " ig-finance " in cell_of(page, codes[True]) and " ig-none " in cell_of(page, codes[False])
    assert '<section class="card plan" data-by="industry"' in page
    assert "502 金融" in text_of(page) and "无公开租户 1 个单元" in text_of(page)


@pytest.mark.parametrize(("days", "age"), [(7, "week"), (14, "fortnight"), (28, "month"), (60, "older"), (61, "stale")])
def test_a_fact_fades_with_the_days_since_it_was_reported(
    client: FlaskClient, session: Session, tower: Building, settings: Settings, days: int, age: str
):
    reported = settings.today() - timedelta(days=days)
    unit = create_unit(session, create_floor(session, tower, 5), reported_on=reported)
    page = client.get(f"/u/{unit.code}?colour=age").text
    assert re.search(rf'\bage-{age}[ "]', cell_of(page, unit.code))


def test_the_stylesheet_knows_the_colour_of_every_industry(client: FlaskClient):
    sheet = (ROOT / "static/src/building.css").read_text("utf-8")
    with (ROOT / "data/taxonomies/industry_groups.csv").open(encoding="utf-8") as file:
        groups = [row for row in csv.DictReader(file) if row["kind"] == "map"]
    assert groups
    assert [row["code"] for row in groups if f".ig-{row['code']} {{ --ig: {row['colour']};" not in sheet] == []


def test_a_colour_that_does_not_exist_is_refused(client: FlaskClient, tower: Building):
    assert client.get(f"/b/{tower.code}?colour=taste").status_code == 422


@pytest.mark.parametrize("wanted", ["12", "12F", " １２层 "])
def test_a_floor_is_found_as_people_write_it(client: FlaskClient, session: Session, tower: Building, wanted: str):
    for position in (11, 12):
        create_floor(session, tower, position, label=str(position))
    page = client.get(f"/b/{tower.code}", query_string={"find": wanted}).text
    assert re.findall(r'<tr class="found" data-floor="(\d+)"', page) == ["12"]
    assert "找到 1 处" in text_of(page)
    assert f'data-to-map href="/?b={tower.code}&amp;floor=12"' in page


def test_units_are_found_by_their_number_or_its_beginning(client: FlaskClient, session: Session, tower: Building):
    floor = create_floor(session, tower, 12, label="12")
    one, other = (create_unit(session, floor, label=label, public_status="in_use") for label in ("1203", "1204"))
    assert " found" in cell_of(client.get(f"/b/{tower.code}?find=1203室").text, one.code)
    both = client.get(f"/b/{tower.code}?find=120").text
    assert " found" in cell_of(both, one.code) and " found" in cell_of(both, other.code)
    assert "没有这样的楼层或单元" in text_of(client.get(f"/b/{tower.code}?find=99").text)


def test_adjoining_vacant_units_stand_in_one_frame_with_their_sum(
    client: FlaskClient, session: Session, tower: Building
):
    floor = create_floor(session, tower, 9, label="9", area_m2=900)
    first, second = (create_unit(session, floor, label=label, area_m2=300) for label in ("901", "902"))
    let = create_unit(session, floor, label="903", public_status="in_use")
    page = client.get(f"/b/{tower.code}").text
    assert 'block bl"' in cell_of(page, first.code) and 'block br"' in cell_of(page, second.code)
    assert "block" not in cell_of(page, let.code)
    assert "可合并的单元 1 组 9 层 901、902 600 m² 相邻" in text_of(page)


def test_units_of_one_offer_belong_together_on_different_floors(client: FlaskClient, session: Session, tower: Building):
    units = [create_unit(session, create_floor(session, tower, n, label=str(n)), label=f"{n}01") for n in (3, 7)]
    offer = create_offer(session, *units)
    for unit in units:
        unit.offer_id = offer.id
    session.flush()
    assert "3 层 7 层 301、701 400 m² 同一招商" in text_of(client.get(f"/b/{tower.code}").text)


def test_every_floor_leads_to_itself_on_the_map(client: FlaskClient, session: Session, tower: Building):
    create_floor(session, tower, 14, label="15A")
    assert f'<a href="/?b={tower.code}&amp;floor=14"' in client.get(f"/b/{tower.code}").text


def test_what_nobody_has_stated_says_so_and_can_be_told(client: FlaskClient, session: Session, tower: Building):
    page = client.get(f"/b/{tower.code}").text
    assert "净高 未注明" in text_of(page) and "楼面荷载 未注明" in text_of(page)
    assert f'href="/inquiries/new?kind=error&amp;fact=conditions&amp;building={tower.code}"' in page


def test_a_condition_states_its_day_and_source(client: FlaskClient, session: Session, tower: Building):
    source = create_source(session, attribution="澜江物业")
    told = {"dated_on": date(2026, 3, 2), "source_id": source.id, "publishable": True}
    session.add(BuildingFact(building_id=tower.id, fact="floor_load", value="3.0", unit="kN/m²", **told))
    session.flush()
    assert "楼面荷载 3.0 kN/m² 2026-03-02 · 澜江物业" in text_of(client.get(f"/b/{tower.code}").text)


def test_a_height_that_only_floors_state_is_given_from_to(client: FlaskClient, session: Session, tower: Building):
    for position, height in ((1, 4.2), (2, 2.8)):
        create_floor(session, tower, position, clear_height_m=height)
    assert "净高 2.8–4.2 m 按各楼层登记" in text_of(client.get(f"/b/{tower.code}").text)


@pytest.mark.parametrize(
    ("days", "said"),
    [(6, "●●●● 6 天前 7 天内"), (14, "●●●○ 14 天前 8–14 天"), (20, "●●○○ 20 天前"), (40, "●○○○ 40 天前 29–60 天")],
)
def test_stamps_fade_and_say_how_far(
    client: FlaskClient, session: Session, tower: Building, settings: Settings, days: int, said: str
):
    create_unit(session, create_floor(session, tower, 5), reported_on=settings.today() - timedelta(days=days))
    text = text_of(client.get(f"/b/{tower.code}").text)
    assert said in text and "可能已不是现状" not in text


def test_a_stale_vacancy_says_why_it_is_doubtful(
    client: FlaskClient, session: Session, tower: Building, settings: Settings
):
    floor, today = create_floor(session, tower, 5), settings.today()
    unit = create_unit(session, floor, reported_on=today - timedelta(days=61))
    for address in (f"/b/{tower.code}", f"/u/{unit.code}"):
        assert "超过 60 天没有更新，可能已不是现状" in text_of(client.get(address).text)


def test_what_nobody_has_stated_is_a_task_for_who_manages_the_building_alone(
    client: FlaskClient, session: Session, tower: Building
):
    for name, building in (("here", tower), ("elsewhere", create_building(session))):
        create_user(session, name=name).roles = [UserRole(role="manager", building_id=building.id)]
    session.flush()
    address = f"/b/{tower.code}"
    assert "待办" not in text_of(client.get(address).text)
    sign_in(client, "elsewhere")
    assert "待办" not in text_of(client.get(address).text)
    post_form(client, "/account", "/logout")
    sign_in(client, "here")
    assert "您管理的楼宇还有" in text_of(client.get(address).text)
