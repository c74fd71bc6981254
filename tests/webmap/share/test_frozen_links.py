"""A frozen link shows the figures of its moment, whatever is changed or corrected later."""

from datetime import UTC, date, datetime
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from psycopg.types.range import Range
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.model import Building, Floor, Offer, OfferUnit, Unit, UnitState
from tests.factories import create_building, create_floor, create_unit
from tests.web import post_form, text_of

SINCE, KNOWN = date(2026, 3, 1), datetime(2026, 3, 1, 1, tzinfo=UTC)


def say(session: Session, unit: Unit, occupancy: str, known: Range) -> None:
    """What is held of a unit since March."""
    state = UnitState(unit_id=unit.id, occupancy=occupancy, area_m2=unit.area_m2, source_id=unit.source_id)
    state.contract = "let" if occupancy == "tenant" else "none"
    state.valid, state.known, state.reported_on = Range(SINCE, None, "[)"), known, date(2026, 3, 2)
    session.add(state)
    session.flush()


@pytest.fixture
def unit(session: Session) -> Unit:
    """A vacant unit with an offer, as it is held since March."""
    unit = create_unit(session, create_floor(session, create_building(session), 12), label="1201", area_m2=321)
    say(session, unit, "vacant", Range(KNOWN, None, "[)"))
    offer = Offer(building_id=unit.building_id, rent_low=4.25, rent_high=4.25, rent_unit="cny_m2_day", fitout="basic")
    offer.source_id, offer.published_at = unit.source_id, KNOWN
    offer.valid, offer.known = Range(SINCE, None, "[)"), Range(KNOWN, None, "[)")
    session.add(offer)
    session.flush()
    session.add(OfferUnit(offer_id=offer.id, unit_id=unit.id))
    session.flush()
    return unit


def made(client: FlaskClient, to: str, moment: str) -> str:
    answer = post_form(client, f"/share?to={quote(to)}", "/share", to=to, moment=moment, name="Sent")
    assert answer.status_code == 303, text_of(answer.text)
    return answer.location.rsplit("/", 1)[-1]


def correct(session: Session, unit: Unit) -> None:
    """It is found out that the unit was let all the time, is larger, and was offered for more."""
    session.execute(text("UPDATE unit_states SET known = tstzrange(lower(known), clock_timestamp())"))
    session.execute(text("UPDATE offers SET known = tstzrange(lower(known), clock_timestamp()), withdrawn_at = NULL"))
    unit.area_m2, unit.occupancy, unit.public_status, unit.rent_amount = 400, "tenant", "in_use", None
    unit.rent_unit = unit.rent_cny_m2_day = None
    session.flush()
    now = session.scalar(text("SELECT clock_timestamp()"))
    say(session, unit, "tenant", Range(now, None, "[)"))
    session.execute(text("UPDATE layer_versions SET version = version + 1 WHERE layer = 'state'"))


def test_figures_stay_as_they_were_sent(promoter: FlaskClient, session: Session, tower: Building, unit: Unit) -> None:
    lists = (f"/compare?u={unit.code}", f"/shortlist?u={unit.code}", "/match?area=300")
    pages = (f"/b/{tower.code}", f"/u/{unit.code}", "/?area_min=100", *lists)
    frozen = [made(promoter, page, "frozen") for page in pages]
    live = made(promoter, pages[0], "live")
    reader = promoter.application.test_client()
    sent = [text_of(reader.get(reader.get(f"/s/{token}").location).text) for token in frozen]
    assert all("321 m²" in page for page in sent)
    assert all("4.25" in page for page in sent)

    correct(session, unit)

    shown = [text_of(reader.get(reader.get(f"/s/{token}").location).text) for token in frozen]
    assert shown == sent
    assert "4.25" not in text_of(reader.get(reader.get(f"/s/{live}").location).text)


def test_the_address_says_the_day_and_what_was_known(promoter: FlaskClient, tower: Building) -> None:
    opened = promoter.get(f"/s/{made(promoter, f'/b/{tower.code}?colour=age', 'frozen')}").location
    today = promoter.application.extensions["loumap_settings"].today()
    assert opened.startswith(f"/b/{tower.code}?colour=age&as_of={today}&known_at=20")
    assert "定格" in promoter.get(opened).text


def test_a_map_of_a_past_day_is_frozen_to_that_day(promoter: FlaskClient, tower: Building) -> None:
    opened = promoter.get(f"/s/{made(promoter, '/?date=2026-03-10&beside=on', 'frozen')}").location
    assert opened.startswith("/?beside=on&date=2026-03-10&known_at=20")


def test_a_moment_before_the_record_or_to_come_is_refused(client: FlaskClient, tower: Building, unit: Unit) -> None:
    for moment in ("as_of=2026-03-10&known_at=2020-01-01T00:00:00Z", "known_at=2999-01-01T00:00:00Z", "known_at=Tx"):
        assert client.get(f"/b/{tower.code}?{moment}").status_code == 422
        assert client.get(f"/u/{unit.code}?{moment}").status_code == 422


def test_a_unit_that_was_not_there_is_not_found(client: FlaskClient, session: Session, unit: Unit) -> None:
    later = create_unit(session, session.get_one(Floor, unit.floor_id))
    assert client.get(f"/u/{later.code}?as_of=2026-03-10&known_at=2026-03-20T00:00:00Z").status_code == 404
