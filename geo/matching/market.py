"""The units on the market of one state, in the order of building and floor, with what their buildings are like.

Made once for each state and shared by threads; columns are gathered when first asked for.
"""

from collections.abc import Callable, Collection
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geo.columns import Array
from geo.snapshot import NO_AMENITY, NO_PARKING
from geo.state_search import Table

Rows = NDArray[np.intp]
Mask = NDArray[np.bool_]

ADDED = {"registrable": 0, "permits": 0, "parking": NO_PARKING}
"""Columns of buildings that states of the past may lack → what means "not stated" in them."""


class Units:
    """Some units, column by column; what all judges look at."""

    def __init__(self, table: Table, rows: Rows, read: Callable[[str, bool], Array]) -> None:
        self.table = table
        self.rows = rows
        self._read = read

    def __len__(self) -> int:
        return len(self.rows)

    def column(self, name: str) -> Array:
        """A column of units; or `least`, the least area that can be had."""
        return self._read(name, False)

    def of_building(self, name: str) -> Array:
        """A column of buildings, for the building of each unit."""
        return self._read(name, True)

    def words(self, name: str) -> list[str]:
        """The words that a column's numbers stand for."""
        return self.table.words[name]

    @property
    def as_of(self) -> date:
        """The day of the state."""
        return date.fromisoformat(self.table.columns.header["as_of"])


class Market(Units):
    """The units of a state that a tenant can take, now or from some month on.

    Parameters
    ----------
    table
        A state made ready for search.
    stale
        Which ones: those whose last word is old (True), the others (False), or both.
    """

    def __init__(self, table: Table, stale: Collection[bool] = (False,)) -> None:
        rows = np.sort(np.concatenate([np.zeros(0, np.intp), *(group.rows for group in table.market(stale))]))
        super().__init__(table, rows, self._kept)
        self.ids = table.unit_ids[rows]
        self._columns: dict[tuple[str, bool], Array] = {}

    @cached_property
    def buildings(self) -> Rows:
        """Row of the building of each unit, ascending."""
        return self.table.columns.array("units", "b")[self.rows].astype(np.intp)

    def at(self, places: Rows) -> Units:
        """The units at some places of this market."""
        return Units(self.table, places, lambda name, building: self._kept(name, building)[places])

    def _kept(self, name: str, building: bool) -> Array:
        found = self._columns.get((name, building))
        if found is None:
            found = self._columns[name, building] = self._gathered(name, building)
        return found

    def _gathered(self, name: str, building: bool) -> Array:
        if name == "least":
            area, least = self.column("area"), self.column("min_area")
            return np.where((least > 0) & (least < area), least, area)
        if not building:
            return self.buildings if name == "b" else self.table.columns.array("units", name)[self.rows]
        if name in ADDED and name not in self.table.columns.tables["buildings"]:
            return np.full(len(self.rows), ADDED[name], "u2")
        if name == "reached":
            return self._reached[self.buildings]
        return self.table.building(name)[self.buildings]

    @cached_property
    def _reached(self) -> Mask:
        """For which listed buildings distances to amenities are known at all."""
        columns = [self.table.building(f"near_{word}") for word in self.table.words["amenity"]]
        reached: Mask = np.minimum.reduce(columns) < NO_AMENITY
        return reached


def in_areas(table: Table, codes: tuple[str, ...]) -> Mask:
    """Which listed buildings lie in one of these areas."""
    words, lists = table.words["areas"], table.columns.lists("buildings", "areas")
    wanted = np.zeros(len(words) + 1, bool)
    wanted[[words.index(code) for code in codes if code in words]] = True
    places = np.flatnonzero(wanted[lists.values])
    found = np.zeros(table.building_count, bool)
    found[np.searchsorted(lists.ends, places.astype(lists.ends.dtype), side="right")] = True
    return found
