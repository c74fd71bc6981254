"""Units as lists tell of them: the same item in the API, in answers to a requirement and wherever programs get units.

Only fields that the public may see.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

import shapely
from geoalchemy2 import WKBElement
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Row

from geo.filters import RENT_UNITS
from geo.model import Unit
from geo.past_units import UnitThen
from webmap.left_out import left_out

Lonlat = Annotated[list[float], Field(min_length=2, max_length=2, description="longitude, latitude (WGS-84)")]
Occupancy = Literal["vacant", "soon", "in_use", "own_use", "unknown"]


class Strict(BaseModel):
    """Nothing but what is declared."""

    model_config = ConfigDict(extra="forbid")


class PlaceRef(Strict):
    """A thing with a page of its own."""

    code: str
    name: str | None
    name_en: str | None


class Rent(Strict):
    """A rent as quoted, with its normalised forms beside it (a month is 365/12 days)."""

    amount: float
    unit: str
    cny_m2_day: float | None
    cny_m2_month: float | None


class FloorRef(Strict):
    """A storey: `position` counts from the ground floor (1, no 0), `label` is what the lift says."""

    position: int
    label: str


class Truth(Strict):
    """How we know: source, when reported, when recorded here, when verified."""

    source: str | None
    reported_on: date | None
    recorded_at: datetime
    verified_on: date | None
    stale: bool = Field(description="found only with stale=1: nobody has confirmed it for too long")


class UnitItem(Strict):
    """A unit in a list."""

    code: str
    label: str
    building: PlaceRef
    floor: FloorRef | None
    location: Lonlat
    area_m2: float | None
    area_basis: str
    min_area_m2: float | None = Field(description="divisible from this area")
    occupancy: Occupancy
    rent: Rent | None
    fitout: str | None
    available_on: str | None = Field(description="to the month, such as 2027-03", pattern=r"^\d{4}-\d{2}$")
    truth: Truth


def shape(geom: WKBElement) -> shapely.Geometry:
    """A stored geometry as a shapely one."""
    return shapely.from_wkb(bytes(geom.data))


def location(geom: WKBElement) -> list[float]:
    """Where to put a pin: a point that lies inside."""
    return locations([geom])[0]


def locations(geoms: Sequence[WKBElement]) -> list[list[float]]:
    """The same for many geometries at once."""
    inside = shapely.point_on_surface(shapely.from_wkb([bytes(geom.data) for geom in geoms]))
    return [[round(lon, 7), round(lat, 7)] for lon, lat in shapely.get_coordinates(inside).tolist()]


def number(value: Decimal | float | None) -> float | None:
    """A stored number for JSON."""
    return None if value is None else float(value)


def month(day: date | None) -> str | None:
    """A day to the month: more is not public."""
    return f"{day:%Y-%m}" if day else None


def rent(unit: Unit | UnitThen | Row[Any]) -> Rent | None:
    """The rent of a unit as quoted, normalised beside it."""
    if unit.rent_amount is None or unit.rent_unit is None:
        return None
    daily = unit.rent_cny_m2_day
    monthly = round(daily / RENT_UNITS["cny_m2_month"], 2) if daily is not None else None
    return Rent(
        amount=float(unit.rent_amount),
        unit=unit.rent_unit,
        cny_m2_day=None if daily is None else round(daily, 2),
        cny_m2_month=monthly,
    )


def unit_items(rows: Sequence[Row[Any] | UnitThen], on: date | None = None) -> list[UnitItem]:
    """Units in a list, today or on a past day; rows of `geo.search.UNIT_COLUMNS`."""
    points = locations([row.building_geom for row in rows])
    return [_unit_item(row, point, on) for row, point in zip(rows, points, strict=True)]


def _unit_item(unit: Any, point: list[float], on: date | None) -> UnitItem:
    floor = unit.floor_position
    return UnitItem(
        code=unit.code,
        label=unit.label,
        building=PlaceRef(code=unit.building_code, name=unit.building_name, name_en=unit.building_name_en),
        floor=None if floor is None else FloorRef(position=floor, label=unit.floor_label),
        location=point,
        area_m2=number(unit.area_m2),
        area_basis=unit.area_basis,
        min_area_m2=number(unit.min_area_m2),
        occupancy=unit.public_status,
        rent=rent(unit),
        fitout=unit.fitout,
        available_on=month(unit.available_on),
        truth=Truth(
            source=unit.source_name,
            reported_on=unit.reported_on,
            recorded_at=unit.recorded_at,
            verified_on=unit.verified_on,
            stale=left_out(unit.public_status, unit.reported_on, unit.verified_on, on),
        ),
    )
