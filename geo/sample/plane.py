"""The plane of the invented city: metres east and north of its centre, and the way from there to WGS-84 rows.

The centre lies on the open East China Sea, where no city is, so that nobody can take the sample for a real place.
"""

from collections.abc import Sequence
from zlib import crc32

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import local_metric

CENTRE_LON, CENTRE_LAT = 122.95, 29.15
_PLANE = local_metric([CENTRE_LON], [CENTRE_LAT])
_DEGREE_DIGITS = 7
_SAME_M = 0.02

Floats = NDArray[np.float64]
Shapes = NDArray[np.object_]
Words = NDArray[np.str_]
Ints = NDArray[np.int64]
Marks = NDArray[np.bool_]


def stream(seed: int, name: str) -> np.random.Generator:
    """A random stream of its own for everything that is drawn, so that one part never shifts another."""
    return np.random.Generator(np.random.PCG64([seed, crc32(name.encode())]))


def to_degrees(shapes: Shapes) -> Shapes:
    """Turn geometries in metres of the plane into WGS-84 degrees, rounded to a centimetre."""

    def move(xy: Floats) -> Floats:
        degrees: Floats = np.column_stack(_PLANE.to_degrees(xy[:, 0], xy[:, 1])).round(_DEGREE_DIGITS)
        return degrees

    return np.asarray(shapely.transform(shapes, move), dtype=object)


def to_lonlat(x: float, y: float) -> tuple[float, float]:
    """Longitude and latitude of a place of the plane."""
    lon, lat = _PLANE.to_degrees([x], [y])
    return round(float(lon[0]), _DEGREE_DIGITS), round(float(lat[0]), _DEGREE_DIGITS)


def ewkb(shapes: Sequence[object] | Shapes, *, multi: bool = False) -> list[str]:
    """Hex EWKB (SRID 4326) of geometries in metres; `multi` wraps polygons and lines as their columns want."""
    degrees = to_degrees(np.asarray(shapes, dtype=object))
    if multi:
        degrees = _as_multi(degrees)
    hexes: list[str] = shapely.to_wkb(shapely.set_srid(degrees, 4326), hex=True, include_srid=True).tolist()
    return hexes


def _as_multi(shapes: Shapes) -> Shapes:
    kinds = shapely.get_type_id(shapes)
    whole = shapes.copy()
    for kind, wrap in (
        (shapely.GeometryType.POLYGON, shapely.multipolygons),
        (shapely.GeometryType.LINESTRING, shapely.multilinestrings),
    ):
        plain = np.flatnonzero(kinds == kind)
        if len(plain):
            whole[plain] = wrap(shapes[plain], indices=np.arange(len(plain)))
    return whole


def meeting(lines: Shapes) -> Shapes:
    """Give lines a common vertex wherever two of them cross or touch: ways meet only where they share one."""
    one, other = shapely.STRtree(lines).query(lines, predicate="intersects")
    apart = one < other
    one, other = one[apart], other[apart]
    crossings, pair = shapely.get_coordinates(shapely.intersection(lines[one], lines[other]), return_index=True)
    met = [np.concatenate([crossings[one[pair] == line], crossings[other[pair] == line]]) for line in range(len(lines))]
    return np.array([_through(line, places) for line, places in zip(lines, met, strict=True)], dtype=object)


def _through(line: shapely.LineString, places: Floats) -> shapely.LineString:
    """A line that has the places on it as vertices."""
    if not len(places):
        return line
    corners, places = shapely.get_coordinates(line), np.unique(places.round(2), axis=0)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(corners, axis=0).T))])
    away = np.hypot(*(corners[:, None] - places[None]).T).min(axis=0)
    corners, along = corners[away > _SAME_M], along[away > _SAME_M]
    where = np.concatenate([along, shapely.line_locate_point(line, shapely.points(places))])
    return shapely.LineString(np.concatenate([corners, places])[np.argsort(where, kind="stable")])


def box_at(x: float, y: float, width: float, depth: float, angle: float = 0.0) -> shapely.Polygon:
    """A rectangle around a centre, turned by an angle in radians."""
    return placed(np.array([(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)]) * (width, depth), x, y, angle)


def placed(ring: Floats, x: float, y: float, angle: float) -> shapely.Polygon:
    """A ring around the origin, turned and moved to its place."""
    cos, sin = np.cos(angle), np.sin(angle)
    return shapely.Polygon(ring @ np.array([(cos, sin), (-sin, cos)]) + (x, y))
