"""Residents as a columns file with the ids of their buildings beside it: mapped into memory, shared by processes."""

from datetime import date
from pathlib import Path

import numpy as np

from geo.clusters.residents import Residents
from geo.columns import pieces, read
from geo.snapshot import Snapshot

_ROWS = {"building": "u4", "industry": "u2", "enterprises": "u4"}
_PLACES = {"lon": "i4", "lat": "i4"}


def packed(residents: Residents, version: int, day: date) -> Snapshot:
    """The file of a version of the state, and the ids that go beside it."""
    header = {"version": version, "as_of": day.isoformat(), "industries": list(residents.industries)}
    tables = {
        "buildings": {name: (kind, getattr(residents, name)) for name, kind in _PLACES.items()},
        "residents": {name: (kind, getattr(residents, name)) for name, kind in _ROWS.items()},
    }
    return Snapshot(version, pieces(header, tables), [np.asarray(residents.building_ids, "<i8")])


def opened(path: Path) -> Residents:
    """The residents of the file at `path`; nothing is read before it is asked for."""
    columns, ids = read(path), path.with_suffix(".ids")
    building_ids = np.asarray(np.memmap(ids, "<i8", "r")) if ids.stat().st_size else np.zeros(0, np.int64)
    lon, lat = (columns.array("buildings", name) for name in _PLACES)
    building, industry, enterprises = (columns.array("residents", name) for name in _ROWS)
    industries = [(group, code) for group, code in columns.header["industries"]]
    return Residents(building_ids, lon, lat, building, industry, enterprises, industries)
