"""All industries beside one another: how unevenly each is spread, in how many cells it is hot, which are together."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from geo.clusters.cells import Kind, cut
from geo.clusters.concentration import poisson_discoveries
from geo.clusters.indices import colocation, ellison_glaeser, locational_gini
from geo.clusters.residents import Residents


@dataclass(frozen=True, slots=True)
class Line:
    """An industry: its enterprises and their share of all, its indices, and in how many cells it stands out."""

    code: str
    total: int
    share: float
    gini: float
    ellison_glaeser: float
    hot: int
    cold: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Two industries and how much more (above 0) or less they share cells than everything does."""

    one: str
    other: str
    together: float


@dataclass(frozen=True, slots=True)
class Overview:
    """Industries that somebody is of, pairs of them, and the number of cells and of enterprises."""

    lines: list[Line]
    pairs: list[Pair]
    cells: int
    everything: int


def overview(
    residents: Residents, codes: Sequence[str], cell_m: float, kind: Kind, rings: int, q: float
) -> Overview | None:
    """Measure all industries over the same cells; None where nobody sits.

    Parameters
    ----------
    residents
        Who sits where.
    codes
        Groups, sections or divisions; whoever is of none of them counts among all alone.
    cell_m, kind, rings, q
        As for `analysis.Question`.
    """
    if not len(residents.building_ids):
        return None
    cells = cut(*residents.metres, cell_m, kind)
    industry = residents.sorted_into(codes)
    # The last column are those of none of the industries.
    columns = np.where(industry < 0, len(codes), industry)
    counts = cells.taking(residents.building).sums(columns, len(codes) + 1, residents.enterprises)
    around = cells.around(rings) @ counts
    totals = counts.sum(axis=0)
    found = poisson_discoveries(around, around.sum(axis=1), totals / totals.sum(), q)
    hot, cold = ((found.q <= q) & side for side in (found.z > 0, found.z < 0))
    gini, gathered, together = locational_gini(counts), ellison_glaeser(counts), colocation(counts)
    there = [at for at in range(len(codes)) if totals[at]]
    lines = [
        Line(
            codes[at],
            int(totals[at]),
            float(totals[at] / totals.sum()),
            float(gini[at]),
            float(gathered[at]),
            int(hot[:, at].sum()),
            int(cold[:, at].sum()),
        )
        for at in there
    ]
    pairs = [Pair(codes[one], codes[other], float(together[one, other])) for one, other in combinations(there, 2)]
    pairs.sort(key=lambda pair: -pair.together)
    return Overview(lines, pairs, len(cells), int(totals.sum()))
