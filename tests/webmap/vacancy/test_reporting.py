"""A manager reports what changed, staff accept it, and the public is told with its day."""

import json
import re
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.model import Building, Confirmation, Unit, UnitState
from geo.returns.weeks import week_of
from tests.factories import create_building, create_enterprise, create_floor, create_unit, create_user
from tests.web import post_form, sign_in, text_of
from webmap import report_links
from webmap.auth.models import UserRole
from webmap.config import Settings
from webmap.vacancy.models import ReturnLine, ReturnSubmission, VacancyReturn


@pytest.fixture
def tower(session: Session) -> Building:
    return create_building(session)


@pytest.fixture
def units(session: Session, tower: Building) -> list[Unit]:
    floor = create_floor(session, tower, 12)
    let = {"occupancy": "tenant", "public_status": "in_use", "rent_amount": None, "rent_unit": None}
    return [create_unit(session, floor, label=f"120{n}", **let) for n in range(1, 8)]


@pytest.fixture
def manager(app, session: Session, tower: Building, units: list[Unit]) -> FlaskClient:
    user = create_user(session, name="manager")
    user.roles = [UserRole(role="manager", building_id=tower.id)]
    session.flush()
    return _signed_in(app, "manager")


@pytest.fixture
def clerk(app, session: Session) -> FlaskClient:
    create_user(session, "staff", name="clerk")
    return _signed_in(app, "clerk")


def _signed_in(app, name: str) -> FlaskClient:
    client = app.test_client()
    sign_in(client, name)
    return client


def _report(client: FlaskClient, tower: Building, unit: Unit, key: str = "a-key-of-the-page", **said: str):
    """Send the form as the page without scripts does, with one unit changed."""
    page = client.get(f"/return/{tower.code}").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    was = json.loads(re.search(rf'name="was.{unit.code}" value="([^"]+)"', page)[1].replace("&#34;", '"'))
    seen = re.search(rf'name="seen.{unit.code}" value="(\d+)"', page)[1]
    form = {"said_on": said.pop("said_on", ""), "csrf_token": token, "key": key, "unit": unit.code}
    form[f"was.{unit.code}"] = json.dumps(was)
    fields = {f"{name}.{unit.code}": value for name, value in {**was, **said}.items()}
    return client.post(f"/return/{tower.code}", data={**form, f"seen.{unit.code}": seen, **fields})


def test_a_change_reported_and_accepted_is_public_with_its_day(
    manager: FlaskClient, clerk: FlaskClient, client: FlaskClient, session: Session, tower: Building, units, settings
):
    today = settings.today()
    answer = _report(manager, tower, units[2], state="vacant", offered="1", rent_amount="4.2", rent_unit="cny_m2_day")
    assert answer.status_code == 303
    receipt = text_of(manager.get(answer.location).text)
    assert "周报已送达" in receipt
    assert "在租 → 空置 · 招商 4.2 元/m²·天" in receipt
    assert "使用中" in text_of(client.get(f"/u/{units[2].code}").text)
    number = session.scalars(select(VacancyReturn.id)).one()
    page = f"/desk/returns/{number}"
    assert "1203" in text_of(clerk.get(page).text)
    assert post_form(clerk, page, page, act="accept").status_code == 303
    shown = text_of(client.get(f"/u/{units[2].code}").text)
    assert "4.2 元/m²·天" in shown
    assert f"报送日期 {today.isoformat()}" in shown
    assert "物业空置周报" in shown
    confirmed = session.scalars(select(Confirmation.unit_id)).all()
    assert sorted(confirmed) == sorted(unit.id for unit in units if unit is not units[2])


def test_no_change_is_one_button_and_confirms_every_unit(manager: FlaskClient, session: Session, tower, units):
    answer = post_form(manager, "/return", f"/return/{tower.code}", key="no-change-at-all")
    assert "全部单元没有变化" in manager.get(answer.location).text
    assert session.scalars(select(VacancyReturn.state)).one() == "accepted"
    assert len(session.scalars(select(Confirmation)).all()) == len(units)


def test_the_same_sending_twice_is_one(manager: FlaskClient, session: Session, tower, units):
    first = _report(manager, tower, units[0], state="vacant")
    assert _report(manager, tower, units[0], state="vacant").location == first.location
    assert len(session.scalars(select(ReturnSubmission)).all()) == 1


