"""The streets, bridges and blocks of the core district."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import shapely

from geo.sample.plane import Floats
from geo.sample.records import read_list
from geo.sample.terrain import along, frame, river, strip

HALF_STREET_M = {"primary": 19.0, "secondary": 13.0, "tertiary": 9.5, "residential": 6.5, "service": 3.5}
PAVEMENT_M = 5.0
EMBANKMENT_M = (-96.0, 110.0)
_STEP_M = 20.0


@dataclass(frozen=True, slots=True)
class Street:
    """A named street with the class that the map draws it in; the line is in metres of the plane."""

    name: str
    name_en: str
    road_class: str
    line: shapely.LineString


@cache
def streets() -> tuple[Street, ...]:
    """The streets of `data/sample/streets.csv` as curved lines."""
    return tuple(Street(row["name"], row["name_en"], row["class"], _line(row)) for row in read_list("streets"))


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of land between streets: what it is used for, its name if it has one, and the angle of its sides."""

    land: shapely.Polygon
    use: str
    name: str
    name_en: str
    grain: float


@cache
def blocks() -> tuple[Block, ...]:
    """The blocks of the district, used as `data/sample/blocks.csv` says; one that it does not name becomes a green."""
    return tuple(_block(land) for land in _lands())


@cache
def block_at(x: float, y: float) -> Block:
    """The block in which a place lies, or the nearest one."""
    place = shapely.Point(x, y)
    return min(blocks(), key=lambda block: float(block.land.distance(place)))


def grain(area: shapely.Polygon) -> float:
    """The angle in radians, within ±45°, of the longer sides of a piece of land."""
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(area))
    side = corners[1] - corners[0]
    angle = float(np.arctan2(side[1], side[0]))
    return (angle + np.pi / 4) % (np.pi / 2) - np.pi / 4


def _block(land: shapely.Polygon) -> Block:
    for row in read_list("blocks"):
        if land.contains(shapely.Point(float(row["x"]), float(row["y"]))):
            return Block(land, row["use"], row["name"], row["name_en"], grain(land))
    return Block(land, "green", "", "", grain(land))


def _lands() -> tuple[shapely.Polygon, ...]:
    """The land between the streets and behind the embankment, inset to the building line, largest first."""
    lines = shapely.union_all([street.line for street in streets()] + [frame().exterior])
    cells = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    taken = shapely.union_all([street_land(), strip(-1300, 1300, *EMBANKMENT_M)])
    parts = shapely.get_parts(shapely.difference(cells, taken))
    return tuple(sorted((part for part in parts if part.area > 800), key=lambda part: -part.area))


@cache
def street_land() -> shapely.Polygon:
    """All streets with their pavements."""
    return shapely.union_all(
        [shapely.buffer(s.line, HALF_STREET_M[s.road_class] + PAVEMENT_M, quad_segs=3) for s in streets()]
    )


@cache
def road_pieces() -> tuple[tuple[Street, shapely.LineString, bool], ...]:
    """The streets as they are drawn: cut at the banks, with True for a piece that is a bridge."""
    water = shapely.buffer(river(-1400, 1400), 14.0)
    pieces = []
    for street in streets():
        for bridge, cut in ((False, shapely.difference), (True, shapely.intersection)):
            parts = shapely.get_parts(cut(street.line, water))
            pieces += [(street, part, bridge) for part in parts if part.length > 1]
    return tuple(pieces)


def _line(row: dict[str, str]) -> shapely.LineString:
    if row["run"] == "line":
        return shapely.LineString([_place(row["from"]), _place(row["to"])])
    low, high = float(row["from"]), float(row["to"])
    if row["run"] == "ew":
        x = np.linspace(low, high, int((high - low) / _STEP_M) + 1)
        return shapely.LineString(np.column_stack([x, along(x, np.full_like(x, float(row["at"])))]))
    return shapely.LineString(_north(float(row["at"]), float(row["slant"]), float(row["bow"]), low, high))


def _place(text: str) -> tuple[float, float]:
    """The corner 'easting:v' in metres."""
    x, v = (np.array([float(part)]) for part in text.split(":"))
    return float(x[0]), float(along(x, v)[0])


def _north(at: float, slant: float, bow: float, low: float, high: float) -> Floats:
    """Points of a street from v = `low` up to v = `high`, leaning by `slant` and bent by `bow` metres."""
    steps = np.linspace(low, high, 60)
    if high == 0:
        steps[-1] = -0.0
    x = np.full_like(steps, at)
    for _ in range(3):  # x moves with y and y with x: three rounds settle to a centimetre
        y = along(x, steps)
        x = at + slant * y / 900.0 + bow * np.cos(np.pi * y / 1800.0)
    return np.column_stack([x, y])
