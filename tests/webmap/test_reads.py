"""Pages opened are counted by day, for people alone, and nothing is kept of who they are."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from werkzeug.datastructures import Headers

from geo.db import engine as make_engine
from tests.factories import create_building, create_floor, create_unit, create_user
from tests.postgres import CloneMaker
from tests.web import sign_in
from webmap import reads
from webmap.database_logins import APP
from webmap.db import Database
from webmap.models import PageRead
from webmap.robots import is_a_person_reading, is_robot

BROWSER = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_2 like Mac OS X) AppleWebKit/605.1.15 Mobile MicroMessenger/8.0.55"
PERSON = {"User-Agent": BROWSER}


def _written(app: Flask, session: Session) -> dict[tuple[str, int], int]:
    app.extensions["loumap_reads"].write()
    session.expire_all()
    found = session.execute(select(PageRead.kind, PageRead.thing_id, PageRead.reads))
    return {(kind, thing_id): often for kind, thing_id, often in found}


def test_every_opening_of_a_page_by_a_visitor_counts(app: Flask, session: Session) -> None:
    tower = create_building(session)
    building, code = tower.id, tower.code
    unit = create_unit(session, create_floor(session, tower))
    browser = app.test_client()
    for _ in range(3):
        assert browser.get(f"/b/{code}", headers=PERSON).status_code == 200
    assert browser.get(f"/en/u/{unit.code}", headers=PERSON).status_code == 200
    assert browser.get("/b/nothing", headers=PERSON).status_code == 404
    assert _written(app, session) == {("building", building): 3, ("unit", unit.id): 1}
    browser.get(f"/b/{code}", headers=PERSON)
    assert _written(app, session)["building", building] == 4


def test_programs_and_people_who_work_here_do_not_count(app: Flask, session: Session) -> None:
    building = create_building(session)
    create_user(session, "staff", name="clerk")
    address, browser = f"/b/{building.code}", app.test_client()
    browser.get(address)
    browser.get(address, headers={"User-Agent": f"{BROWSER} (compatible; Googlebot/2.1)"})
    browser.get(address, headers=PERSON | {"Sec-Purpose": "prefetch;prerender"})
    browser.get(address, headers=PERSON | {"Sec-Fetch-Mode": "cors"})
    browser.head(address, headers=PERSON)
    sign_in(browser, "clerk")
    browser.get(address, headers=PERSON)
    assert _written(app, session) == {}


@pytest.mark.parametrize(
    "name",
    [
        *(None, "", "curl/8.9.1", "python-requests/2.32", "Go-http-client/2.0", "WhatsApp/2.24"),
        "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
        "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/140.0 Safari/537.36",
        "Mozilla/5.0 (Linux; Android 5.0) AppleWebKit/537.36 (compatible; Bytespider; spider-feedback@x.example)",
    ],
)
def test_programs_are_known_by_what_they_say_of_themselves(name: str | None) -> None:
    assert is_robot(name)


@pytest.mark.parametrize(
    "name",
    [
        BROWSER,
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36 Edg/131.0",
        "Mozilla/5.0 (Linux; Android 13; CUBOT NOTE 40) AppleWebKit/537.36 Chrome/130.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (Linux; U; Android 14; zh-cn) AppleWebKit/537.36 SogouMobileBrowser/8.1 Mobile",
    ],
)
def test_people_are_counted_whatever_they_read_with(name: str) -> None:
    assert is_a_person_reading(Headers({"User-Agent": name, "Sec-Fetch-Mode": "navigate"}))


def test_a_short_link_says_how_often_it_was_opened_and_what_was_looked_at_through_it(
    app: Flask, session: Session
) -> None:
    floor = create_floor(session)
    first, second = create_unit(session, floor), create_unit(session, floor)
    today = app.extensions["loumap_settings"].today()
    for link_id, units in ((7, [first, first, second]), (8, [second])):
        for unit in units:
            with app.test_request_context(headers=PERSON):
                reads.through(link_id)
                reads.note(reads.LINK, link_id)
                reads.note(reads.UNIT, unit.id)
    app.extensions["loumap_reads"].write()
    assert reads.by_day(session, reads.LINK, [7], today) == {today: 3}
    assert reads.by_thing(session, reads.UNIT, today, link_id=7) == {first.id: 2, second.id: 1}
    assert reads.by_thing(session, reads.UNIT, today, thing_ids=[second.id]) == {second.id: 2}
    assert reads.by_day(session, reads.UNIT, [first.id, second.id], today, link_id=8) == {today: 1}


def test_what_cannot_be_written_is_counted_on(clones: CloneMaker, clone: str, live_database: Database) -> None:
    impatient = make_engine(clones.server.dsn(APP, clone), limits={"lock_timeout": "50ms"})
    counting, day = reads.Reads(Database(impatient, impatient)), date(2026, 3, 2)
    counting.add((reads.BUILDING, 1, 0, day))
    with live_database.new_session() as session, session.begin():
        session.execute(text("LOCK TABLE page_reads"))
        counting.close()
        assert reads.by_thing(session, reads.BUILDING, day, thing_ids=[1]) == {}
    counting.close()
    with live_database.new_session() as session:
        assert reads.by_thing(session, reads.BUILDING, day, thing_ids=[1]) == {1: 1}
    impatient.dispose()


def test_counts_that_nobody_compares_any_more_are_forgotten(session: Session) -> None:
    today = date(2026, 3, 2)
    for days in (reads.KEPT_DAYS - 1, reads.KEPT_DAYS + 1):
        session.add(PageRead(kind="unit", thing_id=days, link_id=0, day=today - timedelta(days=days), reads=1))
    session.flush()
    reads.prune(session, today)
    assert session.scalars(select(PageRead.thing_id)).all() == [reads.KEPT_DAYS - 1]
