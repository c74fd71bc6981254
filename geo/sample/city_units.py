"""Rows of the units of the city around the core: one state each, offers for what is free, no history."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from geo.disclosure import public_occupancy
from geo.sample.batches import Batch, days
from geo.sample.city_buildings import Stock, floor_areas, only
from geo.sample.core import Core
from geo.sample.plane import Floats, Ints, Marks, Words
from geo.taxonomy.rents import DAYS_PER_MONTH

STATES = ("vacant", "let", "soon", "own", "unknown")
SHARES = (0.2, 0.68, 0.03, 0.05, 0.04)
OFFERED_SHARE, TWO_UNITS_SHARE, NO_UNIT_SHARE = 0.9, 0.1, 0.14
LONGEST_SILENCE_DAYS = 200
_RENTS = {"super_a": 7.5, "a": 5.2, "b": 3.6, "c": 2.4}
_OCCUPANCY = {"vacant": "vacant", "let": "tenant", "soon": "tenant", "own": "own_use", "unknown": "unknown"}
_CONTRACT = {"vacant": "none", "let": "let", "soon": "let", "own": "none", "unknown": "none"}


@dataclass(frozen=True, slots=True)
class Rooms:
    """Units of a part of the city; `buildings` and `floors` count within the part."""

    ids: range
    buildings: Ints
    floors: Ints
    labels: list[str]
    areas: Floats
    states: Words
    offered: Marks
    rents: Floats
    monthly: Marks
    reported_ago: Ints
    began_ago: Ints

    @property
    def used(self) -> Marks:
        """Units in which a tenant sits."""
        return np.isin(self.states, ("let", "soon"))


def rooms(core: Core, stock: Stock, floor_buildings: Ints, rng: np.random.Generator) -> Rooms:
    """Partition the storeys and say what is free."""
    chance = rng.random(len(floor_buildings))
    doors = 1 + (chance < TWO_UNITS_SHARE) - (chance > 1 - NO_UNIT_SHARE)
    floors = np.repeat(np.arange(len(floor_buildings)), doors)
    buildings, count = floor_buildings[floors], len(floors)
    areas = np.maximum(15, (floor_areas(stock)[buildings] / doors[floors]).round())
    states = np.array(STATES)[rng.choice(len(STATES), count, p=SHARES)]
    offered = np.isin(states, ("vacant", "soon")) & ((rng.random(count) < OFFERED_SHARE) | (states == "soon"))
    base = np.vectorize(_RENTS.get, otypes=[float])(stock.grades[buildings])
    monthly = buildings % 3 == 0
    rents = (base * rng.uniform(0.8, 1.15, count)).round(1)
    return Rooms(
        core.keys.take("units", count), buildings, floors, _labels(floors, floor_buildings), areas, states, offered,
        np.where(monthly, (rents * 365 / 12).round(), rents), monthly,
        rng.integers(0, LONGEST_SILENCE_DAYS, count) * (rng.random(count) < 0.3) + rng.integers(0, 14, count),
        rng.integers(LONGEST_SILENCE_DAYS + 20, 900, count),
    )  # fmt: skip


def offers(core: Core, stock: Stock, some: Rooms, rng: np.random.Generator) -> tuple[Iterator[Batch], Ints]:
    """The offers, one for each offered unit, and the offer of each unit (0: none)."""
    which = np.flatnonzero(some.offered)
    ids = core.keys.take("offers", len(which))
    offer_of = np.zeros(len(some.ids), np.int64)
    offer_of[which] = ids
    start = _dates(core.today, some.began_ago[which])
    published = [instants_at(day) for day in start]
    rows = Batch("offers", len(which), {
        "id": ids, "code": core.keys.codes("offers", ids), "building_id": some.buildings[which] + stock.ids.start,
        "kind": "rent", "rent_low": some.rents[which], "rent_high": some.rents[which],
        "rent_unit": _rent_units(some)[which], "fitout": _fitouts(which), "available_on": _available(core, some, which),
        "rent_free_months": rng.integers(0, 4, len(which)), "valid": [days(day, None) for day in start],
        "known": [f"[{moment},)" for moment in published], "published_at": published, "source_id": core.source,
    })  # fmt: skip
    return iter([rows]), offer_of


def units(core: Core, stock: Stock, some: Rooms, floor_ids: range, offer_of: Ints) -> Iterator[Batch]:
    """The units with their present state, and the offers that cover them."""
    count, has = len(some.ids), some.offered
    asked = np.where(has, some.rents, np.nan)
    rent_units, fitouts = only(has, _rent_units(some)), only(has, _fitouts(np.arange(count)))
    per_day = np.where(some.monthly, asked / DAYS_PER_MONTH, asked)
    reported = _reported(core, some)
    yield Batch("units", count, {
        "id": some.ids, "code": core.keys.codes("units", some.ids), "building_id": some.buildings + stock.ids.start,
        "floor_id": some.floors + floor_ids.start, "label": some.labels, "area_m2": some.areas,
        "occupancy": [_OCCUPANCY[state] for state in some.states.tolist()], "public_status": _public(core, some),
        "offer_id": [ident or None for ident in offer_of.tolist()], "rent_amount": asked, "rent_unit": rent_units,
        "rent_cny_m2_day": per_day, "fitout": fitouts,
        "available_on": _available(core, some, np.arange(count)), "reported_on": reported,
        "recorded_at": [instants_at(day) for day in _dates(core.today, some.began_ago)],
        "state_source_id": core.source, "source_id": core.source, "source_key": [f"unit-{i}" for i in some.ids],
    })  # fmt: skip
    which = np.flatnonzero(has)
    yield Batch("offer_units", len(which), {"offer_id": offer_of[which], "unit_id": which + some.ids.start})


def states(core: Core, some: Rooms, tenant_of: Ints) -> Batch:
    """The one known state of each unit; `tenant_of` gives the enterprise in it (0: none)."""
    start = _dates(core.today, some.began_ago)
    ids = core.keys.take("unit_states", len(some.ids))
    return Batch("unit_states", len(ids), {
        "id": ids, "unit_id": some.ids, "valid": [days(day, None) for day in start],
        "known": [f"[{instants_at(day)},)" for day in start], "area_m2": some.areas,
        "occupancy": [_OCCUPANCY[state] for state in some.states.tolist()],
        "contract": [_CONTRACT[state] for state in some.states.tolist()],
        "tenant_id": [ident or None for ident in tenant_of.tolist()], "reported_on": _reported(core, some),
        "source_id": core.source,
    })  # fmt: skip


def instants_at(day: date) -> str:
    """The morning of a day as PostgreSQL reads it."""
    return f"{day} 01:30:00+00"


def _labels(floors: Ints, floor_buildings: Ints) -> list[str]:
    """Storey and door: the doors of a storey count from 01."""
    first_floor = np.searchsorted(floor_buildings, floor_buildings[floors])
    door = np.arange(len(floors)) - np.searchsorted(floors, floors) + 1
    storey = floors - first_floor + 1
    return [f"{level}{number:02d}" for level, number in zip(storey.tolist(), door.tolist(), strict=True)]


def _public(core: Core, some: Rooms) -> list[str]:
    known = {
        (state, offer): public_occupancy(_OCCUPANCY[state], _CONTRACT[state], offer, core.today if offer else None)
        for state in STATES
        for offer in (False, True)
    }
    return [known[pair] for pair in zip(some.states.tolist(), some.offered.tolist(), strict=True)]


def _reported(core: Core, some: Rooms) -> list[date | None]:
    silent = (some.states == "unknown").tolist()
    reports = _dates(core.today, some.reported_ago)
    return [None if unknown else day for unknown, day in zip(silent, reports, strict=True)]


def _available(core: Core, some: Rooms, which: Ints) -> list[date | None]:
    first = core.today.replace(day=1)
    coming = [(first + timedelta(days=32 * ahead)).replace(day=1) for ahead in range(1, 6)]
    return [
        coming[number % 5] if soon else None
        for number, soon in zip(which.tolist(), (some.states[which] == "soon").tolist(), strict=True)
    ]


def _dates(today: date, ago: Ints) -> list[date]:
    found: list[date] = (np.datetime64(today) - ago.astype("timedelta64[D]")).astype(object).tolist()
    return found


def _fitouts(numbers: Ints) -> Words:
    return np.array(["shell", "basic", "full", "furnished"])[numbers * 7 % 11 % 4]


def _rent_units(some: Rooms) -> Words:
    return np.where(some.monthly, "cny_m2_month", "cny_m2_day")
