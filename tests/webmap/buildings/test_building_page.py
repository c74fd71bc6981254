"""The page of a building, as a visitor and as staff read it."""

import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from geo.access import store_distances
from geo.china_offsets import wgs84_to_gcj02
from geo.model import Building, Party, PartyRole, Tenancy
from tests.factories import (
    HERE,
    create_amenity,
    create_area,
    create_building,
    create_enterprise,
    create_floor,
    create_source,
    create_unit,
    create_user,
)
from tests.geo.access.streets import house, street
from tests.web import sign_in, text_of

Counting = Callable[[], AbstractContextManager[list[str]]]

QUERIES = 23
"""Of one page for a visitor; more means that something is asked once per unit, floor or source."""


@pytest.fixture
def tower(session: Session) -> Building:
    """A tower of three floors with four units in an area."""
    create_area(session, name="临江片区", name_en=None, level="zone")
    tower = create_building(session, leasable_area_m2=1000, grade_scheme="gbt39069", completed_year=2014)
    for position in (1, 2, 3):
        create_floor(session, tower, position, label=str(position), area_m2=400)
    return tower


def floor_of(session: Session, building: Building, position: int):
    return create_floor(session, building, position, label=str(position), area_m2=400)


def linked_data(page: str) -> list[dict]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(found[1])["@graph"]


def test_a_visitor_reads_what_kind_of_building_it_is(client: FlaskClient, tower: Building):
    text = text_of(client.get(f"/b/{tower.code}").text)
    assert "云澜大厦 Yunlan Tower" in text
    assert "甲级 已投入运营 20 层，地下 2 层 · 高 88 m · 2014 年建成" in text
    assert "临江片区" in text


def test_every_floor_and_unit_stands_in_the_plan_with_status_area_and_rent(
    client: FlaskClient, session: Session, tower: Building
):
    high, low = floor_of(session, tower, 9), floor_of(session, tower, 8)
    vacant = create_unit(session, high, label="901", area_m2=320, rent_amount=4.5)
    let = create_unit(session, low, label="801", public_status="in_use")
    page = client.get(f"/b/{tower.code}").text
    plan = page[page.index('<table class="stacking') : page.index("</table>")]
    assert re.findall(r'<th scope="row"><a [^>]+>(\d+) 层</a></th>', plan) == ["9", "8", "3", "2", "1"]
    assert f'href="/u/{vacant.code}"' in plan and f'href="/u/{let.code}"' in plan
    assert "901 可租 320 m² 4.5 元/m²·天" in text_of(plan)
    assert "801 使用中 200 m²" in text_of(plan)


def test_the_vacancy_rate_states_its_base_and_the_unknown_share(client: FlaskClient, session: Session, tower: Building):
    floor = floor_of(session, tower, 5)
    create_unit(session, floor, area_m2=125)
    create_unit(session, floor, area_m2=800, public_status="in_use")
    text = text_of(client.get(f"/b/{tower.code}").text)
    assert "空置率 12.5% 占可租售面积 · 未知 7.5%" in text


def test_rent_stands_as_quoted_with_per_day_beside_it(client: FlaskClient, session: Session, tower: Building):
    floor = floor_of(session, tower, 5)
    create_unit(session, floor, rent_amount=135, rent_unit="cny_m2_month", rent_cny_m2_day=135 * 12 / 365)
    text = text_of(client.get(f"/b/{tower.code}").text)
    assert "135 元/m²·月 ≈ 4.44 元/m²·天" in text


def test_a_vacancy_says_who_reported_and_verified_it_and_when(client: FlaskClient, session: Session, tower: Building):
    source = create_source(session, attribution="澜江物业")
    floor = floor_of(session, tower, 5)
    create_unit(
        session,
        floor,
        state_source_id=source.id,
        reported_on=date(2026, 3, 2),
        verified_on=date(2026, 3, 1),
        recorded_at=datetime(2026, 3, 3, 20, tzinfo=UTC),
    )
    text = text_of(client.get(f"/b/{tower.code}").text)
    assert "2026-03-02 报送" in text and "2026-03-04 录入" in text and "来源：澜江物业" in text
    create_unit(session, floor, state_source_id=create_source(session, attribution="澜河物业").id)
    text = text_of(client.get(f"/b/{tower.code}").text)
    assert "澜江物业 · 2026-03-04 录入" in text and "澜河物业 · " in text


def test_a_vacancy_that_nobody_reported_says_so(client: FlaskClient, session: Session, tower: Building):
    create_unit(session, floor_of(session, tower, 5), reported_on=None)
    assert "无人报送 · 未核实" in text_of(client.get(f"/b/{tower.code}").text)


