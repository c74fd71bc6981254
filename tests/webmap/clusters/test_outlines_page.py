"""Outlines round buildings stand on the map, in a table and in files, with every number they rest on."""

import csv
import io
import re

import numpy as np
import pytest
import shapely
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import create_building, create_enterprise, square
from tests.web import text_of


@pytest.fixture
def district(session: Session) -> None:
    """Forty-nine towers 140 m apart with four enterprises each; four of them beside each other are full of finance."""
    for column, row in np.ndindex(7, 7):
        place = square(121.45 + column * 0.0015, 31.22 + row * 0.0013)
        tower = create_building(session, place, name=f"{column}{row}楼")
        gathered = column in (2, 3) and row in (4, 5)
        for number in range(8 if gathered else 4):
            finance = gathered or (column > 4 and row < 2 and number == 0)
            group, code = ("finance", "6760") if finance else ("it", "6510")
            create_enterprise(session, tower, industry_group=group, industry_code=code)


def test_a_cluster_has_an_outline_a_number_and_a_row(client: FlaskClient, district: None) -> None:
    page = client.get("/clusters?q=0.1").text
    [row] = re.findall(r'<tr id="cluster-\d+">.*?</tr>', page, re.S)
    told = text_of(row).split()
    assert told[0] == "1"
    assert told[1] in {"24楼", "25楼", "34楼", "35楼"}
    assert told[2:6] == ["4", "32", "/", "32"]
    assert re.findall(r'<path[^>]*stroke="#4a2a7b"', page)
    assert '<a href="#cluster-1"' in page


def test_the_files_have_the_outline_with_the_numbers_of_the_page(client: FlaskClient, district: None) -> None:
    lines = csv.reader(io.StringIO(client.get("/clusters/outlines.csv?q=0.1").text.removeprefix("\ufeff")))
    about, heading, values = list(lines)
    row = dict(zip(heading, values, strict=True))
    assert about[:2] == ["# question", "q=0.1"]
    assert (row["buildings"], row["enterprises"], row["everything"]) == ("4", "32", "32")
    expected = 32 * 36 / (45 * 4 + 32)
    assert float(row["expected"]) == pytest.approx(expected, rel=1e-5)
    assert float(row["quotient"]) == pytest.approx(32 / expected, rel=1e-5)
    answer = client.get("/clusters/outlines.geojson?q=0.1")
    assert answer.mimetype == "application/geo+json"
    [feature] = answer.get_json(force=True)["features"]
    shape = shapely.geometry.shape(feature["geometry"])
    assert shape.contains(shapely.Point(121.4537, 31.2258))
    assert shape.symmetric_difference(shapely.from_wkt(row["outline_wkt"])).area < 0.001 * shape.area
    assert feature["properties"]["enterprises"] == 32


def test_whoever_asks_for_more_in_a_cluster_gets_none_and_is_told_so(client: FlaskClient, district: None) -> None:
    page = client.get("/clusters?q=0.1&least=50&reach_m=300&least_quotient=4").text
    assert "没有连成片的集群" in text_of(page)
    assert re.findall(r'<option value="([^"]+)" selected>', page)[-4:] == ["0.1", "300", "50", "4"]
    assert client.get("/clusters/outlines.csv?least=50").text.count("\n") == 2
    for path in ("/clusters", "/clusters/outlines.csv", "/clusters/outlines.geojson"):
        assert "5, 10, 20, 30, 50" in text_of(client.get(f"{path}?least=7").text)
    assert client.get("/clusters/outlines.pdf").status_code == 404