def test_the_same_page_sent_again_with_something_else_is_another_sending(manager, session: Session, tower, units):
    _report(manager, tower, units[0], state="vacant")
    _report(manager, tower, units[0], state="own_use")
    outcomes = session.scalars(select(ReturnLine.outcome).order_by(ReturnLine.id)).all()
    assert outcomes == ["replaced", "waiting"]


def test_who_manages_another_building_sees_and_reports_nothing(
    app, session: Session, tower, units, manager: FlaskClient
):
    other = create_building(session, name="别处大厦")
    user = create_user(session, name="stranger")
    user.roles = [UserRole(role="manager", building_id=other.id)]
    session.flush()
    stranger = _signed_in(app, "stranger")
    assert "云澜大厦" not in stranger.get("/return").text
    assert stranger.get(f"/return/{tower.code}").status_code == 403
    assert post_form(stranger, "/return", f"/return/{tower.code}", key="not-my-building").status_code == 403


def test_a_return_sent_back_tells_the_manager_why(manager, clerk, session: Session, tower, units):
    _report(manager, tower, units[0], state="vacant")
    page = f"/desk/returns/{session.scalars(select(VacancyReturn.id)).one()}"
    post_form(clerk, page, page, act="send_back", reason="请核对 1201 的面积")
    assert "请核对 1201 的面积" in manager.get("/return").text
    assert "请核对 1201 的面积" in manager.get(f"/return/{tower.code}").text
    assert session.get_one(Unit, units[0].id).occupancy == "tenant"


def test_a_unit_changed_by_somebody_else_meanwhile_is_shown_both_ways(
    manager, clerk, session: Session, tower, units, settings: Settings
):
    _report(manager, tower, units[0], state="vacant")
    state = UnitState(unit_id=units[0].id, occupancy="own_use", source_id=units[0].source_id)
    state.valid = f"[{settings.today() - timedelta(days=1)},)"
    session.add(state)
    session.flush()
    page = f"/desk/returns/{session.scalars(select(VacancyReturn.id)).one()}"
    post_form(clerk, page, page, act="accept")
    assert "期间他人改为" in clerk.get(page).text
    assert session.scalars(select(ReturnLine.outcome)).one() == "waiting"
    post_form(clerk, page, page, act="accept")
    assert session.scalars(select(ReturnLine.outcome)).one() == "accepted"
    session.expire_all()
    assert session.get_one(Unit, units[0].id).occupancy == "vacant"


def test_a_week_to_come_is_refused(manager, session: Session, tower, units, settings):
    week = week_of(settings.today()) + timedelta(weeks=1)
    answer = post_form(manager, "/return", f"/return/{tower.code}", key="too-early-by-far", week=f"{week:%Y-%m-%d}")
    assert answer.status_code == 422
    assert isinstance(week, date)


def test_what_is_doubtful_is_accepted_with_a_reason_only(manager, clerk, session: Session, tower, units):
    _report(manager, tower, units[0], state="vacant", offered="1", rent_amount="99", rent_unit="cny_m2_day")
    page = f"/desk/returns/{session.scalars(select(VacancyReturn.id)).one()}"
    assert "1201 的租金折合每天每平方米 99.00 元" in text_of(clerk.get(page).text)
    refused = post_form(clerk, page, page, act="accept")
    assert refused.status_code == 422
    assert "请先为每个疑点写明理由" in refused.text
    assert session.scalars(select(ReturnLine.outcome)).one() == "waiting"
    doubt = re.search(r'name="(doubt-\d+)"', refused.text)[1]
    assert post_form(clerk, page, page, act="accept", **{doubt: "核过合同"}).status_code == 303
    assert "核过合同" in clerk.get(page).text
    assert session.scalars(select(ReturnLine.outcome)).one() == "accepted"


def test_lines_are_accepted_one_by_one_and_the_rest_sent_back(manager, clerk, session: Session, tower, units):
    _report(manager, tower, units[0], key="first-of-two", state="own_use")
    _report(manager, tower, units[1], key="second-of-two", state="unknown")
    first, second = session.scalars(select(ReturnLine.id).order_by(ReturnLine.id)).all()
    page = f"/desk/returns/{session.scalars(select(VacancyReturn.id)).one()}"
    post_form(clerk, page, page, act="accept", which="ticked", line=str(first))
    assert session.scalars(select(VacancyReturn.state)).one() == "received"
    post_form(clerk, page, page, act="send_back_ticked", line=str(second), reason="请说明用途")
    assert session.scalars(select(VacancyReturn.state)).one() == "rejected"
    assert session.scalars(select(ReturnLine.outcome).order_by(ReturnLine.id)).all() == ["accepted", "rejected"]
    assert "请说明用途" in manager.get("/return").text


