"""A change between two days is told by its reasons, and the reasons add up to it, whatever happened."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from psycopg.types.range import Range
from sqlalchemy.orm import Session

from geo.indicators.days import Day
from geo.indicators.supply import supply_of
from geo.indicators.waterfall import STEPS, Waterfall, waterfall
from geo.model import UnitLineage
from tests.factories import create_building, square
from tests.geo.indicators.lives import KNOWN, record_of, state, unit_with

START, END, LONG_AGO, BETWEEN = date(2025, 12, 31), date(2026, 6, 30), date(2024, 1, 1), date(2026, 3, 1)


def steps(found: Waterfall) -> dict[str, tuple[int, int]]:
    """Occupied and base of every step, in whole m²."""
    return {step.name: (step.occupied_dm2 // 100, step.base_dm2 // 100) for step in found.steps}


def told(session: Session) -> Waterfall:
    part = record_of(session, END).whole
    return waterfall(part, part, START, END)


def adds_up(found: Waterfall) -> bool:
    occupied = found.begin.occupied_dm2 + sum(step.occupied_dm2 for step in found.steps)
    base = found.begin.base_dm2 + sum(step.base_dm2 for step in found.steps)
    return (occupied, base) == (found.end.occupied_dm2, found.end.base_dm2)


def test_moves_are_told_apart_from_states_that_became_known(session: Session) -> None:
    tower = create_building(session, leasable_area_m2=1000)
    unit_with(session, tower, [("vacant", LONG_AGO, BETWEEN), ("tenant", BETWEEN, None)], 100)
    unit_with(session, tower, [("tenant", LONG_AGO, BETWEEN), ("vacant", BETWEEN, None)], 30)
    unit_with(session, tower, [("unknown", LONG_AGO, BETWEEN), ("tenant", BETWEEN, None)], 7)
    found = told(session)
    assert steps(found) == {"told": (7, 0), "moved_in": (100, 0), "moved_out": (-30, 0)}
    assert adds_up(found)


def test_who_moved_out_and_was_followed_counts_as_both(session: Session) -> None:
    stretches = [
        ("tenant", LONG_AGO, BETWEEN),
        ("vacant", BETWEEN, date(2026, 4, 1)),
        ("tenant", date(2026, 4, 1), None),
    ]
    unit_with(session, create_building(session), stretches, 50)
    assert steps(told(session)) == {"moved_in": (50, 0), "moved_out": (-50, 0)}


def test_a_tower_that_opens_is_supply_and_one_first_heard_of_is_recorded(session: Session) -> None:
    create_building(session, square(121.4), leasable_area_m2=None)
    opened = create_building(session, leasable_area_m2=500, completed_year=2026)
    old = create_building(session, square(121.48), leasable_area_m2=900, completed_year=2001)
    for tower in (opened, old):
        unit_with(session, tower, [("tenant", BETWEEN, None)], 200)
    found = told(session)
    assert steps(found) == {"recorded": (200, 900), "supply": (200, 500)}
    assert adds_up(found)


def test_units_merged_into_one_do_not_move_and_what_was_measured_anew_is_told(session: Session) -> None:
    tower = create_building(session, leasable_area_m2=1000)
    parents = [unit_with(session, tower, [("tenant", LONG_AGO, BETWEEN)], 100) for _ in range(2)]
    for parent in parents:
        state(session, parent, "unknown", BETWEEN, None, exists=False)
    child = unit_with(session, tower, [("tenant", BETWEEN, None)], 205)
    lines = [UnitLineage(parent_id=each.id, child_id=child.id, kind="merge", happened_on=BETWEEN) for each in parents]
    session.add_all(lines)
    assert steps(told(session)) == {"redefined": (5, 0)}


def test_what_was_corrected_since_is_told_as_a_correction(session: Session) -> None:
    tower = create_building(session, leasable_area_m2=1000)
    unit = unit_with(session, tower, [], 80)
    since = datetime(2026, 2, 1, tzinfo=UTC)
    state(session, unit, "vacant", LONG_AGO, None, known=Range(KNOWN.lower, since))
    state(session, unit, "tenant", LONG_AGO, None, known=Range(since, None))
    before = record_of(session, START, datetime(2026, 1, 1, tzinfo=UTC)).whole
    after = record_of(session, END).whole
    found = waterfall(before, after, START, END)
    assert (found.begin.occupied_dm2, found.end.occupied_dm2) == (0, 8000)
    assert steps(found) == {"corrected": (80, 0)}


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happened_the_steps_add_up_and_end_where_the_day_stands(session: Session, seed: int) -> None:
    chance = random.Random(seed)
    units = []
    for number in range(3):
        year = chance.choice([2010, 2026])
        stated = chance.choice([None, 300, 5000])
        tower = create_building(session, square(121.4 + number / 50), leasable_area_m2=stated, completed_year=year)
        units += [_random_life(session, tower, chance) for _ in range(8)]
    for _ in range(4):
        parent, child = chance.sample(units, 2)
        session.merge(UnitLineage(parent_id=parent.id, child_id=child.id, kind="split", happened_on=BETWEEN))
    corrected = datetime(2026, 1, 15, tzinfo=UTC)
    before, after = record_of(session, START, corrected).whole, record_of(session, END).whole
    found = waterfall(before, after, START, END)
    assert adds_up(found)
    assert found.end.occupied_dm2 == Day(after, END).occupied.sum()
    assert found.begin.base_dm2 == Day(before, START).base.sum()
    assert [step.name for step in found.steps] == [name for name in STEPS if name in steps(found)]
    if found.steps:
        assert found.steps[-1].after == found.end


def _random_life(session: Session, tower: object, chance: random.Random) -> object:
    """A unit with up to six stretches, of changing area, sometimes not there, some corrected later."""
    unit = unit_with(session, tower, [], chance.randint(10, 400))
    day = LONG_AGO
    for _ in range(chance.randint(1, 6)):
        end = day + timedelta(days=chance.randint(20, 300))
        area = chance.choice([unit.area_m2, chance.randint(1000, 40000) / 100])
        told_of = {"area_m2": area, "exists": chance.random() > 0.2}
        occupancy = chance.choice(["vacant", "tenant", "own_use", "unknown", "fitting_out"])
        if chance.random() < 0.3:
            since = datetime(2026, 2, 1, tzinfo=UTC)
            state(session, unit, "vacant", day, end, **told_of | {"known": Range(KNOWN.lower, since)})
            told_of["known"] = Range(since, None)
        state(session, unit, occupancy, day, end, **told_of)
        day = end if chance.random() < 0.8 else end + timedelta(days=30)
    return unit


def test_what_is_coming_is_told_by_year_with_the_time_that_all_of_it_would_take(session: Session) -> None:
    tower = create_building(session, leasable_area_m2=1000)
    unit_with(session, tower, [("vacant", LONG_AGO, BETWEEN), ("tenant", BETWEEN, None)], 120)
    unit_with(session, tower, [("vacant", LONG_AGO, None)], 50)
    for number, (year, area) in enumerate(((2027, 300), (2027, 100), (None, 200))):
        where = square(121.5 + number / 50)
        create_building(session, where, status="planned", completed_year=year, leasable_area_m2=area)
    found = supply_of(Day(record_of(session, END).whole, END))
    assert [(each.year, each.buildings, each.area_m2) for each in found.coming] == [(2027, 2, 400), (None, 1, 200)]
    assert (found.months(with_coming=False), found.months(with_coming=True)) == (5, 65)
