"""Whoever chooses a cell sees who is there, how many were over the last months, and every number of the cell."""

import re
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from psycopg.types.range import Range
from sqlalchemy import update
from sqlalchemy.orm import Session

from geo.clusters.place import month_ends
from geo.model import Tenancy
from tests.factories import create_building, create_enterprise, square
from tests.web import text_of

HERE, AWAY = "121.45,31.22", "121.47,31.22"


@pytest.fixture
def district(session: Session) -> None:
    """A tower of finance, and two of others two kilometres away; one bank came this month."""
    tower = create_building(session, square(121.45, 31.22), name="金塔")
    for number in range(6):
        firm = create_enterprise(session, tower, name=f"第{number}银行", industry_group="finance", industry_code="6620")
    session.execute(
        update(Tenancy)
        .where(Tenancy.enterprise_id == firm.id)
        .values(valid=Range(date.today().replace(day=1) - timedelta(days=40), None))
    )
    create_enterprise(session, tower, name="个人小店", industry_group="finance", is_individual=True)
    create_enterprise(session, tower, name="不公开银行", industry_group="finance", publishable=False)
    create_enterprise(session, tower, name="软件公司", industry_group="it", industry_code="6510")
    for place in (121.47, 121.48):
        other = create_building(session, square(place, 31.22))
        for _ in range(5):
            create_enterprise(session, other, industry_group="it", industry_code="6510")


def test_a_cell_tells_who_is_there_with_share_and_quotient(client: FlaskClient, district: None) -> None:
    told = text_of(client.get(f"/clusters/cell?at={HERE}").text)
    assert "金塔 一带的金融" in told
    assert re.findall(r"第\d银行", told) == [f"第{number}银行" for number in range(6)]
    assert "个人小店" not in told
    assert "不公开银行" not in told
    assert "软件公司" not in told
    assert "占 85.7%" in told
    assert f"{6 / 7 / (6 / 17):.2f}" in told


def test_the_months_tell_when_somebody_came(client: FlaskClient, district: None) -> None:
    page = client.get(f"/clusters/cell?at={HERE}").text
    rows = [text_of(row).split() for row in re.findall(r"<tr><th scope=\"row\">.*?</tr>", page, re.S)]
    assert len(rows) == 13
    assert rows[0][1:] == ["6", "7", "85.7%"]
    assert rows[-1][1:] == ["5", "6", "83.3%"]
    assert "<svg" in page


def test_where_none_of_the_industry_is_that_is_said(client: FlaskClient, district: None) -> None:
    assert "本格里没有这个行业的企业" in text_of(client.get(f"/clusters/cell?at={AWAY}").text)


@pytest.mark.parametrize(
    ("query", "status"), [("at=0,0", 404), ("", 422), ("at=x", 422), ("at=nan,1", 422), (f"at={HERE}&cell_m=1", 422)]
)
def test_a_place_without_a_cell_is_refused_in_words(
    client: FlaskClient, district: None, query: str, status: int
) -> None:
    assert client.get(f"/clusters/cell?{query}").status_code == status


def test_ends_of_months_go_over_the_new_year() -> None:
    assert month_ends(date(2026, 2, 10), 3) == [date(2025, 11, 30), date(2025, 12, 31), date(2026, 1, 31)]
