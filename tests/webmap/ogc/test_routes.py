"""GIS programs ask /ogc for collections and features."""

import gzip
import json
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from geo.features.collections import COLLECTIONS
from tests.factories import (
    HERE,
    create_amenity,
    create_area,
    create_building,
    create_floor,
    create_source,
    create_unit,
    square,
)

BUILDINGS = "/ogc/collections/buildings/items"
UNITS = "/ogc/collections/units/items"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"


def features(answer: TestResponse) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: list[dict[str, Any]] = answer.get_json(force=True)["features"]
    return found


def links(document: dict[str, Any]) -> dict[str, str]:
    return {each["rel"]: each["href"] for each in document["links"]}


def test_a_client_finds_its_way_from_the_landing_page_to_a_feature(client: FlaskClient, session: Session) -> None:
    building = create_building(session)
    landing = links(client.get("/ogc").get_json())
    assert "/conf/core" in str(client.get(landing["conformance"]).get_json())
    listed = client.get(landing["data"]).get_json()["collections"]
    assert [each["id"] for each in listed] == list(COLLECTIONS)
    page = client.get(next(each["href"] for each in listed[0]["links"] if each["rel"] == "items"))
    assert page.mimetype == "application/geo+json"
    feature = client.get(f"{BUILDINGS}/{features(page)[0]['id']}").get_json(force=True)
    assert (feature["id"], feature["properties"]["name"]) == (building.code, "云澜大厦")
    assert links(feature)["collection"].endswith("/ogc/collections/buildings")


def test_a_collection_says_where_it_lies(client: FlaskClient, session: Session) -> None:
    create_building(session)
    told = client.get("/ogc/collections/buildings").get_json()
    assert told["extent"]["spatial"]["bbox"] == [[121.4698, 31.2298, 121.4702, 31.2302]]


def test_pages_lead_through_every_feature_once(client: FlaskClient, session: Session) -> None:
    made = {create_building(session, square(121.47 + n / 1000)).code for n in range(7)}
    seen, page, asked = [], client.get(f"{BUILDINGS}?limit=3").get_json(force=True), 1
    assert page["numberMatched"] == 7
    while "next" in links(page):
        seen += [each["id"] for each in page["features"]]
        page = client.get(links(page)["next"]).get_json(force=True)
        asked += 1
    seen += [each["id"] for each in page["features"]]
    assert (len(seen), set(seen), asked) == (7, made, 3)


def test_a_box_finds_what_meets_it(client: FlaskClient, session: Session) -> None:
    create_building(session)
    assert len(features(client.get(f"{BUILDINGS}?bbox=121.4701,31.22,121.48,31.24"))) == 1
    assert features(client.get(f"{BUILDINGS}?bbox=121.4703,31.22,121.48,31.24")) == []
    assert len(features(client.get(f"{BUILDINGS}?bbox=121.4701,31.22,-10,121.48,31.24,100"))) == 1


def test_a_box_may_cross_the_date_line(client: FlaskClient, session: Session) -> None:
    create_building(session)
    assert len(features(client.get(f"{BUILDINGS}?bbox=100,-10,-100,50"))) == 1
    assert features(client.get(f"{BUILDINGS}?bbox=170,-10,-100,50")) == []


def test_a_unit_lies_in_its_building(client: FlaskClient, session: Session) -> None:
    unit = create_unit(session)
    (found,) = features(client.get(f"{UNITS}?bbox=121.4698,31.2298,121.4702,31.2302"))
    assert (found["id"], found["geometry"]["type"]) == (unit.code, "Point")


def test_coordinates_come_in_the_order_of_their_system(client: FlaskClient, session: Session) -> None:
    """Northing or latitude first, but for Web Mercator."""
    create_building(session)
    for code, x, y in (
        (4326, 31.2298, 121.4702),
        (4490, 31.2298, 121.4702),
        (3857, 13522000.811, 3662629.147),
        (4526, 3480624.981, 39212657.538),
        (4549, 3457384.511, 640079.691),
    ):
        answer = client.get(f"{BUILDINGS}?crs={EPSG}{code}")
        first = features(answer)[0]["geometry"]["coordinates"][0][0][0]
        assert first == pytest.approx([x, y], abs=0.002)
        assert answer.headers["Content-Crs"] == f"<{EPSG}{code}>"
        half = 30 if abs(x) > 200 else 0.0003
        around = f"{x - half},{y - half},{x + half},{y + half}"
        assert len(features(client.get(f"{BUILDINGS}?bbox={around}&bbox-crs={EPSG}{code}"))) == 1
        aside = f"{x + half},{y + half},{x + 2 * half},{y + 2 * half}"
        assert features(client.get(f"{BUILDINGS}?bbox={aside}&bbox-crs={EPSG}{code}")) == []


def test_parameters_of_a_local_system_are_not_repeated(client: FlaskClient) -> None:
    answer = client.get(f"{BUILDINGS}?crs=%2Bproj=tmerc+%2Blon_0=121.4671519444")
    assert answer.status_code == 400
    assert "121.46" not in answer.get_data(as_text=True)


def test_a_field_keeps_what_has_its_value(client: FlaskClient, session: Session) -> None:
    create_building(session, grade="a", height_m=88.5)
    create_building(session, grade="b", height_m=70)
    for query in ("grade=a", "height_m=88.5", "grade=a&managed=true&floors_above=20"):
        assert [each["properties"]["grade"] for each in features(client.get(f"{BUILDINGS}?{query}"))] == ["a"]


