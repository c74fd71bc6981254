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
from geo.disclosure import public_occupancy
from geo.errors import BadParameterError
from geo.filters import MARKET
from geo.snapshot import Moment
from geo.taxonomy import rent_cny_m2_day

_ASKED = ("min_area_m2", "rent_amount", "rent_unit", "fitout", "available_on")
"""What is told only of units on the market."""


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

    @property
    def status(self) -> str:
        """The same as `public_status`, by the name that pages have for it."""
        return self.public_status


def units_by_id(session: Session, ids: Sequence[int], moment: Moment) -> list[UnitThen]:
    """The units with these ids, in this order."""
    found = {unit.id: unit for unit in _read(session, moment, ids=list(ids))}
    return [found[each] for each in ids if each in found]


def units_of_building(session: Session, code: str, moment: Moment) -> list[UnitThen]:
    """All units that stood in a building."""
    return units_of_buildings(session, [code], moment)


def units_of_buildings(session: Session, codes: Sequence[str], moment: Moment) -> list[UnitThen]:
    """All units that stood in some buildings."""
    return _read(session, moment, buildings=list(codes))


def require_record(session: Session, moment: Moment) -> None:
    """Refuse a moment of which nothing can be told.

    Raises
    ------
    BadParameterError
        Nothing was known yet at that instant, or nothing is told of so early a day.
    """
    begun = _rows(session, "past_begins", {"known_at": moment.known_at})[0]
    if begun["first_known"] is not None and not begun["known"]:
        first = begun["first_known"].astimezone(moment.known_at.tzinfo)
        raise BadParameterError("known_at", moment.known_at.isoformat(), f"an instant from {first.isoformat()} on")
    if begun["first_day"] is not None and moment.as_of < begun["first_day"]:
        raise BadParameterError("as_of", f"{moment.as_of}", f"a day from {begun['first_day']} on")


def _read(
    session: Session, moment: Moment, *, ids: list[int] | None = None, buildings: list[str] | None = None
) -> list[UnitThen]:
    values = {"as_of": moment.as_of, "known_at": moment.known_at, "ids": ids, "buildings": buildings}
    return [_unit(row) for row in _rows(session, "past_units", values)]


def _rows(session: Session, name: str, values: Mapping[str, object]) -> list[dict[str, Any]]:
    driver = session.connection().connection.driver_connection
    assert driver is not None
    with driver.cursor(row_factory=dict_row) as cursor:
        found: list[dict[str, Any]] = cursor.execute(query(name), values).fetchall()
    return found


def _unit(row: dict[str, Any]) -> UnitThen:
    held, contract, offered = (row.pop(name) for name in ("held", "contract", "offered"))
    status = public_occupancy(held, contract, offered, row["available_on"])
    asked: dict[str, Any] = {name: row[name] if status in MARKET else None for name in _ASKED}
    quoted = asked["rent_amount"] is not None and asked["rent_unit"] is not None
    daily = rent_cny_m2_day(asked["rent_amount"], asked["rent_unit"], row["area_m2"]) if quoted else None
    geom = WKBElement(bytes(row.pop("building_geom")), srid=4326)
    return UnitThen(**{**row, **asked}, public_status=status, rent_cny_m2_day=daily, building_geom=geom)
