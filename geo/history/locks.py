"""The locks of those who write history: writers share one, and whoever freezes a moment of knowledge has it alone.

The advisory lock comes first, then the rows of the units in the order of their ids, so that two writers never wait for
each other in a circle.
"""

from collections.abc import Collection
from datetime import datetime

from psycopg import Connection
from psycopg.rows import TupleRow
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from geo.errors import NotFoundError
from geo.model import Unit, UnitState

WRITERS_LOCK = 0x10F3A5
"""Key of the advisory lock that writers of dated facts share; freezing a report or link takes it alone."""


def share_writing(connection: Connection[TupleRow]) -> None:
    """Hold the writers' lock until the transaction ends, together with any number of other writers."""
    connection.execute("SELECT pg_advisory_xact_lock_shared(%s)", [WRITERS_LOCK])


def alone_with_history(session: Session) -> datetime:
    """Wait until nobody is writing dated facts, keep writers away until the transaction ends, and give the instant.

    What is read as known at this instant can be read again for ever: everybody who was writing has finished, and
    whoever writes later stamps what he knows with a later time. A repeatable-read transaction must take it first.
    """
    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITERS_LOCK})
    instant: datetime = session.scalars(select(func.clock_timestamp())).one()
    return instant


def lock_units(session: Session, unit_ids: Collection[int]) -> None:
    """Take the writers' lock and those units for this transaction.

    Raises
    ------
    NotFoundError
        One of them is not there, or withdrawn.
    """
    session.flush()
    session.execute(text("SELECT pg_advisory_xact_lock_shared(:key)"), {"key": WRITERS_LOCK})
    wanted = set(unit_ids)
    standing = select(Unit.id).where(Unit.id.in_(wanted), Unit.withdrawn_at.is_(None))
    found = session.scalars(standing.order_by(Unit.id).with_for_update()).all()
    if absent := wanted.difference(found):
        raise NotFoundError(f"There is no unit {', '.join(map(str, sorted(absent)))}.")


def stamp(session: Session, unit_ids: Collection[int]) -> datetime:
    """The instant from which new knowledge of locked units counts: now, and above whatever is known of them."""
    last = select(func.max(func.lower(UnitState.known))).where(UnitState.unit_id.in_(unit_ids)).scalar_subquery()
    above = last + text("interval '1 microsecond'")
    instant: datetime = session.scalars(select(func.greatest(func.clock_timestamp(), above))).one()
    return instant
