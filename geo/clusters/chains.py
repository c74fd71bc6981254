"""How close industries sit to those that they buy from and sell to, held against enterprises laid out by chance."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import sqrt
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import special
from scipy.spatial import cKDTree

from geo.clusters.concentration import SMALL_EXPECTED, discoveries
from geo.clusters.reach import Reach
from geo.clusters.residents import Residents
from geo.taxonomy import Supply

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class Pair(Protocol):
    """Two industries, of which one sells to the other."""

    @property
    def upstream(self) -> str:
        """Who sells."""

    @property
    def downstream(self) -> str:
        """Who buys."""


LINKED = 3000
"""Of each side so many buildings, those with the most enterprises, are looked at for links to be drawn."""


@dataclass(frozen=True)
class Seats:
    """Where enterprises sit: buildings on a plane, and how many of each of some industries are in them.

    Attributes
    ----------
    building_ids, x, y
        Of each building, shape (b,).
    everybody
        All its enterprises, shape (b,).
    codes
        The industries that are told apart; none is part of another.
    counts
        Enterprises by building and industry, shape (b, codes).
    """

    building_ids: NDArray[np.integer]
    x: Floats
    y: Floats
    everybody: Integers
    codes: tuple[str, ...]
    counts: Integers

    def of(self, code: str) -> Integers:
        """The enterprises of an industry, shape (b,)."""
        return self.counts[:, self.codes.index(code)]

    def within(self, chosen: NDArray[np.bool_]) -> "Seats":
        """Those of some buildings alone."""
        ids, x, y = self.building_ids[chosen], self.x[chosen], self.y[chosen]
        return Seats(ids, x, y, self.everybody[chosen], self.codes, self.counts[chosen])


@dataclass(frozen=True, slots=True)
class Closeness:
    """How close those of `upstream` and those of `downstream` sit.

    Attributes
    ----------
    sellers, buyers
        Enterprises of each.
    near, near_expected
        Enterprises of downstream within the distance of one of upstream, on average; and if laid out by chance.
    with_any, with_any_expected
        The share of upstream that has at least one of downstream within the distance; and by chance.
    ratio, z, p, q
        `near` over its expectation, its standard score and two-sided chance, and that adjusted for all pairs.
    small
        Whether so few pairs of enterprises were to be expected that chance says little.
    """

    upstream: str
    downstream: str
    sellers: int
    buyers: int
    near: float
    near_expected: float
    with_any: float
    with_any_expected: float
    ratio: float
    z: float
    p: float
    q: float
    small: bool


@dataclass(frozen=True)
class Links:
    """Buildings with upstream and buildings with downstream within the distance, the strongest first.

    `sellers` and `buyers` are places in `Seats`, `strength` the pairs of enterprises; the building itself is none.
    """

    sellers: Integers
    buyers: Integers
    strength: Integers


def seats_of(residents: Residents, codes: Sequence[str]) -> Seats:
    """Count the residents of some industries (groups, sections, divisions, finer codes) in every building."""
    number, industries = len(residents.building_ids), len(codes)
    # The last column are those of none of the industries.
    of = residents.sorted_into(codes) % (industries + 1)
    flat = residents.building.astype(np.int64) * (industries + 1) + of
    counts = np.bincount(flat, residents.enterprises, number * (industries + 1)).astype(np.int64)
    counts = counts.reshape(number, industries + 1)
    x, y = residents.metres if number else (np.zeros(0), np.zeros(0))
    return Seats(residents.building_ids, x, y, counts.sum(axis=1), tuple(codes), counts[:, :industries])


def closeness(seats: Seats, supplies: Iterable[Supply], metres: float) -> list[Closeness]:
    """Hold every pair of industries against enterprises whose places stay while their industries are dealt anew.

    With u_i, v_i and n_i the enterprises of upstream, of downstream and of all in building i, w_ij = 1 where j is
    within the distance of i (i itself is), and U, V, N their sums, there are K = sum_ij u_i w_ij v_j pairs, and
    near = K / U. If the labels of the N enterprises were dealt out at random,

    E[K] = P U V / N(N-1),
    E[K^2] = P U V / N(N-1) + T U V (U+V-2) / N(N-1)(N-2) + (P^2 - 2P - 4T) U(U-1) V(V-1) / N(N-1)(N-2)(N-3),

    where D_i = sum_j w_ij n_j - 1 are the neighbours of an enterprise in i, P = sum n_i D_i and
    T = sum n_i D_i (D_i - 1); z = (K - E[K]) / sd[K], whose chance is read off the normal curve. An enterprise with D
    neighbours has none of downstream among them with the chance C(N-1-D, V) / C(N-1, V).

    Parameters
    ----------
    seats
        Who sits where.
    supplies
        The pairs; one of which an industry is absent is left out.
    metres
        The distance, see `geo.clusters.reach` on how closely it is kept.

    Returns
    -------
    list of Closeness
        In the order of the pairs.

    References
    ----------
    J. Cuzick and R. Edwards, "Spatial clustering for inhomogeneous populations", Journal of the Royal Statistical
    Society B 52 (1990), 73-104; P. J. Diggle and A. G. Chetwynd, "Second-order analysis of spatial clustering for
    inhomogeneous populations", Biometrics 47 (1991), 1155-1163. K over its expectation is the colocation quotient of
    T. F. Leslie and B. J. Kronenfeld, Geographical Analysis 43 (2011), 306-326, for a distance instead of nearest
    neighbours.
    """
    pairs = [pair for pair in supplies if seats.of(pair.upstream).any() and seats.of(pair.downstream).any()]
    if not pairs:
        return []
    buying = list(dict.fromkeys(pair.downstream for pair in pairs))
    summed = np.column_stack([seats.everybody, *(seats.of(code) for code in buying)])
    around = Reach(seats.x, seats.y, metres).sums(summed, np.arange(len(seats.x)))
    chance = _Chance(seats.everybody, around[:, 0] - 1)
    near = dict(zip(buying, around[:, 1:].T, strict=True))
    found = [_held(chance, pair, seats.of(pair.upstream), seats.of(pair.downstream), near) for pair in pairs]
    adjusted = discoveries([each.p for each in found])
    return [replace(each, q=float(q)) for each, q in zip(found, adjusted, strict=True)]


def links_of(seats: Seats, pair: Pair, metres: float, most: int) -> tuple[Links, int]:
    """The strongest links between buildings of a pair, `most` of them, and how many there are.

    Only the `LINKED` buildings of each side with the most enterprises of it are looked at.
    """
    sold, bought = seats.of(pair.upstream), seats.of(pair.downstream)
    sellers, buyers = (np.argsort(-side, kind="stable")[: min(LINKED, (side > 0).sum())] for side in (sold, bought))
    if not (len(sellers) and len(buyers)):
        nothing = np.zeros(0, np.int64)
        return Links(nothing, nothing, nothing), 0
    places = np.column_stack([seats.x, seats.y])
    far = cKDTree(places[sellers]).sparse_distance_matrix(cKDTree(places[buyers]), metres, output_type="ndarray")
    one, other = sellers[far["i"]], buyers[far["j"]]
    apart = one != other
    one, other = one[apart], other[apart]
    strength = sold[one] * bought[other]
    order = np.argsort(-strength, kind="stable")[:most]
    return Links(one[order], other[order], strength[order]), len(strength)


class _Chance:
    """What comes of dealing out the industries of enterprises at random, their places given."""

    def __init__(self, everybody: Integers, neighbours: Integers) -> None:
        self.number = int(everybody.sum())
        self._pairs = int((everybody * neighbours).sum())
        self._twins = int((everybody * neighbours * (neighbours - 1)).sum())
        # Many have equally many neighbours.
        self._degrees = np.unique(neighbours)
        self._shares = np.bincount(np.searchsorted(self._degrees, neighbours), everybody) / self.number

    def moments(self, u: int, v: int) -> tuple[float, float]:
        """The mean and the standard deviation of the pairs of u enterprises and v others."""
        n, p, t = self.number, self._pairs, self._twins
        mean = Fraction(p * u * v, n * (n - 1))
        square = mean
        if n > 2:
            square += Fraction(t * u * v * (u + v - 2), n * (n - 1) * (n - 2))
        if n > 3:
            four = n * (n - 1) * (n - 2) * (n - 3)
            square += Fraction((p * p - 2 * p - 4 * t) * u * (u - 1) * v * (v - 1), four)
        return float(mean), sqrt(max(0.0, float(square - mean * mean)))

    def share_with_any(self, v: int) -> float:
        """The share of enterprises with one of v others among their neighbours."""
        others, d = self.number - 1, self._degrees
        possible = others - d >= v
        d = np.where(possible, d, 0)
        log = (
            special.gammaln(others - d + 1) + special.gammaln(others - v + 1)
            - special.gammaln(others - d - v + 1) - special.gammaln(others + 1)
        )  # fmt: skip
        none = np.where(possible, np.exp(log), 0)
        return 1 - float(none @ self._shares)


def _held(chance: _Chance, pair: Pair, sold: Integers, bought: Integers, near: Mapping[str, Integers]) -> Closeness:
    """One pair against chance, without regard to the others."""
    around = near[pair.downstream]
    u, v, pairs = int(sold.sum()), int(bought.sum()), int((sold * around).sum())
    mean, deviation = chance.moments(u, v)
    z = (pairs - mean) / deviation if deviation else 0.0
    p = float(2 * special.ndtr(-abs(z)))
    return Closeness(
        *(pair.upstream, pair.downstream, u, v, pairs / u, mean / u),
        *(float(sold[around > 0].sum() / u), chance.share_with_any(v)),
        *(pairs / mean if mean else float("nan"), z, p, p),
        small=mean < SMALL_EXPECTED,
    )
