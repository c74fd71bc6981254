"""A subdistrict officer sees on Monday morning whom to call; managers see their buildings, visitors what is lacking."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from geo.model import Area, Building, BuildingFact, Party, PartyRole
from tests.factories import (
    HERE,
    create_area,
    create_building,
    create_floor,
    create_source,
    create_unit,
    create_user,
    square,
)
from tests.web import sign_in, text_of
from webmap.auth.models import UserRole
from webmap.config import current_settings
from webmap.models import Inquiry
from webmap.vacancy.check_models import SpotCheck
from webmap.vacancy.models import VacancyReturn

FAR = (HERE[0] + 1, HERE[1])


@pytest.fixture
def today(app: Flask) -> date:
    with app.app_context():
        return current_settings().today()


@pytest.fixture
def area(session: Session) -> Area:
    return create_area(session)


@pytest.fixture
def tower(session: Session, today: date) -> Building:
    """A tower whose only unit nobody has spoken of for 50 days, with a manager to call."""
    tower = create_building(session, name="久未报大厦", leasable_area_m2=None)
    reported = {"area_m2": 400, "reported_on": today - timedelta(days=50)}
    create_unit(session, create_floor(session, tower, 1), **reported, occupancy="tenant", public_status="in_use")
    call(session, tower, "manager", "勤勉物业", "0000-1234")
    return tower


@pytest.fixture
def elsewhere(session: Session) -> Building:
    return create_building(session, square(*FAR), name="远方大厦")


def call(session: Session, building: Building, role: str, name: str, phone: str, *, consent: bool = False) -> None:
    party = Party(name=name, business_phone=phone, source_id=building.source_id, contact_consent=consent)
    session.add(party)
    session.flush()
    session.add(PartyRole(party_id=party.id, role=role, building_id=building.id))
    session.flush()


def browser_of(app: Flask, session: Session, role: str, **scope: int) -> FlaskClient:
    user = create_user(session)
    user.roles = [UserRole(role=role, **scope)]
    session.flush()
    client = app.test_client()
    sign_in(client, user.name)
    return client


@pytest.fixture
def officer(app: Flask, session: Session, area: Area, tower: Building, elsewhere: Building) -> FlaskClient:
    return browser_of(app, session, "staff", area_id=area.id)


def test_an_officer_sees_whom_to_call_why_and_where_it_is_put_right(officer: FlaskClient, tower: Building) -> None:
    page = officer.get("/desk/quality").text
    first = re.search(r'<ol class="todo">.*?</ol>', page, re.S)
    assert first
    told = text_of(first[0])
    assert told.startswith("久未报大厦 去处理 1 个单元（400 m²）平均 50 天无人确认")
    assert "物业 勤勉物业 0000-1234" in told
    assert 'href="tel:0000-1234"' in first[0]
    assert f'href="/return/{tower.code}"' in first[0]


def test_an_officer_sees_the_own_area_alone(officer: FlaskClient, elsewhere: Building) -> None:
    assert "远方大厦" not in officer.get("/desk/quality").text
    assert officer.get(f"/desk/quality/{elsewhere.code}").status_code == 403
    assert "远方大厦" not in officer.get("/desk/quality.csv").text


def test_the_map_has_every_building_with_its_class_and_leads_to_it(officer: FlaskClient, tower: Building) -> None:
    for measure in ("completeness", "age", "disputes"):
        page = officer.get(f"/desk/quality?measure={measure}").text
        drawn = page[page.index('<figure class="card quality-map">') : page.index("</figure>")]
        assert f'<a href="/desk/quality/{tower.code}"' in drawn
        counts = [int(text_of(item).split()[-1]) for item in re.findall(r"<li>.*?</li>", drawn, re.S)]
        assert sum(counts) == 1
    assert "久未报大厦 · 50 天" in officer.get("/desk/quality?measure=age").text


def test_a_building_is_told_field_by_field_with_what_to_fill_in(officer: FlaskClient, tower: Building) -> None:
    page = officer.get(f"/desk/quality/{tower.code}").text
    told = text_of(page)
    assert "空置状态近期有人报过 0% 28 天内 0 / 1 个单元；中位 50 天，最久 50 天" in told
    row = next(row for row in re.findall(r"<tr>.*?</tr>", page, re.S) if "消防验收" in row)
    assert "0% 0 / 1" in text_of(row)
    assert f'href="/desk/places/{tower.code}/facts"' in row


def test_sources_that_disagree_are_shown_beside_each_other(
    officer: FlaskClient, session: Session, tower: Building
) -> None:
    other = create_source(session, name="消防备案")
    said = {"building_id": tower.id, "fact": "fire_acceptance"}
    session.add(BuildingFact(**said, value="已通过", source_id=tower.source_id, dated_on=date(2026, 3, 1)))
    session.add(BuildingFact(**said, value="未验收", source_id=other.id, dated_on=date(2026, 4, 2)))
    session.flush()
    told = text_of(officer.get(f"/desk/quality/{tower.code}").text)
    assert "1 项资料各来源说法不一" in told
    assert "未验收 消防备案 2026-04-02" in told


def complain(session: Session, building: Building) -> None:
    values = {"name": "某人", "contact": "a@example.com", "language": "zh-Hans", "sent_sha256": b"1" * 32}
    session.add(Inquiry(kind="error", building_id=building.id, fact="area", **values))
    session.flush()


def look_and_find_otherwise(session: Session, building: Building, today: date) -> None:
    unit = create_unit(session, create_floor(session, building, 2), reported_on=today)
    session.add(SpotCheck(unit_id=unit.id, checked_on=today, as_reported=False, found="own_use"))
    session.flush()


def test_what_visitors_and_spot_checks_say_counts_until_it_is_settled(
    officer: FlaskClient, session: Session, tower: Building, today: date
) -> None:
    complain(session, tower)
    look_and_find_otherwise(session, tower, today)
    told = text_of(officer.get(f"/desk/quality/{tower.code}").text)
    assert "访客报错 1 条" in told
    assert "现场抽查与报送不符 1 处" in told
    session.query(Inquiry).update({"state": "closed"})
    session.query(SpotCheck).update({"checked_on": today - timedelta(days=200)})
    told = text_of(officer.get(f"/desk/quality/{tower.code}").text)
    assert "访客报错 1 条" not in told
    assert "现场抽查与报送不符" not in told


def test_a_manager_sees_the_own_building_without_what_is_said_to_staff(
    app: Flask, session: Session, tower: Building, elsewhere: Building, today: date
) -> None:
    complain(session, tower)
    look_and_find_otherwise(session, tower, today)
    manager = browser_of(app, session, "manager", building_id=tower.id)
    for path in ("/desk/quality", f"/desk/quality/{tower.code}", "/desk/quality.csv"):
        page = manager.get(path)
        assert page.status_code == 200
        assert "远方大厦" not in page.text
        assert "访客报错 1" not in page.text
        assert "抽查与报送不符" not in page.text
        assert "勤勉物业" not in page.text, "it has not agreed to be shown"
    assert f'href="/return/{tower.code}"' in manager.get("/desk/quality").text
    assert f"/desk/places/{tower.code}" not in manager.get("/desk/quality").text


def test_a_return_that_has_not_come_is_a_reason_with_its_days(
    officer: FlaskClient, session: Session, tower: Building, today: date
) -> None:
    due = datetime.combine(today - timedelta(days=5), datetime.min.time(), UTC)
    session.add(VacancyReturn(building_id=tower.id, week=due.date() - timedelta(days=due.weekday()), due_at=due))
    session.flush()
    assert "周报逾期 5 天" in text_of(officer.get(f"/desk/quality/{tower.code}").text)


def test_the_table_is_sorted_and_an_area_chosen_as_asked(
    app: Flask, session: Session, area: Area, tower: Building, elsewhere: Building
) -> None:
    boss = browser_of(app, session, "administrator")
    rows = re.findall(
        r'<th scope="row"><a href="/desk/quality/(\w+)"', boss.get("/desk/quality?sort=completeness").text
    )
    assert set(rows) == {tower.code, elsewhere.code}
    chosen = boss.get(f"/desk/quality?area={area.code}").text
    assert elsewhere.code not in chosen
    assert tower.code in chosen


@pytest.mark.parametrize(
    ("query", "allowed"),
    [
        ("measure=beauty", "completeness, age, disputes"),
        ("sort=<b>", "worth, completeness, age, disputes"),
        ("page=0", "a whole number from 1"),
        ("area=nowhere", "the code of an area"),
    ],
)
def test_what_cannot_be_understood_is_said_with_what_can(officer: FlaskClient, query: str, allowed: str) -> None:
    answer = officer.get(f"/desk/quality?{query}")
    assert answer.status_code == 422
    assert allowed in text_of(answer.text)
    assert "<b>" not in answer.text


def test_the_file_has_numerators_and_denominators_apart(officer: FlaskClient, tower: Building) -> None:
    answer = officer.get("/desk/quality.csv")
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    row = dict(zip(rows[1], rows[2], strict=True))
    assert (row["code"], row["unit_area_have"], row["unit_area_due"], row["silent"]) == (tower.code, "1", "1", "1")
    assert float(row["points"]) / float(row["most"]) == pytest.approx(float(row["completeness"]), abs=1e-3)
    assert float(row["worth"]) > 400 * 50


def test_visitors_read_how_complete_and_new_the_data_are(
    client: FlaskClient, session: Session, tower: Building
) -> None:
    hidden = create_source(session, name="内部登记", publishable=False)
    create_building(session, source_id=hidden.id, publishable=False)
    page = client.get("/quality").text
    told = text_of(page)
    assert "本站登记 1 幢楼宇" in told
    assert "1 个单元里，0 个（0%）的空置状态在 28 天内有人报过或核实过，中位数是 50 天前" in told
    assert "内部登记" not in told
    assert "勤勉物业" not in told
    assert "在租单元的企业" not in told
    assert client.get("/desk/quality").status_code in (302, 303)


@pytest.mark.parametrize("prefix", ["", "/en", "/zh-hant"])
def test_the_pages_are_there_in_three_languages_in_an_empty_city(app: Flask, session: Session, prefix: str) -> None:
    boss = browser_of(app, session, "administrator")
    for path in ("/desk/quality", "/desk/quality.csv", "/quality"):
        assert boss.get(prefix + path).status_code == 200


def test_a_building_that_is_not_there_is_not_found(officer: FlaskClient) -> None:
    assert officer.get("/desk/quality/nothing").status_code == 404
