"""The state file says what the district is like today, or was on a past day as it was then known."""

from datetime import UTC, date, datetime

import pytest
from psycopg.types.range import Range
from sqlalchemy import update
from sqlalchemy.orm import Session

from geo.access import store_distances
from geo.columns import Columns, unpack
from geo.model import Confirmation, Offer, Unit, UnitState
from geo.snapshot import NO_AMENITY, Moment, build
from tests.factories import (
    HERE,
    _add,
    create_amenity,
    create_area,
    create_building,
    create_enterprise,
    create_floor,
    create_offer,
    create_unit,
    square,
)

TODAY = date(2026, 3, 10)


def state(session: Session, moment: Moment | None = None) -> Columns:
    session.flush()
    return unpack(build(session.connection().connection.driver_connection, TODAY, moment).data)


def test_only_listed_public_buildings_are_in_it(session: Session) -> None:
    tower = create_building(session, name="云澜大厦")
    named = create_building(session, name="旧货市场", managed=False)
    create_building(session, name=None, name_en=None, managed=False, search_text=None)
    create_building(session, name="内部大厦", publishable=False)
    assert list(state(session).texts("buildings", "code")) == [tower.code, named.code]


def test_areas_are_summed_by_what_is_known(session: Session) -> None:
    floor = create_floor(session)
    for status, area in (("vacant", 100), ("vacant", 50), ("soon", 70), ("in_use", 900), ("unknown", 30)):
        create_unit(session, floor, public_status=status, area_m2=area)
    found = state(session)
    sums = {name: found.array("buildings", name).tolist() for name in ("vacant", "soon", "unknown", "units")}
    assert sums == {"vacant": [150], "soon": [70], "unknown": [30], "units": [5]}


def test_the_oldest_report_dates_a_building(session: Session) -> None:
    floor = create_floor(session)
    for day in (date(2026, 3, 2), date(2025, 12, 1), None):
        create_unit(session, floor, reported_on=day)
    assert state(session).array("buildings", "reported").tolist() == [(date(2025, 12, 1) - date(1970, 1, 1)).days]


def test_split_and_withdrawn_units_do_not_count_twice(session: Session) -> None:
    floor = create_floor(session)
    create_unit(session, floor, valid=Range(None, date(2026, 1, 1)))
    create_unit(session, floor, withdrawn_at="2026-01-01T00:00:00Z")
    kept = create_unit(session, floor, area_m2=120)
    built = build(session.connection().connection.driver_connection, TODAY)
    assert unpack(built.data).array("units", "area").tolist() == [120]
    assert built.unit_ids.tolist() == [kept.id]


def test_industries_areas_and_distances_of_a_building(session: Session) -> None:
    building = create_building(session)
    create_area(session, code="area0001")
    create_area(session, square(lon=HERE[0] + 1), code="area0002")
    for group in ("it", "it", "finance"):
        create_enterprise(session, building, industry_group=group)
    create_amenity(session, lat=HERE[1] + 0.0047, category="metro")
    assert store_distances(session) == 1
    found = state(session)
    words = found.header["words"]
    assert found.lists("buildings", "areas").row(0).tolist() == [words["areas"].index("area0001")]
    assert words["industry"][found.array("buildings", "leading")[0] - 1] == "it"
    bits = int(found.array("buildings", "industries")[0])
    assert {word for number, word in enumerate(words["industry"]) if bits >> number & 1} == {"it", "finance"}
    assert found.array("buildings", "near_metro").tolist() == [pytest.approx(499, abs=2)]
    assert found.array("buildings", "near_hotel").tolist() == [NO_AMENITY]


def past_unit(session: Session) -> Unit:
    """Let until 1 February, vacant since; on 5 March it turned out to have been vacant since 15 January."""
    unit = create_unit(session, public_status="vacant", area_m2=300)
    then, later = datetime(2026, 2, 1, 9, tzinfo=UTC), datetime(2026, 3, 5, 9, tzinfo=UTC)
    start, first, corrected = date(2025, 6, 1), date(2026, 2, 1), date(2026, 1, 15)
    for occupancy, contract, valid, known in (
        ("tenant", "let", Range(start, first), Range(then, later)),
        ("vacant", "none", Range(first, None), Range(then, later)),
        ("tenant", "let", Range(start, corrected), Range(later, None)),
        ("vacant", "none", Range(corrected, None), Range(later, None)),
    ):
        values = {"occupancy": occupancy, "contract": contract, "valid": valid, "known": known}
        _add(session, UnitState(unit_id=unit.id, area_m2=300, source_id=unit.source_id, **values))
    return unit


