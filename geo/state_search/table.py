"""A state file made ready for search: its units by public state, its buildings by kind, its texts by their rows.

Everything here is worked out when first asked for and kept as long as the state is. What follows from columns of
buildings alone is taken over from the state before when these columns are the same, since most changes touch units.
"""

from collections.abc import Iterator
from functools import cached_property
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from geo.columns import Array, Columns
from geo.filters import MARKET, Box
from geo.state_search.kinds import Kinds, kinds_of
from geo.state_search.near import Near
from geo.state_search.runs import Runs
from geo.state_search.texts import Texts, name_ranks

Rows = NDArray[np.intp]
Mask = NDArray[np.bool_]
Counts = NDArray[np.int32]
"""Of units, one number per building: half the size, so that more of them stay in the processor's cache."""

NO_RENT = np.float32(1e9)

KEPT_REACHES = 8
"""Distances to amenities for which is kept who is within them; 4 bytes per building each."""


class UnitGroup:
    """The units of one public state, in the order of their buildings; columns are copied together when asked for."""

    def __init__(self, state: Columns, unit_ids: NDArray[np.int64], word: str) -> None:
        self.word = word
        self.words: dict[str, list[str]] = state.header["words"]
        number = self.words["occupancy"].index(word) + 1
        self.rows: Rows = np.flatnonzero(state.array("units", "occupancy") == number)
        self._state = state
        self._unit_ids = unit_ids
        self._columns: dict[str, Array] = {}
        self._constant: dict[str, bool] = {}
        self._fitted: dict[int, tuple[Counts, Mask]] = {}
        self._binned: dict[tuple[str, tuple[float, ...]], NDArray[np.uint8]] = {}

    def column(self, name: str) -> Array:
        """A column of the state file for these units.

        Or `id`; `least`, the least area that can be had; `known_rent`, with what is not known behind all others.
        """
        found = self._columns.get(name)
        if found is None:
            found = self._columns[name] = self._made(name)
        return found

    def is_constant(self, name: str) -> bool:
        """Whether a column has one value for all these units, so that it gives them no order."""
        found = self._constant.get(name)
        if found is None:
            values = self.column(name)
            found = self._constant[name] = bool(len(values)) and bool(values.min() == values.max())
        return found

    @cached_property
    def buildings(self) -> Rows:
        """Row of the building of each unit, ascending."""
        return self.column("b").astype(np.intp)

    @cached_property
    def per_building(self) -> Counts:
        """How many of these units each building has."""
        return counted(self.buildings, self._state.header["tables"]["buildings"]["rows"])

    @cached_property
    def area_per_building(self) -> NDArray[np.float64]:
        """Their m² in each building."""
        return np.bincount(self.buildings, self.column("area"), len(self.per_building)).astype(np.float64, copy=False)

    def may_have(self, field: str) -> bool:
        """Whether any of these units can pass a condition on a field of filters."""
        if field == "available_by":
            return self.word in MARKET
        if field in ("rent_min", "rent_max"):
            return self._has_rent
        return field != "fitout" or self.has_fitout

    @cached_property
    def has_fitout(self) -> bool:
        """Whether the fit-out of any of these units is known."""
        return bool(self.column("fitout").any())

    @cached_property
    def _has_rent(self) -> bool:
        return not np.isnan(self.column("rent")).all()

    @cached_property
    def fitout_places(self) -> Rows:
        """The place of each unit's fit-out and building in a table of fit-outs by buildings, laid out in one row."""
        return self.column("fitout").astype(np.intp) * len(self.per_building) + self.buildings

    def fitted(self, number: int) -> tuple[Counts, Mask]:
        """How many of these units with one kind of fit-out each building has, and whether it has any."""
        found = self._fitted.get(number)
        if found is None:
            counts = counted(self.buildings[self.column("fitout") == number], len(self.per_building))
            found = self._fitted[number] = counts, counts > 0
        return found

    def binned(self, name: str, edges: tuple[float, ...]) -> NDArray[np.uint8]:
        """The bin of each unit's value among ascending edges (0 is below the first); one more where it is not known."""
        found = self._binned.get((name, edges))
        if found is None:
            values = self.column(name)
            bins = np.searchsorted(edges, values.astype(float), side="right")
            found = np.where(np.isnan(values), len(edges) + 1, bins).astype(np.uint8)
            self._binned[name, edges] = found
        return found

    def of_buildings(self, chosen: Rows) -> Rows:
        """The rows, within this group, of the units of some buildings (ascending)."""
        return spans(self._first[chosen], self.per_building[chosen])

    @cached_property
    def runs(self) -> Runs:
        """The units of each building as runs."""
        return Runs(self.per_building)

    @cached_property
    def _first(self) -> Rows:
        return np.cumsum(self.per_building, dtype=np.intp) - self.per_building

    def _made(self, name: str) -> Array:
        if name == "id":
            return self._unit_ids[self.rows]
        if name == "least":
            least = self.column("min_area")
            return np.where(least > 0, least, self.column("area"))
        if name == "known_rent":
            rent = self.column("rent")
            return np.where(np.isnan(rent), NO_RENT, rent)
        return self._state.array("units", name)[self.rows]


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
        """Public state → its units."""
        return {word: UnitGroup(self.columns, self.unit_ids, word) for word in self.words["occupancy"]}

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
        if before._near and _same(self.columns, before.columns, [f"near_{word}" for word in self.words["amenity"]]):
            self._near = dict(before._near)


def counted(places: Array, size: int) -> Counts:
    """How often each whole number below `size` is among `places`."""
    return np.bincount(places, minlength=size).astype(np.int32)


def spans(starts: Rows, counts: Rows | Counts) -> Rows:
    """All numbers from each start on, as many as its count, one span after the other."""
    ends = np.cumsum(counts, dtype=np.intp)
    return np.repeat(starts - ends + counts, counts) + np.arange(int(ends[-1]) if len(ends) else 0)


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
