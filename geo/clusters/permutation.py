"""How rare neighbours like these are when the other cells are laid out anew: a check that assumes no distribution.

Each cell keeps its own value; its neighbours get values drawn from all other cells without putting back, again and
again. As in PySAL one draw of places serves all cells; one that meets itself takes the next place instead. So cells
with equally many neighbours share one list of sums, in which each looks up its own: the work grows with draws and
cells apart, not with their product.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from geo.clusters.analysis import Findings
from geo.clusters.concentration import bayes_z, discoveries

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Tell = Callable[[int, int], None]
"""Told how many draws are done, of how many."""

PERMUTATIONS = (999, 9_999, 99_999, 999_999)
SEED_MOST = 2**31 - 1

_AT_ONCE = 4_000_000
"""Places drawn before they are looked up: 32 MB."""

_ALIKE = 1e-9
"""Of the largest value: sums as near as that are the same, but for rounding."""


@dataclass(frozen=True, slots=True)
class Draws:
    """How often to lay out anew, and the seed of the random numbers: the same gives the same answer."""

    permutations: int = 9_999
    seed: int = 1

    @property
    def least_p(self) -> float:
        """The lowest chance that so many draws can tell."""
        return 2 / (self.permutations + 1)


@dataclass(frozen=True)
class Permuted:
    """The two-sided chance of each cell's neighbours, and whether they are above what was drawn; shape (m,)."""

    p: Floats
    above: Flags


@dataclass(frozen=True)
class Agreement:
    """The fast answer beside the permuted one.

    Attributes
    ----------
    q
        The permuted chances adjusted for having looked at every cell (Benjamini and Hochberg).
    hot, cold
        Cells whose q is within the question's level, by side.
    both, both_hot, fast_alone, permuted_alone
        How many cells stand out on the same side in both, how many of them as hot; how many in the fast answer alone,
        and in the permuted one alone.
    """

    q: Floats
    hot: Flags
    cold: Flags
    both: int
    both_hot: int
    fast_alone: int
    permuted_alone: int


