"""The page of an area: its figures and its buildings."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import create_area, create_building, create_floor, create_unit, square
from tests.web import text_of
from webmap.buildings import areas


def fill(session: Session, building, vacant_m2: int, let_m2: int) -> None:
    floor = create_floor(session, building)
    create_unit(session, floor, area_m2=vacant_m2)
    create_unit(session, floor, area_m2=let_m2, public_status="in_use")


def test_an_area_adds_up_its_buildings(client: FlaskClient, session: Session):
    area = create_area(session)
    fill(session, create_building(session, name="甲厦", leasable_area_m2=1000), 100, 900)
    fill(session, create_building(session, name="乙厦", leasable_area_m2=3000), 500, 2500)
    text = text_of(client.get(f"/a/{area.code}").text)
    assert "江湾街道 Jiangwan 街道" in text
    assert "楼宇 2" in text and "可租售面积 4,000 m²" in text and "空置率 15%" in text


def test_what_is_still_being_built_is_neither_let_nor_vacant(client: FlaskClient, session: Session):
    area = create_area(session)
    fill(session, create_building(session, name="甲厦", leasable_area_m2=1000), 100, 900)
    create_building(session, name="在建大厦", status="under_construction", leasable_area_m2=9000)
    text = text_of(client.get(f"/a/{area.code}").text)
    assert "楼宇 2" in text and "1 幢已投入运营" in text
    assert "可租售面积 1,000 m²" in text and "空置率 10% 占可租售面积（已投入运营楼宇）" in text
    assert re.search(r"在建大厦 在建 .*? 9,000 m² 0 m² — ", text)


def test_buildings_elsewhere_hidden_or_not_managed_are_left_out(client: FlaskClient, session: Session):
    area = create_area(session)
    create_building(session, name="在内大厦")
    create_building(session, square(122.4, 31.9), name="在外大厦")
    create_building(session, name="内部大厦", publishable=False)
    create_building(session, name="普通民房", managed=False)
    page = client.get(f"/a/{area.code}").text
    assert "在内大厦" in page
    assert not re.search("在外大厦|内部大厦|普通民房", page)


def test_the_list_sorts_by_what_is_asked(client: FlaskClient, session: Session):
    area = create_area(session)
    for name, vacant in (("甲厦", 300), ("乙厦", 100), ("丙厦", 200)):
        fill(session, create_building(session, name=name), vacant, 1000)

    def order(sort: str) -> list[str]:
        return re.findall(r'<th scope="row"><a [^>]*>(\w+)</a>', client.get(f"/a/{area.code}?sort={sort}").text)

    assert order("vacant") == ["乙厦", "丙厦", "甲厦"]
    assert order("-rate") == ["甲厦", "丙厦", "乙厦"]
    assert client.get(f"/a/{area.code}?sort=height").status_code == 422


def test_a_long_list_says_what_it_leaves_out_and_still_counts_it(
    client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(areas, "LISTED", 2)
    area = create_area(session)
    for name in ("甲厦", "乙厦", "丙厦"):
        create_building(session, name=name)
    text = text_of(client.get(f"/a/{area.code}?sort=name").text)
    assert "楼宇 3" in text and "列出前 2 幢" in text


def test_an_area_without_buildings_says_so_and_a_hidden_one_is_not_found(client: FlaskClient, session: Session):
    assert "这里还没有逐层登记的楼宇" in client.get(f"/a/{create_area(session).code}").text
    assert client.get(f"/a/{create_area(session, publishable=False).code}").status_code == 404


def test_the_list_takes_the_same_queries_however_long_it_is(
    client: FlaskClient, session: Session, count_queries: Callable[[], AbstractContextManager[list[str]]]
):
    area = create_area(session)
    fill(session, create_building(session), 100, 100)
    session.expunge_all()
    with count_queries() as few:
        client.get(f"/a/{area.code}")
    for _ in range(8):
        fill(session, create_building(session), 100, 100)
    session.expunge_all()
    with count_queries() as many:
        client.get(f"/a/{area.code}")
    assert len(many) == len(few) <= 8
