"""Makes the index anew out of the names in the database, one folder per layer of names.

Reading names aloud takes most of it: about a minute of a processor for a million firms.
"""

import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from psycopg import Connection
from psycopg.rows import TupleRow

from geo.db import query
from geo.onebox.index import WEIGHTS, Index, Thing, made_index, write_index
from geo.onebox.keys import Key, Part, deep_keys, flat_keys, place_roots

PLACES, ENTERPRISES = "names", "enterprises"
"""Layers whose versions say when an index is old: that of places, and that of enterprises, which are very many."""

LAYERS: dict[str, tuple[str, ...]] = {
    PLACES: ("building", "area", "metro", "amenity", "address"),
    ENTERPRISES: ("enterprise",),
}
"""Layer → the kinds of things in its folder."""

ROOTS = "roots.npy"
"""Beside the kinds: places that firms and addresses begin with (`geo.onebox.keys.place_roots`)."""

_ROOT_LEVELS = ("city", "district")
_AT_ONCE = 20_000
_Row = tuple[Any, ...]
_KeysOf = Callable[[_Row, tuple[str, ...]], list[Key]]


def make(connection: Connection[TupleRow], layer: str, folder: Path) -> None:
    """Write the indexes of a layer into a new folder; the connection is within a transaction, of whoever may see it."""
    roots, indexes = made(connection, layer)
    for kind, index in indexes.items():
        write_index(index, folder / kind)
    np.save(folder / ROOTS, np.array(roots, "U"))


def made(connection: Connection[TupleRow], layer: str) -> tuple[tuple[str, ...], dict[str, Index]]:
    """The indexes of a layer, and the places that firms and addresses begin with."""
    areas = connection.execute(query("onebox_areas")).fetchall()
    roots = place_roots(name for area in areas if area[7] in _ROOT_LEVELS for name in area[4:6])
    return roots, {kind: made_index(_things(connection, kind, roots)) for kind in LAYERS[layer]}


def _things(connection: Connection[TupleRow], kind: str, roots: tuple[str, ...]) -> Iterator[Thing]:
    name, keys_of = _KINDS[kind]
    with connection.cursor(f"onebox_{kind}") as cursor:
        cursor.itersize = _AT_ONCE
        for row in cursor.execute(query(name), {"metro": kind == "metro"}):
            lon, lat = (math.nan if degrees is None else degrees for degrees in row[1:3])
            yield Thing(row[0], lon, lat, min(max(row[3], 0), WEIGHTS - 1), keys_of(row, roots))


def _deep(row: _Row, _roots: tuple[str, ...]) -> list[Key]:
    names = [(row[4], Part.NAME), (row[5], Part.NAME_EN), *((alias, Part.ALIAS) for alias in row[6])]
    return [key for name, part in names if name for key in deep_keys(name, part)]


def _station(row: _Row, roots: tuple[str, ...]) -> list[Key]:
    """People ask for 海湾路地铁站 and for any 地铁站, whatever its name says."""
    called = f"{row[4].removesuffix('站').removesuffix('地铁')}地铁站" if row[4] else ""
    return [*_deep(row, roots), *deep_keys(called, Part.ALIAS), *deep_keys("Metro station", Part.ALIAS)]


def _flat(row: _Row, roots: tuple[str, ...], part: Part = Part.NAME, english: Part = Part.NAME_EN) -> list[Key]:
    names = [(row[4], part), (row[5], english)]
    return [key for name, part in names if name for key in flat_keys(name, part, roots)]


def _address(row: _Row, roots: tuple[str, ...]) -> list[Key]:
    return _flat(row, roots, Part.ADDRESS, Part.ADDRESS)


_KINDS: dict[str, tuple[str, _KeysOf]] = {
    "building": ("onebox_buildings", _deep),
    "area": ("onebox_areas", _deep),
    "metro": ("onebox_amenities", _station),
    "amenity": ("onebox_amenities", _deep),
    "address": ("onebox_addresses", _address),
    "enterprise": ("onebox_enterprises", _flat),
}
