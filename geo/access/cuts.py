"""Cuts ways on foot where they run into walls, fences and closed gates.

A wall has a gap at each opening on it. Where a way on the ground crosses what is left, and at a closed gate on the way,
a piece is taken out that is longer than the gap which the network closes.
"""

from collections.abc import Iterator

import numpy as np
import shapely

from geo.access.network import SNAP_M, Ints, Marks, Shapes
from geo.crs import LocalMetric

GAP_M = 2.5
"""How far from a wall or a closed gate a way ends, in metres; ends on both sides are farther apart than `SNAP_M`."""

OPENING_M = SNAP_M
"""How far to both sides of an opening there is no wall."""

UNDER_BRIDGE_M = 12.0
"""A wall or railing nearer to a bridge than this may stand on it, and bars nobody below."""

_AT_M = 0.05


def with_openings(walls: Shapes, openings: Shapes) -> Shapes:
    """Return walls, in metres, with gaps where they are open."""
    if not len(walls) or not len(openings):
        return walls
    wall, opening = shapely.STRtree(openings).query(walls, predicate="dwithin", distance=OPENING_M)
    made = walls.copy()
    for index, near in _groups(wall, opening):
        holes = shapely.union_all(shapely.buffer(openings[near], OPENING_M))
        made[index] = shapely.difference(walls[index], holes)
    left: Shapes = made[~shapely.is_empty(made)]
    return left


def cut(
    lines: Shapes, on_ground: Marks, plane: LocalMetric, walls: Shapes, closed: Shapes, bridges: Shapes
) -> tuple[Shapes, Ints]:
    """Cut lines at what people cannot pass.

    Parameters
    ----------
    lines
        Line strings in WGS-84 degrees.
    on_ground
        Which of them walls can bar: those on the ground, but for some; closed gates bar all.
    plane
        The metres that the rest is given in.
    walls, closed, bridges
        Walls with their openings, closed gates as points, and bridges of any kind.

    Returns
    -------
    tuple of arrays
        The pieces, and the number of the line that each is of.
    """
    metric = plane.project(lines)
    places = [_crossings(metric, on_ground, walls, bridges), _closures(metric, closed)]
    line = np.concatenate([at for at, _ in places])
    points = np.concatenate([shapes for _, shapes in places])
    made = lines.copy()
    for index, which in _groups(line, np.arange(len(line))):
        holes = plane.unproject(shapely.buffer(points[which], GAP_M, quad_segs=4))
        made[index] = shapely.difference(lines[index], shapely.union_all(holes))
    pieces, of = shapely.get_parts(made, return_index=True)
    left = ~shapely.is_empty(pieces)
    return pieces[left], of[left]


def _crossings(metric: Shapes, on_ground: Marks, walls: Shapes, bridges: Shapes) -> tuple[Ints, Shapes]:
    """Where lines cross walls, which is more than to touch or to follow one: the lines and the points."""
    wall, line = shapely.STRtree(metric).query(walls, predicate="crosses")
    barred = on_ground[line]
    wall, line = wall[barred], line[barred]
    points, pair = shapely.get_parts(shapely.intersection(walls[wall], metric[line]), return_index=True)
    below = np.zeros(len(points), bool)
    below[shapely.STRtree(bridges).query(points, predicate="dwithin", distance=UNDER_BRIDGE_M)[0]] = True
    return line[pair[~below]], points[~below]


def _closures(metric: Shapes, closed: Shapes) -> tuple[Ints, Shapes]:
    """The lines that closed gates bar: where one passes and others end, the gate stands at the head of these."""
    gate, line = shapely.STRtree(metric).query(closed, predicate="dwithin", distance=_AT_M)
    ends = shapely.distance(shapely.boundary(metric[line]), closed[gate]) <= _AT_M
    passed, branched = np.zeros(len(closed), bool), np.zeros(len(closed), bool)
    passed[gate[~ends]], branched[gate[ends]] = True, True
    kept = ends | ~(passed & branched)[gate]
    return line[kept], closed[gate[kept]]


def _groups(keys: Ints, values: Ints) -> Iterator[tuple[int, Ints]]:
    """The values of each key."""
    order = np.argsort(keys, kind="stable")
    firsts = np.flatnonzero(np.diff(keys[order], prepend=-1))
    for group in np.split(order, firsts[1:]) if len(order) else ():
        yield int(keys[group[0]]), values[group]
