"""Finds entries of the audit and tells them in the words of the disclosure list: what is not in it is not shown."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, String, and_, any_, cast, func, literal, or_, select
from sqlalchemy.orm import Session

from geo.audit import AuditEntry
from geo.disclosure import Audience, may_see, public_fields
from geo.errors import NotFoundError, UnknownFieldError
from geo.model import Building, ImportRun, Unit
from webmap.audit_triggers import COUNTED
from webmap.auth.models import User

AT_ONCE = 200
"""Entries on a page."""

EXPORTED = 100_000
"""Entries in an export at most."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What entries are looked for; `older_than` is the id of the last entry of the page before.

    Counters of the machine (`webmap.audit_triggers.COUNTED`) are among them only where their table is named.
    """

    thing: str = ""
    person: str = ""
    day: date | None = None
    until: date | None = None
    table: str = ""
    action: str = ""
    older_than: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A column of an entry with what it was and what it became."""

    column: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Told:
    """An entry with the name of the thing it is about and the columns that may be shown."""

    entry: AuditEntry
    building: Any
    unit: Any
    changes: Sequence[Change]
    withheld: int


@dataclass(frozen=True, slots=True)
class Act:
    """Everything that one transaction changed, with who it was."""

    at: datetime
    person: User | None
    run: ImportRun | None
    entry: AuditEntry
    told: Sequence[Told] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Page:
    """Acts from the newest to the oldest; `older_than` leads to those before, None when there are none."""

    acts: Sequence[Act]
    older_than: int | None


def find(session: Session, asked: Asked, zone: ZoneInfo) -> Page:
    """The newest entries that are asked for.

    Raises
    ------
    NotFoundError
        There is no such thing, person or run; the message says which.
    """
    found = session.scalars(_chosen(session, asked, zone).limit(AT_ONCE + 1)).all()
    entries = found[:AT_ONCE]
    return Page(_acts(session, entries), entries[-1].id if len(found) > AT_ONCE else None)


def rows(session: Session, asked: Asked, zone: ZoneInfo) -> Iterator[Sequence[object]]:
    """The same for a table: one row for each changed column, times in the zone of the district. Raises as `find`."""
    people = {user.id: user.name for user in session.scalars(select(User))}
    chosen = _chosen(session, asked, zone).limit(EXPORTED).execution_options(yield_per=1000)
    for entry in session.scalars(chosen):
        who = people.get(entry.user_id or 0, "")
        head = (entry.id, entry.at.astimezone(zone).isoformat(), who, entry.via, entry.address, entry.login)
        about = (entry.table_name, entry.row_key, entry.rows, entry.action)
        changes, _ = _changes(entry)
        for change in changes or [Change("", None, None)]:
            yield (*head, *about, change.column, change.before, change.after)


HEADS = (
    *("id", "at", "person", "via", "address", "login", "table", "key", "rows", "action", "column", "before", "after"),
)
"""The columns of an export."""


def tables(session: Session) -> Sequence[str]:
    """The tables of which there are entries, by name; read off the index, one look for each table."""
    first = select(func.min(AuditEntry.table_name).label("name")).cte("names", recursive=True)
    following = select(func.min(AuditEntry.table_name)).where(AuditEntry.table_name > first.c.name).scalar_subquery()
    names = first.union_all(select(following).where(first.c.name.is_not(None)))
    return [name for name in session.scalars(select(names.c.name)) if name]


def _chosen(session: Session, asked: Asked, zone: ZoneInfo) -> Select[tuple[AuditEntry]]:
    wanted = [
        *([_about(session, asked.thing)] if asked.thing else []),
        *([_by(session, asked.person)] if asked.person else []),
        *([AuditEntry.at >= _midnight(asked.day, zone)] if asked.day else []),
        *([AuditEntry.at < _midnight(last + timedelta(days=1), zone)] if (last := asked.until or asked.day) else []),
        AuditEntry.table_name == asked.table if asked.table else AuditEntry.table_name.not_in(COUNTED),
        *([AuditEntry.action == asked.action] if asked.action else []),
        *([AuditEntry.id < asked.older_than] if asked.older_than else []),
    ]
    return select(AuditEntry).where(*wanted).order_by(AuditEntry.id.desc())


def _about(session: Session, thing: str) -> ColumnElement[bool]:
    """What is about a building, a unit or an import run: by code, by whole name, or by ``table:key``."""
    table, colon, key = thing.partition(":")
    if colon:
        several = and_(AuditEntry.rows > 1, literal(key) == any_(AuditEntry.row_keys))
        return and_(AuditEntry.table_name == table, or_(AuditEntry.row_key == key, several))
    building = select(Building.id).where(or_(Building.code == thing, Building.name == thing))
    if ids := session.scalars(building.limit(20)).all():
        return AuditEntry.building_id.in_(ids)
    if units := session.scalars(select(Unit.id).where(Unit.code == thing)).all():
        return AuditEntry.unit_id.in_(units)
    run = session.scalars(select(ImportRun.id).where(ImportRun.code == thing)).one_or_none()
    if run is None:
        raise NotFoundError(f"There is no building, unit or import {thing!r}.")
    return AuditEntry.run_id == run


def _by(session: Session, person: str) -> ColumnElement[bool]:
    """What an account did; where there is none of the name, what a command or job of this name did."""
    named = or_(func.lower(User.name) == person.lower(), User.full_name == person, cast(User.id, String) == person)
    if ids := session.scalars(select(User.id).where(named)).all():
        return AuditEntry.user_id.in_(ids)
    return and_(AuditEntry.user_id.is_(None), or_(AuditEntry.login == person, AuditEntry.via.contains(person)))


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _acts(session: Session, entries: Sequence[AuditEntry]) -> list[Act]:
    people = _rows_of(session, User, {entry.user_id for entry in entries})
    runs = _rows_of(session, ImportRun, {entry.run_id for entry in entries})
    buildings = _rows_of(session, Building, {entry.building_id for entry in entries})
    units = _rows_of(session, Unit, {entry.unit_id for entry in entries})
    acts = []
    for _, group in groupby(entries, lambda entry: (entry.transaction, entry.via, entry.user_id)):
        together = list(group)
        told = [
            Told(entry, buildings.get(entry.building_id), units.get(entry.unit_id), *_changes(entry))
            for entry in reversed(together)
        ]
        first = together[-1]
        acts.append(Act(first.at, people.get(first.user_id), runs.get(first.run_id), first, told))
    return acts


def _rows_of(session: Session, model: Any, ids: set[int | None]) -> Mapping[int | None, Any]:
    wanted = [ident for ident in ids if ident is not None]
    if not wanted:
        return {}
    return {row.id: row for row in session.scalars(select(model).where(model.id.in_(wanted)))}


def _changes(entry: AuditEntry) -> tuple[list[Change], int]:
    """The columns of an entry that an administrator may see, and how many are withheld."""
    before, after = entry.before or {}, entry.after or {}
    names = [name for name in (after or before) if before.get(name) is not None or after.get(name) is not None]
    shown = [name for name in names if _may_see(entry.table_name, name)]
    return [Change(name, before.get(name), after.get(name)) for name in shown], len(names) - len(shown)


def _may_see(table: str, column: str) -> bool:
    """Whether the list lets an administrator see it; tables that only the web side knows are not in the list."""
    try:
        return may_see(f"{table}.{column}", Audience.ADMIN)
    except UnknownFieldError:
        return not _is_listed(table)


def _is_listed(table: str) -> bool:
    try:
        public_fields(table)
    except UnknownFieldError:
        return False
    return True
