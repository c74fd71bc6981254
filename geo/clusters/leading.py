"""Which industry leads in a place: a cell, a building, an area; by enterprises, area used or tax."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.clusters.cells import Kind, cut
from geo.clusters.residents import MICRODEGREES, Floats, Residents
from geo.taxonomy import map_groups

FEW = 5
"""Enterprises below which a place is flagged: one more or less may change who leads."""


@dataclass(frozen=True)
class Leading:
    """Who leads where; arrays have one value per place in which anybody sits.

    Attributes
    ----------
    place
        The number of the place among those that were asked about.
    leader
        The map group with most, its place in `taxonomy.map_groups()`; -1 where several have as much, or where most is
        told of several groups together.
    tied
        The groups that have as much, if more than one has most.
    amount, everything, firms
        What the leader (or each of those tied) has, what there is of all, and how many enterprises that is of.
    quotient
        The leader's share here over its share of all that `residents` have; nan without one, or where something is
        told of several groups together.
    few
        Whether fewer than `FEW` enterprises are there.
    """

    place: NDArray[np.int64]
    leader: NDArray[np.int64]
    tied: list[tuple[int, ...]]
    amount: Floats
    everything: Floats
    firms: NDArray[np.int64]
    quotient: Floats
    few: NDArray[np.bool_]

    @property
    def share(self) -> Floats:
        """The leader's share of what there is."""
        shares: Floats = self.amount / self.everything
        return shares


def leading(residents: Residents, places: NDArray[np.integer], number: int) -> Leading:
    """Say who leads in each of some places.

    Parameters
    ----------
    residents
        Who sits where, weighed or not.
    places
        The place of each building of `residents`, from 0 to `number` - 1; -1 for none. Places do not overlap; of
        those that do, ask one by one.
    """
    groups = len(map_groups())
    rows = places[residents.building] >= 0
    flat = places[residents.building][rows] * (groups + 1) + residents.map_group[rows]
    size = number * (groups + 1)
    counts = np.bincount(flat, residents.enterprises[rows], size).reshape(number, groups + 1)
    firms = np.bincount(flat, residents.counted[rows], size).reshape(number, groups + 1).sum(axis=1)
    there = np.flatnonzero(counts.sum(axis=1) > 0)
    counts, firms = counts[there], firms[there].astype(np.int64)
    most = counts.max(axis=1, initial=0)
    best = counts == most[:, None]
    leader = np.where(best.sum(axis=1) == 1, best.argmax(axis=1), -1)
    leader[leader == groups] = -1
    overall = np.bincount(residents.map_group, residents.enterprises, groups + 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        quotient = most / counts.sum(axis=1) / (overall[leader] / overall.sum())
    return Leading(
        there,
        leader,
        [tuple(np.flatnonzero(row).tolist()) if row.sum() > 1 else () for row in best],
        most,
        counts.sum(axis=1),
        firms,
        # What is told of several groups together may be the leader's too: elsewhere nobody knows its whole.
        np.where((leader >= 0) & (overall[groups] == 0), quotient, np.nan),
        firms < FEW,
    )


def in_cells(residents: Residents, cell_m: float, kind: Kind) -> tuple[Leading, NDArray[np.object_]]:
    """Who leads in each cell, and the outlines of those cells in degrees."""
    cells = cut(*residents.metres, cell_m, kind)
    found = leading(residents, cells.of, len(cells))
    return found, residents.plane.unproject(shapely.polygons(cells.outlines[found.place]))


def in_outlines(residents: Residents, outlines: Sequence[Any]) -> list[Leading]:
    """Who leads in each of some outlines (shapely geometries in degrees, which may overlap): at most one place each."""
    lon, lat = residents.lon / MICRODEGREES, residents.lat / MICRODEGREES
    shapely.prepare(np.array(outlines, dtype=object))
    return [leading(residents, np.where(shapely.intersects_xy(each, lon, lat), 0, -1), 1) for each in outlines]
