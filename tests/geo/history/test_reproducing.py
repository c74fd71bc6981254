"""What was known at an instant can be read again to the digit, whatever is corrected afterwards."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import numpy as np
import pytest
from psycopg.types.range import Range
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from geo.columns import unpack
from geo.history import (
    Author,
    alone_with_history,
    change_offer,
    change_unit,
    confirm_units,
    publish_offer,
    verify_units,
    withdraw_offer,
)
from geo.model import Enterprise, Tenancy
from geo.snapshot import Moment, build
from tests.factories import create_building, create_enterprise, create_floor, create_source, create_unit

TODAY, AS_OF = date(2026, 11, 22), date(2026, 11, 10)
FIRST = date(2026, 11, 1)


@pytest.fixture
def tower(live_database):
    """A tower with two reported units, an offer and a tenant, committed; gives units, offer and author."""
    with Session(live_database.app) as session, session.begin():
        building = create_building(session)
        floor = create_floor(session, building, 3)
        units = [create_unit(session, floor, area_m2=100 + number).id for number in range(2)]
        by = Author(create_source(session).id, user_id=7)
        for unit in units:
            change_unit(session, unit, {"occupancy": "vacant"}, on=FIRST, by=by, today=TODAY)
        terms = {"rent_low": "5.25", "rent_unit": "cny_m2_day"}
        offer = publish_offer(session, units[:1], terms, on=FIRST, by=by, today=TODAY).offer.id
        create_enterprise(session, building, industry_group="finance")
        return units, offer, by


def read(engine, instant):
    """The past as it was known at an instant: every column of buildings and units."""
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        columns = unpack(build(connection.connection.driver_connection, TODAY, Moment(AS_OF, instant)).data)
        return {
            f"{table}.{name}": values.tobytes()
            for table, found in columns.tables.items()
            for name, values in found.items()
            if isinstance(values, np.ndarray)
        }


def correct_everything(session, units, offer, by):
    first, second = units
    change_unit(session, first, {"occupancy": "tenant", "area_m2": 333}, on=FIRST, by=by, today=TODAY)
    change_unit(session, second, {"exists": False}, on=date(2026, 11, 5), by=by, today=TODAY)
    confirm_units(session, units, on=AS_OF, by=by, today=TODAY)
    changed = change_offer(session, offer, {"rent_low": 9}, on=FIRST, by=by, today=TODAY).offer
    withdraw_offer(session, changed.id, on=date(2026, 11, 3), by=by, today=TODAY)
    again = {"rent_low": 1, "rent_unit": "cny_m2_day"}
    publish_offer(session, [first], again, on=FIRST, by=Author(by.source_id, 8), today=TODAY)
    verify_units(session, [first], on=AS_OF, by=by, today=TODAY)
    tenancy = session.scalars(select(Tenancy)).one()
    now = session.scalar(text("SELECT clock_timestamp()"))
    session.execute(update(Tenancy).values(known=Range(tenancy.known.lower, now, "[)")))
    assert session.scalars(select(Enterprise)).one()


def test_corrections_of_the_past_do_not_change_what_was_known_before(live_database, tower):
    units, offer, by = tower
    with Session(live_database.app) as session, session.begin():
        instant = alone_with_history(session)
    before = read(live_database.app, instant)
    with Session(live_database.app) as session, session.begin():
        correct_everything(session, units, offer, by)
    assert read(live_database.app, instant) == before
    later = read(live_database.app, instant + timedelta(days=1))
    assert {name for name in before if later[name] != before[name]} >= {"units.occupancy", "units.area", "units.rent"}
    assert later["buildings.industries"] != before["buildings.industries"]


def test_what_was_being_written_during_the_freeze_is_in_it_or_not_for_ever(live_database, tower):
    units, offer, by = tower
    engine = live_database.app
    with ThreadPoolExecutor(1) as pool, Session(engine) as writer:
        writer.begin()
        change_unit(writer, units[0], {"occupancy": "own_use"}, on=FIRST, by=by, today=TODAY)

        def freeze():
            with Session(engine) as session, session.begin():
                return alone_with_history(session)

        frozen = pool.submit(freeze)
        change_unit(writer, units[1], {"occupancy": "own_use"}, on=FIRST, by=by, today=TODAY)
        writer.commit()
        instant = frozen.result(60)
    first = read(engine, instant)
    with Session(engine) as session, session.begin():
        correct_everything(session, units, offer, by)
    assert read(engine, instant) == first
