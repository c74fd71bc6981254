"""Splits a unit into several or makes several one, from a day on, with lineage, so that nothing is counted twice.

The old units end on the day, the new ones begin; areas must come to the same or the difference is explained; offers
move to the new units or end, as is said; tenancies go with their tenant. `geo.editing.undoing` takes it back.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from psycopg.types.range import Range
from sqlalchemy.orm import Session

from geo.editing.moving import Moved, move_offers, move_tenancies
from geo.editing.standing import check_labels, floors_spanned, state_on, units_on
from geo.errors import AreasDifferError, BadParameterError, EditConflictError
from geo.field_edits import Correction, note_corrections
from geo.history import OCCUPANCIES, Author, UnitChange, change_units
from geo.model import Unit, UnitLineage, UnitReshape, UnitState

MOST_PARTS = 50
OFFERS = ("move", "end")
_SLACK_M2 = Decimal("0.01")
_INHERITED = ("occupancy", "contract", "tenant_id")


@dataclass(frozen=True, slots=True)
class Part:
    """A new unit: its label and area, and its occupancy where that is not as before."""

    label: str
    area_m2: Decimal
    occupancy: str | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """How a split or merger is meant: from which day, what becomes of offers, why areas differ, and what was seen.

    `seen` gives the version of each unit that the writer looked at (`geo.history.PresentState.version`).
    """

    on: date
    offers: str = "move"
    reason: str | None = None
    seen: Mapping[int, int] | None = None


def split_unit(
    session: Session, unit_id: int, parts: Sequence[Part], terms: Terms, *, by: Author, today: date
) -> UnitReshape:
    """Make several units of one; gives the act.

    Raises
    ------
    BadParameterError, NotFoundError
        Fewer than two parts, a label that is taken, an area or occupancy that is none, a unit that does not stand.
    AreasDifferError
        The parts come to another area, and nobody says why.
    EditConflictError
        Somebody has changed the unit since the writer looked at it.
    """
    if not 2 <= len(parts) <= MOST_PARTS:
        raise BadParameterError("parts", str(len(parts)), f"2 to {MOST_PARTS} new units")
    return _reshape(session, "split", [unit_id], parts, terms, by, today)


def merge_units(
    session: Session, unit_ids: Collection[int], part: Part, terms: Terms, *, by: Author, today: date
) -> UnitReshape:
    """Make one unit of several; gives the act. Raises as `split_unit`."""
    if not 2 <= len(set(unit_ids)) <= MOST_PARTS:
        raise BadParameterError("units", str(len(set(unit_ids))), f"2 to {MOST_PARTS} units")
    return _reshape(session, "merge", list(unit_ids), [part], terms, by, today)


def _reshape(
    session: Session, kind: str, unit_ids: Sequence[int], parts: Sequence[Part], terms: Terms, by: Author, today: date
) -> UnitReshape:
    if terms.offers not in OFFERS:
        raise BadParameterError("offers", terms.offers, ", ".join(OFFERS))
    old = units_on(session, unit_ids, terms.on)
    _refuse_later_word(session, old, terms.on)
    check_labels(session, old[0].building_id, [part.label for part in parts], terms.on, [unit.id for unit in old])
    areas = _areas(old, parts, terms.reason)
    held = {unit.id: state_on(session, unit.id, terms.on) for unit in old}
    seen = terms.seen or {}
    ended = change_units(session, [_ending(unit, held, terms, seen) for unit in old], by=by, today=today)
    new = _new_units(session, old, parts, terms.on, by)
    begun = change_units(session, _beginnings(old, held, new, parts, terms.on), by=by, today=today)
    for parent in old:
        session.add_all(
            UnitLineage(parent_id=parent.id, child_id=child.id, kind=kind, happened_on=terms.on) for child in new
        )
    gone = [Correction("units", unit.id, "exists", True, False) for unit in old]
    note_corrections(session, gone, by.user_id, terms.reason)
    moved = move_offers(session, old, new, terms.on, move=terms.offers == "move", by=by, today=today)
    moved += move_tenancies(session, old, begun, terms.on)
    act = UnitReshape(building_id=old[0].building_id, kind=kind, happened_on=terms.on, reason=terms.reason)
    act.area_before_m2, act.area_after_m2, act.user_id = *areas, by.user_id
    act.details = _details(old, new, [*ended, *begun], moved)
    session.add(act)
    session.flush()
    return act


def _ending(unit: Unit, held: Mapping[int, UnitState | None], terms: Terms, seen: Mapping[int, int]) -> UnitChange:
    """The end of an old unit; of one without a history it is held what it was, so that it can stand again."""
    changed: dict[str, object] = {"exists": False} | ({} if held[unit.id] else {"occupancy": unit.occupancy})
    return UnitChange(unit.id, changed, terms.on, seen.get(unit.id), unit.reported_on)


def _refuse_later_word(session: Session, old: Sequence[Unit], on: date) -> None:
    """What is held of a later day would begin the unit again."""
    for unit in old:
        state = state_on(session, unit.id, on)
        if state is not None and state.valid.upper is not None:
            allowed = f"{state.valid.upper} or later, since something is held of {unit.label} from that day on"
            raise BadParameterError("on", str(on), allowed)
        if state is not None and not state.exists:
            raise EditConflictError(f"Unit {unit.label} has been split or merged already; look at the building again.")


def _areas(old: Sequence[Unit], parts: Sequence[Part], reason: str | None) -> tuple[Decimal | None, Decimal]:
    for part in parts:
        if not Decimal("0.01") <= part.area_m2 <= Decimal("9999999999.99"):
            raise BadParameterError("area_m2", str(part.area_m2), "an area of 0.01 m² or more")
        if part.occupancy is not None and part.occupancy not in OCCUPANCIES:
            raise BadParameterError("occupancy", part.occupancy, ", ".join(OCCUPANCIES))
    after = sum((part.area_m2 for part in parts), Decimal(0))
    known = [unit.area_m2 for unit in old if unit.area_m2 is not None]
    before = sum(known, Decimal(0)) if len(known) == len(old) else None
    if before is not None and abs(before - after) > _SLACK_M2 and not (reason or "").strip():
        raise AreasDifferError(before, after)
    return before, after


def _new_units(session: Session, old: Sequence[Unit], parts: Sequence[Part], on: date, by: Author) -> list[Unit]:
    floor_id, top_floor_id = floors_spanned(session, old)
    first = old[0]
    new = [
        Unit(
            building_id=first.building_id,
            floor_id=floor_id,
            top_floor_id=top_floor_id,
            label=part.label,
            use=first.use,
            area_m2=part.area_m2,
            area_basis=first.area_basis,
            valid=Range(on, None, "[)"),
            source_id=by.source_id,
            publishable=all(unit.publishable for unit in old),
        )
        for part in parts
    ]
    session.add_all(new)
    session.flush()
    return new


def _beginnings(
    old: Sequence[Unit], held: Mapping[int, UnitState | None], new: Sequence[Unit], parts: Sequence[Part], on: date
) -> list[UnitChange]:
    """What holds of the new units from the day on: what was said of each, else what all old ones agree on."""
    alike: dict[str, Any] = {}
    for name in _INHERITED:
        values = {getattr(held[unit.id], name) if held[unit.id] else None for unit in old}
        alike[name] = values.pop() if len(values) == 1 else None
    occupancy = alike["occupancy"] or ("unknown" if any(held.values()) else _present(old))
    reported_on = min((unit.reported_on for unit in old if unit.reported_on), default=None)
    changes = []
    for unit, part in zip(new, parts, strict=True):
        changed: dict[str, object] = {"occupancy": part.occupancy or occupancy}
        if changed["occupancy"] == alike["occupancy"]:
            changed |= {name: alike[name] for name in ("contract", "tenant_id") if alike[name] is not None}
        changes.append(UnitChange(unit.id, changed, on, None, reported_on))
    return changes


def _present(old: Sequence[Unit]) -> str:
    """The occupancy that rows without a history agree on."""
    said = {unit.occupancy for unit in old}
    return said.pop() if len(said) == 1 else "unknown"


def _details(
    old: Sequence[Unit], new: Sequence[Unit], states: Sequence[UnitState], moved: Sequence[Moved]
) -> dict[str, Any]:
    return {
        "before": [{"id": unit.id, "label": unit.label} for unit in old],
        "after": [{"id": unit.id, "label": unit.label} for unit in new],
        "states": {str(state.unit_id): state.id for state in states},
        "moved": [each.as_json() for each in moved],
    }
