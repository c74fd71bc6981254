"""All industries beside one another: how unevenly each is spread, in how many cells it is hot, which are together."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from geo.clusters.amounts import Measure
from geo.clusters.cells import Cells, Kind, cut
from geo.clusters.concentration import discoveries, location_quotient, poisson_discoveries
from geo.clusters.hot_spots import gi_star
from geo.clusters.indices import colocation, ellison_glaeser, locational_gini
from geo.clusters.residents import Floats, Residents


@dataclass(frozen=True, slots=True)
class Line:
    """An industry: what it has here and its share of all here, its share of all there is, and the quotient of both.

    `total` is enterprises, square metres or yuan, `firms` how many enterprises that is of. Indices are over the cells
    of the part that was asked about, in `hot` and `cold` of which it stands out.
    """

    code: str
    total: int
    share: float
    overall: float
    quotient: float
    firms: int
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


@dataclass(frozen=True, slots=True)
class How:
    """Which cells, what they are held against and what is counted; as in `analysis.Question`."""

    cell_m: float = 250.0
    kind: Kind = "hexagon"
    rings: int = 1
    q: float = 0.05
    by: Measure = "enterprises"


def overview(
    residents: Residents, codes: Sequence[str], how: How, inside: NDArray[np.bool_] | None = None
) -> Overview | None:
    """Measure all industries over the same cells; None where nobody sits.

    Parameters
    ----------
    residents
        Who sits where.
    codes
        Groups, sections or divisions; whoever is of none of them counts among all alone.
    how
        Counts are held against Poisson's law; square metres and yuan, which have none, by Gi*.
    inside
        Which buildings are asked about, shape (b,); what is usual is what all of `residents` have.
    """
    part = residents if inside is None else residents.within(inside)
    if not len(part.building):
        return None
    cells = cut(*residents.metres, how.cell_m, how.kind)
    overall = _counts(residents, cells, codes)
    here = _counts(part, cells, codes)
    there = here.sum(axis=1) > 0
    hot, cold = (side[there].sum(axis=0) for side in _standing_out(overall, cells, how))
    here = here[there]
    totals, columns = here.sum(axis=0), _columns(part, codes)
    quotient = location_quotient(np.vstack([totals, overall.sum(axis=0) - totals]))[0]
    firms = np.bincount(columns, part.counted, len(codes) + 1)
    gini, together = locational_gini(here), colocation(here)
    gathered = ellison_glaeser(here, part.herfindahl(columns, len(codes) + 1))
    shares = overall.sum(axis=0) / overall.sum()
    present = [at for at in range(len(codes)) if totals[at]]
    lines = [
        Line(
            codes[at],
            round(totals[at]),
            float(totals[at] / totals.sum()),
            float(shares[at]),
            float(quotient[at]),
            round(firms[at]),
            float(gini[at]),
            float(gathered[at]),
            *(int(hot[at]), int(cold[at])),
        )
        for at in present
    ]
    pairs = [Pair(codes[one], codes[other], float(together[one, other])) for one, other in combinations(present, 2)]
    pairs.sort(key=lambda pair: -pair.together)
    return Overview(lines, pairs, len(here), round(totals.sum()))


def _columns(residents: Residents, codes: Sequence[str]) -> NDArray[np.int64]:
    """The column of each row; the last are those of none of the industries."""
    industry = residents.sorted_into(codes)
    columns: NDArray[np.int64] = np.where(industry < 0, len(codes), industry).astype(np.int64)
    return columns


def _counts(residents: Residents, cells: Cells, codes: Sequence[str]) -> Floats:
    rows = cells.taking(residents.building)
    return rows.sums(_columns(residents, codes), len(codes) + 1, residents.enterprises)


def _standing_out(counts: Floats, cells: Cells, how: How) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Where each industry is hot, and where cold, shape (m, groups)."""
    near = cells.around(how.rings)
    if how.by == "enterprises":
        around = near @ counts
        found = poisson_discoveries(around, around.sum(axis=1), counts.sum(axis=0) / counts.sum(), how.q)
        z, q = found.z, found.q
    else:
        z, p = gi_star(counts, near)
        q = discoveries(np.where(np.isnan(p), 1.0, p))
    return (q <= how.q) & (z > 0), (q <= how.q) & (z < 0)
