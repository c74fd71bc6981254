"""Holds two answers about clusters against each other: which cells became hot from one to the other, which ceased."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.clusters.analysis import Findings

GRAIN = 1e5
"""Parts of a degree by which the middles of cells are told apart: a metre, far less than a cell is wide."""


@dataclass(frozen=True, slots=True)
class Side:
    """What one answer says of a cell; all zero where nobody was there at all."""

    near: float = 0.0
    expected: float = 0.0
    quotient: float = 0.0
    z: float = 0.0


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell that is hot in one answer alone: `became` where that is the second.

    `chief` is the building with most of the industry, its id; `outline` is in degrees of WGS 84.
    """

    outline: Any
    chief: int
    became: bool
    first: Side
    second: Side


def differences(first: Findings | None, second: Findings | None) -> list[Difference]:
    """Cells that are hot in one of two answers alone, those whose standard score changed most first.

    Both must have been asked with cells of one kind and size; None is an answer without anybody.
    """
    places = [_places(found) for found in (first, second)]
    changed = []
    for key in places[0].keys() | places[1].keys():
        at, then = (place.get(key) for place in places)
        hot = [bool(found is not None and i is not None and found.hot[i]) for found, i in ((first, at), (second, then))]
        if hot[0] == hot[1]:
            continue
        found, i = (second, then) if hot[1] else (first, at)
        assert found is not None and i is not None
        sides = _side(first, at), _side(second, then)
        changed.append(Difference(found.outlines[i], int(found.chief[i]), hot[1], *sides))
    return sorted(changed, key=lambda each: -abs(each.second.z - each.first.z))


def _places(found: Findings | None) -> dict[tuple[int, int], int]:
    """The cells by their middles."""
    if found is None:
        return {}
    middles: NDArray[np.int64] = np.rint(shapely.get_coordinates(shapely.centroid(found.outlines)) * GRAIN).astype(int)
    return {(lon, lat): at for at, (lon, lat) in enumerate(middles.tolist())}


def _side(found: Findings | None, at: int | None) -> Side:
    if found is None or at is None:
        return Side()
    return Side(*(float(each[at]) for each in (found.near, found.expected, found.quotient, found.z)))
