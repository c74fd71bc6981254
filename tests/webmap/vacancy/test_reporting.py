"""A manager reports what changed, staff accept it, and the public is told with its day."""

import re
from datetime import date, timedelta
from decimal import Decimal

from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.editing.reshaping import Part, Terms, split_unit
from geo.history import Author, publish_offer
from geo.model import Building, Confirmation, Unit, UnitState
from geo.returns.weeks import week_of
from tests.factories import create_building, create_enterprise, create_user
from tests.web import post_form, sign_in, text_of
from tests.webmap.vacancy.reporting import report
from webmap import report_links
from webmap.auth.models import UserRole
from webmap.config import Settings
from webmap.vacancy.models import ReturnLine, ReturnSubmission, VacancyReturn


def test_a_change_reported_and_accepted_is_public_with_its_day(
    manager: FlaskClient, clerk: FlaskClient, client: FlaskClient, session: Session, tower: Building, units, settings
):
    today = settings.today()
    answer = report(manager, tower, units[2], state="vacant", offered="1", rent_amount="4.2", rent_unit="cny_m2_day")
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
    first = report(manager, tower, units[0], state="vacant")
    assert report(manager, tower, units[0], state="vacant").location == first.location
    assert len(session.scalars(select(ReturnSubmission)).all()) == 1


def test_the_same_page_sent_again_with_something_else_is_another_sending(manager, session: Session, tower, units):
    report(manager, tower, units[0], state="vacant")
    report(manager, tower, units[0], state="own_use")
    outcomes = session.scalars(select(ReturnLine.outcome).order_by(ReturnLine.id)).all()
    assert outcomes == ["replaced", "waiting"]


def test_who_manages_another_building_sees_and_reports_nothing(
    app, session: Session, tower, units, manager: FlaskClient
):
    other = create_building(session, name="别处大厦")
    user = create_user(session, name="stranger")
    user.roles = [UserRole(role="manager", building_id=other.id)]
    session.flush()
    stranger = app.test_client()
    sign_in(stranger, "stranger")
    assert "云澜大厦" not in stranger.get("/return").text
    assert stranger.get(f"/return/{tower.code}").status_code == 403
    assert post_form(stranger, "/return", f"/return/{tower.code}", key="not-my-building").status_code == 403


def test_a_return_sent_back_tells_the_manager_why(manager, clerk, session: Session, tower, units):
    report(manager, tower, units[0], state="vacant")
    page = f"/desk/returns/{session.scalars(select(VacancyReturn.id)).one()}"
    post_form(clerk, page, page, act="send_back", reason="请核对 1201 的面积")
    assert "请核对 1201 的面积" in manager.get("/return").text
    assert "请核对 1201 的面积" in manager.get(f"/return/{tower.code}").text
    assert session.get_one(Unit, units[0].id).occupancy == "tenant"


def test_a_unit_changed_by_somebody_else_meanwhile_is_shown_both_ways(
    manager, clerk, session: Session, tower, units, settings: Settings
):
    report(manager, tower, units[0], state="vacant")
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
    report(manager, tower, units[0], state="vacant", offered="1", rent_amount="99", rent_unit="cny_m2_day")
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
    report(manager, tower, units[0], key="first-of-two", state="own_use")
    report(manager, tower, units[1], key="second-of-two", state="unknown")
    first, second = session.scalars(select(ReturnLine.id).order_by(ReturnLine.id)).all()
    page = f"/desk/returns/{session.scalars(select(VacancyReturn.id)).one()}"
    post_form(clerk, page, page, act="accept", which="ticked", line=str(first))
    assert session.scalars(select(VacancyReturn.state)).one() == "received"
    post_form(clerk, page, page, act="send_back_ticked", line=str(second), reason="请说明用途")
    assert session.scalars(select(VacancyReturn.state)).one() == "rejected"
    assert session.scalars(select(ReturnLine.outcome).order_by(ReturnLine.id)).all() == ["accepted", "rejected"]
    assert "请说明用途" in manager.get("/return").text


def test_sending_back_needs_a_reason(manager, clerk, session: Session, tower, units):
    report(manager, tower, units[0], state="own_use")
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
    report(manager, tower, units[0], state="own_use", said_on=yesterday.isoformat())
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
    report(manager, tower, units[0], tenant="刚来的有限公司")
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


def test_a_unit_that_is_on_no_plan_reaches_staff_with_the_way_to_draw_it(app, manager, session: Session, tower, units):
    seen = {"sighting_kind": "new_unit", "sighting_name": "隔出来的一间，数据公司在用", "sighting_room": "1213A"}
    page = f"/return/{tower.code}"
    assert post_form(manager, page, page, key="a-new-unit", **seen, sighting_day="").status_code == 303
    create_user(session, "administrator", name="boss")
    boss = app.test_client()
    sign_in(boss, "boss")
    shown = boss.get(f"/desk/returns/{session.scalars(select(VacancyReturn.id)).one()}").text
    assert "图上没有的单元 · 隔出来的一间，数据公司在用 · 1213A" in text_of(shown)
    way = f"/desk/places/{tower.code}/units/new"
    assert f'href="{way}"' in shown
    assert boss.get(way).status_code == 200


def test_a_unit_that_was_split_since_is_named_and_the_others_are_accepted(
    manager, clerk, session: Session, tower, units, settings
):
    report(manager, tower, units[0], state="vacant")
    report(manager, tower, units[1], "another-key", state="own_use")
    page = f"/desk/returns/{session.scalars(select(VacancyReturn.id)).one()}"
    parts = [Part("1201A", Decimal(120)), Part("1201B", Decimal(80))]
    today = settings.today()
    split_unit(session, units[0].id, parts, Terms(today), by=Author(units[0].source_id), today=today)
    session.flush()
    assert "已拆分或合并为 1201A、1201B" in text_of(clerk.get(page).text)
    assert post_form(clerk, page, page, act="accept").status_code == 303
    shown = text_of(clerk.get(page).text)
    assert "单元 1201 已拆分、合并或撤销" in shown
    session.expire_all()
    outcomes = {line.unit_id: line.outcome for line in session.scalars(select(ReturnLine))}
    assert outcomes == {units[0].id: "waiting", units[1].id: "accepted"}
    assert post_form(clerk, page, page, act="send_back", reason="已拆分").status_code == 303


def test_whoever_promises_the_same_unit_is_named_with_both_times(
    manager, clerk, session: Session, tower, units, settings
):
    promoter = create_user(session, "promoter", name="zhaoshang")
    by, today = Author(units[0].source_id, promoter.id), settings.today()
    publish_offer(session, [units[0].id], {"rent_low": 6, "rent_unit": "cny_m2_day"}, on=today, by=by, today=today)
    session.flush()
    report(manager, tower, units[0], state="vacant", offered="1", rent_amount="4.2", rent_unit="cny_m2_day")
    report(manager, tower, units[1], "another-key", state="vacant", offered="1")
    shown = text_of(clerk.get(f"/desk/returns/{session.scalars(select(VacancyReturn.id)).one()}").text)
    assert shown.count("撞单") == 1
    assert re.search(r"zhaoshang 自 .{8,20} 起已在招商信息 \w+ 中承诺这一间；本周报 .{8,20} 送达", shown)
