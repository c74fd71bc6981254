"""How much more of an industry lies in a place than the place's own size explains.

All measures compare counts of cells (or buildings, or areas) by industry with the counts of everything there. Counts
may also be sums of square metres; what is said of chance holds for counts alone.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special, stats

Floats = NDArray[np.float64]

SMALL_EXPECTED = 5.0
"""Below it an excess is flagged as resting on small numbers, as is usual for chi-squared tables."""


class Excess(NamedTuple):
    """Observed against expected, each of shape (m, groups).

    `p` is the chance of a count so far out if the industry were spread like everything else: twice that of so many or
    more where there is more than expected, twice that of so few or fewer where there is less, at most 1. `small` says
    that fewer than `SMALL_EXPECTED` were to be expected.
    """

    expected: Floats
    quotient: Floats
    z: Floats
    p: Floats
    small: NDArray[np.bool_]


def location_quotient(counts: ArrayLike) -> Floats:
    """The share of each group in a place over its share in all places.

    LQ = (n_ig / n_i.) / (n_.g / n_..); 1 where a place has the usual mix, nan where it is empty or the group is.

    Parameters
    ----------
    counts
        Counts by place and group, shape (m, groups).

    Returns
    -------
    Floats
        Shape (m, groups).

    References
    ----------
    P. S. Florence, "Investment, Location, and Size of Plant", Cambridge 1948.
    """
    counts = np.asarray(counts, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        here = counts / counts.sum(axis=1, keepdims=True)
        everywhere = counts.sum(axis=0) / counts.sum()
        quotient: Floats = np.where(everywhere > 0, here / everywhere, np.nan)
    return quotient


def poisson_excess(counts: ArrayLike, everything: ArrayLike, shares: ArrayLike) -> Excess:
    """Hold counts against what the place's size and the groups' overall shares would give.

    E = N_i p_g; z = (n - E) / sqrt(E); the chances are those of a Poisson count with mean E, exact, not of the normal
    curve.

    Parameters
    ----------
    counts
        n by place and group, shape (m, groups).
    everything
        N, what there is of all groups in each place, shape (m,).
    shares
        p, each group's share of everything in the district, shape (groups,).

    Returns
    -------
    Excess
        Where nothing is expected the quotient and z are nan and p is 1.

    References
    ----------
    M. Choynowski, "Maps based on probabilities", Journal of the American Statistical Association 54 (1959), 385-388.
    """
    counts = np.asarray(counts, float)
    expected = np.outer(np.asarray(everything, float), np.asarray(shares, float))
    some = expected > 0
    safe = np.where(some, expected, 1.0)
    return Excess(
        expected,
        np.where(some, counts / safe, np.nan),
        np.where(some, (counts - expected) / np.sqrt(safe), np.nan),
        np.where(some, _poisson_p(counts, safe), 1.0),
        expected < SMALL_EXPECTED,
    )


def _poisson_p(counts: Floats, expected: Floats) -> Floats:
    """Two-sided chances, each reckoned on its own side alone."""
    more = counts > expected
    p = np.empty_like(expected)
    p[more] = special.gammainc(counts[more], expected[more])
    p[~more] = special.gammaincc(counts[~more] + 1, expected[~more])
    return np.minimum(2 * p, 1)


class Discoveries(NamedTuple):
    """Where counts are further out than chance explains, each of shape (m, groups); nan z where nothing is expected."""

    expected: Floats
    z: Floats
    q: Floats


_TELLING_Z = 1.0
MOST_LEVEL = 0.25


def poisson_discoveries(counts: ArrayLike, everything: ArrayLike, shares: ArrayLike, level: float) -> Discoveries:
    """The same as `discoveries` of `poisson_excess` up to `level`, for all groups at once and several times as fast.

    Chances are reckoned only of counts one standard deviation or more from what is expected: those of others are
    above `MOST_LEVEL`, whatever is expected, and no adjusted value that is at most `level` depends on them.

    Parameters
    ----------
    counts, everything, shares
        As for `poisson_excess`.
    level
        The share of false discoveries that is asked about, at most `MOST_LEVEL`.

    Returns
    -------
    Discoveries
        `q` is exact where it is at most `level` and 1 elsewhere.

    Raises
    ------
    ValueError
        The level is higher.
    """
    if level > MOST_LEVEL:
        raise ValueError(f"Shares of false discoveries are told up to {MOST_LEVEL:g}, not {level:g}.")
    counts = np.asarray(counts, float)
    expected = np.outer(np.asarray(everything, float), np.asarray(shares, float))
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (counts - expected) / np.sqrt(expected)
    z[expected <= 0] = np.nan
    q = np.ones_like(expected)
    for n, e, score, adjusted in zip(counts.T, expected.T, z.T, q.T, strict=True):
        telling = np.flatnonzero(np.abs(score) >= _TELLING_Z)
        p = _poisson_p(n[telling], e[telling])
        low = p <= level
        adjusted[telling[low]] = _stepped_up(p[low], len(counts))
    return Discoveries(expected, z, np.where(q <= level, q, 1.0))


def _stepped_up(chances: Floats, looked_at: int) -> Floats:
    """Benjamini and Hochberg's values of the lowest chances of so many."""
    order = np.argsort(chances)
    raw = chances[order] * looked_at / np.arange(1, len(order) + 1)
    adjusted = np.empty_like(raw)
    adjusted[order] = np.minimum.accumulate(raw[::-1])[::-1]
    return np.minimum(adjusted, 1)


