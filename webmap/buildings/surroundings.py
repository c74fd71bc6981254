"""The small map of a page: what stands, runs and grows around a building or within an area."""

from typing import Any

import shapely
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.exports.svg_map import Shape
from geo.model import Amenity, Building, GroundFeature, TransitLine
from geo.search import shown

MOST = 1500
"""Shapes of a kind on one small map; beyond that the largest are drawn."""

Box = tuple[float, float, float, float]


def box_around(lon: float, lat: float, half_width: float, half_height: float) -> Box:
    """West, south, east, north in degrees, given half sizes in degrees of latitude and longitude."""
    return lon - half_width, lat - half_height, lon + half_width, lat + half_height


def shapes_in(session: Session, box: Box, staff: bool, this_id: int | None = None) -> list[Shape]:
    """Ground, buildings, transit lines and stops in a box (WGS-84 degrees), with the building `this_id` marked."""
    return [
        *_ground(session, box, staff),
        *_buildings(session, box, staff, this_id),
        *_transit(session, box, staff),
        *_stops(session, box, staff),
    ]


def _inside(table: Any, box: Box, staff: bool) -> list[Any]:
    return [table.geom.op("&&")(func.ST_MakeEnvelope(*box, 4326)), *shown(table, staff)]


def _ground(session: Session, box: Box, staff: bool) -> list[Shape]:
    columns = (GroundFeature.kind, GroundFeature.geom, GroundFeature.name, GroundFeature.road_class)
    drawn = GroundFeature.road_class.is_distinct_from("footway")
    rows = session.execute(
        select(*columns).where(*_inside(GroundFeature, box, staff), drawn).order_by(GroundFeature.rank).limit(MOST)
    )
    return [Shape(row.kind, _shape(row.geom), row.name, road_class=row.road_class) for row in rows]


def _buildings(session: Session, box: Box, staff: bool, this_id: int | None) -> list[Shape]:
    columns = (Building.id, Building.code, Building.name, Building.managed, Building.geom)
    rows = session.execute(
        select(*columns)
        .where(*_inside(Building, box, staff))
        .order_by(Building.managed.desc(), func.ST_Area(Building.ring).desc())
        .limit(MOST)
    )
    return [_building(row, this_id) for row in rows]


def _building(row: Any, this_id: int | None) -> Shape:
    if row.id == this_id:
        return Shape("this", _shape(row.geom), row.name)
    listed = row.managed or row.name
    return Shape(
        "listed" if listed else "building", _shape(row.geom), row.name, href=f"/b/{row.code}" if listed else None
    )


def _transit(session: Session, box: Box, staff: bool) -> list[Shape]:
    rows = session.execute(
        select(TransitLine.geom, TransitLine.name, TransitLine.colour).where(*_inside(TransitLine, box, staff))
    )
    return [Shape("transit", _shape(row.geom), row.name, colour=row.colour) for row in rows]


def _stops(session: Session, box: Box, staff: bool) -> list[Shape]:
    wanted = Amenity.category.in_(("metro", "rail"))
    rows = session.execute(select(Amenity.geom, Amenity.name).where(*_inside(Amenity, box, staff), wanted))
    return [Shape("stop", _shape(row.geom), row.name) for row in rows]


def _shape(element: Any) -> Any:
    return shapely.from_wkb(bytes(element.data))
