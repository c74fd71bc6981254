"""Everybody sees which industry leads in cells, buildings and areas; of areas used what the rule lets pass."""

import csv
import io
import json
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from geo.model import Tenancy
from tests.factories import create_area, create_building, create_enterprise, create_user, square
from tests.web import sign_in, text_of


@pytest.fixture
def towers(session: Session) -> None:
    """Three towers far apart: finance leads in the first, two are level in the second, one firm is in the last."""
    for at, groups in enumerate((["finance"] * 5 + ["it"] * 3, ["it", "it", "trade", "trade"], ["culture"])):
        tower = create_building(session, square(121.45 + at / 100, 31.22), name=f"试样{at}大厦")
        for group in groups:
            create_enterprise(session, tower, industry_group=group)
    session.execute(update(Tenancy).values(area_m2=100))


def rows_of(client: FlaskClient, query: str = "") -> dict[str, dict[str, str]]:
    table = client.get(f"/clusters/leading.csv{query}").text.splitlines()
    return {row["place"]: row for row in csv.DictReader(io.StringIO("\n".join(table[1:])))}


def test_cells_say_who_leads_with_ties_and_few_flagged(client: FlaskClient, towers: None) -> None:
    page = client.get("/clusters/leading").text
    told = text_of(page)
    assert "3 个网格里：金融 1，文化创意 1，并列或未公布 1。" in told
    rows = [text_of(row) for row in re.findall(r"<tr><th scope=\"row\">.*?</tr>", page, re.S)]
    assert rows == [
        "试样0大厦 金融 62.5% 5 / 8 1.62",
        "试样1大厦 数小 并列 信息技术、商贸 50% 2 / 4 —",
        "试样2大厦 数小 文化创意 100% 1 / 1 13",
    ]
    assert 'href="/clusters/cell?industry=culture&amp;at=' in page


@pytest.mark.parametrize("unit", ["cell", "building"])
def test_files_have_every_place_with_its_numbers(client: FlaskClient, towers: None, unit: str) -> None:
    rows = rows_of(client, f"?unit={unit}")
    assert {place: row["leader"] for place, row in rows.items()} == {
        "试样0大厦": "finance",
        "试样1大厦": "",
        "试样2大厦": "culture",
    }
    assert rows["试样1大厦"]["tied"] == "it trade"
    assert (rows["试样0大厦"]["amount"], rows["试样0大厦"]["everything"]) == ("5", "8")
    answer = client.get(f"/clusters/leading.geojson?unit={unit}")
    assert answer.mimetype == "application/geo+json"
    shapes = {each["properties"]["place"]: each["geometry"]["type"] for each in json.loads(answer.text)["features"]}
    assert len(shapes) == 3
    assert set(shapes.values()) <= {"Polygon", "MultiPolygon"}


def test_areas_of_a_level_say_who_leads_in_them(client: FlaskClient, session: Session, towers: None) -> None:
    area = create_area(session, square(121.455, 31.22, 0.009), name="两塔片区")
    create_area(session, square(121.9, 31.9), name="空片区")
    rows = rows_of(client, "?unit=area")
    assert list(rows) == ["两塔片区"]
    assert (rows["两塔片区"]["leader"], rows["两塔片区"]["tied"]) == ("", "finance it")
    assert area.code in client.get("/clusters/leading?unit=area").text


def test_everybody_sees_areas_used_by_cells_of_the_public_table_alone(
    client: FlaskClient, session: Session, towers: None
) -> None:
    rows = rows_of(client, "?by=area")
    assert {place: (row["leader"], row["amount"]) for place, row in rows.items()} == {
        "试样0大厦": ("finance", "500"),
        # Two of each are four together: told as one sum, of which nobody knows who leads.
        "试样1大厦": ("", "400"),
    }
    for unit in ("building", "area"):
        assert client.get(f"/clusters/leading?by=area&unit={unit}").status_code == 422
    user = create_user(session, "planner")
    sign_in(client, user.name)
    assert len(rows_of(client, "?by=area&unit=building")) == 3


@pytest.mark.parametrize("query", ["unit=zz", "level=zz&unit=area", "cell_m=3", "as_of=never", "by=zz"])
def test_what_cannot_be_understood_is_refused(client: FlaskClient, towers: None, query: str) -> None:
    assert client.get(f"/clusters/leading?{query}").status_code == 422
    assert client.get(f"/clusters/leading.csv?{query}").status_code == 422


@pytest.mark.parametrize("unit", ["cell", "building", "area"])
@pytest.mark.parametrize("path", ["/clusters/leading", "/en/clusters/leading", "/zh-hant/clusters/leading"])
def test_before_anybody_has_moved_in_that_is_said(client: FlaskClient, path: str, unit: str) -> None:
    assert client.get(f"{path}?unit={unit}").status_code == 200
