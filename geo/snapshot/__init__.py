"""The present (or a past) public state of all listed buildings and their units as one columns file.

Built, or patched where few buildings have changed, in one repeatable-read transaction, so that it is exactly what the
version it carries stands for. The web processes map it for search, the browser filters with it, and a static
publication ships it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from psycopg import Connection
from psycopg.rows import TupleRow

from geo import taxonomy
from geo.columns import Array, Buffer, Column, Columns, pieces, unpack
from geo.db import query
from geo.filters import OCCUPANCIES
from geo.looking_back import Moment, looking_back
from geo.snapshot.buildings import (
    NO_AMENITY,
    NO_PARKING,
    read_buildings,
    read_distances,
    read_facts,
    read_industries,
    read_memberships,
    sums,
)
from geo.snapshot.reading import Reading
from geo.snapshot.splicing import Splice
from geo.snapshot.units import UNIT_TYPES, read_units

__all__ = ["NO_AMENITY", "NO_PARKING", "Moment", "Snapshot", "build", "patch", "vocabulary"]

Tables = dict[str, dict[str, Column]]
Tell = Callable[[int, int], object]

_OF_BUILDINGS = (read_industries, read_facts, read_memberships, read_distances)
"""What is read of the buildings once their ids are known."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A state file in pieces, and what the server alone keeps beside it: the ids of its units, row by row.

    After a patch the pieces are views of the file that was patched.
    """

    version: int
    pieces: Sequence[Buffer]
    id_pieces: Sequence[Array]

    @property
    def data(self) -> bytes:
        """The bytes of the file."""
        return b"".join(self.pieces)

    @property
    def unit_ids(self) -> Array:
        """The ids of the units."""
        return np.concatenate(self.id_pieces)


def build(
    connection: Connection[TupleRow],
    today: date,
    moment: Moment | None = None,
    *,
    staff: bool = False,
    stale_days: int = 0,
    tell: Tell = lambda done, of: None,
) -> Snapshot:
    """The state of the district today, or at `moment`.

    Parameters
    ----------
    connection
        In a repeatable-read transaction; version and rows are read from the same snapshot of the database.
    today
        The present day in the time zone of the installation.
    moment
        A past to show instead; disclosure is that of today.
    staff
        Include unpublishable sources; every other rule of disclosure stands.
    stale_days
        After so many days without a word a unit on the market is stale; 0 is never.
    tell
        Told how many tables have been read, of how many.
    """
    version = _version(connection)
    words = vocabulary(connection, staff)
    reading = Reading(connection, words, today, moment, staff, stale_days=stale_days)
    with looking_back(connection, moment, staff=staff):
        tables, unit_ids = _read(reading, tell)
    return Snapshot(version, pieces(_header(version, reading), tables), [unit_ids])


def patch(
    connection: Connection[TupleRow],
    columns: Columns,
    unit_ids: Array,
    building_ids: Iterable[int],
    today: date,
    moment: Moment | None = None,
    *,
    staff: bool = False,
) -> Snapshot:
    """The state of the district today or at `moment`, from an earlier one of it and what is said now of some buildings.

    Parameters
    ----------
    connection, moment
        As for `build`.
    columns, unit_ids
        The earlier state, public or for staff as this one; what is stale there and here is of one rule.
    building_ids
        All buildings that have changed since, new ones and those that are gone included. Areas, clusters, sources
        and words must be as they were.
    """
    version, changed = _version(connection), np.unique(np.fromiter(building_ids, np.int64))
    words, days = columns.header["words"], columns.header["stale_days"]
    reading = Reading(connection, words, today, moment, staff, changed.tolist(), days)
    with looking_back(connection, moment, staff=staff):
        tables, fresh_ids = _read(reading)
    splice = Splice.of(columns, unpack(b"".join(pieces({}, tables))), changed)
    return Snapshot(version, pieces(_header(version, reading), splice.tables()), splice.of_units(unit_ids, fresh_ids))


def _header(version: int, reading: Reading) -> dict[str, Any]:
    known_at = reading.moment.known_at.isoformat() if reading.moment else None
    days = {"as_of": reading.as_of.isoformat(), "known_at": known_at, "stale_days": reading.stale_days}
    return {"version": version, **days, "words": dict(reading.words)}


def vocabulary(connection: Connection[TupleRow], staff: bool = False) -> dict[str, list[str]]:
    """The words that numbers in a state file stand for: word i is i + 1 in a word column, bit i in a bit column."""
    return {
        "grade": list(dict.fromkeys(grade.code for grade in taxonomy.grades())),
        "status": [status.code for status in taxonomy.building_statuses()],
        "theme": [theme.code for theme in taxonomy.themes()],
        "industry": [group.code for group in taxonomy.map_groups()],
        "fitout": [kind.code for kind in taxonomy.fitouts()],
        "occupancy": list(OCCUPANCIES),
        "amenity": [category.code for category in taxonomy.amenity_categories()],
        "areas": [row[0] for row in connection.execute(query("snapshot_area_codes", staff=staff))],
        "clusters": [row[0] for row in connection.execute("SELECT code FROM clusters ORDER BY id")],
    }


def _version(connection: Connection[TupleRow]) -> int:
    found = connection.execute("SELECT version FROM layer_versions WHERE layer = 'state'").fetchone()
    assert found is not None
    return int(found[0])


def _read(reading: Reading, tell: Tell = lambda done, of: None) -> tuple[Tables, Array]:
    """The tables of a state file and the ids of its units."""
    steps = 2 + len(_OF_BUILDINGS)
    tell(0, steps)
    ids, buildings = read_buildings(reading)
    tell(1, steps)
    units = read_units(reading)
    row = np.searchsorted(ids, units["building"])
    buildings |= sums(row, units["area"], units["occupancy"], units["reported"], len(ids))
    for done, read in enumerate(_OF_BUILDINGS, 2):
        tell(done, steps)
        buildings |= read(reading, ids)
    columns: dict[str, Column] = {"b": ("u4", row), **{name: (kind, units[name]) for name, kind in UNIT_TYPES.items()}}
    return {"buildings": buildings, "units": columns}, np.ascontiguousarray(units["id"])
