"""Sets fields of a thing with author and note, tells a second writer of the first, and releases what was set."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from geoalchemy2 import WKBElement
from sqlalchemy import Numeric, func
from sqlalchemy.orm import Session

from geo.editing.controls import Control, shown
from geo.editing.controls_of import control_of, controls_of
from geo.editing.derived import refresh_derived
from geo.errors import BadParameterError, EditConflictError, NotFoundError, UnknownFieldError
from geo.field_edits import Correction, end_edits, json_value, note_corrections, standing_edits
from geo.model import Base, FieldEdit, ImportRun

Thing = Base
"""A row of one of the tables of `controls_of`."""

_NAMES = ("name", "name_en", "aliases", "address", "address_en")


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that two people set: what the second one saw and says, what the first one made of it, and the note."""

    field: str
    seen: str
    said: str
    now: str
    edit: FieldEdit | None


def mark_of(table: str, row: Thing) -> dict[str, str]:
    """What a form shows of every field, to be sent back with it; an outline is represented by a digest."""
    return {control.name: _mark(getattr(row, control.name)) for control in controls_of(table)}


def set_fields(
    session: Session,
    row: Thing,
    said: Mapping[str, str],
    *,
    by: int | None,
    seen: Mapping[str, str] | None = None,
    reason: str | None = None,
) -> list[FieldEdit]:
    """Set fields of a row to what texts say; gives the notes of those that changed.

    Parameters
    ----------
    said
        Field → text; fields that say what is there already are left alone.
    by
        The account that says so.
    seen
        What the writer looked at (`mark_of`): a field that somebody else has changed since is refused, one that only
        others changed stays as they left it.

    Raises
    ------
    UnknownFieldError, BadParameterError
        A field that is not set by hand, or a text that it does not take.
    EditConflictError
        Somebody else changed one of the fields meanwhile to something else; `held` lists the clashes.
    """
    table = row.__tablename__
    wanted = {name: control_of(table, name).value(text) for name, text in said.items()}
    session.flush()
    session.refresh(row, with_for_update=True)
    if seen is not None:
        wanted = _unseen_left_alone(session, row, wanted, seen)
    return apply(session, row, wanted, by=by, reason=reason)


def apply(
    session: Session, row: Thing, wanted: Mapping[str, Any], *, by: int | None, reason: str | None = None
) -> list[FieldEdit]:
    """Give fields of a locked row their values and note which changed; raises as `set_fields`."""
    changed = {name: value for name, value in wanted.items() if not _same(getattr(row, name), value)}
    if not changed:
        return []
    before = {name: json_value(getattr(row, name)) for name in changed}
    for name, value in changed.items():
        setattr(row, name, value)
    _check_whole(row)
    if hasattr(row, "updated_at"):
        row.updated_at = func.clock_timestamp()
    session.flush()
    session.refresh(row)
    table, ident = row.__tablename__, row.id  # type: ignore[attr-defined]  # every table of `controls_of` has one
    corrections = [Correction(table, ident, name, before[name], json_value(getattr(row, name))) for name in changed]
    edits = note_corrections(session, corrections, by, reason)
    refresh_derived(session, row, changed.keys())
    return edits


def release(session: Session, row: Thing, field: str, *, by: int | None, take: bool = True) -> FieldEdit:
    """Let imports set a field again; with `take` the value that the last file said is taken at once.

    Raises
    ------
    NotFoundError
        Nobody holds the field.
    """
    edit = standing_edits(session, row.__tablename__, [row.id]).get((row.id, field))  # type: ignore[attr-defined]
    if edit is None:
        raise NotFoundError(f"Nobody holds {field}; it has been released already.")
    session.refresh(row, with_for_update=True)
    run = session.get(ImportRun, edit.file_run_id) if edit.file_run_id else None
    if take and run is not None and run.state == "done":
        _put(session, row, field, edit.file_value)
    end_edits(session, [(edit.table_name, edit.row_id, edit.field)], "released", by)
    session.refresh(edit)
    return edit


def take_back(session: Session, row: Thing, edit: FieldEdit, *, by: int | None) -> None:
    """Undo the edit that holds a field: it becomes what it was before, and imports may set it again.

    Raises
    ------
    EditConflictError
        It is not the last edit of the field.
    """
    session.refresh(row, with_for_update=True)
    session.refresh(edit)
    if edit.ended_at is not None:
        raise EditConflictError("This correction has been replaced or ended already; look at the page again.")
    _put(session, row, edit.field, edit.before)
    end_edits(session, [(edit.table_name, edit.row_id, edit.field)], "undone", by)
    session.refresh(edit)


def _put(session: Session, row: Thing, field: str, told: Any) -> None:
    setattr(row, field, _from_json(row, field, told))
    session.flush()
    session.refresh(row)
    refresh_derived(session, row, [field])


def _from_json(row: Thing, field: str, told: Any) -> Any:
    """A value of a note as its column takes it."""
    column = row.__table__.c[field]
    if told is None and not column.nullable:
        return [] if field in ("aliases", "themes") else getattr(row, field)
    control: Control = control_of(row.__tablename__, field)
    if control.kind == "outline":
        return WKBElement(told, srid=4326, extended=True)
    if control.kind == "day" and isinstance(told, str):
        return date.fromisoformat(told)
    return Decimal(str(told)) if isinstance(column.type, Numeric) and told is not None else told


def _unseen_left_alone(
    session: Session, row: Thing, wanted: Mapping[str, Any], seen: Mapping[str, str]
) -> dict[str, Any]:
    """What the writer wants to change; refuses what somebody else has changed since the writer looked."""
    table, mine, clashes = row.__tablename__, {}, []
    for name, value in wanted.items():
        now, was = getattr(row, name), seen.get(name)
        if was is None:
            raise UnknownFieldError(f"The form does not say what stood in {name} when it was opened; open it again.")
        if _mark(value) == was:
            continue
        if _mark(now) not in (was, _mark(value)):
            clashes.append((name, was, shown(value), shown(now)))
        mine[name] = value
    if clashes:
        edits = standing_edits(session, table, [row.id])  # type: ignore[attr-defined]  # as above
        held = [Clash(*each, edits.get((row.id, each[0]))) for each in clashes]  # type: ignore[attr-defined]
        raise EditConflictError(
            "Somebody else has changed this since you opened it; look at both and save again.",
            seen={clash.field: clash.seen for clash in held},
            held=held,
        )
    return mine


def _mark(value: object) -> str:
    return sha256(shown(value).encode()).hexdigest()[:16] if isinstance(value, WKBElement) else shown(value)


def _same(one: Any, other: Any) -> bool:
    return shown(one) == shown(other)


def _check_whole(row: Thing) -> None:
    """Refuse what no single field says: areas and floors that contradict each other, a grade outside its scheme."""
    for small, large in (("leasable_area_m2", "gross_area_m2"), ("clear_height_m", "storey_height_m")):
        least, most = getattr(row, small, None), getattr(row, large, None)
        if least is not None and most is not None and least > most:
            raise BadParameterError(small, shown(least), f"not more than {large} ({shown(most)})")
    for low, high in (("floor_from", "floor_to"), ("base_height_m", "height_m")):
        first, last = getattr(row, low, None), getattr(row, high, None)
        if row.__tablename__ == "sections" and first is not None and last is not None and first > last:
            raise BadParameterError(high, shown(last), f"not less than {low} ({shown(first)})")
