"""Answers a planner's question: in which cells of the district an industry is more, or less, than chance explains."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import sparse, special

from geo.clusters.amounts import Measure
from geo.clusters.cells import Cells, Kind, cut
from geo.clusters.concentration import SMALL_EXPECTED, bayes_z, discoveries, poisson_excess
from geo.clusters.hot_spots import gi_star
from geo.clusters.indices import ellison_glaeser, locational_gini
from geo.clusters.outlines import Density, Outline, density_outlines
from geo.clusters.residents import Residents

Floats = NDArray[np.float64]
Statistic = Literal["poisson", "bayes", "gi"]

STATISTICS: tuple[Statistic, ...] = ("poisson", "bayes", "gi")


@dataclass(frozen=True, slots=True)
class Question:
    """An industry and how to look: `cell_m` is the width of a cell, `rings` how far its neighbours count as well.

    `by` says what is counted: enterprises, square metres that they use, or yuan of tax. Chances of counts are known of
    the first alone; the others are told by their quotients and Gi*.
    `q` is the share of false findings that is put up with among the cells called hot, and among those called cold.
    `reach_m`, `least` and `least_quotient` are how outlines round buildings are looked for, see `outlines.Density`.
    """

    industry: str
    by: Measure = "enterprises"
    statistic: Statistic = "poisson"
    kind: Kind = "hexagon"
    cell_m: float = 250.0
    rings: int = 1
    q: float = 0.05
    reach_m: float = 600.0
    least: int = 30
    least_quotient: float = 3.0


@dataclass(frozen=True)
class Findings:
    """What was found; arrays have one value per cell, cells with nothing in them are left out.

    Attributes
    ----------
    outlines
        Polygons in degrees of WGS 84.
    here, all_here
        Enterprises of the industry, and of all, in the cell itself; square metres or yuan where these are asked for.
    near, all_near
        The same in the cell and the neighbours that count.
    expected, quotient, z, p, q
        Of the neighbourhood: what the district's share would give, the location quotient, the standard score of the
        chosen statistic, its two-sided chance and that chance adjusted for having looked at every cell.
    hot, cold, small
        Whether q is small enough and on which side; whether fewer than `SMALL_EXPECTED` enterprises were to be
        expected, or (of square metres and yuan) make up the sum.
    leading
        The map group with the most in the cell, as its place in `taxonomy.map_groups()`; one further for the rest.
    chief
        The building of the cell with the most enterprises of the industry, its id.
    total, everything
        Enterprises (square metres, yuan) of the industry, and all, in the district.
    firms
        Enterprises of the industry that make up the total.
    gini, ellison_glaeser
        Of the industry over the cells.
    cells
        The cells, with the buildings of `residents` as their points.
    clusters
        Outlines round buildings, in degrees of WGS 84, the strongest first; their `chief` is the id of a building.
    """

    question: Question
    outlines: NDArray[np.object_]
    here: Floats
    all_here: Floats
    near: Floats
    all_near: Floats
    expected: Floats
    quotient: Floats
    z: Floats
    p: Floats
    q: Floats
    hot: NDArray[np.bool_]
    cold: NDArray[np.bool_]
    small: NDArray[np.bool_]
    leading: NDArray[np.int64]
    chief: NDArray[np.int64]
    total: int
    everything: int
    firms: int
    gini: float
    ellison_glaeser: float
    cells: Cells
    clusters: list[Outline]

    @property
    def share(self) -> float:
        """The industry's share of all enterprises."""
        return self.total / self.everything if self.everything else float("nan")


def analyse(residents: Residents, question: Question) -> Findings | None:
    """Look at every cell; None where nobody of the industry sits.

    Parameters
    ----------
    residents
        Who sits where.
    question
        What to look for and how.
    """
    of_it = residents.of(question.industry).astype(np.int64)
    if not of_it.any():
        return None
    cells = cut(*residents.metres, question.cell_m, question.kind)
    rows = cells.taking(residents.building)
    # Two columns: everybody else, and those asked for.
    counts = rows.sums(of_it, 2, residents.enterprises)
    near = cells.around(question.rings)
    around = near @ counts
    share = counts.sum(axis=0) / counts.sum()
    excess = poisson_excess(around[:, 1:], around.sum(axis=1), share[1:])
    z, p = _score(question.statistic, counts[:, 1], around, near, (excess.z[:, 0], excess.p[:, 0]))
    q = discoveries(p)
    below = z < 0
    small = excess.small[:, 0]
    if question.by != "enterprises":
        small = (near @ rows.sums(of_it, 2, residents.counted))[:, 1] < SMALL_EXPECTED
    return Findings(
        question,
        residents.plane.unproject(shapely.polygons(cells.outlines)),
        *(counts[:, 1], counts.sum(axis=1), around[:, 1], around.sum(axis=1)),
        *(excess.expected[:, 0], excess.quotient[:, 0], z, p, q),
        *((q <= question.q) & ~below, (q <= question.q) & below, small),
        rows.sums(residents.map_group, 1 + int(residents.map_group.max()), residents.enterprises).argmax(axis=1),
        _chiefs(residents, cells, of_it),
        *(round(counts[:, 1].sum()), round(counts.sum()), round((residents.counted * of_it).sum())),
        float(locational_gini(counts)[1]),
        float(ellison_glaeser(counts, residents.herfindahl(of_it, 2))[1]),
        cells,
        # Outlines rest on the chance of a count.
        _clusters(residents, of_it, question) if question.by == "enterprises" else [],
    )


def density_of(question: Question) -> Density:
    """How outlines are looked for."""
    return Density(question.reach_m, question.least, question.least_quotient, question.q)


def _clusters(residents: Residents, of_it: NDArray[np.int64], question: Question) -> list[Outline]:
    here = np.bincount(residents.building, residents.enterprises * of_it, len(residents.building_ids))
    found = density_outlines(residents.field, here, density_of(question))
    shapes = residents.plane.unproject(np.array([each.shape for each in found], dtype=object))
    return [
        replace(each, shape=shape, chief=int(residents.building_ids[each.chief]))
        for each, shape in zip(found, shapes, strict=True)
    ]


def _chiefs(residents: Residents, cells: Cells, of_it: NDArray[np.int64]) -> NDArray[np.int64]:
    everybody = np.bincount(residents.building, residents.enterprises)
    those = np.bincount(residents.building, residents.enterprises * of_it)
    order = np.lexsort((everybody, those, cells.of))
    # The last of each cell in this order.
    last = np.flatnonzero(np.append(np.diff(cells.of[order]) > 0, True))
    chiefs: NDArray[np.int64] = residents.building_ids[order][last].astype(np.int64)
    return chiefs


def _score(
    statistic: Statistic, here: Floats, around: Floats, near: "sparse.csr_array", poisson: tuple[Floats, Floats]
) -> tuple[Floats, Floats]:
    """Standard scores and two-sided chances of the chosen statistic; where it says nothing, 0 and 1."""
    if statistic == "poisson":
        z, p = poisson
    elif statistic == "gi":
        z, p = gi_star(here, near)
    else:
        z = bayes_z(around[:, 1], around.sum(axis=1))
        p = 2 * special.ndtr(-np.abs(z))
    silent = np.isnan(z)
    return np.where(silent, 0.0, z), np.where(silent, 1.0, p)
