"""A requirement as a program sends it: ranked answers with reasons, costs, and what would bring more."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from geo.model import Unit
from tests.factories import create_building, create_floor, create_unit
from tests.webmap.api.test_api import get


@pytest.fixture
def tower(session: Session) -> dict[str, Unit]:
    """A tower with a unit that fits, a dear one, a small one with a neighbour, and a large one."""
    building = create_building(session, grade="a", star=5, property_fee_cny_m2_month=28)
    floors = {position: create_floor(session, building, position) for position in (5, 6, 7)}
    return {
        "fits": create_unit(session, floors[5], label="501", area_m2=1000),
        "dear": create_unit(session, floors[5], label="502", area_m2=1000, rent_amount=5.3, rent_cny_m2_day=5.3),
        "left": create_unit(session, floors[6], label="601", area_m2=400),
        "right": create_unit(session, floors[6], label="602", area_m2=600),
        "large": create_unit(session, floors[7], label="701", area_m2=3000),
    }


def labels(item: dict) -> list[str]:
    return [part["unit"]["label"] for part in item["units"]]


def test_units_and_adjoining_ones_answer_a_requirement_with_a_score_that_is_the_sum_of_its_parts(
    client: FlaskClient, tower: dict[str, Unit]
) -> None:
    found = get(client, "match?area=1000&rent_max=5&grade=a&star=4&must=area,rent")
    assert [labels(item) for item in found["items"]] == [["501"], ["601", "602"]]
    assert (found["units"], found["blocks"]) == (1, 1)
    for item in found["items"]:
        assert item["score"] == pytest.approx(sum(part["points"] for part in item["criteria"]))
        assert {part["name"]: part["outcome"] for part in item["criteria"]} == {
            "area": "met", "rent": "met", "grade": "met", "star": "missed"
        }  # fmt: skip


def test_it_is_told_what_a_little_more_rent_would_bring(client: FlaskClient, tower: dict[str, Unit]) -> None:
    found = get(client, "match?area=1000&rent_max=5")
    first = found["relaxations"][0]
    assert first["changes"] == [{"name": "rent", "parameter": "rent_max", "from": "5", "to": "5.3", "relative": 0.06}]
    assert (first["more"], first["best"]["unit"]["label"]) == (1, "502")
    assert get(client, f"match?{first['query']}")["units"] == found["units"] + first["more"]


def test_what_it_costs_is_told_line_by_line_and_what_is_not_stated_is_named(
    client: FlaskClient, session: Session, tower: dict[str, Unit]
) -> None:
    (item,) = get(client, "match?area=1000&tolerance=0&rent_max=5&limit=1")["items"]
    lines = {line["name"]: line for line in item["cost"]["lines"]}
    assert lines["rent"]["formula"] == "1000 m² × 5 CNY/m²/day × 365/12"
    assert lines["rent"]["month_cny"] == 152083.33
    assert lines["property_fee"]["month_cny"] == 28000
    assert set(item["cost"]["unknown"]) == {"overtime_hvac", "deposit", "restoration", "rent_free", "escalation"}


@pytest.mark.parametrize(
    ("query", "parameter"),
    [("area=much", "area"), ("metro_minutes=99", "metro_minutes"), ("colour=red", "colour"), ("limit=99", "limit"),
     ("weights=metro", "weights"), ("must=beauty", "must"), ("area=100&people=5", "people"), ("term=0", "term")],
)  # fmt: skip
def test_a_value_that_is_not_understood_is_named_with_the_remedy(
    client: FlaskClient, query: str, parameter: str
) -> None:
    answer = client.get(f"/api/v1/match?{query}")
    assert answer.status_code == 422
    assert answer.get_json()["parameter"] == parameter
    assert answer.get_json()["allowed"]
