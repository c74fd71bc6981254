"""Draws the buildings of a report over the streets, in the colours of their vacancy."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import shapely
from sqlalchemy import BigInteger, any_, bindparam, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from geo.exports.colouring import OVER, UNKNOWN, VACANCY
from geo.exports.hatches import MOST as MOST_HATCHES
from geo.exports.svg_map import Shape, draw_map
from geo.model import Building, GroundFeature
from geo.reports.document import Place
from geo.reports.gatherings import Gathering
from webmap import plans
from webmap.reports.telling import name_of
from webmap.words import colour

SIZE = (960, 600)
NAMED = 12
"""Names on the map: of the buildings with the most vacant space."""

NUMBERED = 20
"""Clusters on the map, the strongest; as many as the table of the chapter has."""

EVERY_STREET_UP_TO_M = 3000
MAIN = ("motorway", "trunk", "primary")


def draw(session: Session, places: Mapping[int, Place], edge: Any, title: str) -> str:
    """The map as SVG; `places` are by the ids of the buildings, `edge` the outline of the area, if it is one."""
    outlines = _outlines(session, places)
    if not outlines:
        return ""
    ground, centre, across_m = _ground(session, list(outlines.values()))
    named = sorted(places, key=lambda ident: -(places[ident].values.get("vacant_area") or 0))[:NAMED]
    shapes = [
        Shape("listed", shape, _name(places[ident]) if ident in named else None, colour=_colour(places[ident]))
        for ident, shape in _visible(outlines, across_m)
    ]
    return draw_map([*ground, *_border(edge), *shapes], centre, across_m, SIZE, title=title)


def draw_clusters(
    session: Session, places: Mapping[int, Place], gatherings: Sequence[Gathering], edge: Any, title: str
) -> str:
    """The outlines of clusters as SVG in the colours of their industries, with their numbers in the table."""
    outlines = _outlines(session, places)
    found = [(each, shapely.from_wkt(each.outline)) for each in gatherings[:NUMBERED]]
    ground, centre, across_m = _ground(session, [*outlines.values(), *(shape for _, shape in found)])
    hatches = {code: at for at, code in enumerate(dict.fromkeys(each.industry for each, _ in found))}
    shapes = [Shape("listed", shape) for _, shape in _visible(outlines, across_m)]
    for at, (each, shape) in enumerate(found, 1):
        tint, hatch = colour(each.industry, "industry"), hatches[each.industry] % (MOST_HATCHES + 1)
        shapes.append(Shape("cell", shape, colour=tint, hatch=hatch))
        shapes.append(Shape("cluster", shape))
        shapes.append(Shape("pin", shape.representative_point(), f"{at}"))
    return draw_map([*ground, *_border(edge), *shapes], centre, across_m, SIZE, title=title)


def _ground(session: Session, shapes: Sequence[Any]) -> tuple[list[Shape], tuple[float, float], float]:
    """What lies under some shapes, the middle of a picture of them, and the metres across it."""
    west, south, east, north = shapely.total_bounds(shapes)
    box = float(west), float(south), float(east), float(north)
    centre, across_m = plans.view_of(box, SIZE[0] / SIZE[1])
    main = or_(GroundFeature.kind != "road", GroundFeature.road_class.in_(MAIN))
    return plans.ground(session, box, False, *([main] if across_m > EVERY_STREET_UP_TO_M else [])), centre, across_m


def _border(edge: Any) -> list[Shape]:
    return [Shape("outline", edge)] if edge is not None else []


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


def _outlines(session: Session, places: Mapping[int, Place]) -> dict[int, Any]:
    """The outlines of the buildings by their ids."""
    # One parameter however many they are: a statement takes 65,535.
    chosen = select(Building.id, Building.geom).where(Building.id == any_(bindparam("ids", type_=ARRAY(BigInteger))))
    rows = session.execute(chosen.order_by(Building.id), {"ids": list(places)})
    return {ident: plans.outline(geom) for ident, geom in rows}
