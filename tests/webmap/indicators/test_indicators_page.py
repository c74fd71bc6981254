"""A planner reads the figures of an area, follows each to what it rests on, and carries the tables away."""

import csv
import io
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from psycopg.types.range import Range
from sqlalchemy.orm import Session

from geo.indicators import indicators
from geo.model import Area, Building, PublishedFigure, Tenancy
from tests.factories import (
    create_area,
    create_building,
    create_enterprise,
    create_figure,
    create_target,
    create_user,
    square,
)
from tests.geo.indicators.lives import unit_with
from tests.web import sign_in, text_of
from webmap.auth.models import UserRole

LONG_AGO = date(2024, 1, 1)


@pytest.fixture
def towers(session: Session) -> list[Building]:
    """Two towers in one street, one beyond it; 600 of 2,000 m² are let."""
    create_area(session, code="street01", name="江湾街道")
    found = [
        create_building(session, square(lon), name=name, leasable_area_m2=1000, status=status)
        for lon, name, status in (
            *((121.47, "云澜大厦", "operating"), (121.475, "澄光大厦", "operating")),
            (121.6, "远处大厦", "operating"),
        )
    ]
    for tower, area in zip(found, (500, 100, 900), strict=True):
        unit_with(session, tower, [("tenant", LONG_AGO, None)], area)
        create_enterprise(session, tower, registered_address="某市外区", employees=7)
    return found


def test_the_page_tells_every_public_indicator_of_the_area_with_what_is_not_known(
    client: FlaskClient, towers: list[Building]
) -> None:
    page = client.get("/indicators?area=street01").text
    told = text_of(page)
    listed = [each for each in indicators() if each.group != "tax" and not each.variant_of]
    public = [each for each in listed if each.confidentiality == "public"]
    assert [each.name for each in public if each.name not in told] == []
    assert "企业入驻率 当日 30% 未知 70%" in told
    assert "2 幢" in told
    assert 'href="/indicators/occupancy_rate?area=street01"' in page


def test_one_indicator_shows_its_formula_with_the_numbers_and_its_buildings_ranked(
    client: FlaskClient, towers: list[Building]
) -> None:
    told = text_of(client.get("/indicators/occupancy_rate?area=street01").text)
    assert "已使用面积 600 m² ÷ 可租售面积 2,000 m² = 企业入驻率 30%" in told
    assert told.index("1 云澜大厦 50%") < told.index("2 澄光大厦 10%")
    assert "远处大厦" not in told
    everything = text_of(client.get("/indicators/occupancy_rate").text)
    assert "江湾街道 街道 2 30%" in everything
    assert "1 远处大厦 90%" in everything


def test_staff_of_the_area_see_what_visitors_do_not(
    client: FlaskClient, session: Session, towers: list[Building]
) -> None:
    area = create_area(session, code="beyond01", name="远郊街道", outline=square(121.6, half=0.01).geoms[0])
    user = create_user(session, name="wang")
    session.add(UserRole(user_id=user.id, role="staff", area_id=area.id))
    session.flush()
    assert client.get("/indicators/employees?area=beyond01").status_code == 404
    sign_in(client, "wang")
    assert "7 人" in text_of(client.get("/indicators/employees?area=beyond01").text)
    assert "从业人数" not in text_of(client.get("/indicators?area=street01").text)
    assert client.get("/indicators/employees?area=street01").status_code == 404
    assert client.get("/indicators/employees.csv").status_code == 404


@pytest.mark.parametrize("path", ["/indicators", "/en/indicators", "/zh-hant/indicators/vacancy_rate"])
def test_the_pages_are_there_in_three_languages_before_there_is_anything(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("area=nowhere", "street01 (江湾街道)"),
        ("as_of=never", "a date such as 2026-03-31"),
        ("as_of=2999-01-01", "a day up to today"),
        ("known_at=<b>", "an instant"),
    ],
)
def test_what_cannot_be_understood_is_said_with_what_can(
    client: FlaskClient, towers: list[Building], query: str, named: str
) -> None:
    for path in ("/indicators", "/indicators/vacancy_rate", "/indicators.csv", "/indicators/vacancy_rate.csv"):
        answer = client.get(f"{path}?{query}")
        assert 400 <= answer.status_code < 500
        assert named in text_of(answer.text)
        assert "<b>" not in answer.text
    assert client.get("/indicators/no_such_thing").status_code == 404


