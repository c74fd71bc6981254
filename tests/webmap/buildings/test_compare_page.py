"""Somebody sets a few units beside each other and sees where they differ."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import create_building, create_floor, create_unit
from tests.web import text_of


@pytest.fixture
def units(session: Session):
    towers = [create_building(session, name=name, grade=grade) for name, grade in (("甲楼", "a"), ("乙楼", "b"))]
    return [
        create_unit(session, create_floor(session, tower, 5), label=label, area_m2=400)
        for tower, label in zip(towers, ("501", "502"), strict=True)
    ]


def _line(page: str, name: str) -> str:
    return re.search(rf"<tr([^>]*)><th scope=\"row\">{name}.*?</tr>", page, re.DOTALL)[0]


def test_what_differs_is_marked_and_what_is_alike_is_not(client: FlaskClient, units):
    page = client.get(f"/compare?u={units[0].code},{units[1].code}").text
    assert 'class="differs"' in _line(page, "等级")
    assert 'class="differs"' not in _line(page, "面积")


def test_the_one_that_stands_out_is_tinted_and_two_that_differ_both_are(client: FlaskClient, session: Session, units):
    third = create_unit(session, create_floor(session, create_building(session, grade="a"), 5), label="503")
    page = client.get(f"/compare?u={units[0].code},{third.code},{units[1].code}").text
    assert re.findall(r"<td( class=\"odd\")?>", _line(page, "等级")) == ["", "", ' class="odd"']
    two = client.get(f"/compare?u={units[0].code},{units[1].code}").text
    assert _line(two, "等级").count('class="odd"') == 2


def test_what_nobody_has_stated_is_said_to_be_so_and_no_difference(client: FlaskClient, session: Session, units):
    units[0].fitout, units[1].fitout = "full", None
    session.flush()
    line = _line(client.get(f"/compare?u={units[0].code},{units[1].code}").text, "装修")
    assert "未注明" in line
    assert 'class="differs"' not in line


def test_only_what_differs_is_shown_when_asked(client: FlaskClient, units):
    page = client.get(f"/compare?u={units[0].code},{units[1].code}&only=differences").text
    assert _line(page, "等级")
    assert '<th scope="row">面积' not in page


def test_what_is_asked_of_units_alone_is_no_difference_to_a_building(client: FlaskClient, session: Session, units):
    tower = create_building(session, name="丙楼")
    line = _line(client.get(f"/compare?u={units[0].code}&b={tower.code}").text, "面积")
    assert "<td>—</td>" in line
    assert 'class="differs"' not in line


def test_a_unit_that_is_gone_leaves_the_others_beside_each_other(client: FlaskClient, session: Session, units):
    hidden = create_unit(session, publishable=False)
    page = text_of(client.get(f"/compare?u={units[0].code},{hidden.code}").text)
    assert f"已不在册，没有列出：{hidden.code}" in page
    assert "甲楼 501" in page


def test_the_address_of_a_page_may_be_typed_for_a_code(client: FlaskClient, units):
    first, second = units
    page = client.get("/compare", query_string={"u": [first.code, f" https://loumap.example/en/u/{second.code}?x=1 "]})
    assert "乙楼 502" in page.text


def test_units_like_the_first_are_offered_as_further_columns(client: FlaskClient, units):
    first, second = units
    page = client.get(f"/compare?u={first.code}").text
    assert f'href="/compare?u={first.code},{second.code}"' in page


def test_units_and_buildings_stand_beside_each_other(client: FlaskClient, session: Session, units):
    tower = create_building(session, name="丙楼")
    page = text_of(client.get(f"/compare?u={units[0].code}&b={tower.code}").text)
    assert "甲楼 501" in page
    assert "丙楼" in page


def test_the_code_of_a_building_may_be_typed_where_units_are(client: FlaskClient, session: Session, units):
    tower = create_building(session, name="丙楼")
    assert "丙楼" in client.get(f"/compare?u={units[0].code}&u={tower.code}").text


def test_a_column_can_be_taken_away_by_a_link(client: FlaskClient, units):
    first, second = units
    page = client.get(f"/compare?u={first.code},{second.code}").text
    assert f'href="/compare?u={second.code}" aria-label="去掉：甲楼 501"' in page


def test_costs_follow_from_what_is_stated(client: FlaskClient, units):
    page = client.get(f"/compare?u={units[0].code}").text
    assert "60,833 元" in _line(page, "每月（写明的部分）")  # 400 m² × 5 × 365 / 12


@pytest.mark.parametrize("number", [5, 6])
def test_more_than_four_are_refused_with_the_remedy(client: FlaskClient, session: Session, units, number: int):
    more = [create_unit(session) for _ in range(number)]
    answer = client.get("/compare?u=" + ",".join(unit.code for unit in more))
    assert answer.status_code == 422
    assert "at most 4" in answer.text


def test_what_is_not_there_or_not_shown_is_not_found(client: FlaskClient, session: Session, units):
    hidden = create_unit(session, publishable=False)
    assert client.get(f"/compare?u={hidden.code}").status_code == 404
    assert client.get("/compare?u=nothing1").status_code == 404


def test_nothing_chosen_says_how_to_choose(client: FlaskClient):
    assert "还没有选择" in client.get("/compare").text


def test_the_stack_marks_the_unit(client: FlaskClient, units):
    page = client.get(f"/compare?u={units[0].code}").text
    assert 'stroke="#17202b"' in page
