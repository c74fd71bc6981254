"""Clusters by area and by tax: everybody sees what the rule lets pass, staff their own buildings, others a refusal."""

import csv
import io
import re
from datetime import date

import pytest
from flask.testing import FlaskClient
from psycopg.types.range import Range
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from geo.model import Building, Enterprise, Tenancy
from tests.factories import create_area, create_building, create_enterprise, create_figure, create_user, square
from tests.web import post_form, sign_in, text_of
from webmap.auth.models import UserRole

LAST_YEAR = date.today().year - 1
SECRET = 4321.5


@pytest.fixture
def towers(session: Session) -> list[Building]:
    """Two towers a kilometre apart: four banks and three of software in the first, two of software in the second."""
    towers = [create_building(session, square(121.45 + at / 100, 31.22), name=f"试样{at}大厦") for at in range(2)]
    for tower, group, areas in (
        (towers[0], "finance", (300, 400, 500, 800)),
        (towers[0], "it", (100, 100, 200)),
        (towers[1], "it", (SECRET, 50)),
    ):
        for area in areas:
            firm = create_enterprise(session, tower, industry_group=group)
            session.execute(update(Tenancy).where(Tenancy.enterprise_id == firm.id).values(area_m2=area))
            create_figure(
                session,
                indicator="tax",
                value=area * 1000,
                enterprise_id=firm.id,
                period=Range(date(LAST_YEAR, 1, 1), date(LAST_YEAR + 1, 1, 1)),
            )
    return towers


PAGES = (
    *("/clusters", "/clusters.csv", "/clusters.geojson", "/clusters/leading", "/clusters/leading.csv"),
    *("/clusters/side-by-side", "/api/v1/clusters", "/api/v1/clusters.geojson"),
)


def signed_in(client: FlaskClient, session: Session, *roles: UserRole) -> FlaskClient:
    user = create_user(session)
    user.roles = list(roles)
    session.flush()
    sign_in(client, user.name)
    return client


def test_everybody_sees_areas_of_the_last_year_that_pass_the_rule(client: FlaskClient, towers: list[Building]) -> None:
    told = text_of(client.get("/clusters?by=area&cell_m=100&kind=square").text)
    assert f"{LAST_YEAR} 年 12 月 31 日" in told or f"{LAST_YEAR}-12-31" in told
    assert "金融 4 家用房 2,000 m²，占 2,400 m² 的 83.3%" in told
    assert "500 米六边形网格" in told
    assert "未公布的网格 1 个" in told


def test_no_page_tells_everybody_of_the_tower_with_two_tenants(client: FlaskClient, towers: list[Building]) -> None:
    for query in ("", "&industry=it", "&industry=it&rings=0", "&industry=it&as_of=2026-01-02", "&other=finance"):
        for path in PAGES:
            page = client.get(f"{path}?by=area{query}").text
            assert "4,321" not in page
            assert "4321" not in page
            assert "4,371" not in page
            assert "4371" not in page
    assert client.get("/clusters/cell?by=area&industry=it&at=121.46,31.22").status_code == 404


def test_everybody_gets_no_finer_industry_by_area(client: FlaskClient, towers: list[Building]) -> None:
    answer = client.get("/clusters?by=area&industry=J")
    assert answer.status_code == 422
    assert "finance" in text_of(answer.text)


def test_staff_see_the_square_metres_of_all_when_all_is_theirs(
    client: FlaskClient, session: Session, towers: list[Building]
) -> None:
    page = signed_in(client, session, UserRole(role="planner")).get("/clusters?by=area")
    assert "金融 4 家用房 2,000 m²，占 6,772 m² 的 29.5%" in text_of(page.text)
    assert "请勿转发" in text_of(page.text)
    assert "no-store" in page.headers["Cache-Control"]
    table = client.get("/clusters.csv?by=area&industry=it&rings=0").text.splitlines()
    rows = list(csv.DictReader(io.StringIO("\n".join(table[1:]))))
    assert sorted(int(row["here"]) for row in rows) == [400, 4372]


def test_staff_of_one_tower_are_told_of_it_alone(client: FlaskClient, session: Session, towers: list[Building]) -> None:
    for role in (
        UserRole(role="staff", building_id=towers[0].id),
        UserRole(role="staff", area_id=create_area(session, square(121.45, 31.22, 0.001)).id),
    ):
        page = signed_in(client.application.test_client(), session, role).get("/clusters?by=area&industry=it").text
        assert "信息技术 3 家用房 400 m²，占 2,400 m² 的 16.7%" in text_of(page)
        assert "4,37" not in page


def test_a_page_of_an_instant_is_the_same_for_staff_as_for_everybody(
    client: FlaskClient, session: Session, towers: list[Building]
) -> None:
    instant = f"/clusters?by=area&industry=it&known_at={date.today()}T00:00:00%2B08:00"
    before = text_of(client.get(instant).text)
    signed_in(client, session, UserRole(role="planner"))
    after = text_of(client.get(instant).text)
    assert re.findall(r"用房 [\d,]+ m²", before) == re.findall(r"用房 [\d,]+ m²", after)
    assert "请勿转发" not in after


