"""The units of a state file, in the order of their buildings and floors."""

from geo.columns import Array
from geo.snapshot.reading import Reading

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

_SENT = {"occupancy": "i2", "fitout": "i2", "stale": "?", "fee_included": "?"}
_TYPES = {"id": "i8", "building": "i8", **UNIT_TYPES, **_SENT}


def read_units(reading: Reading) -> dict[str, Array]:
    """Column → values, `id` and `building` (as ids) among them."""
    rows = reading.rows("snapshot_units", _TYPES)
    return {name: rows[name] for name in _TYPES}
