"""Makes buildings with units whose lives are told from day to day, for tests of indicators."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from psycopg.types.range import Range
from sqlalchemy.orm import Session

from geo.indicators import Record, read_record
from geo.looking_back import Moment, driver_of
from geo.model import Building, Unit, UnitState
from tests.factories import create_floor, create_unit

Stretch = tuple[str, date, date | None]
"""An occupancy, and from when to when."""

KNOWN = Range(datetime(2020, 1, 1, tzinfo=UTC), None)


def unit_with(
    session: Session, building: Building, stretches: Sequence[Stretch], area_m2: float | Decimal = 100, **more: Any
) -> Unit:
    """A unit whose occupancy is told from when to when."""
    unit = create_unit(session, create_floor_once(session, building), area_m2=area_m2)
    for occupancy, start, end in stretches:
        state(session, unit, occupancy, start, end, **{"area_m2": area_m2} | more)
    return unit


def state(session: Session, unit: Unit, occupancy: str, start: date, end: date | None, **more: Any) -> UnitState:
    """One stretch of a unit's life."""
    told: Mapping[str, Any] = {"known": KNOWN, "source_id": unit.source_id, "area_m2": unit.area_m2} | more
    row = UnitState(unit_id=unit.id, valid=Range(start, end), occupancy=occupancy, **told)
    session.add(row)
    session.flush()
    return row


def create_floor_once(session: Session, building: Building) -> Any:
    """The first floor of a building, made when it is first asked for."""
    made = session.info.setdefault("floors", {})
    return made.get(building.id) or made.setdefault(building.id, create_floor(session, building))


def record_of(session: Session, day: date, known_at: datetime | None = None, *, staff: bool = False) -> Record:
    """What is known of a day."""
    session.flush()
    return read_record(driver_of(session), Moment(day, known_at or datetime.now(UTC)), staff=staff)
