"""A building over time: what was public then, as a visitor may see it today."""

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from flask.testing import FlaskClient
from psycopg.types.range import Range
from sqlalchemy import update
from sqlalchemy.orm import Session

from geo.history import Author, change_unit
from geo.model import Building, Unit, UnitState
from tests.factories import create_building, create_floor, create_offer, create_source, create_unit
from tests.web import text_of
from webmap.buildings.past import load_archive, months_of, on_floors
from webmap.config import Settings

TODAY = date(2026, 11, 21)


@pytest.fixture
def tower(session: Session) -> Building:
    return create_building(session, name="甲楼", leasable_area_m2=None)


def lived(session: Session, unit: Unit, *stretches: tuple[date, date | None, str], **more: object) -> Unit:
    for start, end, occupancy in stretches:
        source = create_source(session)
        told = {"occupancy": occupancy, "contract": "let" if occupancy == "tenant" else "none", "source_id": source.id}
        session.add(UnitState(unit_id=unit.id, valid=Range(start, end), **told | more))
    session.flush()
    return unit


def test_vacancy_of_a_month_is_that_of_the_units_as_they_were(session: Session, tower: Building):
    floor = create_floor(session, tower, 5)
    moved = (date(2026, 1, 1), date(2026, 6, 10), "tenant"), (date(2026, 6, 10), None, "vacant")
    lived(session, create_unit(session, floor, area_m2=300), *moved)
    lived(session, create_unit(session, floor, area_m2=100, public_status="in_use"), (date(2026, 1, 1), None, "tenant"))
    months = months_of(load_archive(session, tower.id), TODAY, None)
    assert [month.day for month in months] == [date(2026, n, 1) for n in range(1, 12)]
    assert [float(month.rate or 0) for month in months] == [0] * 6 + [0.75] * 5


def test_a_rent_counts_while_its_offer_was_public(session: Session, tower: Building):
    unit = create_unit(session, create_floor(session, tower, 5), area_m2=100)
    lived(session, unit, (date(2026, 1, 1), None, "vacant"))
    for low, start, end, day in ((4, 2, 5, 1), (6, 5, None, 20)):
        times = {"valid": Range(date(2026, start, 1), date(2026, end, 1) if end else None)}
        published = datetime(2026, start, day, tzinfo=UTC)
        create_offer(session, unit, rent_low=low, rent_high=low, published_at=published, **times)
    create_offer(session, unit, rent_low=99, rent_high=99)
    months = months_of(load_archive(session, tower.id), TODAY, None)
    assert [month.rents and month.rents[1] for month in months] == [None, 4, 4, 4, None, 6, 6, 6, 6, 6, 6]


def test_months_of_which_nothing_is_known_have_no_rate(session: Session, tower: Building):
    unit = create_unit(session, create_floor(session, tower, 5))
    lived(session, unit, (date(2026, 1, 1), date(2026, 3, 1), "vacant"), (date(2026, 9, 1), None, "vacant"))
    rates = [month.rate for month in months_of(load_archive(session, tower.id), TODAY, None)]
    assert rates == [1, 1, None, None, None, None, None, None, 1, 1, 1]


def test_a_floor_has_months_of_its_own(session: Session, tower: Building):
    floors = [create_floor(session, tower, n) for n in (1, 2)]
    for floor, occupancy in zip(floors, ("vacant", "tenant"), strict=True):
        lived(session, create_unit(session, floor), (date(2026, 10, 1), None, occupancy))
    archive = load_archive(session, tower.id)
    assert [months_of(on_floors(archive, [floor.id]), TODAY, None)[-1].rate for floor in floors] == [1, 0]


def test_what_a_secret_source_said_is_not_in_the_past(session: Session, tower: Building):
    unit = create_unit(session, create_floor(session, tower, 5))
    secret = create_source(session, publishable=False, secrecy="internal")
    lived(session, unit, (date(2026, 1, 1), None, "vacant"), source_id=secret.id)
    assert months_of(load_archive(session, tower.id), TODAY, None) == []


def test_the_charts_have_their_figures_as_a_table(
    client: FlaskClient, session: Session, tower: Building, settings: Settings
):
    unit = create_unit(session, create_floor(session, tower, 5, label="5"), area_m2=300)
    lived(session, unit, (settings.today() - timedelta(days=70), None, "vacant"))
    page = client.get(f"/b/{tower.code}").text
    first = settings.today().replace(day=1)
    assert "<title>每月一日的空置率</title>" in page
    assert f"{first} 100% 300 m²" in text_of(page)
    assert "只看位置为 5 的楼层" in text_of(client.get(f"/b/{tower.code}?floor=5").text)
    assert "<title>每月一日的空置率</title>" not in client.get(f"/b/{tower.code}?floor=6").text
    assert client.get(f"/b/{tower.code}?floor=top").status_code == 422


