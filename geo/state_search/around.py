"""Firms of an industry around buildings: how many within 500 m, and how far the nearest, from point to point."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from geo.columns import Columns
from geo.shapes import metres_per_degree

if TYPE_CHECKING:
    from scipy.spatial import cKDTree

WITHIN_M = 500
"""In a straight line."""

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Around:
    """For each building of a state its public firms of an industry within `WITHIN_M`, its own included.

    `metres` is the distance to the nearest, 0 in the building itself; infinite where there is none.
    """

    firms: NDArray[np.uint32]
    metres: NDArray[np.float32]


def around(columns: Columns, industry: int) -> Around:
    """The firms of the map group with this number (1 is the first) around every building."""
    places, count = _plane(columns), columns.header["tables"]["buildings"]["rows"]
    rows, firms = firms_of(columns, industry)
    if not len(rows):
        return Around(np.zeros(count, np.uint32), np.full(count, np.inf, np.float32))
    nearest, _ = _tree(places[rows]).query(places, distance_upper_bound=WITHIN_M)
    found = np.zeros(count, np.uint32)
    near = np.flatnonzero(np.isfinite(nearest))
    # Firms, not buildings, are counted: each is a point, where its building is.
    each = _tree(np.repeat(places[rows], firms, axis=0))
    found[near] = each.query_ball_point(places[near], WITHIN_M, return_length=True)
    return Around(found, nearest.astype(np.float32))


def firms_of(columns: Columns, industry: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The rows of buildings with firms of a map group, and how many each has."""
    lists = columns.lists("buildings", "firms")
    chosen = np.flatnonzero(lists.values >> 16 == industry)
    rows = np.searchsorted(lists.ends, chosen.astype(lists.ends.dtype), side="right")
    return rows, (lists.values[chosen] & 0xFFFF).astype(np.intp)


def knows_firms(columns: Columns) -> bool:
    """Whether any public firm is known at all; states of the past may not tell."""
    return "firms" in columns.tables["buildings"] and len(columns.lists("buildings", "firms").values) > 0


def _plane(columns: Columns) -> Numbers:
    """The points of the buildings in metres, good where the city is no larger than a degree."""
    lon, lat = (columns.array("buildings", name) / 1e6 for name in ("lon", "lat"))
    east, north = metres_per_degree(float(lat.mean()) if len(lat) else 0.0)
    return np.column_stack([lon * east, lat * north])


def _tree(points: Numbers) -> "cKDTree":
    from scipy.spatial import cKDTree  # noqa: PLC0415 - 25 MB that only those who ask for neighbours need

    return cKDTree(points)
