"""Shortest ways along the network: from every door to the nearest place of a kind, from all places at once."""

from dataclasses import dataclass

import numpy as np

from geo.access.network import Floats, Graph, Ints, Network, Places, graph


@dataclass(frozen=True, slots=True)
class Nearest:
    """For each door the nearest goal on foot (-1 where none is in reach) and the metres to it (infinite there)."""

    goals: Ints
    metres: Floats


@dataclass(frozen=True, slots=True)
class Ways:
    """A network cut at the doors and goals of a neighbourhood, ready to be asked for one kind of goal after another."""

    cut: Graph
    doors: Places
    goals: Places
    reach_m: float

    def to_nearest(self, wanted: Ints) -> Nearest:
        """Find for every door the nearest of the goals numbered `wanted`.

        One run of Dijkstra's algorithm starts at all of them together, each as far away as it lies beside its edge.
        """
        from scipy.sparse.csgraph import dijkstra  # noqa: PLC0415 - memory that only those who measure ways need

        nobody = Nearest(np.full(len(self.doors), -1), np.full(len(self.doors), np.inf))
        wanted = wanted[self.goals.edges[wanted] >= 0]
        usable = np.flatnonzero(self.doors.edges >= 0)
        if not len(wanted) or not len(usable):
            return nobody
        sources = self.cut.nodes + np.arange(len(wanted))
        matrix = self.cut.matrix((sources, self.cut.places[len(self.doors) + wanted], self.goals.away_m[wanted]))
        metres, _, source = dijkstra(
            matrix, indices=sources, min_only=True, return_predecessors=True, limit=self.reach_m
        )
        at = self.cut.places[usable]
        nobody.metres[usable] = metres[at] + self.doors.away_m[usable]
        reached = usable[nobody.metres[usable] <= self.reach_m]
        nobody.goals[reached] = wanted[source[self.cut.places[reached]] - self.cut.nodes]
        nobody.metres[nobody.goals < 0] = np.inf
        return nobody


def ways_between(network: Network, doors: Places, goals: Places, reach_m: float) -> Ways:
    """Prepare the ways of at most `reach_m` metres between doors and goals; those without an edge are passed over."""
    edges = np.concatenate([doors.edges, goals.edges])
    along, away = (np.concatenate([getattr(doors, n), getattr(goals, n)]) for n in ("along_m", "away_m"))
    somewhere = edges >= 0
    cut = graph(network, Places(edges, along, away).part(somewhere))
    nodes = np.full(len(edges), -1)
    nodes[somewhere] = cut.places
    placed = Graph(cut.starts, cut.ends, cut.metres, cut.edges, cut.along_m, cut.nodes, nodes)
    return Ways(placed, doors, goals, reach_m)
