"""Staff accept a return of a whole building: its lines become facts together, however many there are."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.history import Author, change_unit, publish_offer
from geo.model import Building, Offer, OfferUnit, Unit, UnitState
from geo.returns.said import Said
from geo.returns.standing import units_now
from geo.returns.weeks import week_of
from tests.factories import create_building, create_floor, create_source, create_unit
from webmap.vacancy import deciding, sending
from webmap.vacancy.models import VacancyReturn
from webmap.vacancy.owing import Clock

CLOCK = Clock(datetime(2026, 11, 20, 4, tzinfo=UTC), ZoneInfo("Asia/Shanghai"))
STANDING = (
    select(OfferUnit.unit_id)
    .join(Offer)
    .where(Offer.withdrawn_at.is_(None), func.upper_inf(Offer.known), func.upper_inf(Offer.valid))
)
OFFERED = Said("vacant", True, Decimal("4.2"), "cny_m2_day")


@pytest.fixture
def tower(session: Session) -> Building:
    return create_building(session)


def rooms(session: Session, tower: Building, number: int, floor: int = 12) -> list[Unit]:
    storey = create_floor(session, tower, floor)
    let = {"occupancy": "tenant", "public_status": "in_use", "rent_amount": None, "rent_unit": None}
    made = [create_unit(session, storey, label=f"{floor}{n:02}", **let) for n in range(1, number + 1)]
    session.expire_all()
    return made


def said(session: Session, tower: Building, units: Sequence[Unit], what: Said, key: str = "a-return") -> VacancyReturn:
    """A return that says the same of some units, each as it is shown now."""
    shown = {unit.id: unit for unit in units_now(session, tower.id, CLOCK.today)}
    seen = [shown[unit.id] for unit in units]
    told = [sending.UnitSent(now.code, now.said, replace(what, area_m2=now.area_m2), now.seen) for now in seen]
    made, _ = sending.receive(session, None, tower, week_of(CLOCK.today), sending.Sent(key, told), CLOCK)
    return made.vacancy_return


def present(session: Session, units: Sequence[Unit]) -> set[tuple[str, str, Decimal | None]]:
    session.expire_all()
    return {(unit.occupancy, unit.public_status, unit.rent_amount) for unit in units}


def test_a_long_return_takes_no_more_statements_than_a_short_one(
    session: Session, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    asked = []
    for number in (3, 30, 30):
        tower = create_building(session)
        owed = said(session, tower, rooms(session, tower, number), OFFERED, key=f"return-{tower.id}")
        with count_queries() as seen:
            assert deciding.accept(session, None, owed, CLOCK) == []
        asked.append(len(seen))
    assert asked[1] == asked[2] <= asked[0]


def test_units_are_offered_at_another_rent_and_taken_off_the_market_in_one_return(
    session: Session, tower: Building
) -> None:
    units = rooms(session, tower, 6)
    deciding.accept(session, None, said(session, tower, units, OFFERED, "first-week"), CLOCK)
    assert present(session, units) == {("vacant", "vacant", Decimal("4.20"))}
    dearer, let = units[:3], units[3:]
    said(session, tower, dearer, replace(OFFERED, rent_amount=Decimal(5)), "dearer-now")
    deciding.accept(session, None, said(session, tower, let, Said("in_use", tenant="云帆"), "let-now-"), CLOCK)
    assert present(session, dearer) == {("vacant", "vacant", Decimal(5))}
    assert present(session, let) == {("tenant", "in_use", None)}
    assert sorted(session.scalars(STANDING)) == sorted(unit.id for unit in dearer)


def test_units_of_a_common_offer_leave_it_one_after_the_other(session: Session, tower: Building) -> None:
    units, by = rooms(session, tower, 3), Author(create_source(session).id, None)
    on = CLOCK.today
    for unit in units:
        change_unit(session, unit.id, {"occupancy": "vacant"}, on=on, by=by, today=on)
    terms = {"rent_low": 4, "rent_high": 4, "rent_unit": "cny_m2_day"}
    common = publish_offer(session, [unit.id for unit in units], terms, on=on, by=by, today=on).offer
    deciding.accept(session, None, said(session, tower, units[:2], Said("in_use")), CLOCK)
    assert present(session, units[:2]) == {("tenant", "in_use", None)}
    assert present(session, units[2:]) == {("vacant", "vacant", Decimal(4))}
    left = session.get_one(Offer, units[2].offer_id)
    assert left.code == common.code
    assert session.scalars(select(OfferUnit.unit_id).where(OfferUnit.offer_id == left.id)).all() == [units[2].id]
    deciding.accept(session, None, said(session, tower, units[2:], Said("in_use"), "the-last-one"), CLOCK)
    assert present(session, units) == {("tenant", "in_use", None)}
    assert session.scalars(STANDING).all() == []


def test_one_unit_that_somebody_else_changed_keeps_none_of_the_others_back(session: Session, tower: Building) -> None:
    units = rooms(session, tower, 5)
    owed = said(session, tower, units, OFFERED)
    elsewhere = Author(create_source(session).id, None)
    change_unit(session, units[1].id, {"occupancy": "own_use"}, on=CLOCK.today, by=elsewhere, today=CLOCK.today)
    left = deciding.accept(session, None, owed, CLOCK)
    assert [line.unit_id for line in left] == [units[1].id]
    assert left[0].overtaken["state"] == "own_use"
    assert owed.state == "received"
    assert present(session, [units[1]]) == {("own_use", "own_use", None)}
    assert present(session, [units[0], *units[2:]]) == {("vacant", "vacant", Decimal("4.20"))}
    assert deciding.accept(session, None, owed, CLOCK) == []
    assert present(session, units) == {("vacant", "vacant", Decimal("4.20"))}
    assert owed.state == "accepted"


def test_every_line_knows_the_state_that_it_became(session: Session, tower: Building) -> None:
    owed = said(session, tower, rooms(session, tower, 4), OFFERED)
    deciding.accept(session, None, owed, CLOCK)
    lines = owed.submissions[0].lines
    units = {line.state_id: line.unit_id for line in lines}
    states = session.execute(select(UnitState.id, UnitState.unit_id).where(UnitState.id.in_(units))).all()
    assert dict(map(tuple, states)) == units
    assert len(units) == 4
