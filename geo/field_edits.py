"""Notes what people correct field by field, so that imports leave it alone until somebody releases it.

The values of a note are plain JSON: numbers, texts, lists; days as ISO texts, geometries as the hexadecimal form that
loses nothing, as in the images of import runs.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from geoalchemy2 import WKBElement
from sqlalchemy import func, select, tuple_, update
from sqlalchemy.orm import Session

from geo.model import FieldEdit


class Correction(NamedTuple):
    """A field of a row that a person sets: what it was, and what it is now, as JSON values."""

    table: str
    row_id: int
    field: str
    before: Any
    after: Any


def json_value(value: object) -> Any:
    """The value of a column as JSON has it."""
    if isinstance(value, WKBElement):
        return _hexadecimal(value)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


def note_corrections(
    session: Session, corrections: Collection[Correction], user_id: int | None, reason: str | None = None
) -> list[FieldEdit]:
    """Note corrections; what was noted of the same fields before counts as replaced."""
    if not corrections:
        return []
    session.flush()
    end_edits(session, [each[:3] for each in corrections], "replaced", user_id)
    edits = [
        FieldEdit(
            table_name=each.table,
            row_id=each.row_id,
            field=each.field,
            before=each.before,
            after=each.after,
            user_id=user_id,
            reason=reason,
        )
        for each in corrections
    ]
    session.add_all(edits)
    session.flush()
    return edits


def end_edits(session: Session, fields: Iterable[tuple[str, int, str]], how: str, user_id: int | None) -> None:
    """Let standing edits of fields (table, row, field) end: ``replaced``, ``released`` or ``undone``."""
    named = tuple_(FieldEdit.table_name, FieldEdit.row_id, FieldEdit.field).in_(list(fields))
    ending = update(FieldEdit).where(FieldEdit.ended_at.is_(None), named)
    session.execute(ending.values(ended_at=func.clock_timestamp(), ended_as=how, ended_by=user_id))


def standing_edits(session: Session, table: str, row_ids: Collection[int]) -> Mapping[tuple[int, str], FieldEdit]:
    """The edits that hold fields of some rows, by row and field."""
    chosen = select(FieldEdit).where(FieldEdit.table_name == table, FieldEdit.row_id.in_(row_ids))
    found = session.scalars(chosen.where(FieldEdit.ended_at.is_(None)))
    return {(edit.row_id, edit.field): edit for edit in found}


def edits_of(session: Session, rows: Sequence[tuple[str, int]]) -> Sequence[FieldEdit]:
    """Every edit of some rows (table, row), the newest first."""
    if not rows:
        return []
    chosen = select(FieldEdit).where(tuple_(FieldEdit.table_name, FieldEdit.row_id).in_(rows))
    return session.scalars(chosen.order_by(FieldEdit.id.desc())).all()


def _hexadecimal(value: WKBElement) -> str:
    return value.data if isinstance(value.data, str) else bytes(value.data).hex()
