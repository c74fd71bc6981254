"""The frame of the core district's rows: which houses it holds, where they are, and the ids of everything."""

import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cached_property

import numpy as np
import shapely

from geo.sample.district import House, district
from geo.sample.history import histories
from geo.sample.ids import Keys
from geo.sample.lives import Lives, lives
from geo.sample.market import quotes
from geo.sample.records import read_list
from geo.sample.streets import Street, streets
from geo.sample.tenants import Tenants, tenants
from geo.sample.towers import Tower, towers


@dataclass(frozen=True)
class Core:
    """What all rows of the core district share; `sources` are the ids of the public and of the internal source."""

    seed: int
    today: date
    keys: Keys
    sources: range
    houses: tuple[House, ...]
    building_ids: range

    @property
    def source(self) -> int:
        """Id of the source that may be published."""
        return self.sources[0]

    @property
    def internal_source(self) -> int:
        """Id of the source that only staff may see."""
        return self.sources[1]

    @property
    def towers(self) -> tuple[Tower, ...]:
        """The towers; the first building ids are theirs."""
        return towers()

    @property
    def house_ids(self) -> range:
        """Building ids of the ordinary houses."""
        return self.building_ids[len(towers()) :]

    @cached_property
    def lives(self) -> Lives:
        """The units and what became of them."""
        return lives(self.seed, self.today)

    @cached_property
    def tenants(self) -> Tenants:
        """The tenants of the towers."""
        return tenants(self.seed, self.today)

    @cached_property
    def room_ids(self) -> range:
        """Ids of the units, in the order of `lives`."""
        return self.keys.take("units", len(self.lives.rooms))

    @cached_property
    def area_ids(self) -> range:
        """Ids of the areas, in the order of their list."""
        return self.keys.take("areas", len(read_list("areas")))

    @cached_property
    def section_ids(self) -> range:
        """Ids of the parts of the towers, tower by tower."""
        return self.keys.take("sections", sum(len(tower.parts) for tower in towers()))

    @cached_property
    def floor_ids(self) -> range:
        """Ids of the storeys of the towers, tower by tower."""
        return self.keys.take("floors", self.first_floors[-1])

    @cached_property
    def first_floors(self) -> tuple[int, ...]:
        """How many storeys stand before each tower's own in `floor_ids`; at the end how many there are."""
        counts = [0 if tower.planned else len(tower.storeys) for tower in towers()]
        return (0, *itertools.accumulate(counts))

    def floor_id(self, tower: int, storey: int) -> int:
        """Id of a storey of a tower."""
        return self.floor_ids[self.first_floors[tower] + storey]

    @cached_property
    def offer_ids(self) -> range:
        """Ids of the offers, in the order of `quotes`."""
        return self.keys.take("offers", len(quotes(self.seed, self.today)))

    @cached_property
    def state_ids(self) -> range:
        """Ids of the rows of `unit_states`, unit by unit in the order of `histories`."""
        return self.keys.take("unit_states", sum(map(len, histories(self.seed, self.today).rows)))

    @property
    def midnight(self) -> datetime:
        """The beginning of the present day; nothing of the sample was recorded later."""
        return datetime.combine(self.today, time(), UTC)


def open_core(seed: int, today: date, buildings: int, keys: Keys) -> Core:
    """The core of a city of so many buildings; where it has room for more, the smallest are left out."""
    every = district(seed).houses
    wanted = max(0, buildings - len(towers()))
    areas = np.array([house.plain.outline.area for house in every])
    kept = np.sort(np.argsort(-areas, kind="stable")[:wanted])
    houses = tuple(every[i] for i in kept)
    ids = keys.take("buildings", len(towers()) + len(houses))
    return Core(seed, today, keys, keys.take("sources", 2), houses, ids)


def address_of(places: list[tuple[float, float]]) -> list[tuple[str, str]]:
    """Chinese and English address of each place: the nearest street and a number that grows along it."""
    named = [street for street in streets() if street.name]
    tree = shapely.STRtree([street.line for street in named])
    points = shapely.points(np.array(places).reshape(-1, 2))
    return [_address(named[at], point) for at, point in zip(tree.nearest(points), points, strict=True)]


def _address(street: Street, point: shapely.Point) -> tuple[str, str]:
    along = float(street.line.project(point))
    start, end = (street.line.interpolate(min(max(along + d, 0), street.line.length)) for d in (-1.0, 1.0))
    left = (end.x - start.x) * (point.y - start.y) - (end.y - start.y) * (point.x - start.x) > 0
    number = int(along / 7) * 2 + (1 if left else 2)
    return f"汐州市澄湾区{street.name}{number}号", f"{number} {street.name_en}, Chengwan, Xizhou"
