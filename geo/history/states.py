"""Writes what holds of units from a day on: a change, "no change", or that somebody went and looked.

A change holds until what is held of a later day, as with imports: a correction of the past leaves later reports alone.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from psycopg.types.range import Range
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from geo.errors import BadParameterError, EditConflictError, NotFoundError
from geo.field_edits import Correction, json_value, note_corrections
from geo.history.authors import Author
from geo.history.locks import lock_units, stamp
from geo.history.planning import Plan, UnitChange, copied, plan_change, state_on
from geo.history.present import write_present
from geo.history.values import day, state_values
from geo.model import Confirmation, Enterprise, Unit, UnitState

_KEPT_FROM_IMPORTS = ("area_m2", "area_basis", "use")
"""What a person says of these stands above what files say, until the edit is released."""


_INSERT = insert(UnitState).returning(UnitState).execution_options(render_nulls=True)
"""What is not known is said, so that rows of the same columns are one statement."""


def change_unit(
    session: Session,
    unit_id: int,
    changed: Mapping[str, object],
    *,
    on: date,
    by: Author,
    today: date,
    seen: int | None = None,
) -> UnitState:
    """Change one unit; gives the state that holds from `on`. Raises as `change_units`."""
    return change_units(session, [UnitChange(unit_id, changed, on, seen)], by=by, today=today)[0]


def change_units(session: Session, changes: Sequence[UnitChange], *, by: Author, today: date) -> list[UnitState]:
    """Change units, each once; gives the states that hold from each change's day, in the order of the changes.

    When the occupancy changes, what it implies changes with it where the change does not say otherwise: the contract,
    and tenant and rent of a unit that no tenant uses. What is held already is confirmed. A day to come is held from
    now on and becomes the present state when it comes (`geo.history.present.write_due`).

    Raises
    ------
    UnknownFieldError, BadParameterError, NotFoundError
        A name, a value, a unit or a tenant that there is not; the message says which.
    EditConflictError
        Somebody has changed the unit since the writer looked at it, to something else; carries both states.
    """
    said = [state_values(change.changed) for change in changes]
    _check(session, changes, said, today)
    ids = [change.unit_id for change in changes]
    lock_units(session, ids)
    held, known_from = _held(session, ids), stamp(session, ids)
    kept = _rows_of_bare(session, held, ids)
    plans = [plan_change(session, each, values, held[each.unit_id]) for each, values in zip(changes, said, strict=True)]
    del kept
    closed = [plan.held.id for plan in plans if plan.held and not plan.same]
    _close(session, closed, known_from)
    # Rows that name the same columns come in one statement where they stand together.
    rows = sorted((row for plan in plans for row in plan.rows(by, known_from, today)), key=sorted)
    added = session.scalars(_INSERT, rows).all() if rows else []
    _confirm(session, [(plan.change.unit_id, plan.change.on) for plan in plans if plan.confirms], by)
    _keep_from_imports(session, plans, by)
    write_present(session, ids, today)
    fresh = {(state.unit_id, state.valid.lower): state for state in added}
    return [plan.held if plan.same and plan.held else fresh[plan.change.unit_id, plan.change.on] for plan in plans]


def overtaken(session: Session, changes: Sequence[UnitChange]) -> set[int]:
    """The units of which somebody has said something else since the writers of these changes looked; locks all.

    The other changes can then be made together. Raises as `change_units`, but never EditConflictError.
    """
    ids = [change.unit_id for change in changes]
    lock_units(session, ids)
    held = _held(session, ids)
    kept = _rows_of_bare(session, held, ids)
    found = set()
    for change in changes:
        try:
            plan_change(session, change, state_values(change.changed), held[change.unit_id])
        except EditConflictError:
            found.add(change.unit_id)
    del kept
    return found


def confirm_units(session: Session, unit_ids: Collection[int], *, on: date, by: Author, today: date) -> int:
    """Note "no change" of units on a day, and that they were reported on it; gives how many were confirmed.

    Raises
    ------
    BadParameterError, NotFoundError
        The day has not come yet; one of the units is not there.
    """
    if day("on", on) > today:
        raise BadParameterError("on", str(on), "today or a day before")
    lock_units(session, unit_ids)
    confirmed = _confirm(session, [(unit_id, on) for unit_id in sorted(set(unit_ids))], by)
    write_present(session, unit_ids, today)
    return confirmed


def verify_units(
    session: Session, unit_ids: Collection[int], *, on: date, by: Author, today: date, how: str | None = None
) -> list[UnitState]:
    """Note that somebody went and saw on a day that units are as they are held to be; `how` says what was looked at.

    The same states are held again with the day and the note, so that it can be read when they became known.

    Raises
    ------
    BadParameterError, NotFoundError
        The day has not come yet; nothing is held of one of the units on that day.
    """
    if day("on", on) > today:
        raise BadParameterError("on", str(on), "today or a day before")
    lock_units(session, unit_ids)
    held, known_from = _held(session, unit_ids), stamp(session, unit_ids)
    states = {unit_id: state_on(held[unit_id], on) for unit_id in sorted(set(unit_ids))}
    if absent := [unit_id for unit_id, state in states.items() if state is None]:
        raise NotFoundError(f"Nothing is held of unit {absent[0]} on {on}; report it first.")
    found = [state for state in states.values() if state]
    _close(session, [state.id for state in found], known_from)
    said = {"verified_on": on, "verification": how, "user_id": by.user_id, "known": Range(known_from, None, "[)")}
    rows = [copied(state) | said for state in found]
    added = session.scalars(_INSERT, rows).all()
    write_present(session, unit_ids, today)
    return list(added)


def _check(session: Session, changes: Sequence[UnitChange], said: Sequence[Mapping[str, Any]], today: date) -> None:
    for change in changes:
        if day("on", change.on).year > today.year + 30:
            raise BadParameterError("on", str(change.on), "a day within the next 30 years")
    ids = [change.unit_id for change in changes]
    if len(set(ids)) < len(ids):
        twice = next(ident for ident in ids if ids.count(ident) > 1)
        raise BadParameterError("unit_id", str(twice), "each unit once")
    tenants = {values["tenant_id"] for values in said if values.get("tenant_id")}
    known = select(Enterprise.id).where(Enterprise.id.in_(tenants), Enterprise.withdrawn_at.is_(None))
    if tenants and (unknown := tenants.difference(session.scalars(known))):
        raise NotFoundError(f"There is no enterprise {min(unknown)}.")


def _rows_of_bare(session: Session, held: Mapping[int, Sequence[UnitState]], unit_ids: Sequence[int]) -> Sequence[Unit]:
    """Units without a state are as their rows say: read together; `plan_change` finds them while they are kept."""
    bare = [unit_id for unit_id in unit_ids if not held[unit_id]]
    return session.scalars(select(Unit).where(Unit.id.in_(bare))).all() if bare else ()


def _held(session: Session, unit_ids: Collection[int]) -> dict[int, list[UnitState]]:
    """What is held now of units, of each in the order of time."""
    states = select(UnitState).where(UnitState.unit_id.in_(unit_ids), func.upper_inf(UnitState.known))
    found: dict[int, list[UnitState]] = defaultdict(list)
    for state in session.scalars(states.order_by(UnitState.valid).execution_options(populate_existing=True)):
        found[state.unit_id].append(state)
    return found


def _close(session: Session, state_ids: Sequence[int], known_from: datetime) -> None:
    closing = update(UnitState).where(UnitState.id.in_(state_ids))
    closing = closing.values(known=func.tstzrange(func.lower(UnitState.known), known_from))
    session.execute(closing, execution_options={"synchronize_session": False})


def _confirm(session: Session, said: Sequence[tuple[int, date]], by: Author) -> int:
    """Add a confirmation of each unit, once per day and source."""
    day_said = {on for _, on in said}
    mine = select(Confirmation.unit_id, Confirmation.confirmed_on).where(
        Confirmation.unit_id.in_([unit_id for unit_id, _ in said]),
        Confirmation.confirmed_on.in_(day_said),
        Confirmation.source_id == by.source_id,
    )
    new = set(said).difference(map(tuple, session.execute(mine))) if said else set()
    rows = [{"unit_id": unit, "confirmed_on": on} for unit, on in sorted(new)]
    if rows:
        session.execute(insert(Confirmation).values(source_id=by.source_id, user_id=by.user_id), rows)
    return len(rows)


def _keep_from_imports(session: Session, plans: Sequence[Plan], by: Author) -> None:
    if by.user_id is None:
        return
    corrections = [
        Correction("units", plan.change.unit_id, name, _told(plan, name), json_value(plan.values[name]))
        for plan in plans
        for name in _KEPT_FROM_IMPORTS
        if name in plan.change.changed
    ]
    note_corrections(session, corrections, by.user_id)


def _told(plan: Plan, name: str) -> Any:
    return json_value(getattr(plan.held, name)) if plan.held else None