@pytest.mark.parametrize("path", [*PAGES, "/clusters/cell", "/clusters/months", "/clusters/months/map.svg"])
def test_tax_is_refused_in_words_to_everybody_but_tax_officers(
    client: FlaskClient, session: Session, towers: list[Building], path: str
) -> None:
    query = "?by=tax&at=121.45,31.22&box=121.4,31.2,121.5,31.3"
    refused = (403, 422) if "months" in path else (403,)
    assert client.get(f"{path}{query}").status_code in refused
    signed_in(client, session, UserRole(role="planner"))
    answer = client.get(f"{path}{query}")
    assert answer.status_code in refused
    if path == "/clusters":
        assert "只对税收专员开放" in text_of(answer.text)


def test_a_tax_officer_sees_tax_of_the_year_and_of_the_own_buildings_alone(
    client: FlaskClient, session: Session, towers: list[Building]
) -> None:
    page = signed_in(client, session, UserRole(role="tax_officer", building_id=towers[0].id)).get("/clusters?by=tax")
    told = text_of(page.text)
    assert "金融 4 家缴税 200 万元，占 240 万元 的 83.3%" in told
    assert f"{LAST_YEAR} 年入库税收" in told
    assert "no-store" in page.headers["Cache-Control"]
    assert "no-store" in client.get("/clusters.csv?by=tax").headers["Cache-Control"]
    answer = client.get("/api/v1/clusters?by=tax")
    assert (answer.json["total"], answer.json["everything"], answer.json["exact"]) == (2_000_000, 2_400_000, True)


def test_the_choice_of_tax_is_offered_to_tax_officers_alone(
    client: FlaskClient, session: Session, towers: list[Building]
) -> None:
    assert 'value="tax"' not in client.get("/clusters").text
    assert 'value="tax"' in signed_in(client, session, UserRole(role="tax_officer")).get("/clusters").text


def test_no_square_metre_has_a_poisson_score(client: FlaskClient, session: Session, towers: list[Building]) -> None:
    signed_in(client, session, UserRole(role="planner"))
    page = client.get("/clusters?by=area&statistic=poisson").text
    assert '<option value="poisson"' not in page
    assert "没有泊松概率可言" in text_of(page)
    assert client.get("/api/v1/clusters?by=area&statistic=poisson").json["question"] == "by=area&statistic=gi"


def test_a_cell_tells_its_square_metres_and_who_is_there(client: FlaskClient, towers: list[Building]) -> None:
    told = text_of(client.get("/clusters/cell?by=area&at=121.45,31.22").text)
    assert "本格用房（m²） 2,000 / 2,400" in told
    assert "占 83.3%" in told
    assert told.count("海原科技") == 4


def test_the_link_keeps_the_measure(client: FlaskClient, towers: list[Building]) -> None:
    page = client.get("/clusters?by=area&industry=it").text
    assert re.findall(r'<option value="([^"]+)" selected>', page)[:2] == ["it", "area"]
    assert "/clusters.csv?industry=it&amp;by=area" in page
    assert re.search(r'href="/clusters/cell\?industry=it&amp;by=area[^"]*at=', page)


def test_only_counts_are_checked_by_permutation(client: FlaskClient, session: Session, towers: list[Building]) -> None:
    assert "/clusters/permutation" not in client.get("/clusters?by=area").text
    answer = post_form(client, "/clusters/permutation", "/clusters/permutation?by=area", permutations="99999")
    assert answer.status_code == 422


def test_months_of_areas_are_for_staff(client: FlaskClient, session: Session, towers: list[Building]) -> None:
    assert client.get("/clusters/months?by=area").status_code == 422
    signed_in(client, session, UserRole(role="planner"))
    page = client.get("/clusters/months?by=area&months=2")
    [source, *_] = re.findall(r'<img src="([^"]+map\.svg[^"]+)"', page.text)
    picture = client.get(source.replace("&amp;", "&"))
    assert "2,000 m²" in picture.text
    assert "no-store" in picture.headers["Cache-Control"]
    assert "public" not in picture.headers["Cache-Control"]


def test_who_looks_back_to_a_day_sees_the_stays_and_the_tax_of_that_day(
    client: FlaskClient, session: Session, towers: list[Building]
) -> None:
    firm = session.scalars(select(Enterprise).where(Enterprise.building_id == towers[1].id).limit(1)).one()
    session.execute(
        update(Tenancy).where(Tenancy.enterprise_id == firm.id).values(valid=Range(None, date(LAST_YEAR, 6, 1)))
    )
    signed_in(client, session, UserRole(role="planner"), UserRole(role="tax_officer"))
    today = client.get("/api/v1/clusters?by=area&industry=it").json
    then = client.get(f"/api/v1/clusters?by=area&industry=it&as_of={LAST_YEAR}-05-31").json
    assert (today["firms"], then["firms"]) == (4, 5)
    assert client.get("/api/v1/clusters?by=tax&industry=it").json["total"] > 0
    assert client.get(f"/api/v1/clusters?by=tax&industry=it&as_of={LAST_YEAR}-05-31").json["total"] == 0
