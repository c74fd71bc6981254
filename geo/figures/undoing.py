"""Takes back the figures or targets that an import brought: what was said before is said again, nothing is erased."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.figures.writing import end_known, said_before
from geo.model import Figure, Target
from geo.model.declarative import new_code

_OWN = frozenset({"id", "code", "known", "ended_by"})
"""Columns that a row which is said again has of its own."""


@dataclass(frozen=True, slots=True)
class TakenBack:
    """How many rows were ended, how many of them had one before that holds again, and how many others have changed."""

    withdrawn: int
    restored: int
    kept: int


def take_back(session: Session, model: type[Figure] | type[Target], run_id: int, user_id: int | None) -> TakenBack:
    """End what a run said, where nobody has corrected it since; flushed, not committed."""
    withdrawn = restored = kept = 0
    rows: Sequence[Any] = session.scalars(select(model).where(model.run_id == run_id)).all()
    for row in sorted(rows, key=lambda row: row.id):
        told = said_before(session, row)
        if row.known.upper is not None:
            kept += 1
            continue
        until = end_known(session, row, user_id)
        withdrawn += 1
        before = next((each for each in told if each.known.upper == row.known.lower), None)
        if before is not None:
            columns = [name for name in model.__table__.c.keys() if name not in _OWN]  # noqa: SIM118
            again = {name: getattr(before, name) for name in columns}
            session.add(model(**again, code=new_code(), known=func.tstzrange(until, None)))
            restored += 1
    session.flush()
    return TakenBack(withdrawn, restored, kept)
