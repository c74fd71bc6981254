"""An invented city of enterprises in which it is known where industries gather; frozen, never changed for a result.

Half of the enterprises lie around seven centres, the others are strewn; buildings have one to some hundred of them.
Without what is planted, an enterprise's industry is drawn from the city's mix, bent by what makes real cities hard:

* a slow change of the mix across the city (each industry up to a third more or less, over some kilometres);
* every building has a mix of its own (Dirichlet), as one trade recommends a house to its like;
* one building in fifty is let to a single trade, at most twelve enterprises of it;
* the centres are dense in everything, which is no cluster of anything.

Planted are, for each industry, two to five discs of 120 to 500 m in which it has at least `LEAST_ENTERPRISES` and
`LEAST_QUOTIENT` times its share of the city. No two discs touch.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Random = np.random.Generator

LEAST_ENTERPRISES, LEAST_QUOTIENT = 30, 3.0
TUNED_ON = range(100, 105)
"""Seeds that parameters may be chosen by."""
MEASURED_ON = range(10)
"""Seeds that figures are told of; nobody looks at them to choose anything."""

EXTENT_M = 40_000.0
LONGITUDE, LATITUDE = 121.47, 31.23
_METRES_PER_DEGREE = 111_320.0


class Disc(NamedTuple):
    """A planted cluster."""

    industry: int
    x: float
    y: float
    radius_m: float


class PlantedCity(NamedTuple):
    """Buildings in metres, and the building and the industry of every enterprise."""

    x: Floats
    y: Floats
    building: Integers
    industry: Integers
    discs: list[Disc]

    @property
    def degrees(self) -> tuple[Floats, Floats]:
        """Longitude and latitude of the buildings, near enough."""
        narrow = np.cos(np.radians(LATITUDE))
        return LONGITUDE + self.x / _METRES_PER_DEGREE / narrow, LATITUDE + self.y / _METRES_PER_DEGREE


def plant(seed: int, enterprises: int = 1_000_000, buildings: int = 120_000, industries: int = 20) -> PlantedCity:
    """The city of a seed."""
    random = np.random.default_rng([20261122, seed])
    x, y = _buildings(random, buildings)
    sizes = random.lognormal(0.0, 1.3, buildings)
    building = np.sort(random.choice(buildings, enterprises, p=sizes / sizes.sum()))
    industry = _mixed(random, x, y, building, _shares(industries))
    discs = _planted(random, x, y, building, industry, industries)
    return PlantedCity(x, y, building, industry, discs)


def _buildings(random: Random, number: int) -> tuple[Floats, Floats]:
    centres = random.uniform(-0.35, 0.35, (7, 2)) * EXTENT_M
    spread = random.uniform(1000, 4000, 7)
    of = random.integers(0, 7, number)
    places = centres[of] + random.normal(0, 1, (number, 2)) * spread[of, None]
    strewn = random.random(number) < 0.5
    places[strewn] = random.uniform(-0.5, 0.5, (int(strewn.sum()), 2)) * EXTENT_M
    return places[:, 0], places[:, 1]


def _shares(industries: int) -> Floats:
    falling = 1 / (np.arange(industries) + 3.0)
    return falling / falling.sum()


def _mixed(random: Random, x: Floats, y: Floats, building: Integers, shares: Floats) -> Integers:
    """Industries without anything planted."""
    waves = random.uniform(0.5, 2.0, (2, len(shares))) * 2 * np.pi / EXTENT_M
    phases = random.uniform(0, 2 * np.pi, (2, len(shares)))
    slow = np.sin(np.outer(x, waves[0]) + phases[0]) * np.sin(np.outer(y, waves[1]) + phases[1])
    own = random.gamma(np.maximum(shares * (1 + slow / 3), 1e-6) * 150)
    running = np.cumsum(own / own.sum(axis=1, keepdims=True), axis=1)
    industry = (random.random(len(building))[:, None] > running[building, :-1]).sum(axis=1)
    _let_to_one_trade(random, building, industry, len(x), len(shares))
    return industry.astype(np.int64)


def _let_to_one_trade(random: Random, building: Integers, industry: Integers, buildings: int, industries: int) -> None:
    sizes = np.bincount(building, minlength=buildings)
    ends = np.cumsum(sizes)
    for house in random.choice(np.flatnonzero(sizes >= 3), buildings // 50, replace=False).tolist():
        start = ends[house] - sizes[house]
        industry[start : start + min(sizes[house], 12)] = random.integers(industries)


def _planted(
    random: Random, x: Floats, y: Floats, building: Integers, industry: Integers, industries: int
) -> list[Disc]:
    ends = np.cumsum(np.bincount(building, minlength=len(x)))
    starts = np.concatenate([[0], ends[:-1]])
    shares = np.bincount(industry, minlength=industries) / len(industry)
    discs: list[Disc] = []
    for group in range(industries):
        wanted = len(discs) + int(random.integers(2, 6))
        while len(discs) < wanted:
            middle = random.integers(len(x))
            disc = Disc(group, float(x[middle]), float(y[middle]), float(random.uniform(120, 500)))
            if any(np.hypot(disc.x - o.x, disc.y - o.y) < disc.radius_m + o.radius_m + 1000 for o in discs):
                continue
            inside = np.flatnonzero(np.hypot(x - disc.x, y - disc.y) <= disc.radius_m)
            members = np.concatenate([np.arange(starts[each], ends[each]) for each in inside])
            quotient = random.uniform(LEAST_QUOTIENT + 0.4, 8)
            target = int(max(LEAST_ENTERPRISES + 3, quotient * shares[group] * len(members)))
            others = members[industry[members] != group]
            missing = target - (len(members) - len(others))
            if target > 0.8 * len(members) or missing < 0:
                continue
            industry[random.choice(others, missing, replace=False)] = group
            discs.append(disc)
    _prove(discs, x, y, building, industry)
    return discs


def _prove(discs: list[Disc], x: Floats, y: Floats, building: Integers, industry: Integers) -> None:
    """End when a disc does not hold what is promised of it, now that all are planted."""
    shares = np.bincount(industry) / len(industry)
    for disc in discs:
        inside = (np.hypot(x - disc.x, y - disc.y) <= disc.radius_m)[building]
        found = int((industry[inside] == disc.industry).sum())
        if found < LEAST_ENTERPRISES or found < LEAST_QUOTIENT * shares[disc.industry] * int(inside.sum()):
            raise SystemExit(f"{disc} holds {found} of {int(inside.sum())} enterprises, too few.")
