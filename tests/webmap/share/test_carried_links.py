"""The offline file of a link holds what the link opens, of the same moment, and words for those they are meant for."""

import json
import re
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from geo.model import Building, Unit
from tests.factories import create_building, create_floor, create_unit, square
from tests.web import post_form, text_of
from tests.webmap.share.test_frozen_links import correct, made, unit

__all__ = ["unit"]  # a vacant unit with an offer, as it is held since March

WORDS = {"greeting": "王总您好", "n": "朝南的角上", "sender": "小李 021-5555"}


@pytest.fixture
def neighbour(session: Session) -> Unit:
    """A smaller unit in another tower."""
    other = create_building(session, square(lon=121.476), name="澄湖中心", grade="b")
    return create_unit(session, create_floor(session, other, 3), label="301", area_m2=90)


def given(page: str) -> dict[str, Any]:
    """What the script of a file reads."""
    found = re.search(r'<script type="application/json" id="district">(.*?)</script>', page, re.DOTALL)
    assert found
    read: dict[str, Any] = json.loads(found[1])
    return read


def towers(page: str) -> list[str]:
    return [row[1] for row in given(page)["district"]["towers"]]


def test_a_map_is_carried_with_its_filters_and_where_it_looks(
    promoter: FlaskClient, tower: Building, unit: Unit, neighbour: Unit
) -> None:
    to = f"/?area_min=200&b={tower.code}&at=31.23000,121.47050,16&pitch=0"
    page = promoter.get(f"/s/{made(promoter, to, 'live')}/map.html").text
    read = given(page)
    assert towers(page) == [tower.name]
    assert "面积 ≥ 200 m²" in text_of(page)
    assert (read["view"]["building"], read["view"]["flat"], read["preset"]["asked"]) == (tower.code, True, True)
    x, y, scale = read["view"]["at"]
    assert 0 < x < read["district"]["size"][0]
    assert 0 < y < read["district"]["size"][1]
    assert scale == pytest.approx(0.0979, abs=0.001)
    assert read["district"]["towers"][0][14][0][14] == 1


@pytest.mark.parametrize("kind", ["b", "u", "compare", "shortlist", "match"])
def test_every_kind_of_page_is_carried(
    client: FlaskClient, tower: Building, unit: Unit, neighbour: Unit, kind: str
) -> None:
    pages = {
        "b": f"/b/{tower.code}",
        "u": f"/u/{unit.code}",
        "compare": f"/compare?u={unit.code}",
        "shortlist": f"/shortlist?u={unit.code}&n.{unit.code}=corner",
        "match": "/match?area=320",
    }
    page = client.get(f"/share/map.html?to={quote(pages[kind])}").text
    read = given(page)
    assert towers(page) == [tower.name]
    if kind in "bu":
        assert read["view"]["building"] == tower.code
        assert read["view"]["unit"] == (0 if kind == "u" else -1)
    else:
        assert [(pick["tower"], pick["units"]) for pick in read["picks"]] == [(0, [0])]
        assert read["picks"][0]["note"] == ("corner" if kind == "shortlist" else "")
    assert tower.name in text_of(page)


def test_a_list_is_carried_by_its_own_button(client: FlaskClient, unit: Unit) -> None:
    page = client.get(f"/en/shortlist?u={unit.code}").text
    button = re.search(r'href="(/en/shortlist/map\.html\?[^"]+)"', page)
    assert button
    carried = client.get(button[1])
    assert carried.status_code == 200
    assert carried.headers["Content-Disposition"].startswith("attachment; filename=loumap-")
    assert 'lang="en"' in carried.text


