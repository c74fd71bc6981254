"""The office sees who is late and for how long; reminders and escalations go once, to the right people."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.disclosure import Audience, audience_of
from geo.model import Base, Building
from tests.factories import create_area, create_building, create_floor, create_unit, create_user, square
from tests.web import post_form, sign_in, text_of
from webmap.auth.models import UserRole
from webmap.config import Settings
from webmap.models import Mail
from webmap.vacancy.board import board
from webmap.vacancy.chasing import chase
from webmap.vacancy.models import ReturnRule, ReturnSubmission, VacancyReturn
from webmap.vacancy.owing import Clock, ask_anew, open_returns
from webmap.vacancy.tasks import message_for

RETURN_TABLES = (
    *("vacancy_returns", "return_submissions", "return_lines", "return_sightings", "return_doubts", "return_rules"),
    *("spot_checks", "audit_samples"),
)
ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 16, tzinfo=ZONE).date()
THURSDAY = Clock(datetime(2026, 11, 19, 20, 0, tzinfo=ZONE).astimezone(UTC), ZONE)
SUNDAY = Clock(datetime(2026, 11, 22, 9, 0, tzinfo=ZONE).astimezone(UTC), ZONE)
TUESDAY = Clock(datetime(2026, 11, 24, 9, 0, tzinfo=ZONE).astimezone(UTC), ZONE)


@pytest.fixture
def tower(session: Session) -> Building:
    tower = create_building(session)
    create_unit(session, create_floor(session, tower, 1), reported_on=MONDAY - timedelta(days=9))
    return tower


def person(session: Session, role: str, name: str, **scope: int) -> None:
    user = create_user(session, name=name, email=f"{name}@example.com")
    user.roles = [UserRole(role=role, **scope)]
    session.flush()


def mails(session: Session) -> dict[str, str]:
    return {mail.recipient: mail.body for mail in session.scalars(select(Mail))}


def test_a_late_building_stands_on_top_with_its_days(session: Session, tower: Building) -> None:
    other = create_building(session, name="准时大厦")
    owed = open_returns(session, [tower.id, other.id], MONDAY, ZONE)
    sent = ReturnSubmission(return_id=owed[other.id].id, key="k", said_on=MONDAY)
    sent.received_at = owed[other.id].due_at - timedelta(hours=1)
    session.add(sent)
    owed[other.id].state = "accepted"
    session.flush()
    made = board(session, Building.id.in_([tower.id, other.id]), MONDAY, SUNDAY)
    assert [(row.building.name, row.standing, row.late_days) for row in made.rows] == [
        ("云澜大厦", "late", 1),
        ("准时大厦", "accepted", 0),
    ]
    late, punctual = made.rows
    assert (late.weeks[-1], punctual.weeks[-1], late.weeks[0]) == ("missing", "in_time", "none")
    assert (late.punctuality, punctual.punctuality) == (0.0, 1.0)
    assert [row.building.name for row in made.league] == ["准时大厦", "云澜大厦"]
    assert (late.complete, late.median_age) == (1.0, 15)


def test_managers_are_reminded_once_with_a_link_that_opens_the_return(
    client: FlaskClient, session: Session, tower: Building, settings: Settings
) -> None:
    person(session, "manager", "wuye", building_id=tower.id)
    person(session, "manager", "elsewhere", building_id=create_building(session, status="planned").id)
    assert chase(session, settings, THURSDAY)[0] == 1
    assert chase(session, settings, THURSDAY)[0] == 0
    found = mails(session)
    assert list(found) == ["wuye@example.com"]
    link = next(word for word in found["wuye@example.com"].split() if "/return/link/" in word)
    assert "云澜大厦" in client.get(link[link.index("/return/") :]).text


def test_nobody_is_reminded_of_what_was_sent(session: Session, tower: Building, settings: Settings) -> None:
    person(session, "manager", "wuye", building_id=tower.id)
    open_returns(session, [tower.id], MONDAY, ZONE)[tower.id].state = "received"
    session.flush()
    assert chase(session, settings, THURSDAY) == (0, 0)


def test_the_chief_hears_of_a_return_that_stays_away(session: Session, tower: Building, settings: Settings) -> None:
    area = create_area(session)
    person(session, "chief", "louzhang", area_id=area.id)
    person(session, "manager", "wuye", building_id=tower.id)
    open_returns(session, [tower.id], MONDAY, ZONE)
    assert chase(session, settings, SUNDAY) == (1, 0)
    assert "louzhang@example.com" not in mails(session)
    assert chase(session, settings, TUESDAY)[1] == 1
    assert "云澜大厦" in mails(session)["louzhang@example.com"]
    assert chase(session, settings, TUESDAY)[1] == 0


def test_an_area_with_a_rule_of_its_own_is_asked_by_it(session: Session, tower: Building) -> None:
    area = create_area(session)
    session.add(ReturnRule(area_id=area.id, due_weekday=2))
    session.add(ReturnRule(area_id=None, due_weekday=3))
    session.flush()
    far = create_building(session, square(lon=121.9), name="远处大厦")
    owed = open_returns(session, [tower.id, far.id], MONDAY, ZONE)
    days = [owed[each.id].due_at.astimezone(ZONE).weekday() for each in (tower, far)]
    assert days == [2, 3]


def test_a_new_rule_holds_for_the_open_returns_of_the_week_and_not_for_what_was_sent(
    session: Session, tower: Building
) -> None:
    sent = create_building(session, square(half=0.0003), name="已报大厦")
    owed = open_returns(session, [tower.id, sent.id], MONDAY, ZONE)
    due = owed[sent.id].due_at
    owed[sent.id].state, owed[sent.id].received_at = "received", due - timedelta(hours=1)
    earlier = open_returns(session, [tower.id], MONDAY - timedelta(weeks=1), ZONE)[tower.id]
    before = earlier.due_at
    session.add(ReturnRule(area_id=create_area(session).id, due_weekday=2))
    session.flush()
    assert ask_anew(session, MONDAY, ZONE) == 1
    session.expire_all()
    assert owed[tower.id].due_at.astimezone(ZONE).weekday() == 2
    assert (owed[sent.id].due_at, earlier.due_at) == (due, before)


def test_the_administrator_sets_the_rule_of_the_site(app, session: Session, tower: Building) -> None:
    create_user(session, "administrator", name="admin")
    admin = app.test_client()
    sign_in(admin, "admin")
    page = "/desk/board/rules"
    values = {"due_weekday": "3", "due_time": "12:00", "remind_hours": "12", "escalate_days": "2", "jump_pct": "15"}
    rents = {"rent_low_cny_m2_day": "0.5", "rent_high_cny_m2_day": "20"}
    assert post_form(admin, page, page, **values, **rents).status_code == 303
    kept = session.scalars(select(ReturnRule)).one()
    assert (kept.area_id, kept.due_weekday, kept.accept_unchanged) == (None, 3, False)
    wrong = post_form(admin, page, page, **values, **rents | {"rent_high_cny_m2_day": "0.1"})
    assert wrong.status_code == 422


def test_staff_see_the_board_and_managers_do_not(app, session: Session, tower: Building) -> None:
    create_user(session, "staff", name="clerk")
    person(session, "manager", "wuye", building_id=tower.id)
    clerk, manager = app.test_client(), app.test_client()
    sign_in(clerk, "clerk")
    sign_in(manager, "wuye")
    shown = text_of(clerk.get("/desk/board").text)
    assert "云澜大厦" in shown
    assert "完整度" in shown
    assert manager.get("/desk/board").status_code == 403


@pytest.mark.parametrize(
    ("url", "key"),
    [("https://qyapi.weixin.qq.com/x", "msgtype"), ("https://open.feishu.cn/x", "msg_type")],
)
def test_each_chat_is_told_in_its_own_form(url: str, key: str) -> None:
    assert "三幢逾期" in str(message_for(url, "三幢逾期"))
    assert key in message_for(url, "三幢逾期")


def test_a_return_of_an_old_week_is_left_alone(session: Session, tower: Building, settings: Settings) -> None:
    person(session, "chief", "louzhang", building_id=tower.id)
    open_returns(session, [tower.id], MONDAY - timedelta(weeks=6), ZONE)
    chase(session, settings, THURSDAY)
    assert session.scalars(select(VacancyReturn.escalated_at)).all() == [None, None]


@pytest.mark.parametrize("table", sorted(name for name in Base.metadata.tables if name in RETURN_TABLES))
def test_every_column_of_a_return_is_disclosed_to_somebody_and_none_to_the_public(table: str) -> None:
    for column in Base.metadata.tables[table].columns:
        assert audience_of(f"{table}.{column.name}") is not Audience.PUBLIC
