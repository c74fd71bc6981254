"""Which industries sit where: a common mix, and clusters planted into it, known so that they can be looked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from geo.sample.plane import Floats, Words, to_lonlat
from geo.sample.records import read_list

MIX = {
    "finance": 0.11, "it": 0.13, "business": 0.2, "trade": 0.23, "culture": 0.06, "headquarters": 0.02, "other": 0.25,
}  # fmt: skip
"""The shares of the industry groups where nothing gathers."""

LEAN_SHARE = 0.3


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
def planted_clusters() -> tuple[PlantedCluster, ...]:
    """The clusters of `data/sample/clusters.csv`."""
    return tuple(_cluster(row) for row in read_list("clusters"))


def draw_groups(
    x: Floats, y: Floats, rng: np.random.Generator, leans: Sequence[str | None] | None = None
) -> Words:
    """An industry group for an enterprise at each place; outside of clusters a building may lean to one group."""
    names = np.array(list(MIX))
    edges: Floats = np.cumsum(list(MIX.values()))
    drawn = names[np.minimum(np.searchsorted(edges, rng.random(len(x)), side="right"), len(names) - 1)]
    pull, chance = np.full(len(x), ""), rng.random(len(x))
    if leans is not None:
        pull = np.where(chance < LEAN_SHARE, np.array([lean or "" for lean in leans]), "")
    for cluster in planted_clusters():
        inside = np.hypot(x - cluster.x_m, y - cluster.y_m) <= cluster.radius_m
        pull = np.where(inside, np.where(chance < cluster.share, cluster.industry_group, ""), pull)
    return np.where(pull == "", drawn, pull)


def _cluster(row: dict[str, str]) -> PlantedCluster:
    x, y = float(row["x"]), float(row["y"])
    lon, lat = to_lonlat(x, y)
    return PlantedCluster(
        row["key"], row["group"], row["name"], row["name_en"], lon, lat, float(row["radius"]), float(row["share"]), x, y
    )
