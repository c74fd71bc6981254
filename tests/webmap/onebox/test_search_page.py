"""The page of the search box: the same without JavaScript, in three languages."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import create_amenity, create_area, create_building, create_enterprise, create_floor, create_unit


@pytest.fixture
def district(session: Session) -> dict[str, str]:
    """One of everything; name of a thing → its code."""
    area = create_area(session, name="云澜街道", name_en="Yunlan Subdistrict")
    building = create_building(session, name="云澜中心", name_en="Yunlan Centre", address="海湾路300号")
    unit = create_unit(session, create_floor(session, building, 12), label="1203")
    create_enterprise(session, building, name="云澜基金有限公司", industry_group="finance")
    create_amenity(session, category="cafe", name="云澜咖啡")
    return {"area": area.code, "building": building.code, "unit": unit.code}


def test_things_found_lead_to_their_pages(client: FlaskClient, district: dict[str, str]) -> None:
    page = client.get("/search?q=云澜").text
    assert f'href="/b/{district["building"]}"' in page
    assert f'href="/a/{district["area"]}"' in page
    assert 'href="/?at=' in page
    words = ("云澜中心", "海湾路300号", "1 套可租", "云澜基金有限公司", "金融", "云澜咖啡")
    assert [word for word in words if word not in page] == []
    assert f'href="/u/{district["unit"]}"' in client.get("/search?q=云澜 1203").text


def test_the_page_speaks_english_and_traditional_chinese(client: FlaskClient, district: dict[str, str]) -> None:
    english = client.get("/en/search?q=yunlan").text
    assert all(word in english for word in ("Yunlan Centre", "1 unit to let", "Areas", f"/en/b/{district['building']}"))
    assert "雲瀾中心" in client.get("/zh-hant/search?q=雲瀾").text


def test_every_page_but_the_map_has_the_field(client: FlaskClient, district: dict[str, str]) -> None:
    assert 'action="/search"' in client.get(f"/b/{district['building']}").text
    assert 'action="/search"' not in client.get("/").text


def test_what_is_not_found_is_said_and_what_is_typed_is_text(client: FlaskClient) -> None:
    page = client.get("/search?q=<script>alert(1)</script>").text
    assert "没有找到" in page
    assert "<script>alert" not in page


def test_too_long_a_query_is_explained(client: FlaskClient) -> None:
    answer = client.get("/search?q=" + "a" * 101)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
