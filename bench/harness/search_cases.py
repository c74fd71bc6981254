"""Which searches a benchmark asks: drawn with a fixed seed out of what the city holds, as people would ask."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import urlencode

from geo.filters import MARKET, Box, Filters, choices, to_query
from geo.state_search import Table
from geo.text import to_traditional

SEED = 20261122
ON_MARKET = 0.8
"""Share of the cases that ask for what can be had; the others are about all units."""

SORTS = ("", "area", "-area", "rent", "-rent", "floor", "available_on", "-reported_on")
DISTRICT_DEGREES = 0.02
ENDINGS = ("大厦", "中心", "商务", "广场", "zx", "dasha")


@dataclass(frozen=True)
class Case:
    """A search and the order of its page."""

    filters: Filters
    sort: str

    def query(self, limit: int) -> str:
        """As a query string of the API."""
        page = urlencode({"limit": limit, **({"sort": self.sort} if self.sort else {})})
        return "&".join(filter(None, (to_query(self.filters), page)))


def draw(table: Table, count: int) -> list[Case]:
    """So many cases of one to six filters."""
    chance = random.Random(SEED)
    return [_case(table, chance) for _ in range(count)]


def district_boxes(table: Table, count: int) -> list[Box]:
    """Boxes of a district's size around buildings drawn at random."""
    chance = random.Random(SEED)
    return [_around(table, chance, DISTRICT_DEGREES / 2) for _ in range(count)]


def whole_city(table: Table) -> Box:
    """The box of all listed buildings."""
    lon, lat = table.building("lon") / 1e6, table.building("lat") / 1e6
    return float(lon.min()) - 0.01, float(lat.min()) - 0.01, float(lon.max()) + 0.01, float(lat.max()) + 0.01


def _case(table: Table, chance: random.Random) -> Case:
    filters = Filters(occupancy=MARKET if chance.random() < ON_MARKET else ())
    for name in chance.sample(list(_FILTERS), chance.randint(1, 6)):
        filters = replace(filters, **_FILTERS[name](table, chance))  # type: ignore[arg-type]
    return Case(filters, chance.choice(SORTS))


def _words(field: str) -> Callable[[Table, random.Random], dict[str, object]]:
    def chosen(table: Table, chance: random.Random) -> dict[str, object]:
        return {field: tuple(chance.sample(choices()[field], chance.randint(1, min(2, len(choices()[field])))))}

    return chosen


def _area(_: Table, chance: random.Random) -> dict[str, object]:
    low = chance.choice([50, 100, 200, 300, 500, 800, 1000])
    high = chance.choice([None, 2, 3, 5])
    return {"area_min": Decimal(low), "area_max": None if high is None else Decimal(low * high)}


def _rent(_: Table, chance: random.Random) -> dict[str, object]:
    low = chance.choice([None, 2, 3, 4])
    return {"rent_min": None if low is None else Decimal(low), "rent_max": Decimal(chance.randint(5, 9))}


def _floor(_: Table, chance: random.Random) -> dict[str, object]:
    low, high = chance.choice([(1, 10), (11, 20), (21, None), (None, 5)])
    return {"floor_min": low, "floor_max": high}


def _text(table: Table, chance: random.Random) -> dict[str, object]:
    """A part of a building's name as people type it, or what half of the names end in."""
    if chance.random() < 0.3:
        return {"q": chance.choice(ENDINGS)}
    keys = table.columns.texts("buildings", "search")[chance.randrange(table.building_count)].split()
    key = chance.choice(keys[:3])
    part = key[: max(2, len(key) // 2)]
    return {"q": to_traditional(part) if chance.random() < 0.2 else part}


def _box(table: Table, chance: random.Random) -> dict[str, object]:
    return {"bbox": _around(table, chance, chance.choice([0.01, 0.03, 0.1]))}


def _around(table: Table, chance: random.Random, reach: float) -> Box:
    row = chance.randrange(table.building_count)
    lon, lat = float(table.building("lon")[row]) / 1e6, float(table.building("lat")[row]) / 1e6
    return lon - reach, lat - reach, lon + reach, lat + reach


def _near(_: Table, chance: random.Random) -> dict[str, object]:
    categories = chance.sample(choices()["near"], chance.choice([1, 1, 2]))
    return {"near": tuple(categories), "near_m": chance.choice([300, 500, 500, 500, 800, 1000])}


def _available(_: Table, chance: random.Random) -> dict[str, object]:
    return {"available_by": date(2026, 6, 1) + timedelta(days=chance.randrange(0, 720, 30))}


def _coded(field: str, vocabulary: str) -> Callable[[Table, random.Random], dict[str, object]]:
    def chosen(table: Table, chance: random.Random) -> dict[str, object]:
        words = table.words[vocabulary]
        return {field: (chance.choice(words),) if words else ()}

    return chosen


_FILTERS: dict[str, Callable[[Table, random.Random], dict[str, object]]] = {
    "area": _area,
    "rent": _rent,
    "floor": _floor,
    "q": _text,
    "bbox": _box,
    "near": _near,
    "available_by": _available,
    "within": _coded("within", "areas"),
    "cluster": _coded("cluster", "clusters"),
    **{field: _words(field) for field in ("grade", "star", "theme", "industry", "fitout", "status")},
}
