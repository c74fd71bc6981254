"""What can be reached on foot from a building within some minutes, as areas along the ways that lead there."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse.csgraph import dijkstra
from shapely import ops
from sqlalchemy.orm import Session

from geo.access.doors import doors_to
from geo.access.ground import Surroundings, surroundings
from geo.access.network import Floats, Graph, Shapes, graph
from geo.crs import LocalMetric, local_metric
from geo.filters import WALKS_MIN
from geo.quantities import WALKING_M_MIN

BESIDE_M = 40.0
"""How far to both sides of a way one is still where it leads."""

COURTYARD_M2 = 20_000.0
"""Land that is all surrounded by reached ways counts as reached up to this size."""

SMOOTH_M = 4.0
_DEGREE_M = 111_000.0
_WALL_M = 0.3
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Isochrone:
    """The land within some minutes on foot (WGS-84 degrees), and how that was measured, as `AmenityDistance.method`."""

    minutes: int
    metres: int
    method: str
    area: shapely.MultiPolygon


def isochrones(
    session: Session,
    outline: shapely.Geometry,
    entrance: shapely.Point | None = None,
    minutes: Sequence[int] = WALKS_MIN,
) -> list[Isochrone]:
    """Find what can be reached from a building within each of some numbers of minutes.

    Where no road is near, everything within as many metres in a straight line, which the method says.

    Parameters
    ----------
    session
        Of any login: only what is published is read.
    outline, entrance
        Of the building, in WGS-84 degrees.
    minutes
        On foot at `WALKING_M_MIN`.
    """
    plane = local_metric(*shapely.get_coordinates(outline).T)
    house, door = plane.project(np.array([outline, entrance or outline], dtype=object))
    most = max(minutes) * WALKING_M_MIN
    ground = surroundings(session, _box(plane, most), plane)
    places = doors_to(ground.network, np.array([door], dtype=object), ground.walls, ground.fences)
    if places.edges[0] < 0:
        areas = [house.buffer(each * WALKING_M_MIN) for each in minutes]
        return [_isochrone(plane, each, "straight_line", area) for each, area in zip(minutes, areas, strict=True)]
    cut = graph(ground.network, places)
    metres = dijkstra(cut.matrix(), indices=int(cut.places[0]), limit=most) + places.away_m[0]
    return [
        _isochrone(plane, each, "walking", _area(ground, cut, metres, each * WALKING_M_MIN, house)) for each in minutes
    ]


def _box(plane: LocalMetric, most_m: float) -> tuple[float, float, float, float]:
    north = most_m / _DEGREE_M
    east = north / max(0.1, float(np.cos(np.radians(plane.lat))))
    return plane.lon - east, plane.lat - north, plane.lon + east, plane.lat + north


def _isochrone(plane: LocalMetric, minutes: int, method: str, area: shapely.Geometry) -> Isochrone:
    parts = [part for part in shapely.get_parts(area) if part.geom_type == "Polygon"]
    whole = plane.unproject(np.array([shapely.multipolygons(parts)], dtype=object))
    rounded = shapely.transform(whole, lambda xy: np.round(xy, _DIGITS))[0]
    sound = rounded if rounded.is_valid else shapely.make_valid(rounded, method="structure", keep_collapsed=False)
    polygons = [part for part in shapely.get_parts(sound) if part.geom_type == "Polygon"]
    return Isochrone(minutes, round(minutes * WALKING_M_MIN), method, shapely.multipolygons(polygons))


def _area(
    ground: Surroundings, cut: Graph, metres: Floats, reach_m: float, house: shapely.Geometry
) -> shapely.Geometry:
    """The land beside the reached ways on this side of every barrier, and the house itself."""
    ways = _reached(ground.network.lines, cut, metres, reach_m)
    # Each way by itself, then all together: one buffer around thousands of crossing ways takes minutes.
    beside = shapely.union_all(shapely.buffer(ways, BESIDE_M, quad_segs=2))
    filled = shapely.union_all([_without_courtyards(part) for part in shapely.get_parts(beside)])
    both = (ground.walls, ground.fences)
    near = np.concatenate([each.shapes[each.tree.query(filled, predicate="intersects")] for each in both])
    land = shapely.difference(filled, shapely.union_all(shapely.buffer(near, _WALL_M, quad_segs=1)))
    parts = shapely.get_parts(land)
    # The land asks for ways, not each way for the land: what asks is made ready once for all that it is held against.
    kept = parts[np.unique(shapely.STRtree(ways).query(parts, predicate="intersects")[0])]
    return shapely.simplify(shapely.union_all([*kept, house]), SMOOTH_M)


def _without_courtyards(part: shapely.Polygon) -> shapely.Polygon:
    holes = [ring for ring in part.interiors if shapely.Polygon(ring).area > COURTYARD_M2]
    return shapely.Polygon(part.exterior, holes)


def _reached(lines: Shapes, cut: Graph, metres: Floats, reach_m: float) -> Shapes:
    """The pieces of ways within reach; those at the end of it are walked as far as it goes, from both sides."""
    on_edge = np.flatnonzero((cut.edges >= 0) & (cut.metres > 0))
    starts, ends, long = cut.starts[on_edge], cut.ends[on_edge], cut.metres[on_edge]
    edges, first = cut.edges[on_edge], cut.along_m[on_edge]
    ahead = np.clip(reach_m - metres[starts], 0, long)
    back = np.clip(reach_m - metres[ends], 0, long)
    whole = ahead + back >= long
    edge_m = shapely.length(lines)
    entire = whole & (long >= edge_m[edges] - _WALL_M)
    pieces = list(lines[edges[entire]])
    for link in np.flatnonzero(~entire & (ahead + back > 0)):
        line, start, end = lines[edges[link]], first[link], first[link] + long[link]
        spans = [(start, end)] if whole[link] else [(start, start + ahead[link]), (end - back[link], end)]
        pieces += [ops.substring(line, low, high) for low, high in spans if high > low]
    return np.array([piece for piece in pieces if piece.geom_type == "LineString"], dtype=object)
