"""Rows of the amenities of the core district: stations, shops, services, parks, in all categories of the taxonomy."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import shapely

from geo.sample.batches import Batch
from geo.sample.core import Core, address_of
from geo.sample.district import metro
from geo.sample.names import root
from geo.sample.plane import ewkb, stream
from geo.sample.records import read_list
from geo.sample.streets import blocks, streets

FIRST_ROOT = 3000
_KINDS_OF = {
    "shop": ("shop", "mixed_block", "lane_house"),
    "office": ("mixed_block", "workshop"),
    "home": ("home", "lane_house"),
}
_LANDMARKS = {"school": "school", "hospital": "hospital", "library": "culture", "culture": "culture"}
_LANDMARKS |= {"court": "gov_service"}
_HOURS = {
    "restaurant": "10:30–21:30",
    "cafe": "07:30–20:00",
    "convenience": "06:30–23:00",
    "mall": "10:00–22:00",
    "bank": "周一至周五 09:00–17:00",
    "gov_service": "周一至周五 09:00–17:30",
    "pharmacy": "08:00–21:00",
    "gym": "06:30–22:30",
    "culture": "09:00–20:00",
}
"""When places of a category are open."""


class Place(NamedTuple):
    """Where an amenity may lie, in metres of the plane, and the street it belongs to."""

    x: float
    y: float
    street: str
    street_en: str


@dataclass(frozen=True, slots=True)
class Spot:
    """An amenity with its names."""

    category: str
    name: str
    name_en: str
    x: float
    y: float


def amenities(core: Core) -> Iterator[Batch]:
    """All amenities of the core district."""
    rng = stream(core.seed, "amenities")
    spots = [*_stations(), *_landmarks(core), *_parks()]
    places = {kind: _places(core, kind) for kind in ("street", "tower", "shop", "office", "home")}
    number = FIRST_ROOT
    for row in read_list("amenity_names"):
        for _ in range(int(row["count"])):
            pool = places[row["place"]]
            if pool:
                spots.append(_spot(row, pool[int(rng.integers(len(pool)))], number, rng))
            number += 1
    yield from _rows(core, spots)


def _rows(core: Core, spots: Sequence[Spot]) -> Iterator[Batch]:
    ids = core.keys.take("amenities", len(spots))
    addresses = address_of([(spot.x, spot.y) for spot in spots])
    yield Batch("amenities", len(spots), {
        "id": ids, "code": core.keys.codes("amenities", ids), "category": [spot.category for spot in spots],
        "name": [spot.name for spot in spots], "name_en": [spot.name_en for spot in spots],
        "address": [address for address, _ in addresses],
        "opening_hours": [_HOURS.get(spot.category) for spot in spots],
        "geom": ewkb([shapely.Point(spot.x, spot.y) for spot in spots]),
        "source_id": core.source, "source_key": [f"amenity-{number}" for number in range(len(spots))],
        "publishable": True,
    })  # fmt: skip


def _spot(row: dict[str, str], place: Place, number: int, rng: np.random.Generator) -> Spot:
    patterns, patterns_en = row["zh"].split("|"), row["en"].split("|")
    which = int(rng.integers(len(patterns)))
    zh, en = root(number)
    dx, dy = rng.uniform(-6, 6, 2)
    name = patterns[which].format(root=zh, street=place.street)
    name_en = patterns_en[which].format(root=en, street=place.street_en)
    return Spot(row["category"], name, name_en, place.x + float(dx), place.y + float(dy))


def _stations() -> list[Spot]:
    found = {station.name: station for line in metro() for station in line.stations}
    return [Spot("metro", f"{s.name}站", f"{s.name_en} Station", s.x, s.y) for s in found.values()]


def _parks() -> list[Spot]:
    spots = []
    for block in blocks():
        if block.use == "park":
            gate = block.land.representative_point()
            spots.append(Spot("park", block.name, block.name_en, gate.x, gate.y))
    return spots


def _landmarks(core: Core) -> list[Spot]:
    """Schools, the hospital, the court, library and culture hall: one amenity per block and category."""
    found: dict[tuple[str, str], Spot] = {}
    names = {row["kind"]: row for row in read_list("house_names")}
    for house in core.houses:
        kind = house.plain.kind
        if kind in _LANDMARKS:
            point = house.plain.outline.representative_point()
            own = house.block.name or names[kind]["zh"]
            english = house.block.name_en or names[kind]["en"]
            found.setdefault((_LANDMARKS[kind], own), Spot(_LANDMARKS[kind], own, english, point.x, point.y))
    return list(found.values())


def _places(core: Core, kind: str) -> list[Place]:
    if kind == "street":
        return [
            _at_street(street.line.interpolate(share, normalized=True))
            for street in streets()
            if street.road_class in ("primary", "secondary", "tertiary")
            for share in (0.2, 0.45, 0.7, 0.9)
        ]
    if kind == "tower":
        shapes = [tower.outline for tower in core.towers if not tower.planned]
    else:
        shapes = [house.plain.outline for house in core.houses if house.plain.kind in _KINDS_OF[kind]]
    return [_at_street(shape.representative_point()) for shape in shapes]


def _at_street(point: shapely.Point) -> Place:
    nearest = min(streets(), key=lambda street: float(street.line.distance(point)))
    return Place(float(point.x), float(point.y), nearest.name, nearest.name_en)