def test_days_keep_what_was_reported_on_them(client: FlaskClient, session: Session) -> None:
    floor = create_floor(session)
    early = create_unit(session, floor, reported_on=date(2026, 3, 2)).code
    late = create_unit(session, floor, reported_on=date(2026, 5, 4)).code
    never = create_unit(session, floor, reported_on=None).code
    for asked, wanted in {
        "2026-03-02": {early, never},
        "2026-03-02T08:00:00Z": {early, never},
        "2026-03-03/..": {late, never},
        "/2026-03-31": {early, never},
        "2026-01-01/2026-12-31": {early, late, never},
    }.items():
        assert {each["id"] for each in features(client.get(f"{UNITS}?datetime={asked}"))} == wanted, asked


REFUSED = (
    *("limit=all", "limit=0", "after=x", "bbox=1,2,3", "bbox=a,b,c,d", "bbox=1,9,3,4", "bbox=nan,1,2,3"),
    *("datetime=never", "datetime=../..", "datetime=2026-05-01/2026-01-01", "star=many", "managed=perhaps"),
    *("ooga=booga", "f=xml", "crs=EPSG", "bbox=1,2,3,4&bbox-crs=x", "after=99999999999999999999", "star=1e9"),
    *("height_m=1e400", "grade=%00", f"bbox=9e8,9e8,9.1e8,9.1e8&bbox-crs={EPSG}4526"),
)


def test_what_is_not_understood_is_answered_400_in_words(client: FlaskClient) -> None:
    for query in REFUSED:
        answer = client.get(f"{BUILDINGS}?{query}")
        assert answer.status_code == 400, (query, answer.get_data(as_text=True))
        assert answer.mimetype == "application/problem+json"
        assert answer.get_json()["detail"]


def test_more_than_the_most_is_the_most(client: FlaskClient, session: Session) -> None:
    create_building(session)
    assert len(features(client.get(f"{BUILDINGS}?limit=1000000"))) == 1


def test_what_there_is_not_is_answered_404(client: FlaskClient) -> None:
    for path in ("/ogc/collections/secrets", "/ogc/collections/secrets/items", f"{BUILDINGS}/zzzzzzzz"):
        assert client.get(path).status_code == 404


def test_a_long_page_is_sent_in_parts(client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geo.features.reading.MOST_AT_ONCE", 2)
    for module in ("operations", "routes"):
        monkeypatch.setattr(f"webmap.ogc.{module}.MOST_AT_ONCE", 2)
    made = {create_building(session, square(121.47 + n / 1000)).code for n in range(7)}
    plain = client.get(f"{BUILDINGS}?limit=5")
    packed = client.get(f"{BUILDINGS}?limit=5", headers={"Accept-Encoding": "gzip"})
    assert json.loads(gzip.decompress(packed.data))["features"] == plain.get_json(force=True)["features"]
    told = plain.get_json(force=True)
    last = client.get(links(told)["next"]).get_json(force=True)
    assert (told["numberReturned"], last["numberReturned"]) == (5, 2)
    assert {each["id"] for each in told["features"] + last["features"]} == made


def test_a_page_that_has_not_changed_is_not_sent_again(client: FlaskClient, session: Session) -> None:
    building = create_building(session)
    tag = client.get(BUILDINGS).headers["ETag"]
    assert client.get(BUILDINGS, headers={"If-None-Match": tag}).status_code == 304
    building.lifts = 7
    session.flush()
    assert client.get(BUILDINGS, headers={"If-None-Match": tag}).status_code == 200


def test_hidden_places_and_columns_are_not_there(client: FlaskClient, session: Session) -> None:
    secret = create_source(session, publishable=False, secrecy="internal")
    building = create_building(session, source_id=secret.id, publishable=False)
    create_unit(session, create_floor(session, building))
    create_area(session, publishable=False)
    create_amenity(session, open=False)
    for name in COLLECTIONS:
        assert features(client.get(f"/ogc/collections/{name}/items")) == [], name
    assert client.get(f"{BUILDINGS}/{building.code}").status_code == 404


def test_scripts_of_other_sites_may_read(client: FlaskClient) -> None:
    assert client.get("/ogc/collections").headers["Access-Control-Allow-Origin"] == "*"


def test_a_browser_sees_pages_in_its_language(client: FlaskClient, session: Session) -> None:
    building = create_building(session)
    for language, heading in (("zh-CN", "楼宇"), ("en", "Buildings"), ("zh-TW", "樓宇")):
        asked = {"Accept": "text/html,*/*;q=0.8", "Accept-Language": language}
        for path in ("", "/collections", "/collections/buildings", "/collections/buildings/items", "/api"):
            answer = client.get(f"/ogc{path}", headers=asked)
            assert answer.mimetype == "text/html"
            assert heading in answer.get_data(as_text=True), path
        page = client.get(f"{BUILDINGS}/{building.code}", headers=asked).get_data(as_text=True)
        assert "云澜大厦" in page or "雲瀾大廈" in page
        assert client.get("/ogc/conformance", headers=asked).mimetype == "text/html"


def test_a_box_of_the_other_hemisphere_is_empty(client: FlaskClient, session: Session) -> None:
    create_building(session)
    west = f"{-HERE[0] - 1},{-HERE[1] - 1},{-HERE[0] + 1},{-HERE[1] + 1}"
    told = client.get(f"{BUILDINGS}?bbox={west}").get_json(force=True)
    assert (told["numberMatched"], told["numberReturned"]) == (0, 0)
