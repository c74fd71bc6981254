"""What is published of tax tells of no single firm, and stays what it is until somebody publishes again."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.figures import Asked, Counted, Period, decide_year, publish_year, read_published
from geo.looking_back import Moment
from geo.model import Area, Building
from tests.factories import create_area, create_building, create_enterprise, create_figure, create_source, square
from webmap.db import Database

YEAR = Asked("tax", Period.year(2025), Counted())


@pytest.fixture
def area(session: Session) -> Area:
    return create_area(session, square(half=0.02))


def tower(session: Session, number: int, *taxes: int) -> Building:
    """A building with a firm for each amount of tax of 2025."""
    source = create_source(session, publishable=False, secrecy="internal")
    building = create_building(session, square(121.46 + number * 0.002, 31.23))
    for tax in taxes:
        firm = create_enterprise(session, building)
        create_figure(session, indicator="tax", value=tax, enterprise_id=firm.id, source_id=source.id)
    return building


def outcomes(decisions, counted=None):
    return {each.place: each.outcome for each in decisions if each.counted == (counted or Counted())}


def test_a_tower_of_one_taxpayer_is_hidden_and_so_is_one_that_would_give_it_away(session: Session, area: Area) -> None:
    alone, small, large = tower(session, 1, 500), tower(session, 2, 200, 300, 250), tower(session, 3, 900, 800, 990)
    found = outcomes(publish_year(session, "tax", 2025))
    told = read_published(session, YEAR)
    assert found["building", alone.id] == "primary"
    assert sorted([found["building", small.id], found["building", large.id]]) == ["secondary", "shown"]
    assert told.areas == {area.id: 3940}
    assert told.buildings[alone.id] is None


def test_the_same_places_are_hidden_in_every_scope(session: Session, area: Area) -> None:
    buildings = [tower(session, 1, 500), tower(session, 2, 200, 300, 250), tower(session, 3, 900, 800, 990)]
    for building in buildings[1:]:
        create_figure(
            session, indicator="tax", scope="retained", value=100, building_id=building.id, contributors=3,
            largest_share_pct=40,
        )  # fmt: skip
    decisions = decide_year(session, "tax", 2025)
    assert outcomes(decisions)["building", buildings[0].id] == "primary"
    retained, full = outcomes(decisions, Counted(scope="retained")), outcomes(decisions)
    for building in buildings[1:]:
        place = ("building", building.id)
        assert (retained[place] == "shown") == (full[place] == "shown")


def test_a_year_that_lacks_something_is_not_published(session: Session, area: Area) -> None:
    building = tower(session, 1, 100, 100, 100)
    firm = create_enterprise(session, building)
    period = Period(date(2025, 1, 1), date(2025, 4, 1)).range
    create_figure(session, indicator="tax", value=9, enterprise_id=firm.id, period=period)
    found = outcomes(publish_year(session, "tax", 2025))
    assert set(found.values()) == {"incomplete"}
    assert not read_published(session, YEAR).areas


def test_what_was_published_stays_until_somebody_publishes_again(session: Session, area: Area) -> None:
    building = tower(session, 1, 100, 110, 120)
    publish_year(session, "tax", 2025)
    then = datetime.now(UTC) + timedelta(seconds=1)
    firm = create_enterprise(session, building)
    create_figure(session, indicator="tax", value=50, enterprise_id=firm.id)
    assert read_published(session, YEAR).buildings[building.id] == 330
    earlier = {"start": then - timedelta(hours=2)}
    session.execute(text("UPDATE published_figures SET known = tstzrange(:start, NULL)"), earlier)
    publish_year(session, "tax", 2025)
    past = Moment(date(2026, 11, 1), then - timedelta(hours=1))
    assert read_published(session, YEAR).buildings[building.id] == 380
    assert read_published(session, YEAR, past).buildings[building.id] == 330


def test_what_is_hidden_today_is_hidden_of_every_day(session: Session, area: Area) -> None:
    building = tower(session, 1, 100, 110, 120)
    publish_year(session, "tax", 2025)
    session.execute(text("UPDATE published_figures SET known = tstzrange('2026-01-01', NULL)"))
    session.execute(text("UPDATE figures SET value = 1 WHERE value < 120"))
    publish_year(session, "tax", 2025)
    past = Moment(date(2026, 6, 1), datetime(2026, 6, 1, tzinfo=UTC))
    assert read_published(session, YEAR, past).buildings == {building.id: None}


def test_visitors_read_what_was_published_and_no_figure(live_database: Database) -> None:
    with live_database.new_session() as session, session.begin():
        create_area(session)
        building = tower(session, 1, 100, 110, 120)
        publish_year(session, "tax", 2025)
        ident = building.id
    with live_database.new_public_session() as visitor:
        assert read_published(visitor, YEAR).buildings == {ident: 330}
        with pytest.raises(Exception, match="permission denied"):
            visitor.execute(text("SELECT value FROM figures"))
