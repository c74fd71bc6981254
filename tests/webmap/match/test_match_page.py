"""Somebody says what space is needed and sees why each result stands where it stands."""

import re
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import create_building, create_floor, create_unit
from tests.web import text_of


@pytest.fixture
def tower(session: Session):
    tower = create_building(session, property_fee_cny_m2_month=28)
    floor = create_floor(session, tower, 12)
    create_unit(session, floor, label="1201", area_m2=900)
    create_unit(session, floor, label="1202", area_m2=880, rent_amount=7, rent_cny_m2_day=7.0)
    create_unit(session, create_floor(session, tower, 3), label="301", area_m2=850, available_on=date(2199, 1, 1))
    return tower


def test_an_empty_page_explains_itself_and_offers_examples(client: FlaskClient):
    page = client.get("/match")
    assert page.status_code == 200
    assert len(re.findall(r'class="chip" href="/match\?q=', page.text)) == 3


def test_every_result_says_value_target_and_points_of_each_criterion(client: FlaskClient, tower):
    page = text_of(client.get("/match?area=900&rent_max=6").text)
    assert "1201" in page
    assert "租金 必须 5 元/m²·天 ≤ 6 元/m²·天" in page
    assert "100 /100" in page


def test_the_points_on_the_page_add_up_to_the_score(client: FlaskClient, tower):
    page = client.get("/match?area=900&rent_max=8&must=none&floor_min=10&grade=super_a").text
    results = page.split('<article class="card result"')[1:]
    assert results
    for result in results:
        score = float(re.search(r"<b>([\d.]+)</b><span>/100", result)[1])
        points = [float(each) for each in re.findall(r"<span>([\d.]+)<span class=\"muted\"> /", result)]
        assert sum(points) == pytest.approx(score, abs=0.051)


def test_a_chip_leads_to_the_requirement_without_it(client: FlaskClient, tower):
    page = client.get("/match?area=900&rent_max=6").text
    [link] = re.findall(r'class="drop" href="([^"]+)" aria-label="去掉：租金', page)
    assert link == "/match?area=900"


def test_a_must_becomes_a_wish_by_its_chip(client: FlaskClient, tower):
    page = client.get("/match?area=900&rent_max=6").text
    link = re.search(r'<a href="([^"]+)" title="改为加分项"><b>必须</b> 租金', page)[1].replace("&amp;", "&")
    changed = text_of(client.get(link).text)
    assert "1202" in changed


def test_when_nothing_fits_the_page_says_what_would(client: FlaskClient, tower):
    page = text_of(client.get("/match?area=900&rent_max=4.5").text)
    assert "没有房源符合全部必须条件" in page
    assert re.search(r"租金 4\.5 → 5 多 \d 个", page)


def test_the_form_becomes_one_short_address(client: FlaskClient, tower):
    sent = "form=1&musts=area,grade,metro&area_min=800&area_max=&grade=a&grade=super_a&must=area&metro_m=600"
    answer = client.get(f"/match?{sent}")
    assert answer.status_code == 303
    assert answer.location.startswith("/match?")
    assert set(answer.location.partition("?")[2].split("&")) >= {"area_min=800", "grade=a,super_a", "metro_m=600"}
    assert client.get(answer.location).status_code == 200


def test_a_wrong_value_is_named_with_the_remedy(client: FlaskClient):
    answer = client.get("/match?area=viel")
    assert answer.status_code == 422
    assert "area" in answer.text
    assert "a number" in answer.text


def test_what_people_type_is_shown_as_text(client: FlaskClient):
    page = client.get("/match", query_string={"q": "<script>alert(1)</script> 900 平"}).text
    assert "<script>alert(1)" not in page


def test_the_page_speaks_english(client: FlaskClient, tower):
    page = text_of(client.get("/en/match?area=900&rent_max=6").text)
    assert "Yunlan Tower" in page
    assert "units pass every must" in page or "unit passes every must" in page


def test_the_cost_is_told_with_its_formula_and_what_is_missing(client: FlaskClient, tower):
    page = text_of(client.get("/match?area=900&rent_max=6").text)
    assert "每月约" in page
    assert "365" in page
    assert "未注明、没有计入" in page


def test_what_was_typed_is_there_still_when_a_value_cannot_be_read(client: FlaskClient):
    page = client.get("/match?form=1&musts=area,rent&must=area&area=9oo&rent_max=6&grade=a&grade=b")
    assert page.status_code == 422
    assert 'name="area" inputmode="decimal" value="9oo"' in page.text
    assert 'name="rent_max" inputmode="decimal" value="6"' in page.text
    assert len(re.findall(r'name="grade" value="[ab]" checked', page.text)) == 2


def test_weights_are_chosen_in_the_form(client: FlaskClient, tower):
    page = client.get("/match?form=1&area=900&rent_max=8&weight_rent=5&weight_area=")
    assert page.status_code == 303
    assert page.location.endswith("/match?area=900&rent_max=8&weights=rent:5")


def test_a_result_without_a_stated_rent_says_so_instead_of_a_sum(client: FlaskClient, session: Session, tower):
    silent = {"rent_amount": None, "rent_cny_m2_day": None}
    create_unit(session, create_floor(session, tower, 5), label="501", area_m2=400, **silent)
    page = text_of(client.get("/match?area=400").text)
    assert "租金未注明，算不出每月多少 写明的其他部分每月 11,200 元" in page


def test_a_budget_is_for_rent_and_property_fee(client: FlaskClient, tower):
    page = text_of(client.get("/match?area=900&budget_month=170000").text)
    assert "每月租金和物业费 必须 162,075 元/月 ≤ 170,000 元/月" in page
