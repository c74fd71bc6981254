"""Draws the buildings of a report over the streets, in the colours of their vacancy."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import shapely
from sqlalchemy import BigInteger, any_, bindparam, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from geo.exports.colouring import OVER, UNKNOWN, VACANCY
from geo.exports.svg_map import Shape, draw_map
from geo.model import Building, GroundFeature
from geo.reports.document import Place
from webmap import plans
from webmap.reports.telling import name_of

SIZE = (960, 600)
NAMED = 12
"""Names on the map: of the buildings with the most vacant space."""

EVERY_STREET_UP_TO_M = 3000
MAIN = ("motorway", "trunk", "primary")


def draw(session: Session, places: Mapping[int, Place], edge: Any, title: str) -> str:
    """The map as SVG; `places` are by the ids of the buildings, `edge` the outline of the area, if it is one."""
    rows = _outlines(session, list(places))
    if not rows:
        return ""
    outlines = {ident: plans.outline(geom) for ident, geom in rows}
    west, south, east, north = shapely.total_bounds(list(outlines.values()))
    box = float(west), float(south), float(east), float(north)
    centre, across_m = plans.view_of(box, SIZE[0] / SIZE[1])
    main = or_(GroundFeature.kind != "road", GroundFeature.road_class.in_(MAIN))
    ground = plans.ground(session, box, False, *([main] if across_m > EVERY_STREET_UP_TO_M else []))
    named = sorted(places, key=lambda ident: -(places[ident].values.get("vacant_area") or 0))[:NAMED]
    shapes = [
        Shape("listed", shape, _name(places[ident]) if ident in named else None, colour=_colour(places[ident]))
        for ident, shape in _visible(outlines, across_m)
    ]
    border = [Shape("outline", edge)] if edge is not None else []
    return draw_map([*ground, *border, *shapes], centre, across_m, SIZE, title=title)


def _visible(outlines: Mapping[int, Any], across_m: float) -> Sequence[tuple[int, Any]]:
    """The outlines, grown where they would be too small to see."""
    least = across_m / SIZE[0] * 4 / plans.DEGREE_M
    return [
        (ident, shape.centroid.buffer(least) if math.sqrt(shape.area) < 2 * least else shape)
        for ident, shape in outlines.items()
    ]


def _colour(place: Place) -> str:
    share = place.values.get("vacancy_rate")
    if share is None:
        return UNKNOWN
    return next((colour for _, colour, limit in VACANCY if share <= limit), OVER[1])


def _name(place: Place) -> str:
    return name_of(place.name, place.name_en)


def _outlines(session: Session, ids: list[int]) -> Sequence[Any]:
    # One parameter however many they are: a statement takes 65,535.
    chosen = select(Building.id, Building.geom).where(Building.id == any_(bindparam("ids", type_=ARRAY(BigInteger))))
    return session.execute(chosen.order_by(Building.id), {"ids": ids}).all()
