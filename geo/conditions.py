"""Conditions of SQL: what a reader may see at all, and what filters ask of units and buildings.

The same filters over the state file are in `geo/state_search/conditions.py`.
"""

from datetime import date
from typing import Any

import shapely
from sqlalchemy import ColumnElement, and_, cast, func, literal, or_, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased, load_only, undefer
from sqlalchemy.sql.base import ExecutableOption
from sqlalchemy.types import Date, Float, Text

from geo.disclosure import public_fields
from geo.filters import MARKET, RENT_SLACK, Box, Filters, land_of
from geo.model import AmenityDistance, Area, Building, Cluster, Enterprise, Floor, Source, Tenancy, Unit
from geo.shapes import Polygon, Shape
from geo.text import search_terms

Condition = ColumnElement[bool]

EDGE = 1e-4
"""Degrees, far more than PostGIS rounds a box by: a building so far inside a box needs no look at its outline."""


def shown(table: Any, staff: bool) -> list[Condition]:
    """What hides withdrawn rows from everybody and unpublishable ones from the public."""
    return [table.withdrawn_at.is_(None)] + ([] if staff else [table.publishable])


def named(source: Any, staff: bool) -> list[Condition]:
    """What hides the sources themselves, and whatever only they say, from the public; `source` is joined."""
    return [] if staff else [source.publishable]


def seen(table: Any, staff: bool) -> ExecutableOption:
    """What limits the loaded columns of `table` to those that the reader may see; touching another one is an error."""
    if staff:
        return undefer("*")
    return load_only(*(getattr(table, name) for name in sorted(public_fields(table.__tablename__))), raiseload=True)


def standing(today: date, staff: bool = False) -> list[Condition]:
    """What hides units that are no more (split, merged, withdrawn), and unpublishable ones from the public."""
    return [*shown(Unit, staff), Unit.valid.op("@>")(cast(literal(today), Date))]


def hidden(building_id: Any, staff: bool) -> Condition:
    """What finds that which is in a building that the reader may not see; such buildings are few."""
    building = aliased(Building)
    gone = building.withdrawn_at.is_not(None)
    why = gone if staff else or_(~building.publishable, gone)
    return select(building.id).where(building.id == building_id, why).exists()


def unit_conditions(filters: Filters) -> list[Condition]:
    """Conditions on `Unit` and its (outer joined) `Floor`."""
    wanted: list[Condition] = []
    if filters.area_min is not None:
        wanted.append(Unit.area_m2 >= filters.area_min)
    if filters.area_max is not None:
        wanted.append(func.coalesce(Unit.min_area_m2, Unit.area_m2) <= filters.area_max)
    if filters.rent_min is not None:
        wanted.append(cast(Unit.rent_cny_m2_day, Float) >= filters.rent_cny_m2_day(filters.rent_min) - RENT_SLACK)
    if filters.rent_max is not None:
        wanted.append(cast(Unit.rent_cny_m2_day, Float) <= filters.rent_cny_m2_day(filters.rent_max) + RENT_SLACK)
    if filters.floor_min is not None:
        wanted.append(Floor.position >= filters.floor_min)
    if filters.floor_max is not None:
        wanted.append(Floor.position <= filters.floor_max)
    if filters.fitout:
        wanted.append(Unit.fitout.in_(filters.fitout))
    if filters.available_by is not None:
        ready = and_(Unit.public_status == "vacant", Unit.available_on.is_(None))
        wanted.append(or_(ready, Unit.available_on <= filters.available_by))
        wanted.append(Unit.public_status.in_(("vacant", "soon")))
    if filters.occupancy:
        wanted.append(Unit.public_status.in_(filters.occupancy))
    return wanted


def lately_confirmed(filters: Filters, stale_before: date | None) -> list[Condition]:
    """What leaves out units on the market whose last word is of before a day, unless the filters ask for them."""
    if filters.stale or stale_before is None:
        return []
    return [or_(Unit.public_status.not_in(MARKET), _last_word(stale_before) >= stale_before)]


def not_confirmed(stale_before: date) -> list[Condition]:
    """What finds exactly those."""
    return [Unit.public_status.in_(MARKET), _last_word(stale_before) < stale_before]


