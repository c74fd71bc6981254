"""Reads what people walk along, and what they cannot walk through, from the ground that is published."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from geo.access.cuts import cut, with_openings
from geo.access.doors import Barriers, barriers
from geo.access.network import Ints, Marks, Network, Shapes, build
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
_MAIN_RANK = 2
_ON_GROUND = and_(~GroundFeature.bridge, GroundFeature.layer == 0)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The walking network of a neighbourhood, and what bars the way to it, in metres of the network's plane.

    `walls` are water, tracks and fast roads; `fences` is what people have put up, with its openings.
    """

    network: Network
    walls: Barriers
    walls_but_rails: Barriers
    fences: Barriers


def surroundings(session: Session, box: Box, plane: LocalMetric) -> Surroundings:
    """Read the network and the barriers that touch a box in degrees."""
    lines, layers, never_barred = _ways(session, box)
    rails, others = _barriers(session, box, plane)
    fences, closed = _fences(session, box, plane)
    if len(fences) or len(closed):
        bridges = _bridges(session, box, plane) if len(fences) else fences
        lines, piece_of = cut(lines, (layers == 0) & ~never_barred, plane, fences, closed, bridges)
        layers = layers[piece_of]
    standing = barriers(fences)
    network = build(lines, layers, plane, barred=standing.between if len(fences) else None)
    return Surroundings(network, barriers(np.concatenate([rails, others])), barriers(others), standing)


def _ways(session: Session, box: Box) -> tuple[Shapes, Ints, Marks]:
    """The lines that may be walked along, in degrees, with their layers, and which of them no wall bars."""
    layer = case((GroundFeature.layer != 0, GroundFeature.layer), (GroundFeature.bridge, 1), else_=0)
    square = and_(GroundFeature.kind == "plaza", GroundFeature.road_class.in_(_SQUARES))
    # Steps lead over the wall that holds back the earth; a wall across a main street is drawn wrong.
    free = or_(GroundFeature.road_class.is_not_distinct_from("steps"), GroundFeature.rank <= _MAIN_RANK)
    walked = select(func.ST_AsBinary(GroundFeature.geom), layer, free)
    walked = walked.where(GroundFeature.foot, or_(GroundFeature.kind == "road", square))
    shapes, layers, never_barred = _read(session, walked, box)
    areas = shapely.get_dimensions(shapes) == 2
    shapes[areas] = shapely.boundary(shapes[areas])
    lines, row = shapely.get_parts(shapes, return_index=True)
    drawn = shapely.get_type_id(lines) == shapely.GeometryType.LINESTRING
    row = row[drawn]
    return lines[drawn], np.array(layers, np.int64)[row], np.array(never_barred, bool)[row]


def _barriers(session: Session, box: Box, plane: LocalMetric) -> tuple[Shapes, Shapes]:
    """Tracks, and water with fast roads, on the ground."""
    tracks = and_(GroundFeature.kind == "rail", GroundFeature.road_class.in_(_TRACKS), _ON_GROUND)
    fast = and_(GroundFeature.kind == "road", GroundFeature.road_class.in_(_FAST_ROADS), ~GroundFeature.foot)
    # Large waters are cut up, since every short way would else be held against their whole shore.
    pieces = select(func.ST_AsBinary(func.ST_Subdivide(GroundFeature.geom, _CORNERS)), GroundFeature.kind)
    pieces = pieces.where(or_(tracks, GroundFeature.kind == "water", and_(fast, _ON_GROUND)))
    shapes, kinds = _read(session, pieces, box)
    of_tracks = np.array(kinds, dtype=str) == "rail"
    shapes = plane.project(shapes)
    return shapes[of_tracks], shapes[~of_tracks]


def _fences(session: Session, box: Box, plane: LocalMetric) -> tuple[Shapes, Shapes]:
    """Walls and fences on the ground with gaps where they are open, and the points that are closed."""
    put_up = select(func.ST_AsBinary(GroundFeature.geom), GroundFeature.foot)
    shapes, feet = _read(session, put_up.where(GroundFeature.kind == "barrier", _ON_GROUND), box)
    shapes, is_open = plane.project(shapes), np.array(feet, dtype=bool)
    dimensions = shapely.get_dimensions(shapes)
    shapes[dimensions == 2] = shapely.boundary(shapes[dimensions == 2])
    gates = dimensions == 0
    return with_openings(shapes[~gates], shapes[gates & is_open]), shapes[gates & ~is_open]


def _bridges(session: Session, box: Box, plane: LocalMetric) -> Shapes:
    """Everything that leads over something else, whoever may use it."""
    raised = or_(GroundFeature.bridge, GroundFeature.layer > 0)
    chosen = select(func.ST_AsBinary(GroundFeature.geom)).where(
        GroundFeature.kind.in_(("road", "rail", "plaza")), raised
    )
    return plane.project(_read(session, chosen, box)[0])


def _read(session: Session, chosen: Select[Any], box: Box) -> tuple[Any, ...]:
    """The shapes of some published ground in a box, and what else was asked of each, column by column."""
    shown = (GroundFeature.publishable, GroundFeature.withdrawn_at.is_(None))
    inside = GroundFeature.geom.op("&&")(func.ST_MakeEnvelope(*box, 4326))
    rows = session.execute(chosen.where(inside, *shown).order_by(GroundFeature.id)).all()
    wkb = np.array([bytes(row[0]) for row in rows], dtype=object)
    others = ([row[column] for row in rows] for column in range(1, len(chosen.selected_columns)))
    return np.asarray(shapely.from_wkb(wkb), dtype=object), *others
