"""Somebody keeps units on a list, annotates and orders them, and sends the link on; without an account or a script."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import create_building, create_floor, create_source, create_unit
from tests.web import text_of

PAGE = "/shortlist"


@pytest.fixture
def units(session: Session):
    towers = [create_building(session, name=name) for name in ("甲楼", "乙楼")]
    return [
        create_unit(session, create_floor(session, tower, 5), label=label, area_m2=400)
        for tower, label in zip(towers, ("501", "502"), strict=True)
    ]


def order(page: str) -> list[str]:
    return re.findall(r'<li class="card entry[^"]*" id="(\w+)">', page)


def test_the_address_alone_is_the_list(client: FlaskClient, units):
    first, second = units
    page = client.get(f"{PAGE}?u={second.code},{first.code}&n.{first.code}=可谈").text
    assert order(page) == [second.code, first.code]
    said = text_of(page)
    assert "乙楼 502" in said
    assert "60,833 元" in said  # 400 m² × 5 × 365 / 12
    assert 'value="可谈"' in page


def test_units_that_are_gone_stay_on_the_list_and_say_so(client: FlaskClient, session: Session, units):
    hidden = create_unit(session, publishable=False)
    answer = client.get(f"{PAGE}?u={hidden.code},{units[0].code},nothing1&n.{hidden.code}=my note")
    assert answer.status_code == 200
    assert order(answer.text) == [hidden.code, units[0].code, "nothing1"]
    assert answer.text.count('<span class="badge warn">已不在册</span>') == 2
    assert hidden.label not in text_of(answer.text)
    assert 'value="my note"' in answer.text


def test_a_unit_of_a_building_that_is_not_public_says_nothing(client: FlaskClient, session: Session):
    tower = create_building(session, name="密楼", publishable=False)
    unit = create_unit(session, create_floor(session, tower, 5))
    assert "密楼" not in client.get(f"{PAGE}?u={unit.code}").text


def test_a_source_that_may_not_be_named_is_not(client: FlaskClient, session: Session):
    quiet = create_source(session, name="内部台账", attribution="内部台账", publishable=False)
    unit = create_unit(session, state_source_id=quiet.id)
    assert "内部台账" not in client.get(f"{PAGE}?u={unit.code}").text


def test_a_unit_that_is_let_meanwhile_says_so(client: FlaskClient, session: Session):
    let = create_unit(session, occupancy="in_use", public_status="in_use")
    page = text_of(client.get(f"{PAGE}?u={let.code}").text)
    assert "已不在租" in page
    assert "元/m²" not in page


def test_notes_are_written_as_text(client: FlaskClient, units):
    page = client.get(f'{PAGE}?u={units[0].code}&n.{units[0].code}="><script>alert(1)</script>').text
    assert "<script>alert" not in page
    assert '"><script>alert(1)</script>' in unescape(page)


@pytest.mark.parametrize(("button", "after"), [("up", "ba"), ("drop", "a"), ("down", "ab"), ("none", "ab")])
def test_buttons_change_the_address_and_keep_the_notes(client: FlaskClient, units, button: str, after: str):
    a, b = (unit.code for unit in units)
    answer = client.get(f"{PAGE}?form=1&u={a}&u={b}&n.{a}=one&n.{b}=&{button}={b}")
    assert answer.status_code == 303
    codes = ",".join({"a": a, "b": b}[letter] for letter in after)
    assert answer.headers["Location"] == f"{PAGE}?u={codes}&n.{a}=one"


def test_the_last_one_away_leaves_an_empty_list_that_says_how_to_go_on(client: FlaskClient, units):
    code = units[0].code
    answer = client.get(f"{PAGE}?form=1&u={code}&drop={code}", follow_redirects=True)
    assert "清单还是空的" in text_of(answer.text)


def test_the_first_four_that_are_there_can_be_compared(client: FlaskClient, session: Session, units):
    more = [create_unit(session) for _ in range(3)]
    codes = [units[0].code, "nothing1", units[1].code, *(unit.code for unit in more)]
    page = client.get(f"{PAGE}?u={','.join(codes)}").text
    wanted = ",".join([units[0].code, units[1].code, more[0].code, more[1].code])
    assert f'href="/compare?u={wanted}"' in page
    assert client.get(f"/compare?u={wanted}").status_code == 200


def test_the_map_has_a_pin_for_each_building_with_the_numbers_of_its_units(client: FlaskClient, session: Session):
    floor = create_floor(session)
    codes = [create_unit(session, floor).code for _ in range(3)]
    page = client.get(f"{PAGE}?u={','.join(codes)}").text
    assert 'fill="#fff">1–3</text>' in page


def test_a_long_list_takes_as_many_questions_as_a_short_one(client: FlaskClient, session: Session, count_queries):
    codes = [create_unit(session).code for _ in range(12)]
    client.get(PAGE)
    with count_queries() as short:
        client.get(f"{PAGE}?u={codes[0]}")
    with count_queries() as long:
        client.get(f"{PAGE}?u={','.join(codes)}")
    assert len(long) == len(short)


@pytest.mark.parametrize("query", ["u=" + ",".join(f"c{n}" for n in range(51)), "u=a1&n.a1=" + "x" * 201])
def test_what_does_not_fit_is_refused_with_the_remedy(client: FlaskClient, query: str):
    assert client.get(f"{PAGE}?{query}").status_code == 422


def test_lists_are_not_for_search_engines(client: FlaskClient, units):
    assert 'content="noindex,follow"' in client.get(f"{PAGE}?u={units[0].code}").text


def test_links_to_add_stand_where_units_do_and_work_without_scripts(client: FlaskClient, units):
    unit = units[0]
    tower = re.search(r'href="/b/(\w+)"', client.get(f"/u/{unit.code}").text)[1]
    for page in (f"/u/{unit.code}", f"/b/{tower}", f"/compare?u={unit.code}", "/match?area=400"):
        assert f'href="/shortlist?u={unit.code}" data-pick="{unit.code}"' in client.get(page).text, page


@pytest.mark.parametrize(("prefix", "title"), [("/en", "Shortlist"), ("/zh-hant", "選房清單")])
def test_the_page_speaks_the_readers_language(client: FlaskClient, units, prefix: str, title: str):
    page = client.get(f"{prefix}{PAGE}?u={units[0].code}").text
    assert f"<h1>{title}</h1>" in page
    assert f'href="{prefix}/shortlist.pdf?u={units[0].code}"' in page
