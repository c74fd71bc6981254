"""A district's head looks at one screen: first figures, where it is empty, what needs attention, and who leads."""

from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from geo.model import Building
from tests.factories import create_area, create_building, create_enterprise, create_user, square
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
