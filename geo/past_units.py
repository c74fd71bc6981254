"""Units of a past day as lists tell of them: under today's disclosure, as known at an instant.

The state file of a moment says which units match (`geo/snapshot`); this says what each of them was.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from geoalchemy2 import WKBElement
from psycopg.rows import dict_row
from sqlalchemy.orm import Session

from geo.db import query
from geo.errors import BadParameterError
from geo.looking_back import Moment, driver_of, looking_back


@dataclass(frozen=True, slots=True)
class UnitThen:
    """A unit as it was, with its building and floor; the names are those of `geo.search.UNIT_COLUMNS`."""

    id: int
    code: str
    label: str
    building_id: int
    floor_id: int | None
    top_floor_id: int | None
    area_m2: Decimal | None
    area_basis: str
    min_area_m2: Decimal | None
    public_status: str
    rent_amount: Decimal | None
    rent_unit: str | None
    rent_cny_m2_day: float | None
    fitout: str | None
    available_on: date | None
    reported_on: date | None
    recorded_at: datetime
    verified_on: date | None
    building_code: str
    building_name: str | None
    building_name_en: str | None
    building_geom: WKBElement
    floor_position: int | None
    floor_label: str | None
    source_name: str | None


def units_by_id(session: Session, ids: Sequence[int], moment: Moment) -> list[UnitThen]:
    """The units with these ids, in this order."""
    found = {unit.id: unit for unit in _read(session, moment, ids=list(ids))}
    return [found[each] for each in ids if each in found]


def units_of_building(session: Session, code: str, moment: Moment) -> list[UnitThen]:
    """All units that stood in a building."""
    return _read(session, moment, buildings=[code])


def require_record(session: Session, moment: Moment) -> None:
    """Refuse a moment of which nothing can be told.

    Raises
    ------
    BadParameterError
        Nothing was known yet at that instant, or nothing is told of so early a day.
    """
    values = {"known_at": moment.known_at, "as_of": moment.as_of}
    if _rows(session, "past_is_there", values):
        return
    begun = _rows(session, "past_begins", values)[0]
    if begun["first_known"] is not None and not begun["known"]:
        first = begun["first_known"].astimezone(moment.known_at.tzinfo)
        raise BadParameterError("known_at", moment.known_at.isoformat(), f"an instant from {first.isoformat()} on")
    if begun["first_day"] is not None and moment.as_of < begun["first_day"]:
        raise BadParameterError("as_of", f"{moment.as_of}", f"a day from {begun['first_day']} on")


def first_day(session: Session, known_at: datetime) -> date | None:
    """The first day of which anything was told at an instant; None where nothing was."""
    found: date | None = _rows(session, "past_begins", {"known_at": known_at})[0]["first_day"]
    return found


def _read(
    session: Session, moment: Moment, *, ids: list[int] | None = None, buildings: list[str] | None = None
) -> list[UnitThen]:
    with looking_back(driver_of(session), moment):
        rows = _rows(session, "units_stood", {"ids": ids, "buildings": buildings})
    return [UnitThen(**row | {"building_geom": WKBElement(bytes(row["building_geom"]), srid=4326)}) for row in rows]


def _rows(session: Session, name: str, values: Mapping[str, object]) -> list[dict[str, Any]]:
    with driver_of(session).cursor(row_factory=dict_row) as cursor:
        found: list[dict[str, Any]] = cursor.execute(query(name), values).fetchall()
    return found