def lay_out_again(values: ArrayLike, near: "sparse.csr_array", draws: Draws, tell: Tell | None = None) -> Permuted:
    """Find the chance of neighbours so far out, by conditional permutation.

    p = 2 (1 + number of draws at least as far out on the cell's side) / (1 + permutations), at most 1: two-sided and
    never 0. Equal sums count as far out on both sides. Who has no neighbours has p = 1.

    Parameters
    ----------
    values
        Shape (m,).
    near
        Neighbours of each cell, itself among them, with ones as weights: shape (m, m), see `Cells.around`.
    draws
        How many, and the seed.
    tell
        Told how far it is.

    Returns
    -------
    Permuted
        One chance for each cell.

    References
    ----------
    L. Anselin, "Local indicators of spatial association: LISA", Geographical Analysis 27 (1995), 93-115; as
    `esda.G_Local(star=True, transform="B")` does, whose `p_sim` is one-sided.
    """
    x, random = np.asarray(values, float), np.random.default_rng(draws.seed)
    others = np.asarray(near.sum(axis=1)).astype(np.int64) - 1
    seen = near @ x - x
    counts = np.zeros((2, len(x)), np.int64)
    drawn_by_each = int(others.max(initial=0)) + 1
    step = max(1, _AT_ONCE // max(drawn_by_each, len(x) if _few(len(x), drawn_by_each) else 1))
    for begin in range(0, draws.permutations, step):
        rows = min(step, draws.permutations - begin)
        counts += _as_far_out(x, others, seen, _places(random, len(x), drawn_by_each, rows))
        if tell:
            tell(begin + rows, draws.permutations)
    above, below = counts
    p: Floats = np.minimum(2 * (np.minimum(above, below) + 1) / (draws.permutations + 1), 1)
    return Permuted(p, above < below)


def permute(found: Findings, draws: Draws, tell: Tell | None = None) -> Permuted:
    """Check the cells of an answer; what is laid out is `laid_out`."""
    return lay_out_again(laid_out(found), found.cells.around(found.question.rings), draws, tell)


def laid_out(found: Findings) -> Floats:
    """The value of each cell by the statistic asked for, in which all cells are alike but for chance.

    Of 'poisson' the excess in standard deviations, (n - E) / sqrt(E) with E = N p; of 'bayes' `bayes_z`; of 'gi' n.
    """
    if found.question.statistic == "gi":
        return found.here.astype(float)
    if found.question.statistic == "bayes":
        return np.nan_to_num(bayes_z(found.here, found.all_here))
    expected = found.all_here * found.share
    excess: Floats = (found.here - expected) / np.sqrt(expected)
    return excess


def key_of(found: Findings, draws: Draws) -> str:
    """What an answer rests on, as a digest: the same cells with the same values give the same chances."""
    about = (found.question.kind, found.question.rings, draws.permutations, draws.seed)
    digest = hashlib.sha256(repr(about).encode())
    for each in (found.cells.column, found.cells.row, laid_out(found)):
        digest.update(np.ascontiguousarray(each).tobytes())
    return digest.hexdigest()


def agreement(found: Findings, permuted: Permuted) -> Agreement:
    """Hold the permuted chances, adjusted, beside the fast answer."""
    q = discoveries(permuted.p)
    hot, cold = ((q <= found.question.q) & side for side in (permuted.above, ~permuted.above))
    both_hot = found.hot & hot
    both = both_hot | (found.cold & cold)
    fast, slow = found.hot | found.cold, hot | cold
    return Agreement(q, hot, cold, *(int(each.sum()) for each in (both, both_hot, fast & ~both, slow & ~both)))


def _few(cells: int, wanted: int) -> bool:
    """Whether so many different places are most easily drawn by shuffling all of them."""
    return cells <= wanted * wanted


def _places(random: np.random.Generator, cells: int, wanted: int, rows: int) -> Integers:
    """So many different places in every row, shape (rows, wanted)."""
    if _few(cells, wanted):
        return random.permuted(np.tile(np.arange(cells), (rows, 1)), axis=1)[:, :wanted]
    places = random.integers(cells, size=(rows, wanted))
    twice = np.arange(rows)
    while len(twice):
        ordered = np.sort(places[twice], axis=1)
        twice = twice[(ordered[:, 1:] == ordered[:, :-1]).any(axis=1)]
        places[twice] = random.integers(cells, size=(len(twice), wanted))
    return places


def _as_far_out(x: Floats, others: Integers, seen: Floats, places: Integers) -> Integers:
    """In how many rows the neighbours' sum would be at least, and at most, what is seen; shape (2, m)."""
    slack = _ALIKE * float(abs(x).max(initial=0))
    # The sums of none, of the first, of the first two … places of every row.
    running = np.zeros((len(places), places.shape[1] + 1))
    np.cumsum(x[places], axis=1, out=running[:, 1:])
    counts = np.zeros((2, len(x)), np.int64)
    for number in np.unique(others).tolist():
        alike, sums = np.flatnonzero(others == number), np.sort(running[:, number])
        counts[0, alike] = len(sums) - np.searchsorted(sums, seen[alike] - slack, "left")
        counts[1, alike] = np.searchsorted(sums, seen[alike] + slack, "right")
    # Cells that were drawn for themselves: the place after the last one stands in for their own.
    row, at = np.nonzero(np.arange(places.shape[1]) < others[places])
    cell = places[row, at]
    wrong, right = running[row, others[cell]], running[row, others[cell] + 1] - x[cell]
    for side, sign in ((0, 1), (1, -1)):
        told = [sign * (sums - seen[cell]) >= -slack for sums in (right, wrong)]
        counts[side] += np.bincount(cell, told[0].astype(float) - told[1], len(x)).astype(np.int64)
    return counts