def test_the_files_have_the_numbers_of_the_pages(client: FlaskClient, towers: list[Building]) -> None:
    about, head, *rows = csv.reader(
        io.StringIO(client.get("/indicators.csv?area=street01").text.removeprefix("\ufeff"))
    )
    assert about[0] == "# as_of"
    found = {row[0]: dict(zip(head, row, strict=True)) for row in rows}
    assert [found["occupancy_rate"][name] for name in ("value", "numerator", "denominator")] == ["0.3", "600", "2000"]
    text = client.get("/indicators/occupancy_rate.csv?area=street01").text
    lines = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [line[1:3] for line in lines[2:]] == [["云澜大厦", "0.5"], ["澄光大厦", "0.1"]]


def test_a_target_stands_beside_its_indicator_with_gap_and_light(
    client: FlaskClient, session: Session, towers: list[Building]
) -> None:
    area = session.query(Area).filter_by(code="street01").one()
    create_target(session, area, year=None, value=0.31, publishable=True)
    create_target(session, area, year=None, indicator="vacancy_rate", bound="at_most", value=0.2, publishable=True)
    told = text_of(client.get("/indicators?area=street01").text)
    assert "◐ 接近 ≥ 31%，差 1 个百分点" in told
    assert "● 达标 ≤ 20%" in told
    assert "○ 未达标 " not in told


def test_the_change_since_a_day_is_told_step_by_step(
    client: FlaskClient, session: Session, towers: list[Building]
) -> None:
    today = client.application.extensions["loumap_settings"].today()
    year_end = date(today.year - 1, 12, 31)
    moved = year_end + timedelta(days=1)
    unit_with(session, towers[0], [("vacant", LONG_AGO, moved), ("tenant", moved, None)], 250)
    told = text_of(client.get(f"/indicators/change?area=street01&since={year_end}").text)
    assert "入驻率由 30% 变为 42.5%" in told
    assert "迁入 +250 m² +12.5 个百分点" in told
    assert "a day from 2024-01-01 on" in text_of(client.get("/indicators/change?since=2001-01-01").text)


def test_tax_is_for_tax_officers_alone(client: FlaskClient, session: Session, towers: list[Building]) -> None:
    create_user(session, "staff", name="wang")
    create_user(session, "tax_officer", name="li")
    year = client.application.extensions["loumap_settings"].today().year - 1
    period = Range(date(year, 1, 1), date(year + 1, 1, 1))
    create_figure(session, indicator="tax", building_id=towers[0].id, period=period, value=1.5e8)
    sign_in(client, "wang")
    assert client.get("/indicators/building_tax").status_code == 404
    assert "楼宇税收收入" not in client.get("/indicators").text
    other = client.application.test_client()
    sign_in(other, "li")
    assert "1.5 亿元" in text_of(other.get("/indicators/building_tax").text)
    assert "税收超亿元楼宇数 上一完整年度 1 幢" in text_of(other.get("/indicators").text).replace(" 仅工作人员", "")


def test_what_would_be_if_floors_were_let_is_told_and_stays_in_the_address(
    client: FlaskClient, session: Session, towers: list[Building]
) -> None:
    unit_with(session, towers[0], [("vacant", LONG_AGO, None)], 400)
    tried = f"/indicators/suppose?area=street01&try=let.{towers[0].code}.300"
    told = text_of(client.get(tried).text)
    assert "企业入驻率 30% 45% ▲ +15 个百分点" in told
    more = client.get(f"{tried}&act=lost&building={towers[1].code}&m2=999").text
    assert "只有这么多，原想 999 m²" in text_of(more)
    assert f'value="let.{towers[0].code}.300"' in more
    assert "企业入驻率 30% 40%" in text_of(more)
    for wrong in ("let.nowhere.5", "eat.x.5", "let.x"):
        assert client.get(f"/indicators/suppose?try={wrong}").status_code == 422
    assert "企业入驻率 当日 30%" in text_of(client.get("/indicators?area=street01").text)


