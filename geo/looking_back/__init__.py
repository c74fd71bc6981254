"""Reading the database as it was at a moment: the same queries, the same names of tables, what was so and known then.

The schemas `past` and `past_staff` hold a view for every table that has a past (`views.py`). Whoever looks back puts
one of them in front of the search path for a transaction, so that no query has to know of the past, and none can
forget it. States and offers of units are dated themselves; of other rows triggers keep what they were (`keeping.py`).

What has no past is that of today: outlines, photos, contacts, the names of amenities, and what may be shown at all: a
row withdrawn since, or of a source that is no longer public, is not shown of any day.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from psycopg import Connection
from psycopg.rows import TupleRow
from sqlalchemy.orm import Session

from geo.looking_back.views import PAST, PAST_STAFF, TABLES, put_on, take_off

__all__ = ["PAST", "PAST_STAFF", "TABLES", "Moment", "driver_of", "look_back", "looking_back", "put_on", "take_off"]

_SETTINGS = "search_path", "loumap.as_of", "loumap.known_at", "join_collapse_limit", "from_collapse_limit", "geqo"
_SET = f"SELECT {', '.join(f'set_config({name!r}, %s, true)' for name in _SETTINGS)}"
_READ = f"SELECT {', '.join(f'current_setting({name!r}, true)' for name in _SETTINGS)}"
_PRESENT = ["public", "", "", "8", "8", "on"]
_PLANNED = ["16", "16", "off"]
"""A view of the past joins several tables: within these limits it is planned as one with the query that reads it."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A day in the district, and the instant whose knowledge of that day is asked for."""

    as_of: date
    known_at: datetime


def look_back(connection: Connection[TupleRow], moment: Moment | None, *, staff: bool = False) -> None:
    """Have the present transaction read what was so and known at a moment; None is the present again."""
    if moment is None:
        connection.execute(_SET, _PRESENT)
        return
    path = f"{PAST_STAFF if staff else PAST}, public"
    connection.execute(_SET, [path, f"{moment.as_of}", moment.known_at.isoformat(), *_PLANNED])


@contextmanager
def looking_back(connection: Connection[TupleRow], moment: Moment | None, *, staff: bool = False) -> Iterator[None]:
    """The same for a block; afterwards the transaction reads what it read before."""
    before = connection.execute(_READ).fetchone()
    assert before is not None
    look_back(connection, moment, staff=staff)
    yield
    connection.execute(_SET, [each or "" for each in before])


def driver_of(session: Session) -> Connection[TupleRow]:
    """The psycopg connection in whose transaction a session works."""
    driver = session.connection().connection.driver_connection
    assert isinstance(driver, Connection)
    return driver
