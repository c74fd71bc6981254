"""The map of an offline file as a drawing, for readers whose program runs no scripts."""

import math
from collections.abc import Mapping

import shapely
from flask_babel import gettext
from markupsafe import Markup

from geo.exports.offline import District, Tower
from geo.exports.svg_map import Shape, draw_map
from webmap.names import label
from webmap.plans import view_of

WIDTH = 960
TALLEST, FLATTEST = 1.4, 0.45
"""Height of the drawing for its width, at most and at least."""

COLOURS = ((0.0, "#dde2e8"), (0.10, "#fbdca6"), (0.25, "#f3ad55"), (0.50, "#d9731f"), (1e9, "#9c3f0a"))
UNKNOWN_COLOUR = "#c3cbc3"
SPARE = 1.12
"""What `view_of` leaves around a box, which has the city around in it already."""


def draw(district: District, pins: Mapping[int, str]) -> Markup:
    """The district as SVG; `pins` are the words above buildings, by their ids."""
    west, south, east, north = district.box
    high = (north - south) / ((east - west) * math.cos(math.radians(south)))
    size = (WIDTH, round(WIDTH * min(TALLEST, max(FLATTEST, high))))
    centre, across_m = view_of(district.box, size[0] / size[1])
    ground = [Shape(row.kind, shape, label(row), road_class=row.road_class) for row, shape in district.ground]
    parts = [part for _, shape in district.around for part in shapely.get_parts(shape)]
    around = [Shape("building", shapely.multipolygons(parts))] if parts else []  # one shape: a tenth of the bytes
    lines = [Shape("transit", shape, label(row), colour=row.colour) for row, shape in district.lines]
    stops = [Shape("stop", shape, label(row)) for row, shape in district.stops]
    towers = [_drawn(tower) for tower in district.towers]
    above = [
        Shape("pin", shapely.point_on_surface(tower.shape), pins[tower.facts.id])
        for tower in district.towers
        if tower.facts.id in pins
    ]
    drawn = [*ground, *lines, *around, *towers, *stops, *above]
    # Names are escaped where it is drawn.
    return Markup(draw_map(drawn, centre, across_m / SPARE, size, title=gettext("楼宇空置地图")))


def shade(rate: float | None) -> str:
    """The class of a vacancy: v0 to v4, or vn where nothing is known."""
    return "vn" if rate is None else f"v{next(step for step, (most, _) in enumerate(COLOURS) if rate <= most)}"


def _drawn(tower: Tower) -> Shape:
    kind = "vacant" if tower.market else "listed"
    colour = UNKNOWN_COLOUR if tower.rate is None else COLOURS[int(shade(tower.rate)[1])][1]
    return Shape(kind, tower.shape, label(tower.facts), colour=colour, href=f"#{tower.facts.code}")
