"""The map page before any script runs: what it is told, what a reader without JavaScript gets."""

import json
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import create_area, create_building, create_floor, create_source, create_unit, square


def boot_of(page: str) -> dict:
    return json.loads(re.search(r'<script type="application/json" id="boot">(.+?)</script>', page)[1])


@pytest.fixture
def tower(session: Session) -> None:
    source = create_source(session, name="街道台账", attribution="某街道办 <b>", invented=True)
    building = create_building(session, name="云澜大厦", source_id=source.id)
    create_unit(session, create_floor(session, building), area_m2=1200)
    create_area(session, name="江湾街道")
    create_building(session, square(lon=121.48), name="小楼")


def test_the_page_knows_where_to_look_and_whose_data_it_is(client: FlaskClient, tower: None) -> None:
    boot = boot_of(client.get("/").text)
    assert boot["start"]["center"] == pytest.approx([121.47, 31.23], abs=0.02)
    assert boot["bounds"][0] < 121.47 < boot["bounds"][2]
    assert any(entry["text"] == "某街道办 <b>" for entry in boot["attribution"])
    assert [area["name"] for area in boot["areas"]] == ["江湾街道"]
    assert set(boot["versions"]) >= {"buildings", "ground", "amenities", "areas", "clusters", "state"}


def test_names_cannot_break_out_of_the_page(client: FlaskClient, session: Session) -> None:
    create_area(session, name="</script><script>alert(1)</script>")
    page = client.get("/").text
    assert "<script>alert" not in page
    assert boot_of(page)["areas"][0]["name"].startswith("</script>")


def test_without_javascript_the_same_address_gives_the_same_list(client: FlaskClient, tower: None) -> None:
    assert "云澜大厦" in client.get("/").text
    assert "可租 1,200 m²" in client.get("/?area_min=1000&at=31,121,15").text
    assert 'class="result plain"' not in client.get("/?area_min=5000").text
    assert client.get("/?area_min=many").status_code == 200


def test_an_invented_district_says_so(client: FlaskClient, tower: None) -> None:
    assert "虚构" in client.get("/").text


@pytest.mark.parametrize(
    ("prefix", "tag", "name"),
    [("/", "zh-Hans", "云澜大厦"), ("/en/", "en", "Yunlan Tower"), ("/zh-hant/", "zh-Hant", "雲瀾大廈")],
)
def test_the_page_speaks_three_languages(client: FlaskClient, tower: None, prefix: str, tag: str, name: str) -> None:
    page = client.get(prefix).text
    assert boot_of(page)["locale"] == tag
    assert name in page


def test_an_empty_database_has_a_map_too(client: FlaskClient) -> None:
    boot = boot_of(client.get("/").text)
    assert boot["bounds"] is None
    assert boot["areas"] == []


def test_a_city_too_large_for_a_browser_is_sent_by_windows(
    client: FlaskClient, tower: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = client.get("/").text
    assert boot_of(small)["mode"] == "whole"
    assert 'as="fetch"' in small
    for limit, most in (("MOST_UNITS", 0), ("MOST_BUILDINGS", 0)):
        with monkeypatch.context() as patch:
            patch.setattr("webmap.map_mode." + limit, most)
            large = client.get("/").text
        assert boot_of(large)["mode"] == "window"
        assert 'as="fetch"' not in large


def test_the_map_of_a_large_city_is_told_under_which_version_its_past_was_made(
    client: FlaskClient, tower: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webmap.map_mode.MOST_UNITS", 0)
    looking_back, now = (boot_of(client.get(address).text) for address in ("/?date=2026-03-10", "/"))
    assert looking_back["past"] == looking_back["versions"]["state"]
    assert now["past"] is None
