"""Pictures that are sent: of the map, a building, a unit; what visitors may see, kept until it changes."""

import os
import re
import struct
import time
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.model import Unit
from tests.factories import create_area, create_building, create_floor, create_source, create_unit
from webmap.admission import Lanes, lane_of
from webmap.card_files import OLDEST_S, CardFiles


@pytest.fixture
def unit(session: Session) -> Unit:
    source = create_source(session, attribution="某街道办")
    tower = create_building(session, source_id=source.id, code="tower1", leasable_area_m2=20000)
    create_area(session, code="jw")
    return create_unit(session, create_floor(session, tower), area_m2=1200, code="unit1")


def kept(app: Flask) -> list[Path]:
    return sorted((app.extensions["loumap_settings"].data / "cards").glob("*.png"))


def size_of(png: bytes) -> tuple[int, int]:
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", png[16:24])


def drawn(client: FlaskClient, path: str) -> str:
    """What is written on a picture."""
    written_by(client.application)
    answer = client.get(path)
    assert answer.status_code == 200
    return " ".join(re.findall(r">([^<>]+)</text>", answer.text))


def written_by(app: Flask) -> None:
    """Have pictures answered as they are drawn, so that their texts can be read."""
    app.extensions["loumap_raster"] = lambda svg, times: svg.encode()


def test_a_card_is_a_picture_of_the_size_that_the_page_says(client: FlaskClient, unit: Unit) -> None:
    page = client.get("/?by=grade&at=31.23000,121.47000,16").text
    url = re.search(r'og:image" content="http://localhost([^"]+)"', page)[1].replace("&amp;", "&")
    answer = client.get(url)
    assert answer.mimetype == "image/png"
    assert size_of(answer.data) == (1200, 630)
    assert 'og:image:width" content="1200"' in page
    assert 'twitter:card" content="summary_large_image"' in page
    assert "by=grade" in url


@pytest.mark.parametrize("page", ["/b/tower1", "/u/unit1", "/a/jw", "/compare?b=tower1", "/en/b/tower1"])
def test_every_place_that_is_sent_has_a_picture(client: FlaskClient, unit: Unit, page: str) -> None:
    found = re.search(r'og:image" content="http://localhost(/(?:en/)?card/[^"]+)"', client.get(page).text)
    assert found
    assert found[1].startswith("/en/") == page.startswith("/en/")


def test_a_picture_says_what_is_to_let_as_of_when_and_whose_word_it_is(client: FlaskClient, unit: Unit) -> None:
    told = drawn(client, "/card/map.png?area_min=1000&date=")
    for words in ("1 幢楼宇有可租房源", "可租 1,200 m²", "面积 ≥ 1,000 m²", "截至 20", "某街道办", "满租", "云澜大厦"):
        assert words in told


def test_pictures_speak_the_language_of_their_address(client: FlaskClient, unit: Unit) -> None:
    assert "1 building with space to let" in drawn(client, "/en/card/map.png")
    assert "幢樓宇有可租房源" in drawn(client, "/zh-hant/card/map.png")


def test_the_picture_of_a_unit_has_its_facts(client: FlaskClient, unit: Unit) -> None:
    told = drawn(client, "/card/poster/u/unit1.png")
    for words in (f"云澜大厦 {unit.label}", "1,200 m²", "可租", "某街道办"):
        assert words in told


def test_several_places_are_compared_on_one_map(client: FlaskClient, unit: Unit, session: Session) -> None:
    create_building(session, name="二号楼", code="tower2")
    told = drawn(client, "/card/compare.png?u=unit1&b=tower2")
    assert "比较：云澜大厦" in told
    assert "二号楼" in told


def test_the_answer_to_a_requirement_is_drawn_with_the_best_results(client: FlaskClient, unit: Unit) -> None:
    page = client.get("/match?area=1200").text
    found = re.search(r'og:image" content="http://localhost([^"]+)"', page)
    told = drawn(client, found[1].replace("&amp;", "&"))
    for words in ("1 个单元符合全部必须条件", "云澜大厦", f"{unit.label} · 1,200 m²", "某街道办"):
        assert words in told
    assert client.get("/card/match.png?area=90000").status_code == 404


def test_a_picture_is_drawn_once_and_anew_when_the_city_has_changed(
    app: Flask, client: FlaskClient, unit: Unit, session: Session
) -> None:
    first = client.get("/card/b/tower1.png")
    assert client.get("/card/b/tower1.png", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert len(kept(app)) == 1
    session.execute(text("UPDATE layer_versions SET version = version + 1 WHERE layer = 'state'"))
    assert client.get("/card/b/tower1.png").status_code == 200
    assert len(kept(app)) == 2


def test_staff_are_shown_the_same_picture_as_everybody(client: FlaskClient, session: Session) -> None:
    hidden = create_building(session, name="密楼", code="hidden", publishable=False)
    create_unit(session, create_floor(session, hidden), area_m2=700)
    assert client.get("/card/b/hidden.png").status_code == 404
    assert "密楼" not in drawn(client, "/card/map.png?at=31.23,121.47,16")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/card/b/nothing.png", 404),
        ("/card/u/nothing.png", 404),
        ("/card/compare.png", 404),
        ("/card/map.png?date=2999-01-01", 422),
        ("/card/huge/map.png", 404),
    ],
)
def test_what_there_is_not_is_said_on_a_page(client: FlaskClient, unit: Unit, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert "Traceback" not in answer.text


def test_nonsense_in_the_address_is_left_out_as_on_the_map_page(client: FlaskClient, unit: Unit) -> None:
    assert "1 幢楼宇" in drawn(client, "/card/map.png?at=x&pitch=steep&utm_source=chat&by=magic")


def test_kept_pictures_take_no_lane_and_drawing_has_one_of_its_own() -> None:
    lanes = Lanes()
    assert lane_of(lanes, "GET", "/en/card/map.png") is None
    assert lanes.pictures.working == 1


def test_the_folder_lets_go_what_was_not_asked_for_longest(tmp_path: Path) -> None:
    files = CardFiles(tmp_path / "cards", most_bytes=250)
    now = time.time()
    for number in range(4):
        path = files.keep(number, ".png", lambda: b"x" * 100)
        os.utime(path, (now - 100 + number, now))
    assert files.found(0, ".png") is None
    assert files.found(3, ".png")
    assert len(list((tmp_path / "cards").iterdir())) <= 3


def test_a_picture_that_no_version_tells_of_is_drawn_anew_after_a_while(tmp_path: Path) -> None:
    files = CardFiles(tmp_path / "cards")
    path = files.keep("photo", ".png", lambda: b"old")
    long_ago = time.time() - 2 * OLDEST_S
    os.utime(path, (long_ago, long_ago))
    assert files.found("photo", ".png") is None
    assert files.keep("photo", ".png", lambda: b"new").read_bytes() == b"new"
