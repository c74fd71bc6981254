"""A promoter looks whether a chain is close together, whom a cluster lacks, and where there is room for them."""

import csv
import io
import re

import numpy as np
import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import create_area, create_building, create_enterprise, square
from tests.web import text_of

FIRMS = {0: {"finance": 8, "business": 4}, 5: {"finance": 14, "it": 4}}
"""By group, in each tower of a column; elsewhere there is `it`."""


@pytest.fixture
def district(session: Session) -> None:
    """Finance and its lawyers in the west; in the east much finance without them; firms of it in between."""
    create_area(session, square(121.44, 31.23, 0.015), code="west0001", name="西片区")
    for column, row in np.ndindex(6, 2):
        tower = create_building(
            session, square(121.44 + column * 0.008, 31.22 + row * 0.007), name=f"链样{column}{row}大厦"
        )
        for group, number in FIRMS.get(column, {"it": 16}).items():
            for _ in range(number):
                create_enterprise(session, tower, industry_group=group, industry_code=None)


def rows_of(page: str, tag: str) -> list[str]:
    return [text_of(row) for row in re.findall(rf"<tr id=\"{tag}-\d+\">.*?</tr>", page, re.S)]


def test_the_page_says_how_close_a_pair_is_against_chance(client: FlaskClient, district: None) -> None:
    page = client.get("/clusters/chains?pair=business-finance&metres=300").text
    told = text_of(page)
    assert "上游 8 家、下游 44 家" in told
    # Each of business has the eight of finance in its own tower; all others are further than 300 m away.
    assert "每家上游企业 300 米内平均有下游 8 家" in told
    assert "比偶然近" in told
    assert 'aria-current="true"' in page


def test_who_is_missing_around_a_cluster_is_told_with_the_rooms_to_let_there(
    client: FlaskClient, district: None
) -> None:
    page = client.get("/clusters/chains?metres=300").text
    gaps = rows_of(page, "gap")
    assert len(gaps) == 2
    assert all(re.search("金融：.*链样5[01]大厦.*14 家.*商务服务 上游 没有", gap) for gap in gaps)
    assert re.search(r'href="/\?shape=circle:121\.48\d+,31\.22\d+,300&amp;status=vacant"', page)


def test_an_area_is_looked_at_alone(client: FlaskClient, district: None) -> None:
    told = text_of(client.get("/clusters/chains?area=west0001&pair=business-finance").text)
    assert "上游 8 家、下游 16 家" in told
    assert "没有一个伙伴比预期少" in told or "链样5" not in told


def test_the_file_has_the_pairs_and_the_gaps_with_the_numbers_of_the_page(client: FlaskClient, district: None) -> None:
    answer = client.get("/clusters/chains.csv?metres=300")
    assert answer.mimetype == "text/csv"
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert rows[0][:2] == ["# question", "metres=300"]
    kinds = [row[0] for row in rows[1:]]
    assert kinds.count("table") == 2
    pair = next(row for row in rows if row[:3] == ["pair", "business", "finance"])
    assert pair[3:6] == ["8", "44", "8"]
    gap = next(row for row in rows if row[:2] == ["gap", "finance"])
    assert gap[7] == "business" and gap[9] == "0"


@pytest.mark.parametrize("path", ["/clusters/chains", "/en/clusters/chains", "/zh-hant/clusters/chains?level=division"])
def test_the_page_is_there_in_three_languages_before_anybody_has_moved_in(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("pair=zz", "business-finance"),
        ("pair=65-66", "business-finance"),
        ("metres=0", "50 to 3000"),
        ("level=<b>", "group, division"),
        ("area=nowhere1", "the code of an area"),
        ("as_of=2999-01-01", "a day up to today"),
    ],
)
def test_what_cannot_be_understood_is_said_with_what_can(client: FlaskClient, query: str, named: str) -> None:
    for path in ("/clusters/chains", "/clusters/chains.csv"):
        answer = client.get(f"{path}?{query}")
        assert 400 <= answer.status_code < 500
        assert named in text_of(answer.text)
        assert "<b>" not in answer.text