def bayes_z(counts: ArrayLike, everything: ArrayLike) -> Floats:
    """How far a place's rate is from the overall one, shrunk by how little a small place can tell.

    With the overall rate b = sum n / sum N, s2 = sum N_i (r_i - b)^2 / sum N and a = s2 - b / mean(N), the variance of
    a place's rate is v_i = a + b / N_i (b / N_i where that is negative), and z_i = (r_i - b) / sqrt(v_i).

    Parameters
    ----------
    counts
        n, what there is of one group in each place, shape (m,).
    everything
        N, shape (m,); places with none get nan.

    Returns
    -------
    Floats
        Shape (m,).

    References
    ----------
    R. M. Assunção and E. A. Reis, "A new proposal to adjust Moran's I for population density", Statistics in Medicine
    18 (1999), 2147-2162; R. J. Marshall, "Mapping disease and mortality rates using empirical Bayes estimators",
    Applied Statistics 40 (1991), 283-294.
    """
    n, every = np.asarray(counts, float), np.asarray(everything, float)
    there = every > 0
    z = np.full(len(n), np.nan)
    n, every = n[there], every[there]
    if not n.any():
        return z
    rate, overall = n / every, n.sum() / every.sum()
    between = (every * (rate - overall) ** 2).sum() / every.sum() - overall / every.mean()
    variance = between + overall / every
    variance = np.where(variance < 0, overall / every, variance)
    z[there] = (rate - overall) / np.sqrt(variance)
    return z


def variance_between(here: Floats, everything: Floats) -> float:
    """By how much buildings differ in their share of an industry: the correlation of two enterprises of one building.

    rho = (sum (n_b - N_b p)^2 - N p (1 - p)) / (p (1 - p) sum N_b (N_b - 1)), by moments, 0 at least. A place of
    buildings with N_b enterprises then has a variance that is 1 + rho (sum N_b^2 / sum N_b - 1) times Poisson's.

    References
    ----------
    J. N. K. Rao and A. J. Scott, "A simple method for the analysis of clustered binary data", Biometrics 48 (1992),
    577-585.
    """
    total = everything.sum()
    share = here.sum() / total
    pairs = share * (1 - share) * (everything * (everything - 1)).sum()
    excess = ((here - everything * share) ** 2).sum() - total * share * (1 - share)
    return max(0.0, float(excess / pairs)) if pairs > 0 else 0.0


def discoveries(chances: ArrayLike) -> Floats:
    """Adjust chances for having looked at many places: the share of false ones among those with a value this low.

    Parameters
    ----------
    chances
        p by place (and group: each column is adjusted by itself), shape (m,) or (m, groups).

    Returns
    -------
    Floats
        The adjusted values (q) in the same shape.

    References
    ----------
    Y. Benjamini and Y. Hochberg, "Controlling the false discovery rate", Journal of the Royal Statistical Society B 57
    (1995), 289-300.
    """
    chances = np.asarray(chances, float)
    adjusted: Floats = stats.false_discovery_control(chances, axis=0) if len(chances) else chances
    return adjusted
