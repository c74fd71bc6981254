"""Rows of the buildings of the city around the core; every tenth is followed floor by floor like the towers."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from geo.sample.batches import Batch
from geo.sample.cells import Houses
from geo.sample.core import Core
from geo.sample.names import CITY, root_signs
from geo.sample.plane import Floats, Ints, Marks, Words, ewkb

STOREY_M, OFFICE_STOREY_M = 3.1, 3.9
LETTABLE_SHARE = 0.78
_MANAGED_SHARE = {"mixed_block": 0.5, "workshop": 0.55, "shop": 0.02}
"""Kind of house → the share of those that are followed floor by floor; together a tenth of all."""

_GRADES = np.array(["super_a", "a", "b", "c"])
_GRADE_SHARES = (0.01, 0.14, 0.45, 0.4)


class Word(NamedTuple):
    """The second half of a building's name, with what it is found by."""

    zh: str
    en: str
    pinyin: str
    initials: str


WORDS = (
    Word("中心", "Centre", "zhongxin", "zx"),
    Word("商务楼", "Business House", "shangwulou", "swl"),
    Word("广场", "Plaza", "guangchang", "gc"),
    Word("科创园", "Innovation Park", "kechuangyuan", "kcy"),
)


@dataclass(frozen=True, slots=True)
class Stock:
    """Buildings of a part of the city with their ids; `managed` marks those with storeys and units."""

    houses: Houses
    ids: range
    managed: Marks
    floors: Ints
    grades: Words

    @property
    def managed_ids(self) -> Ints:
        """Ids of the buildings that are followed floor by floor."""
        return np.arange(self.ids.start, self.ids.stop)[self.managed]


def choose(core: Core, houses: Houses, rng: np.random.Generator) -> Stock:
    """Say which houses are managed and how tall they are."""
    count = len(houses.areas)
    share = np.array([_MANAGED_SHARE.get(kind, 0.0) for kind in houses.kinds.tolist()])
    managed = rng.random(count) < share
    tall = np.clip(np.round(rng.lognormal(2.05, 0.5, count)), 3, 42).astype(np.int64)
    floors = np.where(managed, tall, np.maximum(1, houses.floors + rng.integers(-1, 2, count) * (houses.floors > 4)))
    grades = _GRADES[rng.choice(4, count, p=_GRADE_SHARES)]
    return Stock(houses, core.keys.take("buildings", count), managed, floors, grades)


def buildings(core: Core, stock: Stock, rng: np.random.Generator) -> Iterator[Batch]:
    """The rows of the buildings."""
    houses, managed, count = stock.houses, stock.managed, len(stock.ids)
    numbers = iter(core.keys.take("names of buildings", int(managed.sum())))
    names = [_names(next(numbers)) if named else _NO_NAME for named in managed.tolist()]
    heights = stock.floors * np.where(managed, OFFICE_STOREY_M, STOREY_M) + rng.uniform(0.5, 2.0, count)
    gross = houses.areas * stock.floors
    grades = only(managed, stock.grades)
    zh, en, keys = zip(*names, strict=True)
    yield Batch("buildings", count, {
        "id": stock.ids, "code": core.keys.codes("buildings", stock.ids), "name": zh, "name_en": en,
        "name_source": "invented", "search_text": keys, "address": _addresses(houses), "status": "operating",
        "managed": managed, "geom": ewkb(houses.outlines, multi=True), "height_m": (2 * heights).round() / 2,
        "floors_above": stock.floors, "floors_below": managed.astype(np.int64),
        "typical_floor_area_m2": only(managed, houses.areas.round()), "gross_area_m2": gross.round(),
        "leasable_area_m2": only(managed, floor_areas(stock) * stock.floors),
        "completed_year": only(managed, rng.integers(1985, core.today.year, count)), "grade": grades,
        "grade_scheme": [None if grade is None else "market" if grade == "c" else "gbt39069" for grade in grades],
        "source_id": core.source, "source_key": [f"building-{ident}" for ident in stock.ids], "publishable": True,
    })  # fmt: skip


def floors(core: Core, stock: Stock) -> tuple[Batch, Ints, range]:
    """The storeys of the managed buildings, the building number of each, and their ids."""
    numbers = np.flatnonzero(stock.managed)
    of = np.repeat(numbers, stock.floors[numbers])
    position = np.arange(len(of)) - np.repeat(np.cumsum(stock.floors[numbers]) - stock.floors[numbers],
                                              stock.floors[numbers]) + 1  # fmt: skip
    ids = core.keys.take("floors", len(of))
    columns = {
        "id": ids, "building_id": of + stock.ids.start, "position": position, "label": position.astype(str),
        "area_m2": floor_areas(stock)[of], "storey_height_m": OFFICE_STOREY_M,
    }  # fmt: skip
    return Batch("floors", len(of), columns), of, ids


def floor_areas(stock: Stock) -> Floats:
    """Lettable square metres of one storey, whole and at least twenty."""
    areas: Floats = np.maximum(20.0, (stock.houses.areas * LETTABLE_SHARE).round())
    return areas


def only(chosen: Marks, values: Floats | Ints | Words) -> list[Any]:
    """The values where chosen, None elsewhere."""
    return [value if held else None for value, held in zip(values.tolist(), chosen.tolist(), strict=True)]


def _names(number: int) -> tuple[str, str, str]:
    """Name, English name and what `geo.text.search_keys` gives for them; no sign here has two readings."""
    signs, word = root_signs(number), WORDS[number % len(WORDS)]
    spelt = "".join(sign["en"] for sign in signs)
    name, name_en = "".join(sign["zh"] for sign in signs) + word.zh, f"{spelt.capitalize()} {word.en}"
    initials = "".join(sign["en"][0] for sign in signs) + word.initials
    short = "".join(part[0] for part in name_en.split()).lower()
    return name, name_en, f"{name} {spelt}{word.pinyin} {initials} {name_en.replace(' ', '').lower()} {short}"


def _addresses(houses: Houses) -> list[str]:
    numbers = np.abs(houses.centres.sum(axis=1)).astype(int) % 900 + 1
    return [f"{CITY}市外区（虚构）望汐路{number}号" for number in numbers.tolist()]


_NO_NAME = (None, None, None)
