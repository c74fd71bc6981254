"""Buildings, floors, units and tenants of the board in one file: mapped into memory, patched for what changed.

A line of JSON (version, day, rows of each table), then the rows of each table as they are in memory, at offsets that
are multiples of 64 bytes. Rows lie in the order of their buildings.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from geo.quality.reading import STOCK, Stock
from geo.row_arrays import Array
from geo.snapshot import Snapshot

_ALIGNED = 64


def packed(stock: Stock, version: int, day: date) -> Snapshot:
    """The file of a version of the state."""
    ordered = {name: _in_order(name, rows) for name, rows in stock.items()}
    header = {"version": version, "as_of": day.isoformat(), "rows": {name: len(rows) for name, rows in ordered.items()}}
    return Snapshot(version, list(_pieces(json.dumps(header).encode(), ordered)), [])


def opened(path: Path) -> Stock:
    """The tables of the file at `path`; nothing is read before it is asked for."""
    mapped = np.memmap(path, np.uint8, "r")
    length = int(mapped[:8].view("<u8")[0])
    counts: dict[str, int] = json.loads(bytes(mapped[8 : 8 + length]))["rows"]
    found, start = {}, _aligned(8 + length)
    for name, count in counts.items():
        dtype = _dtype(name)
        found[name] = np.asarray(mapped[start : start + count * dtype.itemsize]).view(dtype)
        start = _aligned(start + count * dtype.itemsize)
    return found


def replaced(stock: Stock, anew: Stock, buildings: Sequence[int]) -> Stock:
    """The tables with the rows of some buildings read anew; of buildings that are no longer listed there are none."""
    gone = np.array(sorted(buildings), np.int64)
    return {name: np.concatenate([rows[~np.isin(rows[_key(name)], gone)], anew[name]]) for name, rows in stock.items()}


def _pieces(header: bytes, ordered: Stock) -> Iterator[Any]:
    head = len(header).to_bytes(8, "little") + header
    yield head + bytes(_aligned(len(head)) - len(head))
    for rows in ordered.values():
        yield rows.view(np.uint8).data if len(rows) else b""
        yield bytes(_aligned(rows.nbytes) - rows.nbytes)


def _in_order(name: str, rows: Array) -> Array:
    keys = rows[_key(name)]
    sorted_already = bool((keys[1:] >= keys[:-1]).all())
    return np.ascontiguousarray(rows if sorted_already else rows[np.argsort(keys, kind="stable")])


def _key(name: str) -> str:
    return "id" if name == "buildings" else "building"


def _dtype(name: str) -> np.dtype[Any]:
    return np.dtype(list(STOCK[name].items()))


def _aligned(size: int) -> int:
    return -(-size // _ALIGNED) * _ALIGNED
