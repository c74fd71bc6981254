"""A district's head looks at one screen: first figures, where it is empty, what needs attention, and who leads."""

import re
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from psycopg.types.range import Range
from sqlalchemy.orm import Session

from geo.figures import publish_year
from geo.model import Building
from tests.factories import create_area, create_building, create_enterprise, create_figure, create_user, square
from tests.geo.indicators.lives import unit_with
from tests.web import sign_in, text_of

LONG_AGO = date(2024, 1, 1)


@pytest.fixture
def towers(session: Session) -> list[Building]:
    """Two towers in one street, one of them half empty for long."""
    create_area(session, code="street01", name="江湾街道")
    found = [
        create_building(session, square(lon), name=name, leasable_area_m2=10_000)
        for lon, name in ((121.47, "云澜大厦"), (121.475, "澄光大厦"))
    ]
    unit_with(session, found[0], [("tenant", LONG_AGO, None)], 5000)
    unit_with(session, found[0], [("vacant", LONG_AGO, None)], 5000)
    unit_with(session, found[1], [("tenant", LONG_AGO, None)], 10_000)
    for number in range(5):
        name = f"远帆科技{number}有限公司"
        create_enterprise(session, found[1], name=name, registered_address=f"江湾路 8 号{' ' * number}101 室")
    return found


def test_one_screen_tells_figures_warnings_with_their_limits_and_ranks(
    client: FlaskClient, towers: list[Building]
) -> None:
    page = client.get("/cockpit?area=street01").text
    told = text_of(page)
    assert "企业入驻率 75%" in told
    assert "空置率过高 1 幢 ≥ 35%，且不小于 2,000 m² 1 云澜大厦 50% · 5,000 m²" in told
    assert "长期空置 1 幢" in told
    assert "空置面积前列 云澜大厦 5,000 m²" in told
    assert f'href="/b/{towers[0].code}"' in page
    assert 'href="/indicators/occupancy_rate?area=street01"' in page


def test_the_map_marks_the_tower_that_is_warned_of_in_the_colour_of_its_vacancy(
    client: FlaskClient, towers: list[Building]
) -> None:
    picture = client.get("/cockpit").text.split("<svg", 1)[1].split("</figure>")[0]
    assert ">云澜大厦</text>" in picture
    assert "#d9731f" in picture
    assert ">澄光大厦</text>" not in picture


def test_what_staff_alone_hold_is_warned_of_to_staff_alone(
    client: FlaskClient, session: Session, towers: list[Building]
) -> None:
    assert "登记在同一地址" not in client.get("/cockpit").text
    create_user(session, "staff", name="wang")
    session.flush()
    sign_in(client, "wang")
    told = text_of(client.get("/cockpit").text)
    assert "多家企业登记在同一地址 1 幢 ≥ 5 家 2 澄光大厦 5 家" in told
    assert "周报连续逾期 0 幢" in told


def test_a_wall_screen_asks_again_by_itself_and_has_nothing_around_it(
    client: FlaskClient, towers: list[Building]
) -> None:
    page = client.get("/cockpit?wall=1").text
    assert '<meta http-equiv="refresh" content="300">' in page
    assert 'class="bar"' not in page
    assert 'http-equiv="refresh"' not in client.get("/cockpit").text


def test_another_day_is_told_as_it_was(client: FlaskClient, session: Session, towers: list[Building]) -> None:
    day = date.today() - timedelta(days=30)
    unit_with(session, towers[1], [("vacant", day + timedelta(days=10), None)], 100)
    assert "企业入驻率 75%" in text_of(client.get(f"/cockpit?as_of={day}").text)


def test_a_district_without_buildings_and_an_area_that_is_not_there_are_said(client: FlaskClient) -> None:
    assert "还没有纳管楼宇" in client.get("/cockpit").text
    strange = client.get("/cockpit?area=nowhere")
    assert strange.status_code == 422
    assert "这个值不能用：area" in text_of(strange.text)


@pytest.fixture
def taxed(session: Session) -> list[Building]:
    """Seven towers with tax of last year by four firms each, one next to 100 million; the last by one great payer."""
    found = []
    for at, millions in enumerate((120, 90, 30, 20, 15, 10, 400)):
        tower = create_building(session, square(121.47 + at / 1000), name=f"{at}号大厦", leasable_area_m2=10_000)
        unit_with(session, tower, [("tenant", LONG_AGO, None)], 10_000)
        shares = (0.97, 0.01, 0.01, 0.01) if millions == 400 else (0.3, 0.3, 0.2, 0.2)
        for share in shares:
            firm = create_enterprise(session, tower)
            year = Range(date(date.today().year - 1, 1, 1), date(date.today().year, 1, 1))
            value = round(millions * share * 1e6)
            create_figure(session, indicator="tax", enterprise_id=firm.id, period=year, value=value)
        found.append(tower)
    return found


def test_visitors_see_tiers_and_output_of_what_was_published_and_the_rule_why_others_are_not_there(
    client: FlaskClient, session: Session, taxed: list[Building]
) -> None:
    assert "没有可以列出的楼宇税收" in client.get("/cockpit").text
    publish_year(session, "tax", date.today().year - 1)
    told = text_of(client.get("/cockpit").text.split('class="taxes"')[1])
    assert "至少 3 户纳税、最大一户不超过 80%" in told
    assert "1号大厦 1,000 万元" in told
    assert "6号大厦" not in told
    assert "4 亿元" not in told


def test_a_tax_officer_sees_every_tower_exactly_with_year_and_way_of_counting(
    client: FlaskClient, session: Session, taxed: list[Building]
) -> None:
    sign_in(client, create_user(session, "tax_officer").name)
    told = text_of(client.get("/cockpit").text.split('class="taxes"')[1])
    assert told.index("6号大厦 4 亿元") < told.index("0号大厦 1.2 亿元")
    assert "2 亿元楼" in told
    assert "1 准亿元楼" in told
    assert f"{date.today().year - 1} 年全年税收（全口径 · 入库 · 不含一次性税收 · 注册地）" in told
    assert "每平方米税收最低 5号大厦 1,000 元" in told


def test_who_makes_reports_has_one_of_this_month_made_by_one_press(
    app: Flask, client: FlaskClient, session: Session, towers: list[Building]
) -> None:
    app.extensions["loumap_unattended_s"] = 0
    assert "生成本月月报" not in client.get("/cockpit").text
    sign_in(client, create_user(session, "planner").name)
    page = client.get("/cockpit?area=street01").text
    asked = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.split('class="row offer"')[1]))
    span = re.search(r'name="span" value="([^"]+)"', page)
    assert span
    made = client.post("/reports", data={**asked, "span": span[1]})
    client.get(made.location)
    told = text_of(client.get(made.location).text)
    assert "江湾街道楼宇经济月报" in told
    assert "税收与亿元楼" in told
