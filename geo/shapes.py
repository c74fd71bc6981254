"""Shapes that people draw on the map as a filter: a circle or a polygon, compact in an address, the same everywhere.

`circle:lon,lat,metres`, or `polygon:` with the corners as differences in 1e-5 degrees, longitude first, each number in
groups of five bits as Google's polylines have them, written in the 64 signs that addresses need not escape. The browser
has the same in `static/src/map/shapes.js`; `tests/vectors/shapes.json` holds the two to one answer.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import pairwise
from math import cos, radians

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.errors import BadParameterError

Box = tuple[float, float, float, float]
Mask = NDArray[np.bool_]
Microdegrees = NDArray[np.int32]

SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
MOST_CORNERS = 100
LEAST_M, MOST_M = 10, 50_000
GRAIN = 100_000
"""Parts of a degree that corners lie on; a metre or less."""

ALLOWED = f"circle:lon,lat,metres ({LEAST_M} to {MOST_M}), or polygon: with 3 to {MOST_CORNERS} encoded corners"


@dataclass(frozen=True)
class Circle:
    """All within so many whole metres of a place (degrees)."""

    lon: float
    lat: float
    metres: int

    def __str__(self) -> str:
        return f"circle:{_plain(self.lon)},{_plain(self.lat)},{self.metres}"

    @cached_property
    def scale(self) -> tuple[float, float]:
        """Metres in a degree of longitude and of latitude on the ellipsoid at the centre."""
        return metres_per_degree(self.lat)

    @property
    def bounds(self) -> Box:
        """West, south, east and north."""
        wide, high = (self.metres / metres for metres in self.scale)
        return self.lon - wide, self.lat - high, self.lon + wide, self.lat + high

    def holds(self, lon: Microdegrees, lat: Microdegrees) -> Mask:
        """Which places are inside; whole millionths of a degree."""
        x, y = (lon / 1e6 - self.lon) * self.scale[0], (lat / 1e6 - self.lat) * self.scale[1]
        found: Mask = x * x + y * y <= self.metres**2
        return found

    @property
    def outline(self) -> shapely.Polygon:
        """The circle as a polygon for drawing."""
        return shapely.transform(
            shapely.Point(0, 0).buffer(self.metres, quad_segs=16),
            lambda metres: metres / np.array(self.scale) + (self.lon, self.lat),
        )


@dataclass(frozen=True)
class Polygon:
    """What a closed line of corners holds: longitude and latitude in whole 1e-5 degrees; crossings are even-odd."""

    corners: tuple[tuple[int, int], ...]

    def __str__(self) -> str:
        return f"polygon:{''.join(_signs(self.corners))}"

    @property
    def bounds(self) -> Box:
        """West, south, east and north."""
        lon, lat = zip(*self.corners, strict=True)
        return min(lon) / GRAIN, min(lat) / GRAIN, max(lon) / GRAIN, max(lat) / GRAIN

    def holds(self, lon: Microdegrees, lat: Microdegrees) -> Mask:
        """Which places are inside: a line to the east crosses the outline an odd number of times."""
        x, y = lon / 10, lat / 10
        found = np.zeros(len(x), bool)
        for (x1, y1), (x2, y2) in zip(self.corners, (*self.corners[1:], self.corners[0]), strict=True):
            if y1 != y2:
                found ^= ((y1 > y) != (y2 > y)) & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)
        return found

    @property
    def outline(self) -> shapely.Geometry:
        """The polygon in degrees, crossing lines taken apart as `holds` understands them."""
        line = np.array(self.corners) / GRAIN
        whole = shapely.Polygon(line)
        if whole.is_valid:
            return whole
        fan = [shapely.Polygon([line[0], a, b]) for a, b in pairwise(line[1:])]
        return reduce(shapely.symmetric_difference, (each for each in fan if each.area), shapely.Polygon())


Shape = Circle | Polygon


def parse_shape(text: str, name: str = "shape") -> Shape:
    """The shape that an address says.

    Raises
    ------
    BadParameterError
        It is none, too large, too small, or nowhere on the map; names `name` and what is allowed.
    """
    kind, _, rest = text.partition(":")
    try:
        found = _circle(rest) if kind == "circle" else _polygon(rest) if kind == "polygon" else None
    except ValueError:
        found = None
    if found is None:
        raise BadParameterError(name, text if len(text) < 40 else text[:40] + "…", ALLOWED)
    return found


def metres_per_degree(lat: float) -> tuple[float, float]:
    """Metres in a degree of longitude and of latitude at a latitude (WGS-84, series good to a centimetre)."""
    at = radians(lat)
    east = 111412.84 * cos(at) - 93.5 * cos(3 * at) + 0.118 * cos(5 * at)
    north = 111132.92 - 559.82 * cos(2 * at) + 1.175 * cos(4 * at) - 0.0023 * cos(6 * at)
    return east, north


def _circle(text: str) -> Circle | None:
    lon, lat, metres = text.split(",")
    if not metres.isascii() or not metres.isdigit() or len(metres) > 6:
        return None
    circle = Circle(round(float(lon), 6) + 0.0, round(float(lat), 6) + 0.0, int(metres))
    return circle if LEAST_M <= circle.metres <= MOST_M and _on_map(circle.lon, circle.lat) else None


def _polygon(text: str) -> Polygon | None:
    if len(text) > MOST_CORNERS * 12:
        return None
    numbers = list(_numbers(text))
    if len(numbers) % 2 or not 6 <= len(numbers) <= 2 * MOST_CORNERS:
        return None
    lons, lats = np.cumsum(numbers[::2]).tolist(), np.cumsum(numbers[1::2]).tolist()
    corners = tuple(zip(lons, lats, strict=True))
    good = all(_on_map(lon / GRAIN, lat / GRAIN) for lon, lat in corners) and len(set(corners)) > 2
    return Polygon(corners) if good else None


def _on_map(lon: float, lat: float) -> bool:
    return -180 <= lon <= 180 and -85 <= lat <= 85


def _numbers(text: str) -> Iterator[int]:
    """The whole numbers that signs stand for: five bits each, the least first, the sixth bit says that more follow."""
    value, shift = 0, 0
    for sign in text:
        bits = SIGNS.index(sign)
        value |= (bits & 31) << shift
        shift += 5
        if bits < 32:
            yield ~(value >> 1) if value & 1 else value >> 1
            value, shift = 0, 0
        elif shift > 30:
            raise ValueError(text)
    if shift:
        raise ValueError(text)


def _signs(corners: tuple[tuple[int, int], ...]) -> Iterator[str]:
    before = (0, 0)
    for corner in corners:
        for now, last in zip(corner, before, strict=True):
            yield from _number_signs(now - last)
        before = corner


def _number_signs(number: int) -> Iterator[str]:
    value = ~(number << 1) if number < 0 else number << 1
    while value >= 32:
        yield SIGNS[value & 31 | 32]
        value >>= 5
    yield SIGNS[value]


def _plain(degrees: float) -> str:
    return f"{degrees:.6f}".rstrip("0").rstrip(".")
