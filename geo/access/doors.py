"""From doors and amenities to the network: the nearest point of an edge that can be walked to.

The way there runs straight, reaches edges on the ground alone (nobody steps onto a bridge from beside it), and crosses
neither water nor railway nor motorway. Inside a wall the ways are often not drawn: a house whose nearest way lies
behind one is led to another only where that is near, and else nowhere; an amenity, which the public does reach, keeps
the way through the wall.
"""

from dataclasses import dataclass

import numpy as np
import shapely

from geo.access.network import Floats, Ints, Marks, Network, Places, Shapes

DOOR_REACH_M = 200.0
"""Farther from a road than this nothing is reached on foot, as far as the network knows."""

INSIDE_M = 50.0
"""A way on this side of a wall that is farther off than this is hardly the one that people take."""

_TOUCHING_M = 0.01
_ASIDE_M = 0.1
"""A wall may run so close to a front or along a way without standing between them."""
_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Barriers:
    """What nobody walks through, in metres of the network's plane."""

    shapes: Shapes
    tree: shapely.STRtree

    def cross(self, ways: Shapes) -> Marks:
        """Say which of some straight ways cross a barrier or lie in one; touching it is allowed."""
        blocked = np.zeros(len(ways), bool)
        for predicate in ("crosses", "within"):
            blocked[self.tree.query(ways, predicate=predicate)[0]] = True
        long: Marks = shapely.length(ways) > _TOUCHING_M
        return blocked & long

    def between(self, ways: Shapes) -> Marks:
        """Say which ways lead through a barrier, and not only to it: what is true of fences, not of water."""
        found = np.zeros(len(ways), bool)
        long = np.flatnonzero(shapely.length(ways) > 2 * _ASIDE_M + _TOUCHING_M)
        ends = [shapely.line_interpolate_point(ways[long], along_m) for along_m in (_ASIDE_M, -_ASIDE_M)]
        places = np.stack([shapely.get_coordinates(end) for end in ends], axis=1)
        found[long] = self.cross(shapely.linestrings(places)) if len(long) else False
        return found


def barriers(shapes: Shapes) -> Barriers:
    """Make barriers of lines and areas in metres."""
    return Barriers(shapes, shapely.STRtree(shapes))


def doors_to(network: Network, shapes: Shapes, walls: Barriers, fences: Barriers, through: bool = False) -> Places:
    """Find the places of the network where people step out of doors, with regard to fences.

    Parameters
    ----------
    network, shapes, walls
        As of `footholds`.
    fences
        Walls and fences, in which there may be gates that nobody has drawn.
    through
        Whether the way leads through a fence where there is none near on this side of it; else there is none.
    """
    found = footholds(network, shapes, walls)
    reached = np.flatnonzero(found.edges >= 0)
    ends = shapely.line_interpolate_point(network.lines[found.edges[reached]], found.along_m[reached])
    behind = reached[fences.between(shapely.shortest_line(shapes[reached], ends))]
    inside = footholds(network, shapes[behind], walls, fences, INSIDE_M)
    kept = np.flatnonzero((inside.edges >= 0) | (not through))
    found.edges[behind[kept]], found.along_m[behind[kept]] = inside.edges[kept], inside.along_m[kept]
    found.away_m[behind[kept]] = inside.away_m[kept]
    return found


def footholds(
    network: Network, shapes: Shapes, walls: Barriers, fences: Barriers | None = None, reach_m: float = DOOR_REACH_M
) -> Places:
    """Find the place of the network that is nearest to each shape (a door or an outline) and can be walked to.

    Parameters
    ----------
    network, walls, fences
        The ways and what stands between.
    shapes
        Points or outlines in metres of the network's plane.
    reach_m
        Edges farther away than this are not looked at.

    Returns
    -------
    Places
        One for each shape; the edge is -1 where no edge in reach can be reached.
    """
    found = Places(np.full(len(shapes), -1), np.zeros(len(shapes)), np.full(len(shapes), np.inf))
    ground = np.flatnonzero(network.layers == 0)
    if not len(ground):
        return found
    lines = network.lines[ground]
    tree = shapely.STRtree(lines)
    which, edge = tree.query_nearest(shapes, max_distance=reach_m, all_matches=False)
    standing = (walls, fences)
    refused = which[_take(found, shapes, lines, ground, standing, which, edge)]
    for start in range(0, len(refused), _AT_ONCE):
        again = refused[start : start + _AT_ONCE]
        place, edge = tree.query(shapes[again], predicate="dwithin", distance=reach_m)
        _take(found, shapes, lines, ground, standing, again[place], edge)
    return found


def _take(
    found: Places,
    shapes: Shapes,
    lines: Shapes,
    ground: Ints,
    standing: tuple[Barriers, Barriers | None],
    which: Ints,
    edge: Ints,
) -> Marks:
    """Note the shortest free way from each shape to its candidates; say which candidates are barred."""
    ways = shapely.shortest_line(shapes[which], lines[edge])
    walls, fences = standing
    barred = walls.cross(ways) if fences is None else walls.cross(ways) | fences.between(ways)
    free = np.flatnonzero(~barred)
    away: Floats = shapely.length(ways[free])
    order = free[np.lexsort((away, which[free]))]
    _, first = np.unique(which[order], return_index=True)
    chosen = order[first]
    found.edges[which[chosen]] = ground[edge[chosen]]
    found.along_m[which[chosen]] = shapely.line_locate_point(lines[edge[chosen]], shapely.get_point(ways[chosen], 1))
    found.away_m[which[chosen]] = shapely.length(ways[chosen])
    return barred
