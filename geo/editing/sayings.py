"""Who said what of a thing: every value that an import or a person gave to one of its fields, the newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select, tuple_
from sqlalchemy.orm import Session

from geo.field_edits import edits_of
from geo.model import FieldEdit, ImportChange, ImportRun, Source

_OURS = frozenset({"search_text", "withdrawn_at", "sectioned", "managed", "publishable"})
"""What imports set beside what the file says."""


@dataclass(frozen=True, slots=True)
class Saying:
    """One value that somebody gave to a field.

    `source` and `run` name the import, `edit` the note of a person; `field` is empty where a file brought the row.
    """

    at: datetime
    table: str
    row_id: int
    field: str
    before: Any
    after: Any
    source: Source | None = None
    run: ImportRun | None = None
    edit: FieldEdit | None = None


def sayings_of(session: Session, rows: Sequence[tuple[str, int]], most: int = 200) -> list[Saying]:
    """What was said of rows (table, id), the newest first."""
    by_people = [
        Saying(edit.edited_at, edit.table_name, edit.row_id, edit.field, edit.before, edit.after, edit=edit)
        for edit in edits_of(session, rows)[:most]
    ]
    found = [*by_people, *_by_files(session, rows, most)]
    return sorted(found, key=lambda saying: saying.at, reverse=True)[:most]


def _by_files(session: Session, rows: Sequence[tuple[str, int]], most: int) -> list[Saying]:
    if not rows:
        return []
    named = tuple_(ImportChange.table_name, ImportChange.row_id).in_(list(rows))
    within = [_in_stretch(table, ident) for table, ident in rows[:50]]
    chosen = select(ImportChange, ImportRun, Source).join(ImportRun, ImportRun.id == ImportChange.run_id)
    chosen = chosen.join(Source, Source.id == ImportRun.source_id).where(or_(named, *within), ImportRun.state == "done")
    sayings = []
    for change, run, source in session.execute(chosen.order_by(ImportChange.id.desc()).limit(most)):
        told = {field: value for field, value in (change.after or {}).items() if field not in _OURS}
        for field, value in told.items() if change.before is not None else [("", None)]:
            before = (change.before or {}).get(field)
            sayings.append(
                Saying(run.started_at, change.table_name, change.row_id, field, before, value, source=source, run=run)
            )
    return sayings


def _in_stretch(table: str, ident: int) -> Any:
    return and_(ImportChange.table_name == table, ImportChange.row_id < ident, ImportChange.last_row_id >= ident)
