"""A planner looks where an industry gathers, sees what the number rests on, and carries the table away."""

import csv
import io
import re

import numpy as np
import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import create_building, create_enterprise, square
from tests.web import text_of

BYTE_ORDER_MARK = "\ufeff"


@pytest.fixture
def district(session: Session) -> None:
    """Sixteen towers a kilometre apart; all of finance sits in the first one."""
    for column, row in np.ndindex(4, 4):
        tower = create_building(
            session, square(121.45 + column * 0.01, 31.22 + row * 0.009), name=f"试样{column}{row}大厦"
        )
        first = (column, row) == (0, 0)
        for number in range(14 if first else 6):
            group, code = ("finance", "6760") if first and number < 11 else ("it", "6510")
            create_enterprise(session, tower, industry_group=group, industry_code=code)


def test_the_page_says_how_many_there_are_and_where_they_gather(client: FlaskClient, district: None) -> None:
    page = client.get("/clusters").text
    told = text_of(page)
    assert "金融入驻企业 11 家，占全部 104 家的 10.6%" in told
    assert "16 个有企业的网格中，1 个显著偏多，0 个显著偏少" in told
    [row] = re.findall(r'<tr id="cell-\d+">.*?</tr>', page, re.S)
    assert text_of(row).split()[:3] == ["试样00大厦", "数小", "11"]
    # 14 of 104 enterprises are there: 14 × 11 / 104 are to be expected.
    assert "1.5" in text_of(row)
    assert "7.43" in text_of(row)


def test_the_map_has_a_cell_for_each_place_and_leads_from_each_to_its_page(client: FlaskClient, district: None) -> None:
    page = client.get("/clusters").text
    assert len(re.findall(r'fill-opacity="0.78"', page)) == 16
    assert len(re.findall(r'<a href="/clusters/cell\?at=[\d.]+,[\d.]+"', page)) == 16 + 1
    assert 'id="cell-1"' in page


def test_of_a_city_with_very_many_cells_those_that_stand_out_are_drawn_and_the_file_has_all(
    client: FlaskClient, district: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webmap.clusters.routes.DRAWN", 5)
    page = client.get("/clusters").text
    assert len(re.findall(r'fill-opacity="0.78"', page)) == 5
    assert "画出最显著的 5 个" in text_of(page)
    assert client.get("/clusters.csv").text.count("\n") == 2 + 16


def test_whoever_asks_for_another_industry_method_or_cell_gets_that(client: FlaskClient, district: None) -> None:
    other = client.get("/clusters?industry=I&statistic=gi&cell_m=500&kind=square&rings=0&q=0.1").text
    assert "信息传输、软件和信息技术服务业入驻企业 93 家" in text_of(other)
    chosen = re.findall(r'<option value="([^"]+)" selected>', other)
    assert chosen == ["I", "enterprises", "gi", "500", "square", "0", "0.1", "600", "30", "3"]
    assert "Gi*" in text_of(other)


@pytest.mark.parametrize("path", ["/clusters", "/en/clusters", "/zh-hant/clusters"])
def test_the_page_is_there_in_three_languages_before_anybody_has_moved_in(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 200
    assert "这一天没有这个行业的入驻企业在册" in text_of(client.get("/clusters").text)


def test_an_industry_that_nobody_is_in_is_said_to_be_absent(client: FlaskClient, district: None) -> None:
    assert "这一天没有这个行业的入驻企业在册" in text_of(client.get("/clusters?industry=A").text)
    assert client.get("/clusters.csv?industry=A").text.count("\n") == 2


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("industry=zz", "finance, legal, J, 67"),
        ("industry=99", "finance, legal, J, 67"),
        ("cell_m=3", "100, 150"),
        ("rings=99", "0, 1, 2, 3"),
        ("statistic=<b>", "poisson, bayes, gi"),
        ("as_of=never", "a date such as 2026-03-31"),
        ("as_of=2999-01-01", "a day up to today"),
    ],
)
def test_what_cannot_be_understood_is_said_with_what_can(client: FlaskClient, query: str, named: str) -> None:
    for path in ("/clusters", "/clusters.csv"):
        answer = client.get(f"{path}?{query}")
        assert 400 <= answer.status_code < 500
        assert named in text_of(answer.text)
        assert "<b>" not in answer.text


def test_the_file_has_every_cell_with_the_numbers_of_the_page(client: FlaskClient, district: None) -> None:
    answer = client.get("/clusters.csv")
    assert answer.mimetype == "text/csv"
    assert answer.text.startswith(BYTE_ORDER_MARK)
    about, *table = csv.reader(io.StringIO(answer.text.removeprefix(BYTE_ORDER_MARK)))
    rows = [dict(zip(table[0], row, strict=True)) for row in table[1:]]
    assert about[0] == "# question"
    assert len(rows) == 16
    told = [rows[0][name] for name in ("place", "finding", "here", "all_here")]
    assert told == ["试样00大厦", "hot", "11", "14"]
    assert sum(int(row["all_here"]) for row in rows) == 104
    assert {row["finding"] for row in rows[1:]} == {""}


def test_a_name_that_begins_like_a_formula_is_not_one_in_the_file(client: FlaskClient, session: Session) -> None:
    create_enterprise(session, create_building(session, name='=HYPERLINK("x")'))
    assert "'=HYPERLINK" in client.get("/clusters.csv?industry=it").text
