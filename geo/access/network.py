"""The walking network: edges between places where ways meet, out of lines that people may walk along.

Lines meet only at vertices they share. Where their layers differ (a bridge over a street), one of them must also end
there, so that a bridge never meets what it crosses, whatever vertices a file has put there. An end that misses another
line of its layer by no more than `SNAP_M` is joined to it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import LocalMetric

if TYPE_CHECKING:
    from scipy.sparse import csr_array

SNAP_M = 2.0
"""How far an end may miss the line that it means to meet, in metres."""

ISLAND_M = 500.0
"""Pieces of the network with less than this length in all lead nowhere and are not taken."""

_DEGREES = 1e-7
"""Two vertices are one when they agree to a centimetre, the precision of OpenStreetMap."""
_LAYERS = 64
_LEAST_M = 1e-3

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Marks = NDArray[np.bool_]
Shapes = NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Places:
    """Places on a network: the edge (-1 where there is none), metres along it from its start, and metres beside it."""

    edges: Ints
    along_m: Floats
    away_m: Floats

    def __len__(self) -> int:
        return len(self.edges)

    def part(self, which: Marks | Ints) -> "Places":
        """Some of them."""
        return Places(self.edges[which], self.along_m[which], self.away_m[which])


@dataclass(frozen=True, slots=True)
class Network:
    """Edges as lines in metres of `plane` between the nodes `starts` and `ends`, of which there are `nodes`.

    `joints` are places on edges to which the nodes `joined` are tied: ends that were snapped.
    """

    plane: LocalMetric
    lines: Shapes
    starts: Ints
    ends: Ints
    layers: Ints
    nodes: int
    joints: Places
    joined: Ints

    @property
    def metres(self) -> Floats:
        """The length of every edge."""
        return np.asarray(shapely.length(self.lines), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Graph:
    """A network cut at places: links between nodes with their metres, and the node of each place.

    Link `i` is the piece of edge `edges[i]` from `along_m[i]` metres on; it is -1 for what is no piece of an edge.
    """

    starts: Ints
    ends: Ints
    metres: Floats
    edges: Ints
    along_m: Floats
    nodes: int
    places: Ints

    def matrix(self, extra: tuple[Ints, Ints, Floats] | None = None) -> "csr_array":
        """Metres from node to node, both ways; `extra` are one-way links (from, to, metres) from nodes of their own."""
        from scipy.sparse import csr_array  # noqa: PLC0415 - 25 MB that only those who measure ways need

        more = extra or (np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
        rows = np.concatenate([self.starts, self.ends, more[0]])
        columns = np.concatenate([self.ends, self.starts, more[1]])
        metres = np.maximum(np.concatenate([self.metres, self.metres, more[2]]), _LEAST_M)
        size = self.nodes + len(more[0])
        order = np.argsort(rows, kind="stable")
        # Put together by hand: the usual ways add up two ways between the same places.
        offsets = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=size))])
        narrow = (columns[order].astype(np.int32), offsets.astype(np.int32))
        return csr_array((metres[order], *narrow), shape=(size, size))


def build(
    lines: Shapes,
    layers: Ints,
    plane: LocalMetric,
    island_m: float = ISLAND_M,
    barred: Callable[[Shapes], Marks] | None = None,
) -> Network:
    """Make the network of some lines.

    Parameters
    ----------
    lines
        Line strings in WGS-84 degrees.
    layers
        The layer of each: 0 on the ground, above it for bridges, below for tunnels.
    plane
        The metres to measure in.
    island_m
        Pieces of the network shorter than this in all are left out.
    barred
        Says which straight ways, in metres, lead through a wall; no end is joined to a line behind one.
    """
    return _without_islands(_snapped(_joined(lines, layers, plane), barred), island_m)


def graph(network: Network, places: Places | None = None) -> Graph:
    """Cut the edges of a network at some places, each of which becomes a node."""
    places = places if places is not None else _nowhere()
    cuts = [network.joints, places]
    at, along = (np.concatenate([getattr(cut, name) for cut in cuts]) for name in ("edges", "along_m"))
    nodes = network.nodes + np.arange(len(at))
    every, metres = np.arange(len(network.lines)), network.metres
    edges = np.concatenate([every, at, every])
    stops = np.concatenate([np.zeros(len(every)), np.clip(along, 0, metres[at]), metres])
    # A start comes before whatever lies at its place, an end after it.
    turn = np.repeat([0, 1, 2], [len(every), len(at), len(every)])
    passed = np.concatenate([network.starts, nodes, network.ends])
    order = np.lexsort((turn, stops, edges))
    edges, stops, passed = edges[order], stops[order], passed[order]
    same = edges[1:] == edges[:-1]
    ties, snaps = network.nodes + np.arange(len(network.joined)), np.full(len(network.joined), -1)
    return Graph(
        np.concatenate([passed[:-1][same], ties]),
        np.concatenate([passed[1:][same], network.joined]),
        np.concatenate([np.diff(stops)[same], network.joints.away_m]),
        np.concatenate([edges[:-1][same], snaps]),
        np.concatenate([stops[:-1][same], np.zeros(len(snaps))]),
        network.nodes + len(at),
        nodes[len(network.joints) :],
    )


def _joined(lines: Shapes, layers: Ints, plane: LocalMetric) -> Network:
    """Cut lines where they meet."""
    degrees, line = shapely.get_coordinates(lines, return_index=True)
    nodes, firsts, lasts = _nodes(degrees, line, layers)
    used = np.bincount(nodes)
    stops = (used[nodes] > 1) | firsts | lasts
    # Every stop but the last of its line begins an edge, which runs to the next stop inclusive.
    places = np.flatnonzero(stops)
    begins = ~lasts[places]
    starts, ends = places[:-1][begins[:-1]], places[1:][begins[:-1]]
    metres = np.column_stack(plane.to_metres(degrees[:, 0], degrees[:, 1]))
    edge, vertices = _spread(starts, ends - starts + 1)
    shapes = shapely.linestrings(metres[vertices], indices=edge) if len(starts) else np.empty(0, object)
    plain = Network(
        plane, np.asarray(shapes, object), nodes[starts], nodes[ends], layers[line[starts]], len(used),
        _nowhere(), np.empty(0, np.int64),
    )  # fmt: skip
    return _part(plain, plain.metres > 0)


def _nodes(degrees: Floats, line: Ints, layers: Ints) -> tuple[Ints, Marks, Marks]:
    """The node of every vertex, and which vertices are the first and the last of their lines."""
    whole = np.round(degrees / _DEGREES).astype(np.int64)
    _, place = np.unique(whole[:, 0] * 2**32 + whole[:, 1], return_inverse=True)
    change = np.flatnonzero(np.diff(line, prepend=-1, append=-1))
    firsts, lasts = np.zeros(len(line), bool), np.zeros(len(line), bool)
    firsts[change[:-1]], lasts[change[1:] - 1] = True, True
    ended = np.zeros(place.max(initial=-1) + 1, bool)
    ended[place[firsts | lasts]] = True
    level = np.where(ended[place], 0, np.clip(layers[line], 1 - _LAYERS // 2, _LAYERS // 2 - 1))
    _, nodes = np.unique(place * _LAYERS + level, return_inverse=True)
    return nodes.astype(np.int64), firsts, lasts


def _snapped(network: Network, barred: Callable[[Shapes], Marks] | None) -> Network:
    """Tie loose ends to the nearest other edge of their layer within reach."""
    touching = np.bincount(np.concatenate([network.starts, network.ends]), minlength=network.nodes)
    edges = np.concatenate([np.arange(len(network.lines))] * 2)
    nodes = np.concatenate([network.starts, network.ends])
    points = np.concatenate([shapely.get_point(network.lines, 0), shapely.get_point(network.lines, -1)])
    loose = np.flatnonzero(touching[nodes] == 1)
    if not len(loose):
        return network
    end, other = shapely.STRtree(network.lines).query(points[loose], predicate="dwithin", distance=SNAP_M)
    own = edges[loose][end]
    fitting = (other != own) & (network.layers[other] == network.layers[own])
    end, other = end[fitting], other[fitting]
    if barred is not None:
        free = ~barred(shapely.shortest_line(points[loose][end], network.lines[other]))
        end, other = end[free], other[free]
    away = shapely.distance(points[loose][end], network.lines[other])
    order = np.lexsort((away, end))
    _, first = np.unique(end[order], return_index=True)
    chosen = order[first]
    end, other, away = end[chosen], other[chosen], away[chosen]
    along = shapely.line_locate_point(network.lines[other], points[loose][end])
    return replace(network, joints=Places(other, along, away), joined=nodes[loose][end])


def _without_islands(network: Network, island_m: float) -> Network:
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415 - as above

    whole = graph(network)
    _, island = connected_components(whole.matrix(), directed=False)
    length = np.bincount(island[network.starts], weights=network.metres, minlength=island.max(initial=-1) + 1)
    return _part(network, length[island[network.starts]] >= island_m)


def _part(network: Network, kept: Marks) -> Network:
    """Leave edges out; nodes keep their numbers."""
    place = np.cumsum(kept) - 1
    tied = kept[network.joints.edges]
    joints = network.joints.part(tied)
    return replace(
        network,
        lines=network.lines[kept],
        starts=network.starts[kept],
        ends=network.ends[kept],
        layers=network.layers[kept],
        joints=replace(joints, edges=place[joints.edges]),
        joined=network.joined[tied],
    )


def _spread(starts: Ints, counts: Ints) -> tuple[Ints, Ints]:
    """Runs laid end to end: which run each item is of, and its number."""
    run = np.repeat(np.arange(len(starts)), counts)
    within = np.arange(len(run)) - np.repeat(np.cumsum(counts) - counts, counts)
    return run, starts[run] + within


def _nowhere() -> Places:
    return Places(np.empty(0, np.int64), np.empty(0), np.empty(0))
