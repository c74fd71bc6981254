"""The owner of another site puts the map into a page; programs learn how from the address of a page."""

import re
from dataclasses import replace
from html import unescape
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from geo.model import Building, Unit
from tests.factories import create_area, create_building, create_floor, create_unit
from tests.web import text_of

SITE = "http://localhost"


@pytest.fixture
def unit(session: Session) -> Unit:
    tower = create_building(session, name="甲座", name_en="Tower A")
    return create_unit(session, create_floor(session, tower, position=7))


@pytest.fixture
def tower(session: Session, unit: Unit) -> Building:
    return session.get_one(Building, unit.building_id)


def allow(app: Flask, *hosts: str) -> None:
    app.extensions["loumap_settings"] = replace(app.extensions["loumap_settings"], embed_hosts=hosts)


def ancestors(client: FlaskClient, path: str) -> str:
    """Who may show a page, as its policy says it."""
    policy = client.get(path).headers["Content-Security-Policy"]
    return re.findall(r"frame-ancestors ([^;]*)", policy)[0]


def test_only_sites_that_are_named_may_show_the_map_and_no_other_page(app: Flask, client: FlaskClient) -> None:
    assert ancestors(client, "/embed") == "'self'"
    allow(app, "news.example.cn", ".example.org", "intranet.example:8080")
    assert ancestors(client, "/en/embed?grade=a") == "'self' news.example.cn *.example.org intranet.example:8080"
    assert ancestors(client, "/") == ancestors(client, "/login") == ancestors(client, "/embed/code") == "'self'"
    allow(app, "*")
    assert ancestors(client, "/embed") == "'self' *"


def test_a_map_in_a_frame_has_no_bar_and_leads_to_the_site(client: FlaskClient, tower: Building) -> None:
    page = client.get("/en/embed").text
    assert '<base target="_blank">' in page
    assert 'class="bar"' not in page
    assert '"framed": true' in page
    assert re.search(r'<a id="whole" href="/en/">Open in ', page)
    assert '"framed": false' in client.get("/").text


def test_the_lines_to_paste_are_a_frame_that_is_in_the_page_as_well(client: FlaskClient, tower: Building) -> None:
    page = client.get(f"/en/embed/code?to={quote('/en/?area_min=500&b=' + tower.code)}&width=700").text
    lines = unescape(re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)[0])
    assert f'src="{SITE}/en/embed?area_min=500&amp;b={tower.code}"' in lines
    assert 'width="700" height="600"' in lines
    assert f'src="/en/embed?area_min=500&amp;b={tower.code}"' in page


def test_a_frame_of_no_size_and_a_page_that_is_no_map_are_refused_in_words(client: FlaskClient) -> None:
    wide = client.get("/embed/code?width=9999999")
    assert wide.status_code == 422
    assert "width" in text_of(wide.text)
    assert client.get("/embed/code?to=/login").status_code == 404


def test_what_is_pasted_cannot_break_out_of_its_frame(client: FlaskClient) -> None:
    page = client.get(f"/embed/code?to={quote('/?q=' + chr(34) + '></textarea><script>alert(1)</script>')}").text
    assert "<script>alert" not in page
    assert page.count("</textarea>") == 1


def test_a_name_with_quotes_stays_a_name_in_the_lines(client: FlaskClient, session: Session) -> None:
    tower = create_building(session, name='"><script>alert(1)</script>', name_en=None)
    page = client.get(f"/embed/code?to=/b/{tower.code}").text
    lines = unescape(re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)[0])
    assert lines.count("<") == 2  # the frame and its end
    assert "&#34;&gt;&lt;script&gt;" in lines


def test_oembed_gives_a_frame_for_map_building_unit_and_area(
    client: FlaskClient, session: Session, unit: Unit, tower: Building
) -> None:
    area = create_area(session, name="东岸街道", name_en="East Bank")

    def told(url: str) -> dict[str, object]:
        return dict(client.get(f"/oembed?url={quote(url)}&maxwidth=500&format=json").get_json())

    building = told(f"{SITE}/en/b/{tower.code}")
    assert building["type"], building["version"] == ("rich", "1.0")
    assert building["width"] == 500
    assert f'src="{SITE}/en/embed?b={tower.code}"' in str(building["html"])
    assert f"/embed?b={tower.code}&amp;floor=7" in str(told(f"{SITE}/u/{unit.code}")["html"])
    assert f"/embed?within={area.code}" in str(told(f"{SITE}/a/{area.code}")["html"])
    assert "/embed?grade=a,b" in str(told(f"{SITE}/?grade=a,b")["html"])


@pytest.mark.parametrize("url", ["https://elsewhere.example/b/x", "/b/nothing", "/desk", "/b/", "/u/../login"])
def test_oembed_says_that_other_addresses_are_no_maps(client: FlaskClient, url: str) -> None:
    answer = client.get(f"/oembed?url={quote(url)}")
    assert answer.status_code == 404
    assert "address" in answer.get_json()["detail"]


def test_a_building_that_is_not_public_has_no_frame(client: FlaskClient, session: Session, tower: Building) -> None:
    tower.publishable = False
    session.flush()
    assert client.get(f"/oembed?url=/b/{tower.code}").status_code == 404


def test_oembed_answers_in_json_alone_and_asks_for_an_address(client: FlaskClient) -> None:
    assert client.get("/oembed?url=/&format=xml").status_code == 501
    assert client.get("/oembed").status_code == 422


def test_pages_of_things_say_where_their_frame_and_their_feed_are(
    client: FlaskClient, session: Session, unit: Unit, tower: Building
) -> None:
    area = create_area(session, name="东岸街道", name_en="East Bank")
    for path in ("/", f"/b/{tower.code}", f"/u/{unit.code}", f"/a/{area.code}"):
        link = re.findall(r'json\+oembed" href="([^"]*)"', client.get(path).text)[0]
        assert client.get(unescape(link)).status_code == 200
    page = client.get(f"/a/{area.code}").text
    feed = re.findall(r'atom\+xml" href="([^"]*)"', page)[0]
    assert client.get(feed).mimetype == "application/atom+xml"
    assert f"/alerts/new?within={area.code}" in page
