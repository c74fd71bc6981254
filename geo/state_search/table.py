"""A state file made ready for search: its units by public state, its buildings by kind, its texts by their rows.

Everything here is worked out when first asked for and kept as long as the state is. What follows from columns of
buildings alone is taken over from the state before when these columns are the same, since most changes touch units.
"""

from collections.abc import Collection, Iterator
from functools import cached_property
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from geo.columns import Array, Columns
from geo.filters import MARKET, Box
from geo.state_search.around import Around, around
from geo.state_search.kinds import Kinds, kinds_of
from geo.state_search.near import Near
from geo.state_search.texts import Texts, name_ranks
from geo.state_search.units import Counts, Rows, UnitGroup, counted, spans, tells_stale

KEPT_REACHES = 8
"""Distances to amenities for which is kept who is within them; 4 bytes per building each."""


class Table:
    """A state file made ready for search; shared by threads, none of which changes it.

    Parameters
    ----------
    columns
        The state file.
    unit_ids
        The ids of its units, row by row.
    before
        The state that this one replaces; what is the same is taken over.
    """

    def __init__(self, columns: Columns, unit_ids: NDArray[np.int64], before: "Table | None" = None) -> None:
        self.columns = columns
        self.unit_ids = unit_ids
        self._near: dict[int, Near] = {}
        self._around: dict[str, Around] = {}
        self._fitted: dict[tuple[str, ...], list[Counts]] = {}
        if before is not None:
            self._take_over(before)

    @property
    def version(self) -> int:
        """Of the state."""
        return int(self.columns.header["version"])

    @property
    def words(self) -> dict[str, list[str]]:
        """The words that numbers stand for."""
        found: dict[str, list[str]] = self.columns.header["words"]
        return found

    @property
    def building_count(self) -> int:
        """Number of listed buildings."""
        return int(self.columns.header["tables"]["buildings"]["rows"])

    def building(self, column: str) -> Array:
        """A column of buildings."""
        return self.columns.array("buildings", column)

    @cached_property
    def groups(self) -> dict[str, UnitGroup]:
        """Name → units: by public state, the stale ones of those on the market apart where there are any."""
        groups = [UnitGroup(self.columns, self.unit_ids, word) for word in self.words["occupancy"]]
        if tells_stale(self.columns):
            apart = [UnitGroup(self.columns, self.unit_ids, word, stale=True) for word in MARKET]
            groups += [group for group in apart if len(group.rows)]
        return {group.name: group for group in groups}

    @property
    def stale_days(self) -> int:
        """The days after which a unit on the market is stale; 0 is never."""
        return int(self.columns.header.get("stale_days", 0))

    def market(self, stale: Collection[bool]) -> list[UnitGroup]:
        """The units that can be taken: those that are stale (True), those that are not (False), or both."""
        return [group for group in self.groups.values() if group.word in MARKET and group.stale in stale]

    def fitted(self, names: tuple[str, ...]) -> list[Counts]:
        """How many units of some groups each building has with each kind of fit-out."""
        found = self._fitted.get(names)
        if found is None:
            groups, kinds = [self.groups[name] for name in names], range(1, len(self.words["fitout"]) + 1)
            nothing = np.zeros(self.building_count, np.int32)
            found = [sum((group.fitted(kind) for group in groups), nothing) for kind in kinds]
            self._fitted[names] = found
        return found

    @cached_property
    def unit_counts(self) -> Counts:
        """How many units each building has, of whatever state."""
        return counted(self.columns.array("units", "b"), self.building_count)

    def units_of(self, buildings: Rows) -> int:
        """How many units some buildings have together."""
        return int(self.unit_counts[buildings].sum())

    def unit_rows(self, buildings: Rows) -> tuple[Rows, Counts]:
        """The rows of the state's units in some buildings (ascending), and how many each of these has."""
        return spans(self._first_units[buildings], self.unit_counts[buildings]), self.unit_counts[buildings]

    @cached_property
    def _first_units(self) -> Rows:
        return np.cumsum(self.unit_counts, dtype=np.intp) - self.unit_counts

    @cached_property
    def by_lon(self) -> tuple[Rows, Array]:
        """The buildings from west to east, and their longitudes in that order."""
        order = np.argsort(self.building("lon"), kind="stable")
        return order, self.building("lon")[order]

    def rows_in(self, box: Box) -> Rows:
        """The buildings (ascending) that stand in a box of degrees."""
        west, south, east, north = (degrees * 1e6 for degrees in box)
        order, lon = self.by_lon
        first, last = np.searchsorted(lon, np.array([ceil(west), floor(east) + 1], lon.dtype))
        rows, lat = order[first:last], self.building("lat")[order[first:last]]
        return np.sort(rows[(lat >= south) & (lat <= north)])

    @cached_property
    def name_ranks(self) -> Rows:
        """The place of each building in the order of names as they are read aloud; names with numbers by these."""
        return name_ranks(self.columns.texts("buildings", "search"))

    @cached_property
    def texts(self) -> Texts:
        """What buildings are found by."""
        return Texts(self.columns.texts("buildings", "search"))

    @cached_property
    def kinds(self) -> Kinds:
        """The buildings by all their words at once."""
        return kinds_of(self.columns)

    def near(self, metres: int) -> Near:
        """Which amenity categories each building has within so many metres."""
        found = self._near.get(metres)
        if found is None:
            found = Near(self.columns, metres)
            kept = list(self._near.items())[-KEPT_REACHES + 1 :]
            self._near = {**dict(kept), metres: found}
        return found

    def around(self, industry: str) -> Around:
        """The public firms of a map group around each building."""
        found = self._around.get(industry)
        if found is None:
            found = self._around[industry] = around(self.columns, self.words["industry"].index(industry) + 1)
        return found

    def like(self, before: "Table") -> None:
        """Make ready what was so of the state before and had to change, so that no reader has to wait for it."""
        if "texts" in vars(before) and "index" in vars(before.texts):
            _ = self.texts.index
        for industry in before._around:
            self.around(industry)
        for name, group in vars(before).get("groups", {}).items():
            if name in self.groups:
                self.groups[name].like(group)

    def _take_over(self, before: "Table") -> None:
        old = vars(before)
        if "texts" in old and _same_texts(self.columns, before.columns):
            self.texts = before.texts
            if "name_ranks" in old:
                self.name_ranks = before.name_ranks
        if "by_lon" in old and np.array_equal(self.building("lon"), before.building("lon")):
            self.by_lon = before.by_lon
        if self.words != before.words:
            return
        if "kinds" in old and _same(self.columns, before.columns, Kinds.COLUMNS):
            self.kinds = before.kinds
        if before._around and _same(self.columns, before.columns, ("lon", "lat", "firms")):
            self._around = dict(before._around)
        if before._near and _same(self.columns, before.columns, [f"near_{word}" for word in self.words["amenity"]]):
            self._near = dict(before._near)


def _same(one: Columns, other: Columns, names: list[str] | tuple[str, ...]) -> bool:
    return all(
        np.array_equal(mine, its)
        for name in names
        for mine, its in zip(_arrays(one, name), _arrays(other, name), strict=True)
    )


def _arrays(columns: Columns, name: str) -> Iterator[Array]:
    column = columns.tables["buildings"][name]
    if isinstance(column, np.ndarray):
        yield column
    else:
        found = columns.lists("buildings", name)
        yield from (found.values, found.ends)


def _same_texts(one: Columns, other: Columns) -> bool:
    mine, its = one.texts("buildings", "search"), other.texts("buildings", "search")
    return np.array_equal(mine.ends, its.ends) and bool(
        np.array_equal(np.frombuffer(mine.data, np.uint8), np.frombuffer(its.data, np.uint8))
    )
