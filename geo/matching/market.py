"""The units on the market of one state, in the order of building and floor, with what their buildings are like.

Made once for each state and shared by threads; what no requirement changes is worked out when first asked for and kept.
"""

from collections.abc import Callable, Collection
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geo.columns import Array
from geo.snapshot import NO_AMENITY, NO_PARKING
from geo.state_search import Table
from geo.taxonomy.desks import desk_areas
from geo.taxonomy.rents import DAYS_PER_MONTH

Rows = NDArray[np.intp]
Mask = NDArray[np.bool_]

ADDED = {"registrable": 0, "permits": 0, "parking": NO_PARKING, "fee": np.nan, "fee_included": 0}
"""Columns that older states may lack → what means "not stated" in them."""

NEVER = np.iinfo(np.int32).max
"""The day on which a unit is free that does not say when."""

_STOREYS = 2**17
"""More floors than a building can have."""

_EPOCH = date(1970, 1, 1)


def days_of(day: date) -> int:
    """A day as states count it."""
    return (day - _EPOCH).days


def day_of(days: int) -> date:
    """The day that states count as so many."""
    return _EPOCH + timedelta(days=days)


class Units:
    """Some units, column by column; what all rules look at.

    Besides the columns of the state (NaN and 0 are "not stated") there are

    * ``least``: the least area that can be had, in m²;
    * ``desk_m2``: m² per desk, by the fit-out;
    * ``ready``: the day from which it is free, 0 for now, `NEVER` where that is not stated;
    * ``band``: the third of the building that its floor is in, 1 to 3, or 0;
    * ``fee``: the property fee that is due besides the rent, CNY per m² and month;
    * ``price``: rent and, where that is stated, property fee, CNY per m² and month.
    """

    def __init__(self, table: Table, rows: Rows, read: Callable[[str, bool], Array]) -> None:
        self.table = table
        self.rows = rows
        self._read = read

    def __len__(self) -> int:
        return len(self.rows)

    def column(self, name: str) -> Array:
        """A column of units."""
        return self._read(name, False)

    def of_building(self, name: str) -> Array:
        """A column of buildings, for the building of each unit; or `reached`, whether any distance is known."""
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
        super().__init__(table, rows, lambda name, building: (self._kept_of_building if building else self._kept)(name))
        self.ids = table.unit_ids[rows]
        self._columns: dict[str, Array] = {}
        self._of_buildings: dict[str, Array] = {}
        self.unstated: dict[str, int] = {}
        """Criterion of units → how many do not say; counted by whoever asks first."""

    @cached_property
    def buildings(self) -> Rows:
        """Row of the building of each unit, ascending."""
        return self.table.columns.array("units", "b")[self.rows].astype(np.intp)

    @cached_property
    def houses(self) -> Units:
        """The buildings with units here, to be judged by what is of buildings alone."""
        rows = self.buildings[self._first_of_house]
        return Units(self.table, rows, lambda name, _: self._of_house(name))

    @cached_property
    def house(self) -> Rows:
        """The place of the building of each unit among `houses`."""
        return np.cumsum(self._first_of_house, dtype=np.intp) - 1

    @cached_property
    def units_of_houses(self) -> NDArray[np.intp]:
        """How many units each of `houses` has."""
        return np.bincount(self.house, minlength=len(self.houses))

    @cached_property
    def apart(self) -> Mask:
        """Whether a unit does not adjoin the one before it: another floor, or a unit that is let, lies between."""
        floor = self.column("floor")
        return np.append(True, (np.diff(self.rows) != 1) | (np.diff(self.buildings) != 0) | (np.diff(floor) != 0))

    @cached_property
    def storey(self) -> NDArray[np.int64]:
        """A number for the floor of each unit: ascending, 1 more right above (there is no floor 0), no neighbours
        in other buildings."""
        floor = self.column("floor").astype(np.int64)
        return self.buildings * _STOREYS + floor - (floor > 0)

    @cached_property
    def placed(self) -> Mask:
        """Which units state their floor and area."""
        placed: Mask = (self.column("floor") != 0) & (self.column("area") > 0)
        return placed

    @cached_property
    def cheapest(self) -> Rows:
        """The places from the lowest rent per m² to the highest and those that state none; of equals the lower id."""
        return np.lexsort((self.ids, np.nan_to_num(self.column("rent"), nan=np.inf)))

    @cached_property
    def rank(self) -> NDArray[np.int64]:
        """The number of each place in `cheapest`."""
        found = np.empty(len(self), np.int64)
        found[self.cheapest] = np.arange(len(self))
        return found

    def at(self, places: Rows) -> Units:
        """The units at some places of this market."""

        def read(name: str, building: bool) -> Array:
            return self._building(name)[self.buildings[places]] if building else self._kept(name)[places]

        return Units(self.table, places, read)

    @cached_property
    def _first_of_house(self) -> Mask:
        return np.append(len(self) > 0, np.diff(self.buildings) != 0)[: len(self)]

    def _kept(self, name: str) -> Array:
        found = self._columns.get(name)
        if found is None:
            derived = _DERIVED.get(name)
            column = derived(self) if derived else self._stated("units", name)[self.rows]
            found = self._columns[name] = column
        return found

    def _kept_of_building(self, name: str) -> Array:
        return self._building(name)[self.buildings]

    def _of_house(self, name: str) -> Array:
        found = self._of_buildings.get(name)
        if found is None:
            found = self._of_buildings[name] = self._building(name)[self.buildings[self._first_of_house]]
        return found

    def _building(self, name: str) -> Array:
        if name == "row":
            return np.arange(self.table.building_count)
        if name == "reached":
            return self._reached
        return self._stated("buildings", name)

    def _stated(self, table: str, name: str) -> Array:
        columns = self.table.columns
        if name in ADDED and name not in columns.tables[table]:
            return np.full(columns.header["tables"][table]["rows"], ADDED[name])
        return columns.array(table, name)

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


def _least(units: Units) -> Array:
    area, least = units.column("area"), units.column("min_area")
    return np.where((least > 0) & (least < area), least, area)


def _desk_m2(units: Units) -> Array:
    by_code = {desk.fitout: desk.m2_per_desk for desk in desk_areas()}
    table = [by_code[""], *(by_code.get(word, by_code[""]) for word in units.words("fitout"))]
    found: Array = np.array(table, np.float32)[units.column("fitout")]
    return found


def _ready(units: Units) -> Array:
    vacant = units.column("occupancy") == units.words("occupancy").index("vacant") + 1
    days = units.column("available")
    return np.where((days == 0) & ~vacant, np.int32(NEVER), days)


def _band(units: Units) -> Array:
    floor, floors = units.column("floor").astype("i4"), units.of_building("floors").astype("i4")
    third = np.clip((3 * floor + floors - 1) // np.maximum(floors, 1), 1, 3)  # rounded up
    return np.where((floor == 0) | (floors == 0), 0, third).astype(np.uint8)


def _fee(units: Units) -> Array:
    return np.where(units.column("fee_included") > 0, np.float32(0), units.of_building("fee").astype(np.float32))


def _price(units: Units) -> Array:
    rent, fee = (units.column(name).astype(float) for name in ("rent", "fee"))
    price: Array = rent * DAYS_PER_MONTH + np.nan_to_num(fee)
    return price


_DERIVED: dict[str, Callable[[Units], Array]] = {
    "least": _least,
    "desk_m2": _desk_m2,
    "ready": _ready,
    "band": _band,
    "fee": _fee,
    "price": _price,
}