def _last_word(otherwise: date) -> ColumnElement[date]:
    """The day of the last word on a unit, as `geo.stamps.last_word`."""
    return func.coalesce(func.greatest(Unit.reported_on, Unit.verified_on), cast(literal(otherwise), Date))


def building_conditions(filters: Filters, today: date) -> list[Condition]:
    """Conditions on `Building`."""
    wanted = [Building.search_text.contains(word, autoescape=True) for word in search_terms(filters.q)]
    if filters.grade:
        wanted.append(Building.grade.in_(filters.grade))
    if filters.star:
        wanted.append(Building.star.in_([int(star) for star in filters.star]))
    if filters.theme:
        wanted.append(Building.themes.op("&&")(cast(list(filters.theme), ARRAY(Text))))
        wanted.append(Building.themes != text("'{}'"))  # says that the index of those with themes holds them
    if filters.status:
        wanted.append(Building.status.in_(filters.status))
    if filters.industry:
        wanted.append(_houses(filters.industry, today))
    if filters.bbox:
        wanted.append(Building.geom.op("&&")(envelope(filters.bbox)))
        wanted.append(_lies_in(filters.bbox))
    if filters.shape:
        wanted.append(_drawn(filters.shape))
    if filters.within:
        inside = select(Area.id).where(Area.code.in_(filters.within), *shown(Area, False), _holds(Area.geom))
        wanted.append(inside.exists())
    if filters.cluster:
        inside = select(Cluster.id).where(Cluster.code.in_(filters.cluster), _holds(Cluster.geom))
        wanted.append(inside.exists())
    if filters.walk_from:
        wanted.append(_holds(func.ST_GeomFromWKB(land_of(filters.walk_from), 4326)))
    return wanted + [_near(category, filters.near_m) for category in filters.near]


def _houses(groups: tuple[str, ...], today: date) -> Condition:
    return (
        select(Tenancy.id)
        .join(Enterprise, Enterprise.id == Tenancy.enterprise_id)
        .join(Source, Source.id == Tenancy.source_id)
        .where(
            *named(Source, False),
            Tenancy.building_id == Building.id,
            Tenancy.valid.op("@>")(cast(literal(today), Date)),
            func.upper_inf(Tenancy.known),
            Enterprise.industry_group.in_(groups),
            *shown(Enterprise, False),
        )
        .exists()
    )


def _lies_in(box: Box) -> Condition:
    """A point of the building's surface does; working one out takes far longer than seeing that all of it does."""
    point_does = func.ST_PointOnSurface(Building.geom).op("&&")(envelope(box))
    west, south, east, north = box[0] + EDGE, box[1] + EDGE, box[2] - EDGE, box[3] - EDGE
    if west >= east or south >= north:
        return point_does
    return or_(Building.geom.op("@")(envelope((west, south, east, north))), point_does)


def _holds(geom: Any) -> Condition:
    return and_(geom.op("&&")(Building.geom), func.ST_Covers(geom, func.ST_PointOnSurface(Building.geom)))


def _drawn(shape: Shape) -> Condition:
    """A point of the building's surface is in a shape, reckoned as the shape itself does."""
    if isinstance(shape, Polygon):
        return _holds(func.ST_GeomFromWKB(shapely.to_wkb(shape.outline), 4326))
    point, (wide, high) = func.ST_PointOnSurface(Building.geom), shape.scale
    x, y = (func.ST_X(point) - shape.lon) * wide, (func.ST_Y(point) - shape.lat) * high
    return and_(Building.geom.op("&&")(envelope(shape.bounds)), x * x + y * y <= shape.metres**2)


def _near(category: str, metres: int) -> Condition:
    reached = select(AmenityDistance.metres).where(
        AmenityDistance.building_id == Building.id,
        AmenityDistance.category == category,
        AmenityDistance.metres <= metres,
    )
    return reached.exists()


def envelope(box: tuple[float, float, float, float]) -> ColumnElement[Any]:
    """A box of degrees (west, south, east, north)."""
    return func.ST_MakeEnvelope(*box, 4326)