def test_sending_back_needs_a_reason(manager, clerk, session: Session, tower, units):
    _report(manager, tower, units[0], state="own_use")
    page = f"/desk/returns/{session.scalars(select(VacancyReturn.id)).one()}"
    refused = post_form(clerk, page, page, act="send_back", reason=" ")
    assert refused.status_code == 422
    assert "请写明退回的理由" in refused.text


def test_sightings_reach_staff_and_nobody_else(manager, clerk, client, session: Session, tower, units):
    seen = {"sighting_kind": "registered_elsewhere", "sighting_name": "隐名贸易有限公司", "sighting_room": "1204"}
    post_form(manager, "/return", f"/return/{tower.code}", key="somebody-was-seen", sighting_day="", **seen)
    page = f"/desk/returns/{session.scalars(select(VacancyReturn.id)).one()}"
    assert "隐名贸易有限公司" in clerk.get(page).text
    assert "隐名贸易有限公司" not in client.get(f"/b/{tower.code}").text


def test_whoever_holds_the_link_of_the_week_reports_without_an_account(
    app, client: FlaskClient, session: Session, tower, units, settings: Settings
):
    week = week_of(settings.today())
    token = report_links.make(session, settings.secret_key, tower, week)
    session.flush()
    answer = post_form(client, f"/return/link/{token}", f"/return/link/{token}", key="by-the-link-of-a-mail")
    assert answer.status_code == 303
    assert "周报已送达" in client.get(answer.location).text
    assert session.scalars(select(ReturnSubmission.via)).one() == "link"
    assert client.get(f"/return/{tower.code}").status_code in (302, 303)
    other = token[:-1] + ("0" if token[-1] != "0" else "1")
    assert client.get(f"/return/link/{other}").status_code != 200


def test_a_report_counts_from_the_day_it_was_written_not_from_when_it_was_accepted(
    manager, clerk, session: Session, tower, units, settings: Settings
):
    yesterday = settings.today() - timedelta(days=1)
    if week_of(yesterday) != week_of(settings.today()):
        yesterday = settings.today()
    _report(manager, tower, units[0], state="own_use", said_on=yesterday.isoformat())
    page = f"/desk/returns/{session.scalars(select(VacancyReturn.id)).one()}"
    post_form(clerk, page, page, act="accept")
    session.expire_all()
    assert session.get_one(Unit, units[0].id).reported_on == yesterday


def test_a_tenant_nobody_knows_takes_the_place_of_the_old_one_as_a_name(
    manager, clerk, session: Session, tower, units, settings: Settings
):
    old = create_enterprise(session, tower)
    state = UnitState(unit_id=units[0].id, occupancy="tenant", contract="let", source_id=units[0].source_id)
    state.valid, state.tenant_id = f"[{settings.today() - timedelta(days=90)},)", old.id
    session.add(state)
    session.flush()
    _report(manager, tower, units[0], tenant="刚来的有限公司")
    page = f"/desk/returns/{session.scalars(select(VacancyReturn.id)).one()}"
    assert "企业库里没有" in clerk.get(page).text
    post_form(clerk, page, page, act="accept")
    now = session.scalars(select(UnitState).where(UnitState.unit_id == units[0].id, func.upper_inf(UnitState.known)))
    assert [each.tenant_id for each in sorted(now, key=lambda each: each.id)][-1] is None


def test_people_who_were_seen_wait_for_staff_also_without_a_change(manager, session: Session, tower, units):
    seen = {"sighting_kind": "move_in", "sighting_name": "新来的公司", "sighting_room": "", "sighting_day": ""}
    post_form(manager, "/return", f"/return/{tower.code}", key="seen-without-change", **seen)
    assert session.scalars(select(VacancyReturn.state)).one() == "received"


def test_the_plan_is_small_on_the_way_unless_it_could_repeat_words_of_a_stranger(manager, tower, units):
    plain = {"Accept-Encoding": "br"}
    assert manager.get(f"/return/{tower.code}", headers=plain).headers.get("Content-Encoding") == "br"
    guessed = manager.get(f"/return/{tower.code}?guess=csrf_token", headers=plain)
    assert "Content-Encoding" not in guessed.headers
    assert "Content-Encoding" not in manager.get("/return", headers=plain).headers
