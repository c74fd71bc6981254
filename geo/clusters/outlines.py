"""Draws where an industry gathers as outlines around buildings, without a grid: weighted density clusters.

Round each building that has the industry a disc is drawn that grows until it holds enough of it, so that in the suburbs
one looks further than downtown. Where such a disc has more than chance explains, its building is a core; cores that
reach one another make one cluster. Chance is that of buildings which differ among themselves anyhow, so that a house
of one trade or a tower with its own mix is no cluster.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from scipy import sparse, spatial, special

from geo.clusters.concentration import discoveries, variance_between
from geo.clusters.field import WIDEST_M, Field

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

REACHES_M = (200.0, 300.0, 400.0, 600.0, WIDEST_M)
LEAST = (5, 10, 20, 30, 50)
QUOTIENTS = (1.5, 2.0, 2.5, 3.0, 4.0)

_BUILDINGS = 3
_NEXT_DOOR_M = 150.0
_BEYOND_DOUBT = 1e-8
_MOST_BETWEEN = 0.05
"""Of the variance between buildings: where they differ more, that is what is looked for."""
_CLOSE_M, _FAR_M = 60.0, 200.0
"""How far round its buildings an outline is drawn, at least and at most twice."""


@dataclass(frozen=True, slots=True)
class Density:
    """How far to look and what is called a cluster.

    Attributes
    ----------
    reach_m
        How far a disc may grow: the greatest bandwidth.
    least
        Enterprises of the industry in a cluster, at least; a disc grows until it holds two thirds of them.
    least_quotient
        The location quotient of core and cluster, at least.
    q
        The share of false cores that is put up with.
    """

    reach_m: float = 600.0
    least: int = 30
    least_quotient: float = 2.8
    q: float = 0.02


USUAL = Density()


@dataclass(frozen=True, slots=True)
class Outline:
    """A cluster: its outline in metres, and the figures of what lies within it.

    Attributes
    ----------
    enterprises, everything
        Of the industry, and all.
    expected, quotient, z, p
        What the district's share would give, the location quotient, the score and two-sided chance beside the variance
        between buildings. The outline was chosen for being dense: `p` is not the chance of there being one somewhere.
    q
        The least adjusted chance of its cores: they were looked for everywhere.
    without_largest
        The location quotient when the building with most of the industry is left out.
    buildings
        Which buildings lie within it, by number.
    having, chief
        How many of them have the industry, and the one with most of it, by number.
    """

    shape: shapely.Geometry
    enterprises: int
    everything: int
    expected: float
    quotient: float
    z: float
    p: float
    q: float
    without_largest: float
    buildings: Integers
    having: int
    chief: int


def density_outlines(field: Field, here: ArrayLike, how: Density = USUAL) -> list[Outline]:
    """Find the clusters of an industry.

    Parameters
    ----------
    field
        The buildings.
    here
        Enterprises of the industry in each, shape (b,).
    how
        Reach and thresholds. A cluster has the industry in three buildings or more, and the least quotient also when
        its largest building is left out, unless its chance is below one in a hundred million.

    Returns
    -------
    list[Outline]
        The strongest first; none overlaps another.

    References
    ----------
    J. Besag and J. Newell, "The detection of clusters in rare diseases", Journal of the Royal Statistical Society A
    154 (1991), 143-155, for discs that grow until they hold so many; M. Ester, H.-P. Kriegel, J. Sander and X. Xu, "A
    density-based algorithm for discovering clusters", KDD 1996, for cores that reach one another; chances as in
    `concentration.poisson_excess` with the variance of `variance_between` (0.05 at most), adjusted by Benjamini and
    Hochberg for having looked round every building that has the industry.
    """
    found = _Search(field, np.asarray(here, float), how)
    outlines = [outline for cluster in found.apart(found.clusters()) if (outline := found.outline(*cluster))]
    return sorted(outlines, key=lambda outline: -outline.z)


class Cluster(NamedTuple):
    """Buildings that belong together, and the least adjusted chance of the cores among them."""

    members: Integers
    q: float


class _Search:
    """The search for one industry: `having` are the buildings that have it."""

    def __init__(self, field: Field, here: Floats, how: Density) -> None:
        self.field, self.here, self.how = field, here, how
        self.having = np.flatnonzero(here > 0)
        self.share = here.sum() / field.everything.sum() if len(self.having) else 0.0
        self.between = min(variance_between(here, field.everything), _MOST_BETWEEN) if len(self.having) else 0.0

    def clusters(self) -> list[Cluster]:
        """Cores that reach one another, with what their discs hold."""
        if not len(self.having):
            return []
        near, last, radius = self._discs()
        q = self._chances(near, last, radius)
        cores = np.flatnonzero(q <= self.how.q)
        held = last[cores] + 1
        core, case = np.repeat(cores, held), near[cores][np.arange(near.shape[1]) < held[:, None]]
        is_core = np.isin(np.arange(len(self.having)), cores)
        label = self._together(cores, radius[cores])[np.searchsorted(cores, core)]
        return [self._cluster(core, case, is_core, q, label == each) for each in np.unique(label)]

    def _together(self, cores: Integers, radius: Floats) -> Integers:
        """A number for each core; those have the same that lie within twice the other's disc, or very near."""
        tree = spatial.cKDTree(self.field.places[self.having[cores]]) if len(cores) else None
        if tree is None:
            return np.zeros(0, np.int64)
        lists = tree.query_ball_point(tree.data, np.clip(2 * radius, _NEXT_DOOR_M, self.how.reach_m))
        rows = np.repeat(np.arange(len(cores)), list(map(len, lists)))
        linked = sparse.coo_array((np.ones(len(rows)), (rows, np.concatenate(lists))), shape=(len(cores),) * 2)
        label: Integers = sparse.csgraph.connected_components(linked, directed=False)[1].astype(np.int64)
        return label

    def _cluster(
        self, core: Integers, case: Integers, is_core: NDArray[np.bool_], q: Floats, mine: NDArray[np.bool_]
    ) -> Cluster:
        """Cores, and what several of their discs hold; of one or two cores all that their discs hold."""
        cases, times = np.unique(case[mine], return_counts=True)
        cores = np.unique(core[mine])
        stay = is_core[cases] | (times > 1) | (len(cores) <= 2)
        return Cluster(self.having[cases[stay]], float(q[cores].min()))

    def _discs(self) -> tuple[Integers, Integers, Floats]:
        """For each building the next ones with the industry, how many of them its disc holds less one, its radius.

        The radius is infinite where there are too few within reach.
        """
        places, enough = self.field.places[self.having], max(2, round(self.how.least * 2 / 3))
        tree = spatial.cKDTree(places)
        away, near = tree.query(
            places, np.arange(1, min(enough, len(places)) + 1), distance_upper_bound=self.how.reach_m
        )
        held = np.append(self.here[self.having], 0)[near].cumsum(axis=1)
        last = (held >= enough).argmax(axis=1)
        rows = np.arange(len(places))
        radius = np.where(held[:, -1] >= enough, away[rows, last], np.inf)
        return near, last, radius

    def _chances(self, near: Integers, last: Integers, radius: Floats) -> Floats:
        """Adjusted chances of the discs; 1 where there is no disc or its quotient is too low."""
        p, quotient = np.ones(len(self.having)), np.zeros(len(self.having))
        n = np.append(self.here[self.having], 0)[near].cumsum(axis=1)[np.arange(len(last)), last]
        rows = np.flatnonzero(np.isfinite(radius))
        rows = rows[self._may_be_rare(n[rows], self.having[rows], radius[rows])]
        if len(rows):
            n = n[rows]
            every, squares = self.field.sums(self.field.places[self.having[rows]], radius[rows] + 1e-6)
            p[rows], quotient[rows] = self._chance(n, every, squares)[0], n / (every * self.share)
        return np.where(quotient >= self.how.least_quotient, discoveries(p), 1.0)

    def _may_be_rare(self, n: Floats, at: Integers, radius: Floats) -> NDArray[np.bool_]:
        """Whether a disc's chance may be within the level, which is what the adjusted ones within it depend on.

        What surely lies in the disc gives the least that is expected; the variance between buildings makes chances
        greater.
        """
        expected = np.maximum(self.field.within.at_least(at, radius), self.field.everything[at]) * self.share
        may: NDArray[np.bool_] = 2 * special.gammainc(n, expected) <= self.how.q
        return may

    def _chance(self, n: Floats, every: Floats, squares: Floats) -> tuple[Floats, Floats]:
        """Two-sided chances of so many or more, and their scores; 1 where there are fewer than expected."""
        expected = every * self.share
        wider = 1 + self.between * (squares / every - 1)
        p = np.minimum(2 * special.gammainc(n / wider, expected / wider), 1)
        return np.where(n > expected, p, 1.0), (n - expected) / np.sqrt(expected * wider)

    def apart(self, clusters: list[Cluster]) -> list[Cluster]:
        """The same with those put together whose outlines overlap, until none do."""
        while clusters:
            shapes = [_drawn_round(self.field.places[each.members]) for each in clusters]
            over, under = shapely.STRtree(shapes).query(shapes, "intersects")
            touching = sparse.coo_array((np.ones(len(over)), (over, under)), shape=(len(shapes),) * 2)
            number, label = sparse.csgraph.connected_components(touching, directed=False)
            if number == len(clusters):
                break
            clusters = [_joined([clusters[at] for at in np.flatnonzero(label == each)]) for each in range(number)]
        return clusters

    def outline(self, members: Integers, q: float) -> Outline | None:
        """The outline of a cluster, if what lies within it holds up by itself."""
        shape = _drawn_round(self.field.places[members])
        inside = self._within(shape)
        here, every = self.here[inside], self.field.everything[inside]
        n, total, largest = here.sum(), every.sum(), int(here.argmax())
        expected = total * self.share
        left, left_expected = n - here[largest], (total - every[largest]) * self.share
        p, z = (float(each) for each in self._chance(n, total, (every**2).sum()))
        without = float(left / left_expected) if left_expected > 0 else 0.0
        holds = without >= self.how.least_quotient or p < _BEYOND_DOUBT
        having = int(np.count_nonzero(here))
        if n < max(self.how.least, self.how.least_quotient * expected) or having < _BUILDINGS or not holds:
            return None
        figures = (float(expected), float(n / expected), z, p, q, without)
        return Outline(shape, int(n), int(total), *figures, inside, having, int(inside[largest]))

    def _within(self, shape: shapely.Geometry) -> Integers:
        west, south, east, north = shape.bounds
        reach = np.hypot(east - west, north - south) / 2 + 1
        near = np.sort(self.field.tree.query_ball_point([(west + east) / 2, (south + north) / 2], reach))
        shapely.prepare(shape)
        inside: Integers = near[shapely.contains_xy(shape, *self.field.places[near].T)]
        return inside


def _joined(clusters: list[Cluster]) -> Cluster:
    return Cluster(np.unique(np.concatenate([each.members for each in clusters])), min(each.q for each in clusters))


def _drawn_round(places: Floats) -> shapely.Geometry:
    """A concave hull, as far out as the buildings are apart from one another."""
    apart = spatial.cKDTree(places).query(places, 2)[0][:, 1] if len(places) > 1 else np.array([_CLOSE_M])
    margin = np.clip(np.percentile(apart, 90), _CLOSE_M, _FAR_M) / 2
    points = shapely.multipoints(places)
    hull = shapely.concave_hull(points, 0.4) if len(places) > 2 else points.convex_hull
    return hull.buffer(margin).simplify(2.0)
