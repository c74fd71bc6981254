"""Two writers of one unit go one after the other, and a moment of knowledge is frozen only when nobody is writing."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from geo.errors import EditConflictError
from geo.history import Author, UnitChange, alone_with_history, change_unit, change_units
from geo.model import UnitState
from tests.factories import create_source, create_unit

TODAY = date(2026, 11, 22)


@pytest.fixture
def place(live_database):
    """The engine, and a unit and an author that everybody sees."""
    with Session(live_database.app) as session, session.begin():
        unit, source = create_unit(session), create_source(session)
        return live_database.app, unit.id, Author(source.id, user_id=7)


def waits(engine, work: Future[object]) -> bool:
    """Whether somebody waits for a lock of the database, as `work` should."""
    asked = text("""SELECT count(*) FROM pg_stat_activity
                    WHERE wait_event_type = 'Lock' AND datname = current_database()""")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while not work.done():
            if connection.scalar(asked):
                return True
    return False


def in_thread(engine, act: Callable[[Session], object], pool: ThreadPoolExecutor) -> Future[object]:
    def whole() -> object:
        with Session(engine) as session, session.begin():
            return act(session)

    return pool.submit(whole)


def test_the_second_of_two_writers_at_once_is_told(place):
    engine, unit, by = place

    def write(session: Session, occupancy: str) -> None:
        change_unit(session, unit, {"occupancy": occupancy}, on=TODAY, by=by, today=TODAY, seen=0)

    with ThreadPoolExecutor(1) as pool, Session(engine) as first, first.begin():
        write(first, "vacant")
        second = in_thread(engine, lambda session: write(session, "tenant"), pool)
        assert waits(engine, second)
        first.commit()
        with pytest.raises(EditConflictError):
            second.result(60)
    with Session(engine) as session:
        assert session.scalars(select(UnitState.occupancy)).all() == ["vacant"]


def test_freezing_waits_for_a_transaction_in_flight_and_what_comes_later_is_known_later(place):
    engine, unit, by = place
    with ThreadPoolExecutor(1) as pool, Session(engine) as writer:
        writer.begin()
        change_unit(writer, unit, {"occupancy": "vacant"}, on=TODAY, by=by, today=TODAY)
        frozen = in_thread(engine, alone_with_history, pool)
        assert waits(engine, frozen)
        writer.commit()
        instant = frozen.result(60)
        change_unit(writer, unit, {"occupancy": "tenant"}, on=TODAY, by=by, today=TODAY)
        writer.commit()
        then = select(UnitState.occupancy).where(UnitState.known.op("@>")(instant))
        assert writer.scalars(then).all() == ["vacant"]
        assert writer.scalars(select(UnitState.occupancy).where(func.upper_inf(UnitState.known))).all() == ["tenant"]


def test_many_writers_of_the_same_units_in_any_order_never_wait_in_a_circle(live_database):
    with Session(live_database.app) as session, session.begin():
        units, by = [create_unit(session).id for _ in range(8)], Author(create_source(session).id)

    def write(turn: int) -> None:
        order = units if turn % 2 else units[::-1]
        word = ("vacant", "tenant", "own_use")[turn % 3]
        with Session(live_database.app) as session, session.begin():
            changes = [UnitChange(unit, {"occupancy": word}, TODAY) for unit in order]
            change_units(session, changes, by=by, today=TODAY)

    with ThreadPoolExecutor(4) as pool:
        outcomes = [future.exception(60) for future in [pool.submit(write, turn) for turn in range(12)]]
    assert outcomes == [None] * 12
