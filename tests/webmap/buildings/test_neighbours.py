"""Who works around a building, and what is inside it."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from geo.model import Building
from tests.factories import HERE, create_amenity, create_building, create_enterprise, create_source, square
from tests.web import text_of

BESIDE = square(HERE[0] + 0.002, HERE[1])
"""About 150 m to the east."""
FAR = square(HERE[0] + 0.02, HERE[1])


@pytest.fixture
def tower(session: Session) -> Building:
    tower = create_building(session, name="甲楼")
    create_enterprise(session, tower, industry_group="finance")
    return tower


def around(client: FlaskClient, code: str, query: str = "") -> str:
    page = client.get(f"/b/{code}{query}").text
    return text_of(page[page.index('id="neighbours"') : page.index('id="sources"')])


def test_firms_of_the_leading_industry_are_counted_by_building_with_metres(
    client: FlaskClient, session: Session, tower: Building
):
    beside, far = create_building(session, BESIDE, name="乙楼"), create_building(session, FAR, name="丙楼")
    for building, group in ((beside, "finance"), (beside, "finance"), (beside, "trade"), (far, "finance")):
        create_enterprise(session, building, industry_group=group)
    told = around(client, tower.code)
    assert "同行业 2 家企业 乙楼 2 家 直线 15" in told
    assert "丙楼" not in told


def test_suppliers_and_customers_follow_the_industry_that_is_chosen(
    client: FlaskClient, session: Session, tower: Building
):
    beside = create_building(session, BESIDE, name="乙楼")
    for group in ("business", "it", "trade"):
        create_enterprise(session, beside, industry_group=group)
    told = around(client, tower.code)
    assert "上游：供应方 2 家企业" in told and "下游：客户 2 家企业" in told and "商贸 1" in told
    assert "同行业 1 家企业 乙楼" in around(client, tower.code, "?trade=it")
    assert client.get(f"/b/{tower.code}?trade=magic").status_code == 422


def test_firms_and_buildings_that_are_not_public_are_not_counted(
    client: FlaskClient, session: Session, tower: Building
):
    create_enterprise(session, create_building(session, BESIDE, publishable=False), industry_group="finance")
    beside = create_building(session, BESIDE)
    create_enterprise(session, beside, industry_group="finance", publishable=False)
    secret = create_source(session, publishable=False, secrecy="internal")
    create_enterprise(session, beside, industry_group="finance", source_id=secret.id)
    assert "同行业 0 家企业 没有登记的企业" in around(client, tower.code)


def test_what_is_inside_the_building_says_when_it_is_open(client: FlaskClient, session: Session, tower: Building):
    create_amenity(session, category="gym", name="晨跃健身", opening_hours="06:30–22:30")
    create_amenity(session, category="bank", name="江湾银行")
    create_amenity(session, HERE[0] + 0.001, HERE[1], category="cafe", name="隔壁咖啡")
    create_amenity(session, category="cafe", name="关张咖啡", open=False)
    text = text_of(client.get(f"/b/{tower.code}").text)
    assert "健身运动 晨跃健身 06:30–22:30" in text and "银行 江湾银行 时间未注明" in text
    assert "隔壁咖啡" not in text and "关张咖啡" not in text
