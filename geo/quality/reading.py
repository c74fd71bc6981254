"""Reads what is held of listed buildings, as arrays: one row for a building, floor, unit or fact."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import numpy as np
from psycopg import Connection
from psycopg.rows import TupleRow
from sqlalchemy.orm import Session

from geo.db import query
from geo.looking_back import driver_of
from geo.quality.rules import REASONS, Rules
from geo.row_arrays import Array, rows_as_array

COLUMNS = (
    *("outline", "height_m", "floors_above", "floors_below", "entrance", "name", "name_en", "address", "gross_area_m2"),
    *("leasable_area_m2", "typical_floor_area_m2", "completed_year", "grade", "star_theme"),
    *("property_fee_cny_m2_month", "parking_spaces"),
)
"""Fields that are told by the building's own row."""

_FLAG = "?"
_BUILDINGS = {
    "id": "i8",
    "source": "i8",
    "managed": _FLAG,
    "lon": "f8",
    "lat": "f8",
    "leasable_m2": "f4",
    "gross_m2": "f4",
    "storeys": "i2",
    "tall_m": "f4",
    **dict.fromkeys((*COLUMNS, "lifts"), _FLAG),
}
_FLOORS = {
    "id": "i8",
    "building": "i8",
    "section": "i8",
    "position": "i2",
    "area_m2": "f4",
    **dict.fromkeys(("to_let", "floor_area", "floor_height", "clear_height", "floor_load"), _FLAG),
    "number": "i2",
}
_UNITS = {
    "building": "i8",
    "floor": "i8",
    "area_m2": "f4",
    "days": "i4",
    **dict.fromkeys(("market", "let", "unit_area", "unit_floor", "vacancy_state", "offer", "offer_rent"), _FLAG),
    "offer_fitout": _FLAG,
}
STOCK = {
    "buildings": _BUILDINGS,
    "floors": _FLOORS,
    "units": _UNITS,
    "tenants": {"building": "i8", "units": "i4"},
}
"""What changes with the version of the state: table → its columns."""

Stock = Mapping[str, Array]
"""The rows of each of these tables, of listed buildings alone."""

_FACTS = {"building": "i8", "fact": "i2", "days": "i4", "disagree": _FLAG}
_EDITS = {"building": "i8", "field": "i2", "days": "i4"}
_DISPUTES = {"building": "i8", "reason": "i2", "area_m2": "f4", "days": "i4"}


@dataclass(frozen=True, slots=True)
class Held:
    """What is held on a day, each as a structured array with the columns of its query in `geo/sql/quality.sql`.

    `buildings` are in the order of their ids. Of other rows `at` gives the place of the building among them; rows of
    other buildings are left out. What visitors are told nothing of is empty for them.
    """

    buildings: Array
    floors: Array
    units: Array
    facts: Array
    contacts: Array
    photos: Array
    sources: Array
    tenants: Array
    edits: Array
    disputes: Array

    def at(self, rows: Array) -> Array:
        """The place among `buildings` of the building of each row."""
        return np.searchsorted(self.buildings["id"], rows["building"])


def read_held(
    session: Session,
    today: date,
    rules: Rules,
    ids: Sequence[int] | None = None,
    *,
    staff: bool,
    stock: Stock | None = None,
) -> Held:
    """Read what is held of the listed buildings, or of some of them, as staff or visitors may.

    `stock` is what `read_stock` has read of these buildings already.
    """
    connection = driver_of(session)
    stock = stock or read_stock(connection, today, ids, staff=staff)
    values: dict[str, object] = {"ids": None if ids is None else list(ids), "today": today, "facts": fact_codes(rules)}
    values |= {"columns": list(COLUMNS), "reasons": list(REASONS), "checked": rules.checked, "late": rules.late}
    values["zone"] = rules.zone
    read = partial(_rows, connection, values, staff)
    of_listed = partial(_of, stock["buildings"]["id"])
    building = {"building": "i8"}
    return Held(
        stock["buildings"],
        stock["floors"],
        stock["units"],
        of_listed(read("quality_facts", _FACTS)),
        of_listed(read("quality_contacts", building)),
        of_listed(read("quality_photos", building)),
        read("quality_source_days", {"source": "i8", "days": "i4"}),
        stock["tenants"],
        of_listed(_of_staff(read, "quality_edits", _EDITS, staff)),
        of_listed(_of_staff(read, "quality_disputes", _DISPUTES, staff)),
    )


def read_stock(
    connection: Connection[TupleRow], today: date, ids: Sequence[int] | None = None, *, staff: bool
) -> Stock:
    """Read buildings, floors, units and tenants: what changes with the version of the state, and is most of it."""
    values: dict[str, object] = {"ids": None if ids is None else list(ids), "today": today}
    read = partial(_rows, connection, values, staff)
    buildings = read("quality_buildings", STOCK["buildings"])
    of_listed = partial(_of, buildings["id"])
    return {
        "buildings": buildings,
        "floors": of_listed(read("quality_floors", STOCK["floors"])),
        "units": of_listed(read("quality_units", STOCK["units"])),
        "tenants": of_listed(_of_staff(read, "quality_tenants", STOCK["tenants"], staff)),
    }


def fact_codes(rules: Rules) -> list[str]:
    """The facts beside the building's columns that should be known."""
    return [field.code for field in rules.fields if field.mend == "facts"]


def _rows(
    connection: Connection[TupleRow], values: dict[str, object], staff: bool, name: str, types: dict[str, str]
) -> Array:
    return rows_as_array(connection, query(name, staff=staff), types, values)


def _of_staff(read: Any, name: str, types: dict[str, str], staff: bool) -> Array:
    return read(name, types) if staff else np.empty(0, np.dtype(list(types.items())))


def _of(ids: Array, rows: Array) -> Array:
    """The rows of these buildings; in a city where nearly all are listed that is nearly all."""
    places = np.minimum(np.searchsorted(ids, rows["building"]), max(len(ids) - 1, 0))
    return rows[ids[places] == rows["building"]] if len(ids) else rows[:0]