@pytest.mark.parametrize("hidden", [{"publishable": False}, {"withdrawn_at": datetime(2026, 1, 1, tzinfo=UTC)}])
def test_a_hidden_building_is_not_found(client: FlaskClient, session: Session, hidden: dict):
    building = create_building(session, **hidden)
    assert client.get(f"/b/{building.code}").status_code == 404
    assert client.get("/b/nothing0").status_code == 404


def test_staff_see_a_building_that_may_not_be_published(client: FlaskClient, session: Session):
    building = create_building(session, publishable=False)
    user = create_user(session, "staff")
    sign_in(client, user.name)
    assert client.get(f"/b/{building.code}").status_code == 200


def test_an_individual_trader_is_counted_but_not_named(client: FlaskClient, session: Session, tower: Building):
    create_enterprise(session, tower, name="陈记茶行", industry_group="trade", is_individual=True)
    create_enterprise(session, tower, name="澜科软件有限公司", industry_group="it")
    text = text_of(client.get(f"/b/{tower.code}").text)
    assert "2 家企业" in text and "澜科软件有限公司" in text
    assert "陈记茶行" not in text


def test_a_tenant_is_shown_in_its_room_only_by_consent(client: FlaskClient, session: Session, tower: Building):
    floor = floor_of(session, tower, 5)
    for name, agreed in (("允科技有限公司", True), ("默科技有限公司", False)):
        unit = create_unit(session, floor, public_status="in_use")
        firm = create_enterprise(session, name=name)
        tenancy = {"enterprise_id": firm.id, "building_id": tower.id, "unit_id": unit.id, "source_id": firm.source_id}
        session.add(Tenancy(**tenancy, room_public=agreed))
    session.flush()
    page = client.get(f"/b/{tower.code}").text
    plan = page[page.index('<table class="stacking') : page.index("</table>")]
    assert "允科技有限公司" in plan and "默科技有限公司" not in plan
    assert "默科技有限公司" in page


def test_a_contact_appears_only_by_consent(client: FlaskClient, session: Session, tower: Building):
    for name, agreed in (("澜江招商中心", True), ("不愿公开公司", False)):
        source = create_source(session)
        party = Party(name=name, business_phone="0591 1234 5678", contact_consent=agreed, source_id=source.id)
        session.add(party)
        session.flush()
        session.add(PartyRole(party_id=party.id, role="promotion", building_id=tower.id))
    session.flush()
    text = text_of(client.get(f"/b/{tower.code}").text)
    assert "招商 澜江招商中心 0591 1234 5678" in text
    assert "不愿公开公司" not in text


def test_a_source_that_may_not_be_published_is_not_named(client: FlaskClient, session: Session, tower: Building):
    secret = create_source(session, attribution="内部台账", publishable=False, secrecy="internal")
    create_unit(session, floor_of(session, tower, 5), state_source_id=secret.id)
    assert "内部台账" not in client.get(f"/b/{tower.code}").text


def test_vacancies_sort_by_what_is_asked_and_unknown_comes_last(client: FlaskClient, session: Session, tower: Building):
    floor = floor_of(session, tower, 5)
    for label, rent in (("甲", 5), ("乙", None), ("丙", 3)):
        create_unit(session, floor, label=label, rent_amount=rent, rent_cny_m2_day=rent)

    def order(sort: str) -> str:
        page = client.get(f"/b/{tower.code}?sort={sort}").text
        table = page[page.index('<table class="list vacancies') :]
        return "".join(re.findall(r'<a href="/u/\w+">([甲乙丙])</a>', table))

    assert order("rent") == "丙甲乙"
    assert order("-rent") == "甲丙乙"


def test_an_order_that_does_not_exist_is_refused_and_foreign_parameters_are_not(client: FlaskClient, tower: Building):
    assert client.get(f"/b/{tower.code}?sort=colour").status_code == 422
    assert client.get(f"/b/{tower.code}?from=singlemessage").status_code == 200


def test_amenities_state_metres_and_how_they_were_measured(client: FlaskClient, session: Session, tower: Building):
    create_amenity(session, HERE[0] + 0.003, HERE[1])
    store_distances(session, [tower.id])
    text = text_of(client.get(f"/b/{tower.code}").text)
    assert re.search(r"地铁站 江湾站 直线 2\d\d 米", text)
    assert re.search(r"距江湾站直线 2\d\d 米", text)


def test_metres_along_roads_are_called_walked(client: FlaskClient, session: Session):
    street(session, (-500, 0), (500, 0))
    building = house(session, 0, 12)
    create_amenity(session, HERE[0] + 0.003, HERE[1])
    store_distances(session)
    assert re.search(r"地铁站 江湾站 步行 \d\d\d 米", text_of(client.get(f"/b/{building.code}").text))
    assert re.search(r"Jiangwan Station \d\d\d m on foot", text_of(client.get(f"/en/b/{building.code}").text))


