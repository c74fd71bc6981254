"""Which partners of its chain a cluster lacks: of every gathering of an industry, who is absent or few around it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from geo.clusters.cells import Cells, cut
from geo.clusters.chains import Seats
from geo.clusters.concentration import SMALL_EXPECTED, discoveries, poisson_excess
from geo.taxonomy import Supply

Integers = NDArray[np.int64]
Side = Literal["upstream", "downstream", "both"]

CELL_M, RINGS, LEVEL = 250.0, 1, 0.05
"""How clusters are found: hexagons with those around them, and the share of false ones that is put up with."""

LEAST = 10
"""Enterprises that make a cluster."""

MOST_CLUSTERS = 300
"""The largest are looked at."""


@dataclass(frozen=True, slots=True)
class Gathering:
    """A cluster of an industry: hot cells that touch.

    `buildings` are the places in `Seats` of those in which the industry sits, the one with most of it first; `members`
    are its enterprises of the industry.
    """

    industry: str
    buildings: Integers
    members: int


@dataclass(frozen=True, slots=True)
class Gap:
    """A partner of which a cluster has fewer than expected within the distance.

    Attributes
    ----------
    side
        Whether the partner stands upstream or downstream of the cluster's industry, or both.
    found, expected
        Its enterprises within the distance of a building of the cluster; and what the share it has of all enterprises
        outside the cluster's industry would give there.
    p, q
        The chance of so few, and that adjusted for all clusters and partners looked at.
    small
        Whether so few were expected that their absence says little.
    """

    gathering: Gathering
    partner: str
    side: Side
    found: int
    expected: float
    p: float
    q: float
    small: bool

    @property
    def missing(self) -> float:
        """How many fewer there are than expected."""
        return self.expected - self.found


def gatherings(seats: Seats, codes: Iterable[str]) -> list[Gathering]:
    """The clusters of some industries, those with most enterprises first.

    A cell is hot where there are significantly more of the industry in it and the cells around it than the industry's
    share of all enterprises gives (`geo.clusters.concentration.poisson_excess`, false discoveries held at `LEVEL`).
    """
    if not len(seats.x):
        return []
    cells = cut(seats.x, seats.y, CELL_M)
    near = cells.around(RINGS)
    all_here = np.bincount(cells.of, seats.everybody, len(cells))
    all_near = near @ all_here
    touching = cells.around(1)
    found: list[Gathering] = []
    for code in codes:
        counts = seats.of(code)
        here = np.bincount(cells.of, counts, len(cells))
        excess = poisson_excess((near @ here)[:, None], all_near, [here.sum() / all_here.sum()])
        hot = (discoveries(excess.p)[:, 0] <= LEVEL) & (excess.z[:, 0] > 0) & (here > 0)
        found += _joined(code, counts, cells, hot, connected_components(touching[hot][:, hot], directed=False)[1])
    return sorted(found, key=lambda each: -each.members)[:MOST_CLUSTERS]


def gaps(seats: Seats, clusters: Iterable[Gathering], supplies: Iterable[Supply], metres: float) -> list[Gap]:
    """The partners that clusters have fewer of than expected within a distance, those that lack most first.

    Expected are (n - g) V / (N - G), with n the enterprises within the distance of any building of the cluster, g those
    of its own industry among them, V those of the partner, G of the industry and N of all in the whole district.
    """
    supplies = list(supplies)
    totals, number = seats.counts.sum(axis=0), int(seats.everybody.sum())
    tested: list[Gap] = []
    for cluster in clusters:
        own = seats.codes.index(cluster.industry)
        within = _within(seats, cluster, metres)
        there = seats.counts[within].sum(axis=0)
        others = int(seats.everybody[within].sum() - there[own])
        for partner, side in _partners(cluster.industry, supplies):
            at = seats.codes.index(partner)
            expected = others * totals[at] / max(1, number - totals[own])
            p = float(special.pdtr(there[at], expected)) if expected else 1.0
            small = expected < SMALL_EXPECTED
            tested.append(Gap(cluster, partner, side, int(there[at]), float(expected), p, 1.0, small))
    adjusted = discoveries([gap.p for gap in tested])
    held = [replace(gap, q=float(q)) for gap, q in zip(tested, adjusted, strict=True)]
    return sorted((gap for gap in held if gap.missing > 0), key=lambda gap: -gap.missing)


def _joined(
    code: str, counts: Integers, cells: Cells, hot: NDArray[np.bool_], parts: NDArray[np.int32]
) -> Iterator[Gathering]:
    """Clusters of hot cells that hang together, where they are large enough."""
    part_of = np.full(len(cells), -1)
    part_of[hot] = parts
    sitting = np.flatnonzero((counts > 0) & (part_of[cells.of] >= 0))
    sitting = sitting[np.lexsort((-counts[sitting], part_of[cells.of[sitting]]))]
    edges = np.flatnonzero(np.diff(part_of[cells.of[sitting]])) + 1
    for buildings in np.split(sitting, edges):
        if (members := int(counts[buildings].sum())) >= LEAST:
            yield Gathering(code, buildings, members)


def _within(seats: Seats, cluster: Gathering, metres: float) -> Integers:
    """The buildings within a distance of any of the cluster's."""
    x, y = seats.x[cluster.buildings], seats.y[cluster.buildings]
    around = (seats.x >= x.min() - metres) & (seats.x <= x.max() + metres)
    around &= (seats.y >= y.min() - metres) & (seats.y <= y.max() + metres)
    near = np.flatnonzero(around)
    apart, _ = cKDTree(np.column_stack([x, y])).query(
        np.column_stack([seats.x[near], seats.y[near]]), distance_upper_bound=metres + 1e-6
    )
    found: Integers = near[np.isfinite(apart)]
    return found


def _partners(industry: str, supplies: Iterable[Supply]) -> Iterator[tuple[str, Side]]:
    selling = {pair.upstream: None for pair in supplies if pair.downstream == industry}
    buying = {pair.downstream: None for pair in supplies if pair.upstream == industry}
    yield from ((partner, "both" if partner in buying else "upstream") for partner in selling)
    yield from ((partner, "downstream") for partner in buying if partner not in selling)
