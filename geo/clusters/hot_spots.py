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
