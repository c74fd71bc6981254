"""Rows of the database as items of the API: only fields that the public may see."""

from collections.abc import Iterable, Mapping
from datetime import date

import shapely

from geo.access import Isochrone
from geo.filters import Origin
from geo.model import Amenity, Area, Building, Enterprise, Unit
from geo.past_units import UnitThen
from webmap.api.schemas import (
    AmenityItem,
    AreaItem,
    BuildingItem,
    EnterpriseItem,
    FloorUnit,
    IsochroneFacts,
    IsochroneFeature,
    Outline,
    Vacancy,
)
from webmap.left_out import left_out
from webmap.listed_units import PlaceRef, location, month, number, rent, shape


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


def floor_units(units: Iterable[Unit | UnitThen], on: date | None = None) -> list[FloorUnit]:
    """The units of one floor, today or on a past day."""
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
            stale=left_out(unit.public_status, unit.reported_on, unit.verified_on, on),
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


def isochrone(origin: Origin, found: Isochrone) -> IsochroneFeature:
    """What is reached on foot from somewhere."""
    area = shapely.geometry.mapping(found.area)
    building = None if origin.place else origin.code
    facts = IsochroneFacts(building=building, minutes=found.minutes, metres=found.metres, method=found.method)
    return IsochroneFeature(geometry=Outline(**area), properties=facts)


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
