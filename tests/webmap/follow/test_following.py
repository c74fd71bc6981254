"""Somebody who looks for space follows a search: by a reader of feeds, a calendar, or mail."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from geo.conditions import unit_conditions
from geo.filters import MARKET, Filters
from geo.model import Floor, Unit, UnitNews
from geo.news import matches
from tests.factories import create_building, create_floor, create_unit
from tests.postgres import CloneMaker
from tests.web import post_form
from webmap.config import Settings
from webmap.database_logins import JOBS
from webmap.db import Database
from webmap.follow import operations
from webmap.follow.models import Alert
from webmap.jobs import enqueue, run_worker
from webmap.models import Mail

ATOM = "{http://www.w3.org/2005/Atom}"


def _entries(client: FlaskClient, query: str = "", path: str = "/feeds/units.atom") -> list[tuple[str, str]]:
    feed = ElementTree.fromstring(client.get(f"{path}?{query}").data)
    return [(e.find(f"{ATOM}category").get("term"), e.findtext(f"{ATOM}content")) for e in feed.iter(f"{ATOM}entry")]


@pytest.fixture
def unit(session: Session) -> Unit:
    return create_unit(session, area_m2=800)


def _change(session: Session, unit: Unit, **values) -> None:
    session.execute(update(Unit).where(Unit.id == unit.id).values(**values))


def test_a_unit_that_comes_on_the_market_is_new_in_the_feed(client: FlaskClient, unit: Unit):
    [(kind, said)] = _entries(client)
    assert kind == "new"
    assert "800 m²" in said
    assert "5 元/m²·天" in said


def test_a_lower_rent_is_a_change_and_says_what_it_was(client: FlaskClient, session: Session, unit: Unit):
    _change(session, unit, rent_amount=4, rent_cny_m2_day=4.0)
    (kind, said), _ = _entries(client)
    assert (kind, "4 元/m²·天" in said, "此前：5 元/m²·天" in said) == ("changed", True, True)


def test_a_let_unit_is_gone_and_nothing_is_said_of_who_took_it(client: FlaskClient, session: Session, unit: Unit):
    _change(session, unit, public_status="in_use", occupancy="tenant", rent_amount=None, rent_cny_m2_day=None)
    assert [kind for kind, _ in _entries(client)] == ["gone", "new"]
    assert session.scalars(select(UnitNews.after).order_by(UnitNews.id.desc())).first() is None


def test_a_rent_that_rises_over_the_limit_is_gone_for_this_search(client: FlaskClient, session: Session, unit: Unit):
    _change(session, unit, rent_amount=7, rent_cny_m2_day=7.0)
    assert [kind for kind, _ in _entries(client, "rent_max=6")] == ["gone", "new"]
    assert [kind for kind, _ in _entries(client, "rent_min=6")] == ["new"]


def test_what_does_not_fit_the_search_is_not_told(client: FlaskClient, session: Session, unit: Unit):
    create_unit(session, create_floor(session, create_building(session, grade="b")), area_m2=100)
    assert len(_entries(client)) == 2
    assert len(_entries(client, "area_min=500")) == 1
    assert len(_entries(client, "grade=b")) == 1


def test_a_withdrawn_unit_is_gone_and_an_unpublishable_one_was_never_there(client: FlaskClient, session: Session):
    create_unit(session, publishable=False)
    assert _entries(client) == []
    shown = create_unit(session)
    _change(session, shown, withdrawn_at=datetime.now(UTC))
    assert [kind for kind, _ in _entries(client)] == ["gone", "new"]


def test_a_report_that_changes_nothing_is_no_news(client: FlaskClient, session: Session, unit: Unit):
    _change(session, unit, reported_on=date(2026, 11, 1))
    assert len(_entries(client)) == 1


def test_the_feed_speaks_english(client: FlaskClient, unit: Unit):
    feed = client.get("/en/feeds/units.atom").text
    assert "New: Yunlan Tower" in feed
    assert "/en/u/" in feed


def test_names_in_a_feed_are_text(client: FlaskClient, session: Session):
    create_unit(session, create_floor(session, create_building(session, name="<b>&塔")))
    title = ElementTree.fromstring(client.get("/feeds/units.atom").data).findtext(f"{ATOM}entry/{ATOM}title")
    assert "<b>&塔" in title


def test_a_wrong_filter_is_named_in_the_answer(client: FlaskClient):
    assert client.get("/feeds/units.atom?grade=gold").status_code == 422


def test_the_calendar_holds_the_days_from_which_units_can_be_had(client: FlaskClient, session: Session, unit: Unit):
    soon = create_unit(session, public_status="soon", available_on=date(2199, 3, 1))
    [event] = Calendar.from_ical(client.get("/feeds/units.ics?area_max=500").data).walk("VEVENT")
    assert event["DTSTART"].dt == date(2199, 3, 1)
    assert str(event["URL"]).endswith(f"/u/{soon.code}")
    assert soon.label in event["SUMMARY"]


@pytest.mark.parametrize(
    "filters",
    [
        Filters(area_min=Decimal("88.8")),
        Filters(area_max=Decimal(100)),
        Filters(rent_min=Decimal("4.2"), rent_unit="cny_m2_day"),
        Filters(rent_max=Decimal(130), rent_unit="cny_m2_month"),
        Filters(floor_min=3, floor_max=9),
        Filters(fitout=("basic", "bare")),
        Filters(available_by=date(2027, 3, 1)),
        Filters(occupancy=("soon",)),
    ],
)
def test_news_and_searches_agree_on_what_fits(session: Session, filters: Filters):
    floors = [create_floor(session, create_building(session), position) for position in (2, 5, 12)]
    for number, floor in enumerate(floors):
        create_unit(session, floor, area_m2="88.8", rent_amount="4.2", rent_cny_m2_day=4.2)
        create_unit(session, floor, area_m2=400, min_area_m2=90, fitout="bare", rent_amount=None, rent_cny_m2_day=None)
        create_unit(session, floor, public_status="soon", available_on=date(2027, 2 + number, 1), fitout=None)
    wanted = filters if filters.occupancy else replace(filters, occupancy=MARKET)
    found = select(Unit.id).outerjoin(Floor, Floor.id == Unit.floor_id).where(*unit_conditions(wanted))
    noted = select(UnitNews.unit_id, UnitNews.after, Floor.position).join(Unit, Unit.id == UnitNews.unit_id)
    told = session.execute(noted.join(Floor, Floor.id == Unit.floor_id))
    fitting = {row.unit_id for row in told if matches(filters, row.after, row.position)}
    assert fitting == set(session.scalars(found))


def _begin(client: FlaskClient, session: Session, query: str = "area_min=500", email: str = "wang@example.com") -> str:
    post_form(client, f"/alerts/new?{query}", "/alerts", query=query, email=email)
    body = session.scalars(select(Mail.body).order_by(Mail.id.desc())).first()
    return re.search(r"/alerts/\S+", body)[0]


def test_nothing_is_sent_before_the_address_has_confirmed(client: FlaskClient, session: Session):
    link = _begin(client, session)
    assert "确认接收" in client.get(link).text
    assert session.scalars(select(Alert.confirmed_at)).one() is None
    assert "已开始提醒" in post_form(client, link, link).text
    session.expire_all()
    assert session.scalars(select(Alert.confirmed_at)).one() is not None


def test_one_click_ends_it_and_another_takes_that_back(client: FlaskClient, session: Session):
    link = _begin(client, session)
    post_form(client, link, link)
    assert "已停止提醒" in client.get(f"{link}/end").text
    session.expire_all()
    assert operations.due(session) == []
    post_form(client, f"{link}/end", link)
    session.expire_all()
    assert len(operations.due(session)) == 1


def test_programs_of_mail_end_it_without_a_form(client: FlaskClient, session: Session):
    link = _begin(client, session)
    post_form(client, link, link)
    assert client.post(f"{link}/end", data={"List-Unsubscribe": "One-Click"}).status_code == 200
    session.expire_all()
    assert operations.due(session) == []


def test_who_follows_already_is_not_written_to_again_and_nobody_learns_it(client: FlaskClient, session: Session):
    link = _begin(client, session)
    post_form(client, link, link)
    before = session.scalar(select(func.count()).select_from(Mail))
    answer = post_form(client, "/alerts/new?area_min=500", "/alerts", query="area_min=500", email="WANG@example.com")
    assert "请查收邮件" in answer.text
    assert session.scalar(select(func.count()).select_from(Mail)) == before


@pytest.mark.parametrize("email", ["", "wang", "王@example.com", "a b@example.com", "x@y", "Wang <wang@example.com>"])
def test_what_is_no_address_is_said_to_be_none(client: FlaskClient, session: Session, email: str):
    answer = post_form(client, "/alerts/new", "/alerts", query="", email=email)
    assert (answer.status_code, "这不是邮箱地址" in answer.text) == (422, True)


def test_a_link_with_another_key_opens_nothing(client: FlaskClient, session: Session):
    link = _begin(client, session)
    assert client.get(link[:-1] + ("0" if link[-1] != "0" else "1")).status_code == 404


def test_alerts_that_nobody_confirmed_or_that_are_over_are_forgotten(client: FlaskClient, session: Session):
    _begin(client, session)
    assert operations.prune(session) == 0
    session.execute(update(Alert).values(created_at=datetime.now(UTC) - timedelta(days=4)))
    assert operations.prune(session) == 1


def test_every_morning_there_is_one_mail_with_what_is_new(
    live_database: Database, settings: Settings, clones: CloneMaker, clone: str
):
    work = replace(settings, database_url=clones.server.dsn(JOBS, clone), base_url="https://map.example")
    with live_database.new_session() as session:
        alert = operations.begin(session, "wang@example.com", Filters(area_min=Decimal(500)), "en")
        operations.confirm(session, alert)
        session.commit()
        unit = create_unit(session, area_m2=800)
        create_unit(session, area_m2=100)
        for _ in range(2):
            enqueue(session, "tell_news", timestamp=0)
            session.commit()
            run_worker(work, wait=False)
        [mail] = session.scalars(select(Mail)).all()
        assert mail.subject.startswith("1 change")
        assert f"https://map.example/en/u/{unit.code}" in mail.body
        assert mail.unsubscribe_url in mail.body
        assert mail.unsubscribe_url.endswith("/end")
