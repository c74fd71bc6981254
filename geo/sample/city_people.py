"""Rows of the enterprises of the city around the core and where they sit, with more planted clusters."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import shapely

from geo.sample.batches import Batch, days
from geo.sample.city_buildings import Stock
from geo.sample.city_units import Rooms, instants_at
from geo.sample.core import Core
from geo.sample.industries import PlantedCluster, draw_groups
from geo.sample.names import company_names, draw_trades, trades
from geo.sample.plane import Floats, Ints, ewkb

PER_MANAGED, PER_HOUSE = 1.3, 0.36
"""Enterprises to be expected in a managed building beside its units, and in an ordinary house."""

DAYS_IN_HOUSES = 500


@dataclass(frozen=True, slots=True)
class People:
    """Enterprises of a part of the city: those in units first, with the number of their unit (-1: none)."""

    ids: range
    buildings: Ints
    rooms: Ints


def people(core: Core, stock: Stock, some: Rooms, rng: np.random.Generator) -> People:
    """An enterprise for each unit in use, and some in every kind of house."""
    used = np.flatnonzero(some.used)
    beside = rng.poisson(np.where(stock.managed, PER_MANAGED, PER_HOUSE))
    buildings = np.concatenate([some.buildings[used], np.repeat(np.arange(len(stock.ids)), beside)])
    rooms = np.concatenate([used, np.full(len(buildings) - len(used), -1)])
    return People(core.keys.take("enterprises", len(buildings)), buildings, rooms)


def tenant_of(some: Rooms, folk: People) -> Ints:
    """The enterprise in each unit, 0 where there is none."""
    found = np.zeros(len(some.ids), np.int64)
    sitting = folk.rooms >= 0
    found[folk.rooms[sitting]] = np.arange(folk.ids.start, folk.ids.stop)[sitting]
    return found


def enterprises(
    core: Core, stock: Stock, folk: People, clusters: Sequence[PlantedCluster], rng: np.random.Generator
) -> Iterator[Batch]:
    """The register facts of the enterprises."""
    places: Floats = stock.houses.centres[folk.buildings]
    lines = draw_trades(draw_groups(places[:, 0], places[:, 1], rng, clusters), rng)
    names, names_en = company_names(lines, folk.ids)
    count = len(folk.ids)
    group = [row["group"] for row in trades()]
    code = [row["code"] for row in trades()]
    ago = rng.integers(400, 9000, count)
    yield Batch("enterprises", count, {
        "id": folk.ids, "code": core.keys.codes("enterprises", folk.ids), "name": names, "name_en": names_en,
        "industry_code": [code[line] for line in lines], "industry_group": [group[line] for line in lines],
        "is_headquarters": [group[line] == "headquarters" for line in lines],
        "employees": np.clip(rng.lognormal(2.4, 1.1, count), 1, 20000).astype(np.int64),
        "founded_on": np.datetime64(core.today) - ago.astype("timedelta64[D]"),
        "building_id": folk.buildings + stock.ids.start,
        "geom": ewkb(shapely.points(places + rng.uniform(-4, 4, places.shape))),
        "source_id": core.source, "source_key": [f"enterprise-{ident}" for ident in folk.ids], "publishable": True,
    })  # fmt: skip


def tenancies(core: Core, stock: Stock, some: Rooms, folk: People) -> Batch:
    """Since when each enterprise sits where."""
    in_unit = folk.rooms >= 0
    ago = np.full(len(folk.ids), DAYS_IN_HOUSES)
    ago[in_unit] = some.began_ago[folk.rooms[in_unit]]
    began = [core.today - timedelta(days=gone) for gone in ago.tolist()]
    ids = core.keys.take("tenancies", len(folk.ids))
    return Batch("tenancies", len(ids), {
        "id": ids, "enterprise_id": folk.ids, "building_id": folk.buildings + stock.ids.start,
        "unit_id": [room + some.ids.start if room >= 0 else None for room in folk.rooms.tolist()],
        "valid": [days(day, None) for day in began], "known": [f"[{instants_at(day)},)" for day in began],
        "source_id": core.source,
    })  # fmt: skip