def test_the_small_map_shows_what_is_reached_on_foot(client: FlaskClient, session: Session):
    street(session, (-1000, 0), (1000, 0))
    building = house(session, 0, 12)
    page = client.get(f"/b/{building.code}").text
    assert "可达的范围" not in page
    (link,) = re.findall(r'href="(\?walk=10[^"]*)"', page)
    walked = client.get(f"/b/{building.code}{link}".partition("#")[0]).text
    assert "沿路步行 800 米可达的范围" in text_of(walked)
    assert walked.count('stroke="#14508f" stroke-width="2.5"') == 1
    assert client.get(f"/b/{building.code}?walk=7").text.count('stroke="#14508f" stroke-width="2.5"') == 0


def test_a_house_without_roads_says_that_its_circle_is_straight(client: FlaskClient, tower: Building):
    assert "直线 400 米" in text_of(client.get(f"/b/{tower.code}?walk=5").text)


def test_search_engines_are_told_of_the_building_and_its_units(client: FlaskClient, session: Session, tower: Building):
    unit = create_unit(session, floor_of(session, tower, 5), label="501", area_m2=320, rent_amount=4.5)
    page = client.get(f"/b/{tower.code}").text
    place, units = linked_data(page)
    assert place["@type"] == "Place" and place["name"] == "云澜大厦"
    assert place["url"] == f"http://localhost/b/{tower.code}"
    assert units["@type"] == "ItemList" and units["numberOfItems"] == 1
    assert units["itemListElement"][0]["url"] == f"http://localhost/u/{unit.code}"
    assert f'<link rel="canonical" href="http://localhost/b/{tower.code}">' in page
    assert f'hreflang="en" href="http://localhost/en/b/{tower.code}"' in page
    assert '<meta property="og:title" content="云澜大厦">' in page


def test_a_hostile_name_stays_text_everywhere(client: FlaskClient, session: Session):
    name = '</script><script>alert("x")</script>'
    page = client.get(f"/b/{create_building(session, name=name, name_en=None).code}").text
    assert linked_data(page)[0]["name"] == name
    assert "<script>alert" not in page


def test_the_page_asks_nothing_of_the_strict_content_policy(client: FlaskClient, session: Session, tower: Building):
    create_unit(session, floor_of(session, tower, 5))
    page = client.get(f"/b/{tower.code}").text
    assert not re.search(r"<[^>]+\s(style|on\w+)=", page)
    assert set(re.findall(r"<script ([^>]*)>", page)) <= {'type="application/ld+json"'} | {
        found for found in re.findall(r"<script ([^>]*)>", page) if 'src="/static/' in found
    }


def test_navigation_links_carry_the_coordinates_that_their_maps_draw_with(client: FlaskClient, tower: Building):
    page = unescape(client.get(f"/b/{tower.code}").text)
    link = re.search(r'href="(https://uri\.amap\.com/[^"]+)"', page)
    assert link
    lon, lat = (float(part) for part in parse_qs(urlsplit(link[1]).query)["position"][0].split(","))
    expected = wgs84_to_gcj02(*HERE)
    assert (lon, lat) == pytest.approx((float(expected[0]), float(expected[1])), abs=2e-6)


def test_an_english_page_marks_names_that_are_only_chinese(client: FlaskClient, session: Session, tower: Building):
    create_enterprise(session, tower, name="澜科软件有限公司", name_en=None)
    page = client.get(f"/en/b/{tower.code}").text
    assert '<html lang="en">' in page and "<h1>Yunlan Tower</h1>" in page
    assert '<span lang="zh-Hans">澜科软件有限公司</span>' in page
    assert 'lang="zh-Hans">临江片区' in page


def test_a_traditional_page_converts_names_and_texts(client: FlaskClient, tower: Building):
    text = text_of(client.get(f"/zh-hant/b/{tower.code}").text)
    assert "雲瀾大廈" in text and "樓層剖面" in text


def test_a_page_takes_the_same_queries_however_many_units_it_shows(
    client: FlaskClient, session: Session, tower: Building, count_queries: Counting
):
    create_enterprise(session, tower)
    session.expunge_all()
    with count_queries() as few:
        client.get(f"/b/{tower.code}")
    for position in range(4, 16):
        floor = floor_of(session, tower, position)
        for _ in range(6):
            create_unit(session, floor)
    for _ in range(10):
        create_enterprise(session, tower)
    session.expunge_all()
    with count_queries() as many:
        client.get(f"/b/{tower.code}")
    assert len(many) == len(few) <= QUERIES
