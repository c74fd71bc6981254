"""A planner holds two industries or two days side by side, and looks at an industry month by month."""

import re
from datetime import date, timedelta

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient
from psycopg.types.range import Range
from sqlalchemy import update
from sqlalchemy.orm import Session

from geo.model import Tenancy
from tests.factories import create_building, create_enterprise, square
from tests.web import text_of


@pytest.fixture
def today(app: Flask) -> date:
    return app.extensions["loumap_settings"].today()


@pytest.fixture
def district(session: Session, today: date) -> None:
    """Nine towers a kilometre apart; all of finance sits in the first one, and moved in forty days ago."""
    for column, row in np.ndindex(3, 3):
        tower = create_building(session, square(121.45 + column * 0.01, 31.22 + row * 0.009), name=f"并样{column}{row}")
        first = (column, row) == (0, 0)
        for number in range(14 if first else 6):
            group = "finance" if first and number < 11 else "it"
            firm = create_enterprise(session, tower, industry_group=group, industry_code=None)
            since = today - timedelta(days=40 if group == "finance" else 900)
            moved_in = update(Tenancy).where(Tenancy.enterprise_id == firm.id)
            session.execute(moved_in.values(valid=Range(since, None)))


def test_two_days_are_held_against_each_other_with_what_became_hot(
    client: FlaskClient, district: None, today: date
) -> None:
    before = today - timedelta(days=60)
    page = client.get(f"/clusters/side-by-side?rings=0&since={before}").text
    told = text_of(page)
    assert "没有这个行业的入驻企业" in told
    assert "11 家，占全部 62 家；1 个网格显著偏多" in told
    assert "从左到右，1 个网格变热，0 个不再热" in told
    [row] = re.findall(r'<tr id="change-\d+">.*?</tr>', page, re.S)
    assert re.search("并样00.*变热.*0 / 0.*11 / 2.5", text_of(row))
    assert page.count('viewBox="0 0 720 560"') == 2


def test_two_industries_are_held_against_each_other_on_one_day(client: FlaskClient, district: None) -> None:
    told = text_of(client.get("/clusters/side-by-side?rings=0&other=it&industry=finance").text)
    assert "51 家，占全部 62 家" in told and "11 家，占全部 62 家" in told
    assert "1 个网格只在右边显著偏多，0 个只在左边" in told


def test_every_month_has_a_picture_with_its_day_and_numbers(client: FlaskClient, district: None, today: date) -> None:
    page = client.get("/clusters/months?months=4&rings=0").text
    assert "11 家，占全部 62 家" in text_of(page)
    sources = [each.replace("&amp;", "&") for each in re.findall(r'<img src="(/clusters/months/map.svg[^"]+)"', page)]
    days = [re.search(r"as_of=([\d-]+)", each)[1] for each in sources]
    first = today.replace(day=1)
    ends = [(first - timedelta(days=1)).replace(day=1) - timedelta(days=1), first - timedelta(days=1), today]
    assert days[-3:] == [f"{day}" for day in ends] and len(days) == 4
    pictures = [client.get(source) for source in sources]
    assert {picture.mimetype for picture in pictures} == {"image/svg+xml"}
    said = [text_of(picture.text) for picture in pictures]
    assert days[0] in said[0] and "没有这个行业的入驻企业" in said[0]
    assert days[-1] in said[-1] and "11 家，占全部 62 家；1 个网格显著偏多" in said[-1]


@pytest.mark.parametrize("page", ["side-by-side", "months"])
@pytest.mark.parametrize("language", ["", "/en", "/zh-hant"])
def test_the_pages_are_there_in_three_languages_before_anybody_has_moved_in(
    client: FlaskClient, page: str, language: str
) -> None:
    assert client.get(f"{language}/clusters/{page}").status_code == 200


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("side-by-side?other=zz", "finance, legal, J, 67"),
        ("side-by-side?since=never", "a date such as 2026-03-31"),
        ("side-by-side?since=2026-01-02&as_of=2026-01-01", "a day up to today"),
        ("months?months=99", "2 to 36"),
        ("months/map.svg?box=1,2,3", "west,south,east,north"),
        ("months/map.svg?box=nan,0,1,1", "west,south,east,north"),
    ],
)
def test_what_cannot_be_understood_is_said_with_what_can(client: FlaskClient, query: str, named: str) -> None:
    answer = client.get(f"/clusters/{query}")
    assert 400 <= answer.status_code < 500
    assert named in text_of(answer.text)
