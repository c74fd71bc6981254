"""From doors and amenities to the network: the nearest point of an edge that can be walked to.

The way there runs straight, reaches edges on the ground alone (nobody steps onto a bridge from beside it), and crosses
neither water nor railway nor motorway.
"""

from dataclasses import dataclass

import numpy as np
import shapely

from geo.access.network import Floats, Ints, Marks, Network, Places, Shapes

DOOR_REACH_M = 200.0
"""Farther from a road than this nothing is reached on foot, as far as the network knows."""

_TOUCHING_M = 0.01
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


def barriers(shapes: Shapes) -> Barriers:
    """Make barriers of lines and areas in metres."""
    return Barriers(shapes, shapely.STRtree(shapes))


def footholds(network: Network, shapes: Shapes, walls: Barriers) -> Places:
    """Find the place of the network that is nearest to each shape (a door or an outline) and can be walked to.

    Parameters
    ----------
    network, walls
        The ways and what stands between.
    shapes
        Points or outlines in metres of the network's plane.

    Returns
    -------
    Places
        One for each shape; the edge is -1 where no edge within `DOOR_REACH_M` can be reached.
    """
    found = Places(np.full(len(shapes), -1), np.zeros(len(shapes)), np.full(len(shapes), np.inf))
    ground = np.flatnonzero(network.layers == 0)
    if not len(ground):
        return found
    lines = network.lines[ground]
    tree = shapely.STRtree(lines)
    which, edge = tree.query_nearest(shapes, max_distance=DOOR_REACH_M, all_matches=False)
    refused = which[_take(found, shapes, lines, ground, walls, which, edge)]
    for start in range(0, len(refused), _AT_ONCE):
        again = refused[start : start + _AT_ONCE]
        place, edge = tree.query(shapes[again], predicate="dwithin", distance=DOOR_REACH_M)
        _take(found, shapes, lines, ground, walls, again[place], edge)
    return found


def _take(
    found: Places, shapes: Shapes, lines: Shapes, ground: Ints, walls: Barriers, which: Ints, edge: Ints
) -> Marks:
    """Note the shortest free way from each shape to its candidates; say which candidates are barred."""
    ways = shapely.shortest_line(shapes[which], lines[edge])
    barred = walls.cross(ways)
    free = np.flatnonzero(~barred)
    away: Floats = shapely.length(ways[free])
    order = free[np.lexsort((away, which[free]))]
    _, first = np.unique(which[order], return_index=True)
    chosen = order[first]
    found.edges[which[chosen]] = ground[edge[chosen]]
    found.along_m[which[chosen]] = shapely.line_locate_point(lines[edge[chosen]], shapely.get_point(ways[chosen], 1))
    found.away_m[which[chosen]] = shapely.length(ways[chosen])
    return barred
