"""Getis and Ord's Gi*: cells that are, together with their neighbours, above or below what all cells have."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse, special

Floats = NDArray[np.float64]


class HotSpots(NamedTuple):
    """Gi* as a standard score and its two-sided chance, each of shape (m,) or (m, groups)."""

    z: Floats
    p: Floats


def gi_star(values: ArrayLike, near: "sparse.csr_array") -> HotSpots:
    """Find hot and cold spots.

    Gi* = (sum_j w_ij x_j - X W_i) / (S sqrt((m sum_j w_ij^2 - W_i^2) / (m - 1))), with X and S the mean and standard
    deviation (of all m values) and W_i = sum_j w_ij. For many cells it is normal if values are laid out by chance.

    Parameters
    ----------
    values
        One value per cell, or one per cell and group: shape (m,) or (m, groups).
    near
        Weights of the neighbours of each cell, itself among them: shape (m, m), see `Cells.around`.

    Returns
    -------
    HotSpots
        nan where every cell has the same value or a cell is near to all.

    References
    ----------
    J. K. Ord and A. Getis, "Local spatial autocorrelation statistics: distributional issues and an application",
    Geographical Analysis 27 (1995), 286-306.
    """
    x = np.asarray(values, float)
    m = len(x)
    weight, squares = near.sum(axis=1), near.power(2).sum(axis=1)
    if x.ndim == 2:
        weight, squares = weight[:, None], squares[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = x.std(axis=0) * np.sqrt((m * squares - weight**2) / (m - 1))
        z = (near @ x - x.mean(axis=0) * weight) / spread
    z = np.where(np.isfinite(z), z, np.nan)
    return HotSpots(z, 2 * special.ndtr(-np.abs(z)))


def permuted_p(values: ArrayLike, near: "sparse.csr_array", permutations: int, seed: int) -> Floats:
    """The chance of a Gi* so far out, by laying the other cells' values out again and again.

    Each cell keeps its own value; its neighbours get values drawn from all other cells without putting back. The chance
    is twice (1 + number of draws at least as far out on the cell's side) / (1 + permutations): two-sided, never 0.

    Parameters
    ----------
    values
        Shape (m,).
    near
        As for `gi_star`, with ones as weights.
    permutations
        How many draws, 999 for instance.
    seed
        Of the random numbers: the same seed gives the same chances.

    Returns
    -------
    Floats
        Shape (m,).

    References
    ----------
    L. Anselin, "Local indicators of spatial association: LISA", Geographical Analysis 27 (1995), 93-115.
    """
    x = np.asarray(values, float)
    m, random = len(x), np.random.default_rng(seed)
    others = np.asarray(near.sum(axis=1)).astype(int) - 1
    seen = near @ x
    above, below = np.zeros(m, int), np.zeros(m, int)
    most = int(others.max(initial=0))
    for _ in range(permutations):
        # The same draw of places serves all cells; a cell that meets itself takes the place that was left over.
        drawn = random.choice(m, most + 1, replace=False) if most + 1 <= m else random.permutation(m)
        sums = x + _drawn_sums(x, drawn, others)
        above += sums >= seen
        below += sums <= seen
    both_sides: Floats = np.minimum(2 * (np.minimum(above, below) + 1) / (permutations + 1), 1)
    return both_sides


def _drawn_sums(x: Floats, drawn: NDArray[np.int64], others: NDArray[np.int64]) -> Floats:
    """Sums of the first `others` drawn values for each cell, passing over the cell itself."""
    before = np.concatenate([[0.0], np.cumsum(x[drawn])])
    place = np.full(len(x), len(drawn))
    place[drawn] = np.arange(len(drawn))
    with_own = place < others + 1
    ended = np.minimum(others + with_own, len(drawn))
    sums: Floats = before[ended] - np.where(with_own & (place < ended), x, 0)
    return sums
