"""All industries stand in one table, and pairs say which share places."""

import re

import numpy as np
import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from geo.clusters.overview import overview
from geo.clusters.residents import Residents
from tests.factories import create_building, create_enterprise, square
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
    industries = [row[:3] for row in rows if len(row) == 7]
    assert industries == [["信息技术", "18", "75%"], ["金融", "3", "12.5%"], ["商务服务", "3", "12.5%"]]
    together, apart = page.index("常在一起"), page.index("彼此避开")
    assert "金融 · 商务服务" in text_of(page[together:apart])
    assert "金融 · 信息技术" in text_of(page[apart:])


@pytest.mark.parametrize("query", ["level=zz", "sort=zz", "cell_m=3", "as_of=never"])
def test_what_cannot_be_understood_is_refused(client: FlaskClient, query: str) -> None:
    assert client.get(f"/clusters/together?{query}").status_code == 422


def test_before_anybody_has_moved_in_that_is_said(client: FlaskClient) -> None:
    assert "这一天没有入驻企业在册" in text_of(client.get("/clusters/together?level=section&sort=hot").text)


def test_whoever_is_of_none_of_the_industries_counts_among_all() -> None:
    places = np.array([121_450_000, 121_470_000]), np.array([31_220_000, 31_220_000])
    some = Residents(
        np.arange(2), *places, np.array([0, 1]), np.array([0, 1]), np.array([3, 1]), [("it", "6510"), ("trade", "5110")]
    )
    found = overview(some, ["I"], 250, "hexagon", 0, 0.05)
    assert found is not None
    [line] = found.lines
    assert (line.total, line.share, found.everything, found.pairs) == (3, 0.75, 4, [])
