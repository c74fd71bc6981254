"""The small map of a shortlist: its buildings under pins with the numbers of the lines."""

from dataclasses import replace

from flask_babel import gettext
from shapely import Point
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.exports.svg_map import Shape, draw_map
from geo.model import Building, GroundFeature
from webmap.picked.filling import Shortlist
from webmap.picked.wording import building_name, numbers
from webmap.plans import Box, ground, outline, shapes_in, transit, view_of

LEAST_ACROSS_M = 700
NEAR_M = 4000
"""Beyond so many metres across, a map shows main streets and waters, and of buildings only those on the list."""

MARGIN_DEGREES = 0.0012
"""Around the outermost pins, so that they and their names are inside."""


def draw_places(session: Session, made: Shortlist, size: tuple[int, int], links: bool = True) -> str:
    """The map as SVG of so many pixels, with links to the buildings unless it is for paper.

    Requires a list on which at least one unit is still listed.
    """
    lons, lats = zip(*((building.lon, building.lat) for building, _ in made.places), strict=True)
    across, up = max(lons) - min(lons), max(lats) - min(lats)
    margin = MARGIN_DEGREES + 0.1 * max(across, up)
    points: Box = (min(lons) - margin, min(lats) - margin, max(lons) + margin, max(lats) + margin)
    centre, across_m = view_of(points, size[0] / size[1])
    across_m = max(across_m, LEAST_ACROSS_M)
    shapes = _around(session, _seen(points, centre, across_m, size), made, near=across_m <= NEAR_M)
    pins = [Shape("pin", Point(place.lon, place.lat), numbers(lines)) for place, lines in made.places]
    drawn = shapes if links else [replace(shape, href=None) for shape in shapes]
    return draw_map([*drawn, *pins], centre, across_m, size, title=gettext("清单上的楼宇"))


def _seen(points: Box, centre: tuple[float, float], across_m: float, size: tuple[int, int]) -> Box:
    """The box of degrees that the picture shows, rather too large than too small."""
    half = across_m / 111_320 / 2
    wide, high = half * 1.4, half * size[1] / size[0] * 1.1
    return (
        min(points[0], centre[0] - wide),
        min(points[1], centre[1] - high),
        max(points[2], centre[0] + wide),
        max(points[3], centre[1] + high),
    )


def _around(session: Session, box: Box, made: Shortlist, *, near: bool) -> list[Shape]:
    if near:
        found = shapes_in(session, box, False)
    else:
        found = [*ground(session, box, False, GroundFeature.rank <= 2), *transit(session, box, False)]
    return [*found, *_listed(session, made)]


def _listed(session: Session, made: Shortlist) -> list[Shape]:
    """The outlines of the buildings on the list."""
    named = {building.id: building_name(building) for building, _ in made.places}
    outlines = session.execute(select(Building.id, Building.geom).where(Building.id.in_(list(named))))
    return [Shape("this", outline(row.geom), named[row.id]) for row in outlines]