def test_what_is_published_or_planned_after_the_first_reader_came_is_there_for_the_next(
    client: FlaskClient, session: Session, towers: list[Building]
) -> None:
    address = "/indicators?area=street01"
    assert "已公布的楼宇税收" not in client.get(address).text
    area = session.query(Area).filter_by(code="street01").one()
    create_target(session, area, year=None, value=0.2, publishable=True)
    year = client.application.extensions["loumap_settings"].today().year - 1
    counted = {"scope": "full", "basis": "received", "one_off": False, "attribution": "registered"}
    period = Range(date(year, 1, 1), date(year + 1, 1, 1))
    session.add(PublishedFigure(indicator="tax", area_id=area.id, period=period, value=4e8, **counted))
    session.flush()
    told = text_of(client.get(address).text)
    assert "已公布的楼宇税收 上一完整年度 4 亿元" in told
    assert "● 达标 ≥ 20%" in told


def test_a_building_shows_floor_by_floor_what_its_units_give(client: FlaskClient, towers: list[Building]) -> None:
    whole = client.get("/indicators/occupancy_rate?area=street01").text
    assert f'href="/indicators/occupancy_rate?area=street01&amp;building={towers[0].code}"' in whole
    page = client.get(f"/indicators/occupancy_rate?area=street01&building={towers[0].code}").text
    told = text_of(page)
    assert "已使用面积 500 m² ÷ 可租售面积 1,000 m² = 企业入驻率 50%" in told
    assert "使用中 500 m² 500 m² 500 m²" in told
    assert "不属于任何已登记单元" in told
    assert "整幢 500 m² 1,000 m²" in told
    assert "江湾街道" in told
    beyond = client.get(f"/indicators/occupancy_rate?area=street01&building={towers[2].code}")
    assert beyond.status_code == 422


def test_who_sits_in_a_building_is_told_but_not_to_visitors_since_when(
    client: FlaskClient, session: Session, towers: list[Building]
) -> None:
    firm = create_enterprise(session, towers[0], name="云上律师事务所")
    stay = session.query(Tenancy).filter_by(enterprise_id=firm.id).one()
    stay.valid = Range(date.today() - timedelta(days=60), None)
    create_enterprise(session, towers[0], name="张记小店", is_individual=True)
    residents = text_of(client.get(f"/indicators/residents?building={towers[0].code}").text)
    assert "云上律师事务所" in residents
    assert "张记小店" not in residents
    newcomers = text_of(client.get(f"/indicators/newcomers?building={towers[0].code}").text)
    assert "新入驻企业数 1 家" in newcomers
    assert "云上律师事务所" not in newcomers
    user = create_user(session, name="wang")
    session.add(UserRole(user_id=user.id, role="staff"))
    session.flush()
    sign_in(client, "wang")
    assert "云上律师事务所" in client.get(f"/indicators/newcomers?building={towers[0].code}").text


def test_sources_are_told_with_their_part_and_where_they_differ(
    client: FlaskClient, session: Session, towers: list[Building]
) -> None:
    told = text_of(client.get("/indicators/occupancy_rate?area=street01").text)
    assert "来源与分歧" in told
    assert "载明的可租售面积与单元之和不同 2 幢：单元合计多出 0 m²（取单元合计），少 1,400 m²（差额列为未知）。" in told
    assert "澄光大厦 1,000 m²" in told


def test_what_an_office_says_itself_stands_beside_what_is_reckoned_for_staff_alone(
    client: FlaskClient, session: Session, towers: list[Building]
) -> None:
    area = session.query(Area).filter_by(code="street01").one()
    counted = dict.fromkeys(("scope", "basis", "one_off", "attribution"))
    year = Range(date(2025, 1, 1), date(2026, 1, 1))
    create_figure(session, area_id=area.id, indicator="occupancy_rate", period=year, value="0.45", **counted)
    assert "部门自报" not in text_of(client.get("/indicators/occupancy_rate?area=street01").text)
    user = create_user(session, name="wang")
    session.add(UserRole(user_id=user.id, role="staff"))
    session.flush()
    sign_in(client, "wang")
    told = text_of(client.get("/indicators/occupancy_rate?area=street01").text)
    assert "2025年 45% 30% +15 个百分点" in told


def test_numbers_of_areas_and_buildings_lead_to_what_they_rest_on(client: FlaskClient, towers: list[Building]) -> None:
    assert 'href="/indicators/vacancy_rate?area=street01"' in client.get("/a/street01").text
    building = client.get(f"/b/{towers[0].code}").text
    assert f'href="/indicators/vacancy_rate?building={towers[0].code}"' in building
