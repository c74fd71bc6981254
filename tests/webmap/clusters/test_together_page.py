"""All industries stand in one table, and pairs say which share places."""

import csv
import io
import re

import numpy as np
import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from geo.clusters.overview import How, overview
from geo.clusters.residents import Residents
from geo.model import Tenancy
from tests.factories import create_area, create_building, create_enterprise, square
from tests.web import text_of


@pytest.fixture
def district(session: Session) -> None:
    """Four towers: finance and business share the first, information technology has the others."""
    for number in range(4):
        tower = create_building(session, square(121.45 + number * 0.01))
        for at in range(6):
            group = ("finance" if at % 2 else "business") if number == 0 else "it"
            create_enterprise(session, tower, industry_group=group)


def test_each_industry_has_a_row_with_its_indices_and_pairs_are_told(client: FlaskClient, district: None) -> None:
    page = client.get("/clusters/together?rings=0").text
    rows = [text_of(row).split() for row in re.findall(r"<tr><th scope=\"row\">.*?</tr>", page, re.S)]
    industries = [row[:-4] for row in rows if len(row) > 4]
    assert industries == [["信息技术", "18", "75%"], ["金融", "数小", "3", "12.5%"], ["商务服务", "数小", "3", "12.5%"]]
    together, apart = page.index("常在一起"), page.index("彼此避开")
    assert "金融 · 商务服务" in text_of(page[together:apart])
    assert "金融 · 信息技术" in text_of(page[apart:])


def test_an_area_is_held_against_the_city_by_quotients(client: FlaskClient, session: Session, district: None) -> None:
    area = create_area(session, square(121.45, half=0.001), name="首塔片区")
    page = client.get(f"/clusters/together?area={area.code}&sort=quotient&rings=0").text
    rows = [text_of(row).split() for row in re.findall(r"<tr><th scope=\"row\">.*?</tr>", page, re.S)]
    # Half of the first tower is finance, and an eighth of all: 0.5 / 0.125.
    assert [row[:6] for row in rows if len(row) > 8] == [
        [name, "数小", "3", "50%", "12.5%", "4"] for name in ("金融", "商务服务")
    ]
    assert 'href="/clusters?rings=0&amp;industry=finance"' in page
    table = client.get(f"/clusters/together.csv?area={area.code}&rings=0").text.splitlines()
    [finance, business] = csv.DictReader(io.StringIO("\n".join(table[1:])))
    assert (finance["code"], finance["total"], finance["quotient"]) == ("finance", "3", "4")
    assert business["overall"] == "0.125"


def test_divisions_stand_in_the_table_as_well(client: FlaskClient, session: Session) -> None:
    tower = create_building(session)
    for code in ("6510", "6510", "6620"):
        create_enterprise(session, tower, industry_code=code)
    table = client.get("/clusters/together.csv?level=division").text.splitlines()
    rows = list(csv.DictReader(io.StringIO("\n".join(table[1:]))))
    assert [(row["code"], row["total"]) for row in rows] == [("65", "2"), ("66", "1")]


def test_everybody_sees_areas_of_groups_alone_and_of_no_part_of_the_city(
    client: FlaskClient, session: Session, district: None
) -> None:
    session.execute(update(Tenancy).values(area_m2=100))
    area = create_area(session, square(121.45, half=0.001))
    table = client.get("/clusters/together.csv?by=area").text.splitlines()
    rows = list(csv.DictReader(io.StringIO("\n".join(table[1:]))))
    assert {row["code"]: row["total"] for row in rows} == {"it": "1800", "finance": "300", "business": "300"}
    for query in ("level=division", f"area={area.code}"):
        assert client.get(f"/clusters/together?by=area&{query}").status_code == 422


@pytest.mark.parametrize("query", ["level=zz", "sort=zz", "area=zz", "cell_m=3", "as_of=never"])
def test_what_cannot_be_understood_is_refused(client: FlaskClient, query: str) -> None:
    assert client.get(f"/clusters/together?{query}").status_code == 422


def test_before_anybody_has_moved_in_that_is_said(client: FlaskClient) -> None:
    assert "这一天没有入驻企业在册" in text_of(client.get("/clusters/together?level=section&sort=hot").text)


def test_whoever_is_of_none_of_the_industries_counts_among_all() -> None:
    places = np.array([121_450_000, 121_470_000]), np.array([31_220_000, 31_220_000])
    some = Residents(
        np.arange(2), *places, np.array([0, 1]), np.array([0, 1]), np.array([3, 1]), [("it", "6510"), ("trade", "5110")]
    )
    found = overview(some, ["I"], How(rings=0))
    assert found is not None
    [line] = found.lines
    assert (line.total, line.share, found.everything, found.pairs) == (3, 0.75, 4, [])
