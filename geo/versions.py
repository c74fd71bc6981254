"""Versions of the layers: what is current, and the bump that follows changes.

Writers leave rows in `layer_changes` (by trigger, in their own transaction); whoever runs `bump` turns the rows it can
see into new versions. Content is always read together with its version, so that old content can never be taken for new.
"""

from datetime import datetime

from psycopg import Connection
from psycopg.rows import TupleRow

from geo.db import query

MOST_BUILDINGS = 1000
"""More than so many changed buildings count as everything."""

_ONE_AT_A_TIME = 0x10F3A9
"""Key of the advisory lock: of all processes that try at once, one bumps and the others go home."""


def current(connection: Connection[TupleRow]) -> dict[str, int]:
    """Layer → version."""
    return dict(connection.execute(query("current_versions")).fetchall())


def bump(
    connection: Connection[TupleRow], day_began: datetime | None = None, stale_days: int | None = None
) -> dict[str, int]:
    """Give layers that changed a new version, at most once a second each; gives the new versions.

    Not committed here. Cheap when nothing changed; safe to call from any number of processes at once. A state of before
    `day_began` is that of another day, which changes all of it; so does another number of days after which a unit on
    the market is stale.
    """
    now = {"day_began": day_began, "stale_days": stale_days}
    if not connection.execute(query("changes_waiting"), now).fetchone():
        return {}
    row = connection.execute("SELECT pg_try_advisory_xact_lock(%s)", [_ONE_AT_A_TIME]).fetchone()
    if not (row and row[0]):
        return {}
    connection.execute(query("begin_anew"), now)
    return dict(connection.execute(query("bump_versions"), {"most": MOST_BUILDINGS}).fetchall())


def changed_buildings(connection: Connection[TupleRow], version: int) -> list[int] | None:
    """The buildings that differ between a state of `version` and the present one; None for everything.

    A state of a version holds everything that its version stands for and may hold more; what came later is remembered
    under a later version.
    """
    found = connection.execute(query("changed_buildings"), {"version": version}).fetchall()
    if not found or found[0][0] != version or any(buildings is None for _, buildings in found):
        return None
    changed = {building for _, buildings in found for building in buildings}
    return sorted(changed) if len(changed) <= MOST_BUILDINGS else None
