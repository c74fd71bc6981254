"""Which industries sit where: a common mix, and clusters planted into it, known so that they can be looked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from geo.sample.plane import Floats, Words, stream, to_lonlat
from geo.sample.records import read_list

MIX = {
    "finance": 0.11, "it": 0.13, "business": 0.2, "trade": 0.23, "culture": 0.06, "headquarters": 0.02, "other": 0.25,
}  # fmt: skip
"""The shares of the industry groups where nothing gathers."""

LEAN_SHARE = 0.3
BUILDINGS_PER_CLUSTER = 15_000
APART_M, CORE_CLEAR_M = 2000.0, 2600.0
_SCALE = np.array([0.75, 0.75, 1.0, 1.0])
"""Clusters keep off the edge of the city."""


@dataclass(frozen=True, slots=True)
class PlantedCluster:
    """The truth about a planted cluster: `share` of the enterprises within `radius_m` are of its group."""

    key: str
    industry_group: str
    name: str
    name_en: str
    lon: float
    lat: float
    radius_m: float
    share: float
    x_m: float
    y_m: float


@cache
def core_clusters() -> tuple[PlantedCluster, ...]:
    """The clusters of the core district, of `data/sample/clusters.csv`."""
    return tuple(_cluster(row) for row in read_list("clusters"))


def planted_clusters(seed: int, buildings: int, reach_m: float) -> tuple[PlantedCluster, ...]:
    """The clusters of a city: those of the core, and one more for every 15,000 buildings around it."""
    rng = stream(seed, "clusters")
    names = ("finance", "it", "business", "trade", "culture", "other")
    found: list[PlantedCluster] = []
    while len(found) < buildings // BUILDINGS_PER_CLUSTER:
        x, y, radius, share = rng.uniform((-reach_m, -reach_m, 420, 0.5), (reach_m, reach_m, 800, 0.7)) * _SCALE
        apart = all(np.hypot(x - c.x_m, y - c.y_m) > APART_M for c in found)
        if apart and np.hypot(x, y) > CORE_CLEAR_M:
            lon, lat = to_lonlat(x, y)
            key, group = f"C{len(found) + 6}", names[len(found) % len(names)]
            found.append(PlantedCluster(key, group, key, key, lon, lat, radius, share, x, y))
    return core_clusters() + tuple(found)


def draw_groups(
    x: Floats, y: Floats, rng: np.random.Generator, clusters: Sequence[PlantedCluster],
    leans: Sequence[str | None] | None = None,
) -> Words:  # fmt: skip
    """An industry group for an enterprise at each place; outside of clusters a building may lean to one group."""
    names = np.array(list(MIX))
    edges: Floats = np.cumsum(list(MIX.values()))
    drawn = names[np.minimum(np.searchsorted(edges, rng.random(len(x)), side="right"), len(names) - 1)]
    pull, chance = np.full(len(x), ""), rng.random(len(x))
    if leans is not None:
        pull = np.where(chance < LEAN_SHARE, np.array([lean or "" for lean in leans]), "")
    for cluster in clusters:
        inside = np.hypot(x - cluster.x_m, y - cluster.y_m) <= cluster.radius_m
        pull = np.where(inside, np.where(chance < cluster.share, cluster.industry_group, ""), pull)
    return np.where(pull == "", drawn, pull)


def _cluster(row: dict[str, str]) -> PlantedCluster:
    x, y = float(row["x"]), float(row["y"])
    lon, lat = to_lonlat(x, y)
    return PlantedCluster(
        row["key"], row["group"], row["name"], row["name_en"], lon, lat, float(row["radius"]), float(row["share"]), x, y
    )