def test_a_past_day_is_shown_as_it_was_known_before_a_correction(
    client: FlaskClient, session: Session, tower: Building, settings: Settings
):
    today, unit = settings.today(), create_unit(session, create_floor(session, tower, 5, label="5"), area_m2=300)
    day, by = today - timedelta(days=40), Author(create_source(session).id)
    change_unit(session, unit.id, {"occupancy": "vacant"}, on=day, by=by, today=today)
    month_ago = datetime.now(UTC) - timedelta(days=30)
    session.execute(update(UnitState).values(known=Range(month_ago, None)))
    change_unit(session, unit.id, {"occupancy": "own_use"}, on=day, by=by, today=today)
    known_on = (month_ago + timedelta(days=2)).date()
    then, now = (
        load_archive(session, tower.id, known_at=known_at).status(unit.id, day)
        for known_at in (datetime.combine(known_on, time(), UTC), None)
    )
    assert (then, now) == ("vacant", "own_use")
    page = client.get(f"/b/{tower.code}?as_of={day}&known_at={known_on}")
    assert f"{day} 的情况按 {known_on} 当时所知显示" in text_of(page.text)
    assert "可租" in page.text
    assert client.get(f"/b/{tower.code}?as_of={day}&known_at=2100-01-01").status_code == 422


def test_a_day_of_the_past_stands_beside_today_with_what_changed(
    client: FlaskClient, session: Session, tower: Building, settings: Settings
):
    today, floor = settings.today(), create_floor(session, tower, 5, label="5")
    start, change = today - timedelta(days=400), today - timedelta(days=100)
    let = create_unit(session, floor, label="501", public_status="in_use", area_m2=300)
    lived(session, let, (start, change, "vacant"), (change, None, "tenant"))
    lived(session, create_unit(session, floor, label="502", area_m2=100), (start, None, "vacant"))
    gone = create_unit(session, floor, label="503-04", valid=Range(None, change))
    lived(session, gone, (start, change, "tenant"))
    session.add(
        UnitState(
            unit_id=gone.id, valid=Range(change, None), exists=False, occupancy="unknown", source_id=gone.source_id
        )
    )
    session.flush()
    then = today - timedelta(days=200)
    page = client.get(f"/b/{tower.code}?as_of={then}").text
    told = text_of(page[page.index('id="then"') : page.index('id="conditions"')])
    assert f"{then} 66.7% 空置率 · 可租 400 m²" in told
    assert f"{today} 今天 25% 空置率 · 可租 100 m²" in told
    assert "2 个单元有变" in told
    assert "501 5 层 可租 使用中" in told and "503-04 5 层 使用中 无此单元" in told and "502" not in told
    assert f'href="/u/{gone.code}"' not in page


def test_a_day_before_the_record_says_when_it_begins(
    client: FlaskClient, session: Session, tower: Building, settings: Settings
):
    start = settings.today() - timedelta(days=50)
    lived(session, create_unit(session, create_floor(session, tower, 5)), (start, None, "vacant"))
    text = text_of(client.get(f"/b/{tower.code}?as_of=2001-02-03").text)
    assert f"2001-02-03 没有公开记录。 最早的记录始于 {start}" in text


@pytest.mark.parametrize("day", ["yesterday", "2999-01-01", "2026-02-30"])
def test_a_day_that_is_none_or_still_to_come_is_refused(client: FlaskClient, tower: Building, day: str):
    assert client.get(f"/b/{tower.code}?as_of={day}").status_code == 422


def test_a_unit_shows_what_was_asked_for_it_and_how_its_floor_fared(
    client: FlaskClient, session: Session, tower: Building, settings: Settings
):
    floor, start = create_floor(session, tower, 5), settings.today() - timedelta(days=200)
    unit, other = (create_unit(session, floor) for _ in range(2))
    for each in (unit, other):
        lived(session, each, (start, None, "vacant"))
    create_offer(session, unit, published_at=datetime.combine(start, datetime.min.time(), UTC))
    page = client.get(f"/u/{unit.code}").text
    assert "本单元挂牌租金" in page and "本层空置与租金走势" in page
    assert "本单元挂牌租金" not in client.get(f"/u/{other.code}").text
    assert not re.search(r"<svg[^>]+style=", page)