@pytest.mark.parametrize(
    ("as_of", "known_at", "status"),
    [
        (date(2026, 1, 20), datetime(2026, 3, 1, tzinfo=UTC), "in_use"),
        (date(2026, 1, 20), datetime(2026, 3, 9, tzinfo=UTC), "vacant"),
        (date(2026, 1, 10), datetime(2026, 3, 9, tzinfo=UTC), "in_use"),
    ],
)
def test_a_past_day_is_shown_as_it_was_known(session: Session, as_of: date, known_at: datetime, status: str) -> None:
    past_unit(session)
    found = state(session, Moment(as_of, known_at))
    assert found.header["words"]["occupancy"][found.array("units", "occupancy")[0] - 1] == status
    assert found.header["as_of"] == as_of.isoformat()


def test_the_offer_of_the_day_gives_rent_and_the_word_soon(session: Session) -> None:
    unit = create_unit(session)
    values = {"occupancy": "tenant", "contract": "let", "valid": Range(date(2025, 1, 1), None)}
    known = Range(datetime(2025, 1, 1, tzinfo=UTC), None)
    _add(session, UnitState(unit_id=unit.id, area_m2=300, source_id=unit.source_id, known=known, **values))
    offer = create_offer(session, unit, rent_low=120, rent_high=120, rent_unit="cny_m2_month")
    stamp = datetime(2026, 2, 1, tzinfo=UTC)
    offered = {"published_at": stamp, "known": Range(stamp, None), "available_on": date(2026, 6, 1)}
    session.execute(update(Offer).where(Offer.id == offer.id).values(offered))
    before = state(session, Moment(date(2026, 1, 20), datetime(2026, 1, 21, tzinfo=UTC)))
    after = state(session, Moment(date(2026, 2, 20), datetime(2026, 2, 21, tzinfo=UTC)))
    words = after.header["words"]["occupancy"]
    assert words[before.array("units", "occupancy")[0] - 1] == "in_use"
    assert words[after.array("units", "occupancy")[0] - 1] == "soon"
    assert after.array("units", "rent")[0] == pytest.approx(120 * 12 / 365)


def stale(session: Session, moment: Moment | None = None, days: int = 60) -> list[int]:
    session.flush()
    built = build(session.connection().connection.driver_connection, TODAY, moment, stale_days=days)
    return unpack(built.data).array("units", "stale").tolist()


def test_units_on_the_market_without_a_word_for_long_are_stale(session: Session) -> None:
    floor = create_floor(session)
    for status, reported, verified in (
        ("vacant", date(2026, 1, 9), None),
        ("vacant", date(2026, 1, 8), None),
        ("soon", date(2025, 1, 1), date(2026, 3, 1)),
        ("in_use", date(2025, 1, 1), None),
        ("vacant", None, None),
    ):
        create_unit(session, floor, public_status=status, reported_on=reported, verified_on=verified)
    assert stale(session) == [0, 1, 0, 0, 0]
    assert stale(session, days=0) == [0, 0, 0, 0, 0]


def test_how_old_the_word_is_on_a_past_day_is_counted_to_that_day(session: Session) -> None:
    unit = past_unit(session)
    session.execute(update(UnitState).values(reported_on=date(2026, 1, 15)))
    later = datetime(2026, 3, 9, tzinfo=UTC)
    days = [date(2026, 1, 20), date(2026, 3, 16), date(2026, 3, 17)]
    assert [stale(session, Moment(day, later)) for day in days] == [[0], [0], [1]]
    told = {"unit_id": unit.id, "source_id": unit.source_id, "recorded_at": datetime(2026, 3, 8, tzinfo=UTC)}
    _add(session, Confirmation(confirmed_on=date(2026, 3, 7), **told))
    assert stale(session, Moment(days[2], later)) == [0]
    assert stale(session, Moment(days[2], datetime(2026, 3, 7, tzinfo=UTC))) == [1]


def test_a_search_key_finds_traditional_characters_in_the_browser_too(session: Session) -> None:
    create_building(session, name="金融中心")
    assert "金融中心" in state(session).texts("buildings", "search")[0]
    create_building(session, name="云澜大厦")
    assert "雲瀾大廈" in state(session).texts("buildings", "search")[1]
