"""A requirement as a program sends it: ranked answers with reasons, costs, and what would bring more."""

from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.model import Building, BuildingFact, Unit
from geo.versions import bump
from tests.factories import create_area, create_building, create_floor, create_offer, create_unit
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


def test_a_sentence_becomes_a_requirement_and_parameters_beside_it_win(
    client: FlaskClient, session: Session, tower: dict[str, Unit]
) -> None:
    code = create_area(session, name="江湾街道").code
    found = get(client, "match?q=江湾街道，1000平，租金6元/天以内，海景&rent_max=5")
    assert found["query"] == f"area=1000&rent_max=5&within={code}"
    understood = found["understood"]
    assert [(part["text"], part["field"]) for part in understood["parts"]] == [
        ("江湾街道", "within"), ("1000平", "area"), ("租金6元/天以内", "rent_max")
    ]  # fmt: skip
    assert [left["text"] for left in understood["left"]] == ["海景"]
    assert [labels(item) for item in found["items"]] == [["501"], ["601", "602"]]


def test_an_english_sentence_is_understood_too(client: FlaskClient, tower: dict[str, Unit]) -> None:
    found = get(client, "match?q=about 1000 sqm, at most 5 yuan per sqm per day")
    assert found["query"] == "area=1000&rent_max=5"
    assert found["understood"]["left"] == []


def test_what_a_building_is_said_to_permit_is_asked_for_and_a_change_is_followed(
    client: FlaskClient, session: Session, tower: dict[str, Unit]
) -> None:
    def state(fact: str, value: str) -> BuildingFact:
        building = session.get(Building, tower["fits"].building_id)
        row = BuildingFact(building_id=building.id, source_id=building.source_id, fact=fact, value=value)
        session.add(row)
        session.flush()
        return row

    def told() -> dict[str, object]:
        (item,) = get(client, "match?area=1000&registrable=1&permits=catering&must=none&limit=1")["items"]
        return {part["name"]: (part["outcome"], part["value"]) for part in item["criteria"][1:]}

    assert told() == {"registrable": ("not_stated", None), "permits": ("not_stated", [])}
    first = state("registrable", "限部分楼层")
    state("permit_catering", "可办理")
    follow(session)
    assert told() == {"registrable": ("partly", "partly"), "permits": ("met", ["catering"])}
    first.value = "可注册"
    session.flush()
    follow(session)
    assert told()["registrable"] == ("met", "yes")


def follow(session: Session) -> None:
    """Let what has been written become the next version of the state."""
    session.execute(text("UPDATE layer_versions SET changed_at = changed_at - interval '2 seconds'"))
    assert "state" in bump(session.connection().connection.driver_connection)


def test_terms_of_the_offer_go_into_the_cost(client: FlaskClient, session: Session, tower: dict[str, Unit]) -> None:
    unit = tower["fits"]
    terms = {"rent_free_months": 2, "rent_free_with_fee": True, "escalation_pct": 3, "deposit_months": 3}
    offer = create_offer(session, unit, published_at=datetime(2026, 1, 5, tzinfo=UTC), restoration_cny_m2=100, **terms)
    unit.offer_id = offer.id
    session.flush()
    (item,) = get(client, "match?area=1000&tolerance=0&limit=1&term=12")["items"]
    assert item["cost"]["unknown"] == ["overtime_hvac"]
    assert item["cost"]["total_cny"] == pytest.approx(10 * (152083.33 + 28000) + 100_000)


def test_a_block_costs_what_its_parts_cost(client: FlaskClient, tower: dict[str, Unit]) -> None:
    items = get(client, "match?area=1000&rent_max=5")["items"]
    (block,) = [item for item in items if item["kind"] == "floor"]
    assert block["cost"]["month_cny"] == pytest.approx(items[0]["cost"]["month_cny"], abs=0.02)
    assert [unit["take_m2"] for unit in block["units"]] == [400, 600]


def test_people_are_told_how_much_room_each_was_given(client: FlaskClient, tower: dict[str, Unit]) -> None:
    found = get(client, "match?people=100")
    assert {desk["fitout"]: desk["m2_per_desk"] for desk in found["desks"]}["basic"] == 10
    assert labels(found["items"][0]) == ["501"]


def test_a_hidden_unit_answers_nothing(client: FlaskClient, session: Session, tower: dict[str, Unit]) -> None:
    tower["fits"].publishable = False
    session.flush()
    assert ["501"] not in [labels(item) for item in get(client, "match?area=1000")["items"]]


@pytest.mark.parametrize("query", ["rent_max=0", "area_max=0", "rent_max=0&must=rent", "budget_month=1"])
def test_who_can_pay_nothing_is_answered_all_the_same(client: FlaskClient, tower: dict[str, Unit], query: str) -> None:
    assert client.get(f"/api/v1/match?{query}").status_code in (200, 422)
