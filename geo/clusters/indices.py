"""One number for a whole industry: how unevenly it is spread, and which industries are found together."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def locational_gini(counts: ArrayLike) -> Floats:
    """How unevenly each group is spread beside everything else: 0 like everything, towards 1 all in one place.

    Places are put in order of their location quotient; the Lorenz curve has the cumulated share of everything along and
    that of the group upwards, and G = 1 - sum (X_k - X_k-1) (Y_k + Y_k-1).

    Parameters
    ----------
    counts
        Counts by place and group, shape (m, groups).

    Returns
    -------
    Floats
        Shape (groups,); nan for a group that is nowhere.

    References
    ----------
    P. Krugman, "Geography and Trade", MIT Press 1991, appendix D.
    """
    table = np.asarray(counts, float)
    table = table[table.sum(axis=1) > 0]
    return np.array([_gini(group, table.sum(axis=1)) for group in table.T])


def ellison_glaeser(counts: ArrayLike, herfindahl: ArrayLike | None = None) -> Floats:
    """How much each group gathers beyond what chance and the size of its plants explain.

    With s_i the share of the group in place i and x_i that of everything, G = sum (s_i - x_i)^2 and
    gamma = (G - (1 - sum x_i^2) H) / ((1 - sum x_i^2) (1 - H)). About 0 if plants were thrown like darts; Ellison and
    Glaeser call more than 0.05 highly concentrated.

    Parameters
    ----------
    counts
        Counts by place and group, shape (m, groups).
    herfindahl
        H, the sum of squared shares of each group's plants, shape (groups,); when left out every enterprise counts
        alike, which is 1 / n.

    Returns
    -------
    Floats
        Shape (groups,); nan for a group of one or none.

    References
    ----------
    G. Ellison and E. L. Glaeser, "Geographic concentration in U.S. manufacturing industries: a dartboard approach",
    Journal of Political Economy 105 (1997), 889-927.
    """
    counts = np.asarray(counts, float)
    share, everything = _shares(counts)
    left = 1 - (everything**2).sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        lumps = 1 / counts.sum(axis=0) if herfindahl is None else np.asarray(herfindahl, float)
        uneven = ((share - everything[:, None]) ** 2).sum(axis=0)
        gamma = (uneven - left * lumps) / (left * (1 - lumps))
    found: Floats = np.where(np.isfinite(gamma), gamma, np.nan)
    return found


def colocation(counts: ArrayLike) -> Floats:
    """Which groups are found in the same places more (above 0) or less than everything is.

    gamma_gh = sum_i (s_gi - x_i) (s_hi - x_i) / (1 - sum x_i^2).

    Parameters
    ----------
    counts
        Counts by place and group, shape (m, groups).

    Returns
    -------
    Floats
        Shape (groups, groups), symmetric; the diagonal (a group with itself) is nan.

    References
    ----------
    G. Ellison, E. L. Glaeser and W. R. Kerr, "What causes industry agglomeration? Evidence from coagglomeration
    patterns", American Economic Review 100 (2010), 1195-1213, equation 1.
    """
    share, everything = _shares(np.asarray(counts, float))
    apart = share - everything[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        together: Floats = (apart.T @ apart) / (1 - (everything**2).sum())
    np.fill_diagonal(together, np.nan)
    return together


def _gini(group: Floats, everything: Floats) -> float:
    if not group.sum():
        return float("nan")
    order = np.argsort(group / everything, kind="stable")
    along = np.concatenate([[0.0], np.cumsum(everything[order])]) / everything.sum()
    up = np.concatenate([[0.0], np.cumsum(group[order])]) / group.sum()
    return float(1 - (np.diff(along) * (up[1:] + up[:-1])).sum())


def _shares(counts: Floats) -> tuple[Floats, Floats]:
    """Each group's and everything's shares by place, shapes (m, groups) and (m,)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return counts / counts.sum(axis=0), counts.sum(axis=1) / counts.sum()
