"""What stands, runs and grows in a box, ready to be drawn on a small map (`geo/exports/svg_map.py`)."""

import math
from typing import Any

import shapely
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.exports.svg_map import Shape
from geo.model import Amenity, Building, GroundFeature, TransitLine
from geo.search import shown
from webmap.locale import address
from webmap.looking_back import dated
from webmap.names import label

MOST = 1500
"""Shapes of a kind on one small map; beyond that the largest are drawn."""

DEGREE_M = 111_320
"""Metres in a degree of latitude."""

LEAST_ACROSS_M = 400
"""No map of an area shows less than this."""

Box = tuple[float, float, float, float]


def box_around(lon: float, lat: float, half_width: float, half_height: float) -> Box:
    """West, south, east, north in degrees, given half sizes in degrees of latitude and longitude."""
    return lon - half_width, lat - half_height, lon + half_width, lat + half_height


def shapes_in(session: Session, box: Box, staff: bool, this_id: int | None = None) -> list[Shape]:
    """Ground, buildings, transit lines and stops in a box (WGS-84 degrees), with the building `this_id` marked."""
    return [
        *ground(session, box, staff),
        *_buildings(session, box, staff, this_id),
        *transit(session, box, staff),
        *stops(session, box, staff),
    ]


def view_of(box: Box, aspect: float) -> tuple[tuple[float, float], float]:
    """The middle of a box in degrees, and the metres across a picture of this aspect that shows all of it."""
    west, south, east, north = box
    centre = (west + east) / 2, (south + north) / 2
    wide_m = (east - west) * DEGREE_M * math.cos(math.radians(centre[1]))
    return centre, max(LEAST_ACROSS_M, wide_m * 1.12, (north - south) * DEGREE_M * aspect * 1.12)


def _inside(table: Any, box: Box, staff: bool) -> list[Any]:
    return [table.geom.op("&&")(func.ST_MakeEnvelope(*box, 4326)), *shown(table, staff)]


def ground(session: Session, box: Box, staff: bool, *only: Any) -> list[Shape]:
    """Streets, waters and greens in a box, the main ones first; `only` are further conditions."""
    columns = (GroundFeature.kind, GroundFeature.geom, GroundFeature.name, GroundFeature.name_en)
    chosen = select(*columns, GroundFeature.road_class).where(*_inside(GroundFeature, box, staff), *only)
    drawn = GroundFeature.road_class.is_distinct_from("footway") & (GroundFeature.kind != "barrier")
    rows = session.execute(chosen.where(drawn).order_by(GroundFeature.rank, GroundFeature.id).limit(MOST))
    return [Shape(row.kind, outline(row.geom), label(row), road_class=row.road_class) for row in rows]


def _buildings(session: Session, box: Box, staff: bool, this_id: int | None) -> list[Shape]:
    columns = (Building.id, Building.code, Building.name, Building.name_en, Building.managed, Building.geom)
    largest = func.ST_Area(Building.ring).desc()
    chosen = select(*columns).where(*_inside(Building, box, staff))
    rows = session.execute(chosen.order_by(Building.managed.desc(), largest, Building.id).limit(MOST))
    return [_building(row, this_id) for row in rows]


def _building(row: Any, this_id: int | None) -> Shape:
    if row.id == this_id:
        return Shape("this", outline(row.geom), label(row))
    if row.managed or row.name:
        return Shape("listed", outline(row.geom), label(row), href=dated(address(f"/b/{row.code}")))
    return Shape("building", outline(row.geom))


def transit(session: Session, box: Box, staff: bool) -> list[Shape]:
    """Lines of metro and rail in a box."""
    columns = (TransitLine.geom, TransitLine.name, TransitLine.name_en, TransitLine.colour)
    rows = session.execute(select(*columns).where(*_inside(TransitLine, box, staff)))
    return [Shape("transit", outline(row.geom), label(row), colour=row.colour) for row in rows]


def stops(session: Session, box: Box, staff: bool = False) -> list[Shape]:
    """Stations of metro and rail in a box."""
    wanted = Amenity.category.in_(("metro", "rail")) & Amenity.open
    columns = (Amenity.geom, Amenity.name, Amenity.name_en)
    rows = session.execute(select(*columns).where(*_inside(Amenity, box, staff), wanted))
    return [Shape("stop", outline(row.geom), label(row)) for row in rows]


def outline(element: Any) -> Any:
    """A geometry of the database as one of shapely."""
    return shapely.from_wkb(bytes(element.data))
