"""The enterprises of the core district: who sits in which unit when, and who in the ordinary houses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np

from geo.sample.district import House
from geo.sample.industries import core_clusters, draw_groups
from geo.sample.lives import Lives, lives
from geo.sample.names import draw_trades
from geo.sample.plane import Floats, stream
from geo.sample.rooms import Room
from geo.sample.towers import towers

SAME_TENANT_NEXT_DOOR = 0.3
RETAIL_TRADE_SHARE = 0.8
INSIDE_CLUSTER_FACTOR = 1.7
PER_HOUSE = {
    "workshop": 5.0, "mixed_block": 1.6, "warehouse": 2.5, "shop": 0.3, "lane_house": 0.16, "home": 0.08,
}  # fmt: skip
"""Enterprises to be expected in an ordinary house of a kind."""


@dataclass(slots=True)
class Stay:
    """An enterprise in a unit of a tower from `start` to `end` (today if None)."""

    enterprise: int
    room: int
    start: date
    end: date | None
    state: str


@dataclass(frozen=True, slots=True)
class Tenants:
    """Who is in the towers: the trade of each enterprise, the tower it sits in now (None: gone) and all stays."""

    lines: tuple[int, ...]
    towers: tuple[int | None, ...]
    stays: tuple[Stay, ...]


@lru_cache(2)
def tenants(seed: int, today: date) -> Tenants:
    """The tenants of the towers; the stretches of `lives` learn who is meant."""
    story = lives(seed, today)
    rng = stream(seed, "tenants")
    stays, homes = _stays(story, rng)
    lines = _lines(story, stays, homes, rng)
    gone = [True] * len(homes)
    for stay in stays:
        gone[stay.enterprise] &= stay.end is not None
    now = tuple(None if left else home for left, home in zip(gone, homes, strict=True))
    return Tenants(tuple(lines), now, tuple(stays))


def house_enterprises(houses: Sequence[House], rng: np.random.Generator) -> tuple[list[int], list[int]]:
    """For each enterprise in the ordinary houses the number of its house and its line of trade."""
    if not houses:
        return [], []
    x, y = (np.array(values) for values in zip(*(_centre(house) for house in houses), strict=True))
    rate = np.array([PER_HOUSE.get(house.plain.kind, 0.0) for house in houses])
    for cluster in core_clusters():
        rate[np.hypot(x - cluster.x_m, y - cluster.y_m) <= cluster.radius_m] *= INSIDE_CLUSTER_FACTOR
    houses_of = np.repeat(np.arange(len(houses)), rng.poisson(rate))
    groups = draw_groups(x[houses_of], y[houses_of], rng, core_clusters())
    return houses_of.tolist(), draw_trades(groups, rng)


def _stays(story: Lives, rng: np.random.Generator) -> tuple[list[Stay], list[int]]:
    """All stays in order of the units, and the tower of each enterprise that they bring."""
    stays: list[Stay] = []
    homes: list[int] = []
    owners: dict[int, int] = {}
    neighbour: dict[tuple[int, int], int] = {}
    for number, room in enumerate(story.rooms):
        last: Stay | None = None
        for stretch in room.stretches:
            if last is not None and not (last.state == "fitting" and stretch.state in ("let", "soon")):
                last.end, last = stretch.start, None
            if stretch.state not in ("let", "soon", "fitting", "own"):
                continue
            if last is None:
                last = Stay(_who(room, stretch.state, homes, owners, neighbour, rng), number, stretch.began, None, "")
                stays.append(last)
            last.state, stretch.tenant = stretch.state, last.enterprise
        if last is not None and room.valid_to is None:
            neighbour[room.tower, room.storey] = last.enterprise
    return stays, homes


def _who(
    room: Room, state: str, homes: list[int], owners: dict[int, int], neighbour: dict[tuple[int, int], int],
    rng: np.random.Generator,
) -> int:  # fmt: skip
    if state == "own" and room.tower in owners:
        return owners[room.tower]
    next_door = neighbour.get((room.tower, room.storey))
    if state != "own" and next_door is not None and rng.random() < SAME_TENANT_NEXT_DOOR:
        return next_door
    homes.append(room.tower)
    if state == "own":
        owners[room.tower] = len(homes) - 1
    return len(homes) - 1


def _lines(story: Lives, stays: Sequence[Stay], homes: Sequence[int], rng: np.random.Generator) -> list[int]:
    """The trade of each enterprise: that of the cluster or of the tower, shops in the podium."""
    first = {stay.enterprise: stay for stay in reversed(stays)}
    centres = [tower.outline.centroid for tower in towers()]
    x: Floats = np.array([centres[home].x for home in homes])
    y: Floats = np.array([centres[home].y for home in homes])
    leans = [towers()[home].row["lean"] for home in homes]
    groups = draw_groups(x, y, rng, core_clusters(), leans).astype("<U16")
    shop = np.array([story.rooms[first[i].room].use == "retail" for i in range(len(homes))])
    groups[shop & (rng.random(len(homes)) < RETAIL_TRADE_SHARE)] = "trade"
    own = np.array([first[i].state == "own" for i in range(len(homes))])
    groups[own] = np.array(leans)[own]
    return draw_trades(groups, rng)


def _centre(house: House) -> tuple[float, float]:
    point = house.plain.outline.representative_point()
    return float(point.x), float(point.y)
