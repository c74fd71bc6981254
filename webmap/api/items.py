"""Rows of the database as items of the API: only fields that the public may see."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import shapely
from geoalchemy2 import WKBElement
from sqlalchemy import Row

from geo.filters import RENT_UNITS
from geo.model import Amenity, Area, Building, Enterprise, Unit
from webmap.api.schemas import (
    AmenityItem,
    AreaItem,
    BuildingItem,
    EnterpriseItem,
    FloorRef,
    FloorUnit,
    PlaceRef,
    Rent,
    Truth,
    UnitItem,
    Vacancy,
)


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


def rent(unit: Unit | Row[Any]) -> Rent | None:
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


def building_fields(row: Building, sources: Mapping[int, str], vacancies: Mapping[int, Vacancy]) -> dict[str, object]:
    """The fields that a building has in lists and on its own."""
    return {
        "code": row.code,
        "name": row.name,
        "name_en": row.name_en,
        "address": row.address,
        "status": row.status,
        "managed": row.managed,
        "location": location(row.geom),
        "height_m": row.height_m,
        "floors_above": row.floors_above,
        "floors_below": row.floors_below,
        "gross_area_m2": number(row.gross_area_m2),
        "leasable_area_m2": number(row.leasable_area_m2),
        "completed_year": row.completed_year,
        "grade": row.grade,
        "grade_scheme": row.grade_scheme,
        "star": row.star,
        "themes": row.themes,
        "vacancy": vacancies.get(row.id),
        "source": sources.get(row.source_id),
    }


def building_item(row: Building, sources: Mapping[int, str], vacancies: Mapping[int, Vacancy]) -> BuildingItem:
    """A building in a list."""
    return BuildingItem(**building_fields(row, sources, vacancies))


def unit_items(rows: Sequence[Row[Any]]) -> list[UnitItem]:
    """Units in a list; rows of `geo.search.UNIT_COLUMNS`."""
    points = locations([row.building_geom for row in rows])
    return [_unit_item(row, point) for row, point in zip(rows, points, strict=True)]


def _unit_item(unit: Row[Any], point: list[float]) -> UnitItem:
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
        ),
    )


def floor_units(units: Iterable[Unit]) -> list[FloorUnit]:
    """The units of one floor."""
    return [
        FloorUnit(
            code=unit.code,
            label=unit.label,
            area_m2=number(unit.area_m2),
            min_area_m2=number(unit.min_area_m2),
            occupancy=unit.public_status,
            rent=rent(unit),
            fitout=unit.fitout,
            available_on=month(unit.available_on),
            reported_on=unit.reported_on,
            verified_on=unit.verified_on,
        )
        for unit in units
    ]


def place(row: Building) -> PlaceRef:
    """A building as a reference."""
    return PlaceRef(code=row.code, name=row.name, name_en=row.name_en)


def amenity_item(row: Amenity, sources: Mapping[int, str]) -> AmenityItem:
    """An amenity in a list."""
    return AmenityItem(
        code=row.code,
        category=row.category,
        name=row.name,
        name_en=row.name_en,
        address=row.address,
        location=location(row.geom),
        source=sources.get(row.source_id),
    )


def area_item(row: Area, sources: Mapping[int, str]) -> AreaItem:
    """A named area in a list."""
    return AreaItem(
        code=row.code,
        official_code=row.official_code,
        level=row.level,
        name=row.name,
        name_en=row.name_en,
        bbox=[round(edge, 6) for edge in shape(row.geom).bounds],
        source=sources.get(row.source_id),
    )


def enterprise_item(row: Enterprise, building: Building | None) -> EnterpriseItem:
    """What the register says of an enterprise."""
    return EnterpriseItem(
        code=row.code,
        name=row.name,
        name_en=row.name_en,
        industry_code=row.industry_code,
        industry_group=row.industry_group,
        building=place(building) if building else None,
    )
