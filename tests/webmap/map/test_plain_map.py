"""The map page without scripts: filters as a form, the list page by page, the results as a drawing with links."""

import re
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import create_building, create_floor, create_source, create_unit, square
from tests.web import text_of

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def towers(session: Session) -> list[str]:
    """Codes of five towers side by side, the largest vacancy first."""
    codes = []
    for place in range(5):
        tower = create_building(session, square(lon=121.47 + place / 1000), name=f"甲{place + 1}座", name_en=None)
        floor = create_floor(session, tower)
        create_unit(session, floor, area_m2=1000 - 100 * place, rent_amount=4, rent_cny_m2_day=4 + place)
        codes.append(tower.code)
    return codes


def listed(client: FlaskClient, query: str) -> list[str]:
    """Codes in the list, in its order."""
    return re.findall(r'class="result plain" href="/b/(\w+)"', client.get("/" + query).text)


def linked(client: FlaskClient, query: str) -> set[str]:
    """Codes of the buildings that the drawing leads to."""
    tree = ElementTree.fromstring(client.get("/map.svg" + query).data)
    return {link.attrib["href"].removeprefix("/b/") for link in tree.iter(f"{SVG}a")}


def test_the_form_leads_to_the_same_address_as_the_map_writes(client: FlaskClient, towers: list[str]) -> None:
    answer = client.get("/?form=1&q=&area_min=650&grade=a&grade=b&rent_unit=cny_m2_day&sort=rent")
    assert answer.status_code == 303
    assert answer.location == "/?area_min=650&grade=a,b&sort=rent"
    assert client.get("/en/?form=1&grade=a").location == "/en/?grade=a"
    assert client.get("/?form=1&area_min=many&q=").location == "/?area_min=many"
    assert listed(client, answer.location.removeprefix("/")) == towers[:4]


def test_the_form_shows_what_is_asked_for(client: FlaskClient, towers: list[str]) -> None:
    page = client.get("/?area_min=650&grade=a&sort=floors").text
    assert 'name="area_min" inputmode="decimal" value="650"' in page
    assert re.search(r'name="grade" value="a" checked', page)
    assert '<option value="floors" selected>' in page


def test_every_line_says_how_much_there_is_and_from_which_rent(client: FlaskClient, towers: list[str]) -> None:
    assert "甲1座 可租 1,000 m² · 1 个单元 · 4 元/m²·天 起 · 层数 20" in text_of(client.get("/").text)


def test_the_list_goes_on_page_by_page(client: FlaskClient, towers: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webmap.map.listing.PER_PAGE", 2)
    query, found = "?area_max=950&sort=rent", []
    for _ in range(2):
        found += listed(client, query)
        more = re.search(r'rel="next" href="(\?[^"]+)"', client.get("/" + query).text)
        query = more[1].replace("&amp;", "&") if more else ""
    assert found == towers[1:]
    assert not query
    assert listed(client, "?page=99") == towers[4:]


def test_a_condition_that_is_not_understood_is_named(client: FlaskClient, towers: list[str]) -> None:
    page = client.get("/?area_min=many").text
    assert "看不懂的条件：area_min=many" in page
    assert len(re.findall('class="result plain"', page)) == 5


def test_the_drawing_leads_to_the_buildings_of_the_list(client: FlaskClient, towers: list[str]) -> None:
    answer = client.get("/map.svg?area_min=750")
    assert answer.mimetype == "image/svg+xml"
    assert "符合条件的楼宇：3 幢" in answer.text
    assert answer.text.count('fill="#f3ad55"') == 3
    assert linked(client, "?area_min=750") >= set(towers[:3])
    assert client.get("/en/map.svg").text.count('href="/en/b/') >= 5


def test_from_afar_buildings_are_dots(client: FlaskClient, session: Session, towers: list[str]) -> None:
    far = create_building(session, square(lon=121.6))
    create_unit(session, create_floor(session, far))
    page = client.get("/map.svg").text
    assert page.count("<circle") == 6
    assert linked(client, "") == {*towers, far.code}


def test_the_drawing_never_shows_what_is_not_public(client: FlaskClient, session: Session, towers: list[str]) -> None:
    secret = create_source(session, publishable=False)
    hidden = create_building(session, square(lat=31.231), name="秘楼", source_id=secret.id, publishable=False)
    create_unit(session, create_floor(session, hidden), publishable=False)
    page = client.get("/map.svg").text
    assert "秘楼" not in page and hidden.code not in page


def test_an_empty_city_has_a_drawing_too(client: FlaskClient) -> None:
    assert client.get("/map.svg").status_code == 200
