"""Reads what people walk along, and what they cannot walk through, from the ground that is published."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from geo.access.doors import Barriers, barriers
from geo.access.network import Network, Shapes, build
from geo.crs import LocalMetric
from geo.model import GroundFeature

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""

_SQUARES = ("pedestrian", "footway")
"""Areas whose edge is walked along; ways lead across them from corner to corner."""
_FAST_ROADS = ("motorway", "motorway_link", "trunk", "trunk_link")
_TRACKS = ("rail", "light_rail", "subway", "narrow_gauge", "monorail")
"""Trams run in streets and bar nobody."""
_CORNERS = 128


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The walking network of a neighbourhood, and what bars the way to it, in metres of the network's plane."""

    network: Network
    walls: Barriers
    walls_but_rails: Barriers


def surroundings(session: Session, box: Box, plane: LocalMetric) -> Surroundings:
    """Read the network and the barriers that touch a box in degrees."""
    layer = case((GroundFeature.layer != 0, GroundFeature.layer), (GroundFeature.bridge, 1), else_=0)
    square = and_(GroundFeature.kind == "plaza", GroundFeature.road_class.in_(_SQUARES))
    walked = select(func.ST_AsBinary(GroundFeature.geom), layer)
    walked = walked.where(GroundFeature.foot, or_(GroundFeature.kind == "road", square))
    shapes, marks = _read(session, walked, box)
    areas = shapely.get_dimensions(shapes) == 2
    shapes[areas] = shapely.boundary(shapes[areas])
    lines, row = shapely.get_parts(shapes, return_index=True)
    layers = np.array(marks, dtype=np.int64)[row]
    drawn = shapely.get_type_id(lines) == shapely.GeometryType.LINESTRING
    rails, others = _barriers(session, box, plane)
    return Surroundings(
        build(lines[drawn], layers[drawn], plane), barriers(np.concatenate([rails, others])), barriers(others)
    )


def _barriers(session: Session, box: Box, plane: LocalMetric) -> tuple[Shapes, Shapes]:
    """Tracks, and water with fast roads, on the ground."""
    on_ground = and_(~GroundFeature.bridge, GroundFeature.layer == 0)
    tracks = and_(GroundFeature.kind == "rail", GroundFeature.road_class.in_(_TRACKS), on_ground)
    fast = and_(GroundFeature.kind == "road", GroundFeature.road_class.in_(_FAST_ROADS), ~GroundFeature.foot)
    # Large waters are cut up, since every short way would else be held against their whole shore.
    pieces = select(func.ST_AsBinary(func.ST_Subdivide(GroundFeature.geom, _CORNERS)), GroundFeature.kind)
    pieces = pieces.where(or_(tracks, GroundFeature.kind == "water", and_(fast, on_ground)))
    shapes, kinds = _read(session, pieces, box)
    of_tracks = np.array(kinds, dtype=str) == "rail"
    shapes = plane.project(shapes)
    return shapes[of_tracks], shapes[~of_tracks]


def _read(session: Session, chosen: Select[Any], box: Box) -> tuple[Shapes, list[Any]]:
    """The shapes of some published ground in a box, and what else was asked of each."""
    shown = (GroundFeature.publishable, GroundFeature.withdrawn_at.is_(None))
    inside = GroundFeature.geom.op("&&")(func.ST_MakeEnvelope(*box, 4326))
    rows = session.execute(chosen.where(inside, *shown).order_by(GroundFeature.id)).all()
    wkb = np.array([bytes(row[0]) for row in rows], dtype=object)
    return np.asarray(shapely.from_wkb(wkb), dtype=object), [row[1] for row in rows]
