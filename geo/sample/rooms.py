"""The units of the towers: how storeys are partitioned, which units span two storeys, which were split or merged."""

import itertools
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from geo.sample.occupancy import Stretch
from geo.sample.towers import Storey, Tower

LEAST_UNIT_M2 = 70
DUPLEX_TOWERS = {"T01", "T09", "T18", "T31"}
CHANGED_STOREYS = 2


@dataclass(slots=True)
class Room:
    """A unit of a tower with its life so far; `storey` and `top_storey` are indices into the tower's storeys."""

    tower: int
    storey: int
    label: str
    use: str
    area_m2: int
    valid_from: date | None = None
    valid_to: date | None = None
    top_storey: int | None = None
    present: str = "let"
    stretches: list[Stretch] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Descent:
    """That one unit came out of another."""

    parent: Room
    child: Room
    kind: str
    on: date


def partition(index: int, tower: Tower, rng: np.random.Generator) -> list[Room]:
    """The units of a tower as they stand today, storey by storey."""
    rooms: list[Room] = []
    covered: set[int] = set()
    plans: dict[tuple[int, int], list[int]] = {}
    duplex = _duplex_storey(tower) if tower.key in DUPLEX_TOWERS else None
    for number, storey in enumerate(tower.storeys):
        if storey.use not in ("office", "retail") or number in covered:
            continue
        if number == duplex:
            area = storey.area_m2 + tower.storeys[number + 1].area_m2
            rooms.append(Room(index, number, f"{storey.label}01", storey.use, area, top_storey=number + 1))
            covered.add(number + 1)
        else:
            rooms += _rooms_of(index, number, storey, plans, rng)
    return rooms


def rearrange(
    rooms: list[Room], earliest: date, latest: date, rng: np.random.Generator
) -> tuple[list[Room], list[Descent]]:
    """Former units that were split up or merged into units of today, with their descent.

    Labels, and from when on the units of today are there, change in `rooms` itself.
    """
    former: list[Room] = []
    descents: list[Descent] = []
    pairs = [
        (left, right)
        for left, right in itertools.pairwise(rooms)
        if left.storey == right.storey and left.use == "office"
    ]
    chosen = rng.permutation(len(pairs))[:CHANGED_STOREYS]
    storeys: set[int] = set()
    for kind, pair in zip(("split", "merge"), chosen, strict=False):
        left, right = pairs[int(pair)]
        if left.storey in storeys:
            continue
        storeys.add(left.storey)
        on = earliest + timedelta(days=int(rng.integers(90, max(91, (latest - earliest).days - 60))))
        changed, lines = (_split if kind == "split" else _merge)(left, right, on, rooms)
        former += changed
        descents += lines
    return former, descents


def _rooms_of(
    index: int, number: int, storey: Storey, plans: dict[tuple[int, int], list[int]], rng: np.random.Generator
) -> list[Room]:
    """Storeys of one size are divided alike, as partitions follow the columns of the house."""
    most = max(1, min(8, storey.area_m2 // 160))
    count = 1 if rng.random() < 0.16 else int(rng.integers(min(2, most), most + 1))
    if storey.use == "retail":
        count = int(rng.integers(3, 9))
    shares = _shares(storey.area_m2, count, rng)
    areas = plans.setdefault((storey.area_m2, count), shares)
    return [
        Room(index, number, f"{storey.label}{door:02d}", storey.use, area) for door, area in enumerate(areas, start=1)
    ]


def _shares(total: int, count: int, rng: np.random.Generator) -> list[int]:
    """Whole square metres that add up to the storey."""
    spare = total - count * LEAST_UNIT_M2
    cuts = np.floor(rng.dirichlet(np.full(count, 4.0)) * spare).astype(int) + LEAST_UNIT_M2
    cuts[-1] += total - int(cuts.sum())
    return [int(cut) for cut in cuts]


def _duplex_storey(tower: Tower) -> int:
    """The highest office storey with another office storey above it."""
    storeys = tower.storeys
    pairs = [i for i in range(len(storeys) - 1) if storeys[i].use == storeys[i + 1].use == "office"]
    return max(i for i in pairs if storeys[i].part == storeys[i + 1].part)


def _split(left: Room, right: Room, on: date, rooms: list[Room]) -> tuple[list[Room], list[Descent]]:
    parent = Room(left.tower, left.storey, f"{left.label}-{right.label[-2:]}", left.use, left.area_m2 + right.area_m2)
    parent.valid_to = left.valid_from = right.valid_from = on
    return [parent], [Descent(parent, child, "split", on) for child in (left, right)]


def _merge(left: Room, right: Room, on: date, rooms: list[Room]) -> tuple[list[Room], list[Descent]]:
    """The left unit swallows the right one; what they were before stays as two former units."""
    before = [Room(r.tower, r.storey, r.label, r.use, r.area_m2, valid_to=on) for r in (left, right)]
    left.label, left.area_m2, left.valid_from = f"{left.label}-{right.label[-2:]}", left.area_m2 + right.area_m2, on
    rooms.remove(right)
    return before, [Descent(parent, left, "merge", on) for parent in before]