def test_a_frozen_link_gives_the_file_of_its_moment(
    promoter: FlaskClient, session: Session, tower: Building, unit: Unit
) -> None:
    pages = (f"/b/{tower.code}", f"/u/{unit.code}", "/?area_min=300")
    frozen = [made(promoter, page, "frozen") for page in pages]
    sent = [promoter.get(f"/s/{token}/map.html").text for token in frozen]
    correct(session, unit)
    for token, before in zip(frozen, sent, strict=True):
        after = promoter.get(f"/s/{token}/map.html").text
        assert given(after)["district"] == given(before)["district"]
        assert "定格在" in after
        label, status, area, *_ = given(after)["district"]["towers"][0][14][0]
        assert (label, status, area) == ("1201", 0, 321)
    live = given(promoter.get(f"/s/{made(promoter, pages[0], 'live')}/map.html").text)
    assert live["district"]["towers"][0][14][0][1:3] == [2, 400]


def selected(client: FlaskClient, unit: Unit, **more: str) -> str:
    sent = {"name": "为您选的", "u": unit.code, f"n.{unit.code}": WORDS["n"], f"place.{unit.code}": "1"}
    words = {"greeting": WORDS["greeting"], "sender": WORDS["sender"]}
    answer = post_form(client, "/desk/selections/new", "/desk/selections/new", **{**sent, **words, **more})
    assert answer.status_code == 303, text_of(answer.text)
    return answer.location.rsplit("/", 1)[-1]


def test_a_selection_is_carried_with_its_words_or_without(promoter: FlaskClient, unit: Unit) -> None:
    token = selected(promoter, unit)
    reader = promoter.application.test_client()
    whole, bare = (reader.get(f"/s/{token}/map.html{query}") for query in ("", "?words=0"))
    assert all(word in whole.text for word in WORDS.values())
    assert "除发件人写的话以外" in whole.text
    assert not any(word in bare.text for word in (*WORDS.values(), token))
    assert whole.headers["Cache-Control"] == "private, no-store"
    assert towers(bare.text) == towers(whole.text)


def test_a_locked_selection_is_carried_by_who_made_it_or_knows_its_passcode(promoter: FlaskClient, unit: Unit) -> None:
    token = selected(promoter, unit, passcode="7-8-9-0")
    assert WORDS["n"] in promoter.get(f"/s/{token}/map.html").text
    reader = promoter.application.test_client()
    for query in ("", "?words=0"):
        assert reader.get(f"/s/{token}/map.html{query}").location == f"/s/{token}"
    post_form(reader, f"/s/{token}", f"/s/{token}/open", passcode="7-8-9-0")
    assert WORDS["n"] in reader.get(f"/s/{token}/map.html").text


def test_what_is_gone_stays_on_the_list_in_words(promoter: FlaskClient, session: Session, unit: Unit) -> None:
    gone = create_unit(session, create_floor(session, create_building(session, square(lon=121.48))), label="9")
    page = f"/shortlist?u={unit.code},{gone.code}"
    gone.publishable = False
    session.flush()
    read = given(promoter.get(f"/share/map.html?to={quote(page)}").text)
    assert [pick["gone"] for pick in read["picks"]] == ["", gone.code]


def test_a_link_that_opens_nothing_has_no_file(promoter: FlaskClient, session: Session, tower: Building) -> None:
    token = made(promoter, f"/b/{tower.code}", "live")
    post_form(promoter, f"/desk/links/{token}", f"/desk/links/{token}", act="withdraw")
    assert promoter.get(f"/s/{token}/map.html").status_code == 410
    assert promoter.get("/s/zzzzzzzzz/map.html").status_code == 404
    assert promoter.get("/share/map.html?to=/admin").status_code == 422
    tower.publishable = False
    session.flush()
    assert promoter.get(f"/share/map.html?to=/b/{tower.code}").status_code == 404


def test_a_link_is_carried_in_its_own_language(promoter: FlaskClient, tower: Building) -> None:
    token = made(promoter, f"/en/b/{tower.code}", "live")
    assert promoter.get(f"/s/{token}/map.html").location == f"/en/s/{token}/map.html"
    assert f"/en/s/{token}/map.html" in promoter.get(f"/desk/links/{token}").text
