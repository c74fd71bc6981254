"""One box: what a program or the map page is told of what somebody types."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import (
    HERE,
    create_amenity,
    create_area,
    create_building,
    create_enterprise,
    create_floor,
    create_unit,
    square,
)
from tests.secrets_planted import plant


@pytest.fixture
def district(session: Session) -> dict[str, str]:
    """One of everything; name of a thing → its code."""
    area = create_area(session, name="江湾区", name_en="Jiangwan District", level="district")
    large = create_building(session, name="云澜中心A座", name_en="Yunlan Centre A", address="江湾区海湾路300号")
    small = create_building(session, square(lon=121.48), name="云澜中心B座", name_en=None, gross_area_m2=900)
    unit = create_unit(session, create_floor(session, large, 12), label="1203")
    create_unit(session, create_floor(session, small, 12), label="1203-2", public_status="in_use")
    firm = create_enterprise(session, large, name="江湾云澜基金有限公司", industry_group="finance")
    trader = create_enterprise(session, large, name="云澜小吃店", is_individual=True)
    station = create_amenity(session, category="metro", name="云澜站")
    cafe = create_amenity(session, category="cafe", name="云澜咖啡")
    session.flush()
    made = {"area": area, "large": large, "small": small, "unit": unit, "firm": firm, "trader": trader}
    return {name: row.code for name, row in {**made, "station": station, "cafe": cafe}.items()}


def items(client: FlaskClient, query: str, **asked: Any) -> list[dict[str, Any]]:
    answer = client.get("/api/v1/suggest", query_string={"q": query, **asked})
    assert answer.status_code == 200, answer.text
    assert answer.json["ready"] is True
    found: list[dict[str, Any]] = answer.json["items"]
    return found


def test_everything_with_a_name_is_found_and_stations_come_before_cafes(
    client: FlaskClient, district: dict[str, str]
) -> None:
    found = items(client, "云澜")
    assert {item["kind"] for item in found} == {"building", "metro", "amenity", "enterprise"}
    codes = [item["code"] for item in found]
    assert codes[0] == district["large"]
    assert codes.index(district["station"]) < codes.index(district["cafe"])
    assert district["trader"] not in codes


def test_a_building_says_where_it_is_and_what_it_has_to_let(client: FlaskClient, district: dict[str, str]) -> None:
    found = items(client, "yunlanzhongxina")[0]
    assert found | {"score": 0} == {
        "kind": "building",
        "code": district["large"],
        "name": "云澜中心A座",
        "name_en": "Yunlan Centre A",
        "where": "江湾区海湾路300号",
        "where_en": None,
        "word": None,
        "building": None,
        "location": list(HERE),
        "bbox": None,
        "units_to_let": 1,
        "score": 0,
        "matched": "pinyin",
        "typo": False,
    }


@pytest.mark.parametrize(
    "typed", ["云澜 1203", "云澜1203", "云澜A座1203室", "雲瀾中心 A座 １２０３", "yunlan 1203", "A座 1203"]
)
def test_a_unit_is_found_together_with_its_building(client: FlaskClient, district: dict[str, str], typed: str) -> None:
    first = items(client, typed)[0]
    assert (first["kind"], first["code"], first["building"]["code"]) == ("unit", district["unit"], district["large"])
    assert (first["matched"], first["word"]) == ("label", "vacant")


@pytest.mark.parametrize("typed", ["1203", "1203室", " １２０３ ", "120"])
def test_the_number_of_a_unit_alone_finds_those_to_let(
    client: FlaskClient, district: dict[str, str], typed: str
) -> None:
    found = [item for item in items(client, typed) if item["kind"] == "unit"]
    assert [(item["code"], item["building"]["code"]) for item in found] == [(district["unit"], district["large"])]


def test_of_units_with_the_same_number_the_nearest_comes_first(
    client: FlaskClient, session: Session, district: dict[str, str]
) -> None:
    far = create_building(session, square(lon=121.6), name="远山大厦")
    other = create_unit(session, create_floor(session, far, 12), label="1203")
    for at, first in (("121.6,31.2", other.code), (",".join(map(str, HERE)), district["unit"])):
        assert items(client, "1203", at=at)[0]["code"] == first


def test_a_unit_on_a_floor_with_a_letter_is_found(client: FlaskClient, session: Session) -> None:
    tower = create_building(session, name="云澜中心A座")
    unit = create_unit(session, create_floor(session, tower, 53, label="53A"), label="53A03")
    assert [items(client, typed)[0]["code"] for typed in ("云澜 53A03", "53a03")] == [unit.code, unit.code]


def test_a_firm_leads_to_its_building_with_its_industry(client: FlaskClient, district: dict[str, str]) -> None:
    first = items(client, "云澜基金")[0]
    assert (first["kind"], first["word"], first["building"]["code"]) == ("enterprise", "finance", district["large"])


def test_an_address_leads_to_the_building_there(client: FlaskClient, district: dict[str, str]) -> None:
    first = items(client, "海湾路300")[0]
    assert (first["kind"], first["name"], first["code"]) == ("address", "江湾区海湾路300号", district["large"])


def test_an_area_comes_with_its_box(client: FlaskClient, district: dict[str, str]) -> None:
    first = items(client, "江灣區")[0]
    assert (first["kind"], first["code"], first["word"]) == ("area", district["area"], "district")
    west, south, east, north = first["bbox"]
    assert west < HERE[0] < east
    assert south < HERE[1] < north


def test_the_limit_holds_and_one_kind_leaves_room_for_others(client: FlaskClient, session: Session) -> None:
    for number in range(8):
        create_building(session, name=f"海湾大厦{number}座", name_en=None)
        create_amenity(session, name=f"海湾咖啡{number}")
    found = items(client, "海湾", limit=9)
    assert [item["kind"] for item in found].count("building") == 3
    assert len(items(client, "海湾大厦", limit=5)) == 5


def test_no_secret_is_found_by_its_own_name(client: FlaskClient, session: Session) -> None:
    planted = plant(session)
    texts = [client.get("/api/v1/suggest", query_string={"q": mark, "limit": 50}).json for mark in planted.marks]
    codes = {item["code"] for text in texts for item in text["items"]}
    codes |= {item["building"]["code"] for text in texts for item in text["items"] if item["building"]}
    assert codes.isdisjoint(planted.hidden_codes)
    assert [mark for mark in planted.marks for text in texts if f'"{mark}' in str(text)] == []


@pytest.mark.parametrize(
    ("asked", "parameter"),
    [
        ({"q": "云" * 101}, "q"),
        ({"q": "云", "limit": "51"}, "limit"),
        ({"q": "云", "limit": "²"}, "limit"),
        ({"q": "云", "at": "north"}, "at"),
        ({"q": "云", "at": "nan,nan"}, "at"),
        ({"q": "云", "at": "200,0"}, "at"),
    ],
)
def test_what_cannot_be_is_named(client: FlaskClient, asked: dict[str, str], parameter: str) -> None:
    answer = client.get("/api/v1/suggest", query_string=asked)
    assert (answer.status_code, answer.json["parameter"]) == (422, parameter)


@pytest.mark.parametrize("typed", ["", "%", "'", "\\", "%s%(x)s", "１" * 100, "<script>", "云 澜 1203 -- 9", "(((("])
def test_whatever_is_typed_is_answered(client: FlaskClient, district: dict[str, str], typed: str) -> None:
    assert client.get("/api/v1/suggest", query_string={"q": typed}).status_code == 200
