"""A program asks what was so on a past day, as known then, and is given the same whatever is corrected later."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from psycopg.types.range import Range
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.model import Building, Offer, OfferUnit, Unit, UnitState
from tests.factories import create_building, create_floor, create_unit
from webmap.past_states import PASTS_AT_ONCE

DAY = date(2026, 3, 10)
FIRST = datetime(2026, 3, 1, 1, tzinfo=UTC)
KNOWN = datetime(2026, 3, 20, 4, 30, tzinfo=UTC)
CORRECTED = datetime(2026, 4, 2, 8, tzinfo=UTC)
MOMENT = f"as_of={DAY}&known_at=2026-03-20T12:30:00%2B08:00"


@pytest.fixture
def tower(session: Session) -> Building:
    """A tower of three units of which the first was vacant and offered in March; today all of them are let."""
    building = create_building(session, name="云澜大厦", completed_year=2012)
    floor = create_floor(session, building, 12)
    let = {"occupancy": "tenant", "public_status": "in_use", "rent_amount": None, "rent_unit": None}
    let["rent_cny_m2_day"] = None
    units = [create_unit(session, floor, label=f"120{n}", area_m2=100.55 * n, **let) for n in (1, 2, 3)]
    for unit, occupancy in zip(units, ("vacant", "vacant", "tenant"), strict=True):
        say(session, unit, occupancy, FIRST)
    offer(session, units[0], 4.25, FIRST)
    session.flush()
    return building


def say(session: Session, unit: Unit, occupancy: str, since: datetime, until: datetime | None = None) -> UnitState:
    state = UnitState(unit_id=unit.id, occupancy=occupancy, area_m2=unit.area_m2, source_id=unit.source_id)
    state.contract = "let" if occupancy == "tenant" else "none"
    state.valid, state.known = Range(date(2026, 3, 1), None, "[)"), Range(since, until, "[)")
    state.reported_on = date(2026, 3, 2)
    session.add(state)
    return state


def offer(session: Session, unit: Unit, rent: float, since: datetime) -> Offer:
    made = Offer(building_id=unit.building_id, rent_low=rent, rent_high=rent, rent_unit="cny_m2_day", fitout="basic")
    made.source_id, made.published_at = unit.source_id, since
    made.valid, made.known = Range(date(2026, 3, 1), None, "[)"), Range(since, None, "[)")
    session.add(made)
    session.flush()
    session.add(OfferUnit(offer_id=made.id, unit_id=unit.id))
    session.flush()
    return made


@pytest.fixture
def correct(session: Session, tower: Building) -> Callable[[], None]:
    """In April it turns out that in March the first unit was let, that it is larger and that the rent was another."""

    def do() -> None:
        unit = session.query(Unit).filter_by(label="1201").one()
        held = session.query(UnitState).filter_by(unit_id=unit.id).one()
        asked = session.query(Offer).one()
        held.known = Range(FIRST, CORRECTED, "[)")
        asked.known = Range(FIRST, CORRECTED, "[)")
        session.flush()
        say(session, unit, "tenant", CORRECTED).area_m2 = 120
        offer(session, unit, 9.99, CORRECTED)

    return do


@pytest.fixture
def fresh_state(session: Session) -> Callable[[], None]:
    """The state gets a new version, so that nothing is answered out of files made before."""
    return lambda: session.execute(text("UPDATE layer_versions SET version = version + 1 WHERE layer = 'state'"))


def answers(client: FlaskClient, code: str, query: str) -> list[str]:
    lists = [f"{path}?{query}" for path in ("units", "units.geojson", "units.csv", "buildings", "buildings.csv")]
    found = [client.get(f"/api/v1/{each}") for each in (*lists, f"buildings/{code}?{query}")]
    assert [each.status_code for each in found] == [200] * 6, [each.text for each in found]
    facets = client.get(f"/api/v1/facets?{query}").get_json()
    facets.pop("version")
    return [*(each.text for each in found), str(facets)]


def test_what_is_corrected_later_leaves_an_earlier_answer_as_it_was_to_the_digit(
    client: FlaskClient, session: Session, tower: Building, correct, fresh_state
) -> None:
    before = answers(client, tower.code, MOMENT)
    correct()
    fresh_state()
    assert answers(client, tower.code, MOMENT) == before
    (vacant,) = client.get(f"/api/v1/units?as_of={DAY}&occupancy=vacant").get_json()["items"]
    assert vacant["label"] == "1202"


def test_units_are_those_of_the_day_with_the_rent_that_was_asked(client: FlaskClient, tower: Building) -> None:
    found = client.get(f"/api/v1/units?{MOMENT}&rent_max=5&sort=-area").get_json()
    (unit,) = found["items"]
    assert (unit["label"], unit["occupancy"], unit["area_m2"]) == ("1201", "vacant", 100.55)
    assert unit["rent"]["amount"] == 4.25
    assert found["moment"] == {"as_of": "2026-03-10", "known_at": "2026-03-20T12:30:00+08:00"}
    assert client.get("/api/v1/units?rent_max=5").get_json()["total"] == 0


def test_a_building_tells_what_its_units_came_to_on_the_day(client: FlaskClient, tower: Building) -> None:
    (listed,) = client.get(f"/api/v1/buildings?{MOMENT}&occupancy=vacant").get_json()["items"]
    alone = client.get(f"/api/v1/buildings/{tower.code}?{MOMENT}").get_json()
    assert listed["vacancy"] == alone["vacancy"]
    assert (alone["vacancy"]["vacant_m2"], alone["vacancy"]["total_m2"]) == (301.65, 603.3)
    assert [unit["occupancy"] for unit in alone["floors"][0]["units"]] == ["vacant", "vacant", "in_use"]
    assert client.get(f"/api/v1/facets?{MOMENT}&occupancy=vacant").get_json()["units"] == 2


@pytest.mark.parametrize("sort", ["", "area", "-rent", "floor", "available_on", "-reported_on"])
def test_pages_of_a_past_day_neither_skip_nor_repeat(client: FlaskClient, tower: Building, sort: str) -> None:
    every = client.get(f"/api/v1/units?{MOMENT}&sort={sort}").get_json()
    assert (every["total"], every["next"]) == (3, None)
    labels, after = [], ""
    while after is not None:
        page = client.get(f"/api/v1/units?{MOMENT}&sort={sort}&limit=1" + (after and f"&after={after}")).get_json()
        labels += [item["label"] for item in page["items"]]
        after = page["next"]
    assert labels == [item["label"] for item in every["items"]]


@pytest.mark.parametrize("path", ["units", "buildings", "facets", "buildings/{code}"])
@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("as_of=2026-02-28", "as_of"),
        ("as_of=2026-03-10&known_at=2026-02-01T00:00:00Z", "known_at"),
        ("as_of=2999-01-01", "as_of"),
        ("as_of=yesterday", "as_of"),
        ("known_at=2999-01-01T00:00:00Z", "known_at"),
        ("known_at=2026-03-20T12:00:00", "known_at"),
        ("known_at=0001-01-01T00:00:00%2B08:00", "known_at"),
    ],
)
def test_a_moment_of_which_nothing_is_told_is_refused_with_what_is(
    client: FlaskClient, tower: Building, path: str, query: str, parameter: str
) -> None:
    answer = client.get(f"/api/v1/{path.format(code=tower.code)}?{query}")
    assert answer.status_code == 422, answer.text
    problem = answer.get_json(force=True)
    assert problem["parameter"] == parameter
    assert problem["allowed"]


def test_a_list_that_knows_no_past_says_so(client: FlaskClient, tower: Building) -> None:
    assert client.get(f"/api/v1/areas?as_of={DAY}").get_json(force=True)["parameter"] == "as_of"
    assert client.get(f"/api/v1/buildings?{MOMENT}&sort=name").get_json(force=True)["parameter"] == "sort"


def test_a_plus_sign_that_was_not_escaped_and_a_date_alone_are_understood(client: FlaskClient, tower) -> None:
    plain = client.get(f"/api/v1/units?as_of={DAY}&known_at=2026-03-20T12:30:00+08:00").get_json()
    assert plain == client.get(f"/api/v1/units?{MOMENT}").get_json()
    dated = client.get(f"/api/v1/units?as_of={DAY}&known_at=2026-03-20").get_json()["moment"]
    assert dated["known_at"] == "2026-03-20T23:59:59.999999+08:00"


def test_two_instants_of_one_second_are_told_apart(client: FlaskClient, session: Session, tower: Building) -> None:
    unit = session.query(Unit).filter_by(label="1203").one()
    session.query(UnitState).filter_by(unit_id=unit.id).one().known = Range(FIRST, KNOWN, "[)")
    session.flush()
    say(session, unit, "vacant", KNOWN)
    session.flush()
    told = []
    for instant in (KNOWN - timedelta(microseconds=1), KNOWN):
        query = f"as_of={DAY}&known_at={instant.isoformat().replace('+', '%2B')}&occupancy=vacant"
        told.append(client.get(f"/api/v1/units?{query}").get_json()["total"])
    assert told == [2, 3]


def test_many_who_ask_for_past_days_are_asked_to_come_again(app: Flask, client: FlaskClient, tower: Building) -> None:
    source = app.extensions["loumap_published"].states.pasts
    with ExitStack() as waiting:
        for _ in range(PASTS_AT_ONCE):
            source._waiting.acquire()
            waiting.callback(source._waiting.release)
        answer = client.get(f"/api/v1/units?{MOMENT}")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
        assert client.get("/api/v1/units").status_code == 200
    assert client.get(f"/api/v1/units?{MOMENT}").status_code == 200
