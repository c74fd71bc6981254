"""The state that the map page searches: one file, or in a large city one for each part of it."""

import numpy as np

from geo.columns import Array, pack
from geo.state_search import Table
from geo.state_search.part import restricted
from webmap.opened_states import OpenState
from webmap.publish.folder import CopyFolder
from webmap.publish.packing import compressed

PART_ZOOM = 14
"""A part is what stands in a tile of this zoom, some two kilometres wide (`static/src/map/parts.js` says the same)."""

_DEGREES = 1e-6


def write_state(folder: CopyFolder, state: OpenState) -> str:
    """Write the state as one file; gives its name."""
    return folder.put_named("data/state", ".z", compressed(state.path.read_bytes()))


def write_parts(folder: CopyFolder, state: OpenState) -> dict[str, str]:
    """Write the state part by part; gives part ("x-y") → file."""
    table = Table(state.columns, state.unit_ids)
    header = {name: value for name, value in state.columns.header.items() if name not in ("tables", "version")}
    keys, found = _tiles_of(table), {}
    order = np.argsort(keys, kind="stable")
    starts = np.flatnonzero(np.diff(keys[order], prepend=-1))
    for rows in np.split(order, starts[1:]) if len(order) else []:
        part = f"{keys[rows[0]] >> PART_ZOOM}-{keys[rows[0]] % 2**PART_ZOOM}"
        data = pack({**header, "version": 0}, restricted(table, rows))
        found[part] = folder.put_named(f"data/state/{part}", ".z", compressed(data))
    return found


def _tiles_of(table: Table) -> Array:
    """The tile that each building stands in, as one number."""
    lon, lat = table.building("lon") * _DEGREES, np.radians(table.building("lat") * _DEGREES)
    wide = 2**PART_ZOOM
    x = np.floor((lon + 180) / 360 * wide).astype(np.int64)
    y = np.floor((1 - np.arcsinh(np.tan(lat)) / np.pi) / 2 * wide).astype(np.int64)
    return x * wide + y
