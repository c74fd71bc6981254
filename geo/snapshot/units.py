"""The units of a state file, as they stand or stood, in the order of their buildings and floors."""

from datetime import date
from functools import cache
from itertools import product

import numpy as np

from geo.columns import Array
from geo.disclosure import public_occupancy
from geo.filters import MARKET, OCCUPANCIES
from geo.snapshot.reading import Reading
from geo.taxonomy.rents import rent_cny_m2_day, rent_units

HELD = ("vacant", "own_use", "tenant", "fitting_out", "unknown")
CONTRACTS = ("none", "talks", "signed", "let")
"""What `unit_states` may say of a unit."""

UNIT_TYPES = {
    "floor": "i2",
    "area": "f4",
    "occupancy": "u1",
    "rent": "f4",
    "fitout": "u1",
    "available": "i4",
    "min_area": "f4",
    "reported": "i4",
    "stale": "u1",
    "fee_included": "u1",
}
"""Columns of the file and their types; words come from the queries as i2, their narrowest."""

_KEYS = {"id": "i8", "building": "i8"}
_NOW = {**_KEYS, **UNIT_TYPES, "occupancy": "i2", "fitout": "i2", "stale": "?", "fee_included": "?"}
_THEN = {
    **{name: kind for name, kind in _NOW.items() if name not in ("occupancy", "rent")},
    "held": "i2",
    "contract": "i2",
    "offered": "?",
    "dated": "?",
    "amount": "f8",
    "rent_unit": "i2",
}


def read_units(reading: Reading) -> dict[str, Array]:
    """Column → values, `id` and `building` (as ids) among them."""
    if reading.moment is None:
        rows = reading.rows("snapshot_units_now", _NOW)
        return {name: rows[name] for name in _NOW}
    units = [unit.code for unit in rent_units()]
    rows = reading.rows("snapshot_units_then", _THEN, held=list(HELD), contract=list(CONTRACTS), rent_unit=units)
    told = _told()[rows["held"], rows["contract"], rows["offered"].astype(int), rows["dated"].astype(int)]
    return {
        **{name: rows[name] for name in _THEN},
        "occupancy": told,
        "stale": rows["stale"] & np.isin(told, [OCCUPANCIES.index(word) + 1 for word in MARKET]),
        "rent": _rents(rows["amount"], rows["rent_unit"], rows["area"]),
    }


@cache
def _told() -> Array:
    """What the public is told (as the number of its word) by what is held, contracted, offered and dated."""
    table = np.zeros((len(HELD) + 1, len(CONTRACTS) + 1, 2, 2), np.int16)
    for (row, held), (column, contract), offered, dated in product(
        enumerate(("", *HELD)), enumerate(("", *CONTRACTS)), (0, 1), (0, 1)
    ):
        told = public_occupancy(held, contract, bool(offered), date.max if dated else None)
        table[row, column, offered, dated] = OCCUPANCIES.index(told) + 1
    return table


def _rents(amount: Array, unit: Array, area: Array) -> Array:
    """Rents as quoted → CNY per m² and day; NaN for desks, for units of unknown area and where nothing is quoted."""
    rents = np.full(len(amount), np.nan)
    for number, quoted in enumerate(rent_units(), 1):
        chosen = unit == number
        one = rent_cny_m2_day(1, quoted.code, 1)
        if one is not None:
            known_area = np.where(area[chosen] > 0, area[chosen], np.nan)
            rents[chosen] = amount[chosen] * one / (known_area if quoted.per == "unit" else 1)
    return rents
