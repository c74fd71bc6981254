"""What a change of a unit comes to: which state it replaces, what follows from it, and whether somebody was faster."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from psycopg.types.range import Range
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.errors import BadParameterError, EditConflictError
from geo.history.authors import Author
from geo.history.values import STATE_COLUMNS, USED_BY_TENANTS
from geo.model import Unit, UnitState

_CONTRACT_OF = {"tenant": "let", "fitting_out": "let"}


@dataclass(frozen=True, slots=True)
class UnitChange:
    """What changes of a unit from a day on: `changed` names only that (`geo.history.values`).

    `seen` is the version the writer looked at (`PresentState.version`), None where nobody looked; `reported_on` the day
    it was reported, today where it is not said.
    """

    unit_id: int
    changed: Mapping[str, object]
    on: date
    seen: int | None = None
    reported_on: date | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a change comes to: the state held on its day, the values from then on, and until when they hold."""

    change: UnitChange
    held: UnitState | None
    values: Mapping[str, Any]
    until: date | None

    @property
    def same(self) -> bool:
        """Whether all this is held already."""
        return self.held is not None and all(getattr(self.held, name) == self.values[name] for name in STATE_COLUMNS)

    @property
    def confirms(self) -> bool:
        """Whether it says of a later day what has been held since an earlier one."""
        held = self.held
        return self.same and held is not None and (held.valid.lower is None or held.valid.lower < self.change.on)

    def rows(self, by: Author, known_from: datetime, today: date) -> list[dict[str, Any]]:
        """The rows that come: the stretch before the day as it was held, and the new state."""
        if self.same:
            return []
        on, known = self.change.on, Range(known_from, None, "[)")
        new = {**self.values, "unit_id": self.change.unit_id, "valid": Range(on, self.until, "[)"), "known": known}
        new |= {"source_id": by.source_id, "user_id": by.user_id, "run_id": None}
        new |= {"reported_on": self.change.reported_on or today, "verified_on": None, "verification": None}
        if self.held is None or self.held.valid.lower == on:
            return [new]
        return [copied(self.held) | {"valid": Range(self.held.valid.lower, on, "[)"), "known": known}, new]


def plan_change(session: Session, change: UnitChange, said: Mapping[str, Any], states: Sequence[UnitState]) -> Plan:
    """What a change comes to, given what is held now of the unit; raises as `geo.history.states.change_units`."""
    held = state_on(states, change.on)
    later = [state.valid.lower for state in states if state.valid.lower and state.valid.lower > change.on]
    until = held.valid.upper if held else min(later, default=None)
    before = {name: getattr(held, name) for name in STATE_COLUMNS} if held else _unsaid(session, change.unit_id)
    plan = Plan(change, held, _implied(before, said), until)
    if change.seen is not None and not plan.same:
        _refuse_conflict(session, change, states)
    return plan


def _implied(before: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a state after a change, with what a new occupancy or area implies."""
    after = {**before, **said}
    if after["occupancy"] != before["occupancy"]:
        implied: dict[str, Any] = {"contract": _CONTRACT_OF.get(after["occupancy"], "none")}
        if after["occupancy"] not in USED_BY_TENANTS:
            implied |= {"tenant_id": None, "rent_amount": None, "rent_unit": None}
        after |= implied | dict(said)
    if after["area_m2"] != before["area_m2"]:
        after["area_source"] = said.get("area_source")
    if after["rent_amount"] is not None and after["rent_unit"] is None:
        raise BadParameterError("rent_unit", "None", "the unit in which the rent is quoted")
    if after["tenant_id"] is not None and after["occupancy"] in ("own_use", "unknown"):
        allowed = f"no tenant while the unit is {after['occupancy']}"
        raise BadParameterError("tenant_id", str(after["tenant_id"]), allowed)
    return after


def _refuse_conflict(session: Session, change: UnitChange, states: Sequence[UnitState]) -> None:
    """Refuse a change whose writer looked at something that is held no longer."""
    if any(state.id == change.seen for state in states) or (change.seen == 0 and not states):
        return
    seen = session.get(UnitState, change.seen) if change.seen else None
    label = session.scalars(select(Unit.label).where(Unit.id == change.unit_id)).one()
    held = state_on(states, change.on) or (states[-1] if states else None)
    raise EditConflictError(
        f"Unit {label} has been changed by somebody else since you looked at it; look at both and say it again.",
        seen=seen if seen and seen.unit_id == change.unit_id else None,
        held=held,
    )


def _unsaid(session: Session, unit_id: int) -> dict[str, Any]:
    """What a unit is where no state says anything of the day: what its row says, in no known use."""
    unit = session.get_one(Unit, unit_id)
    nothing: dict[str, Any] = dict.fromkeys(STATE_COLUMNS)
    return nothing | {
        "exists": True,
        "occupancy": "unknown",
        "contract": "none",
        "area_m2": unit.area_m2,
        "area_basis": unit.area_basis,
        "use": unit.use,
    }


def state_on(states: Sequence[UnitState], on: date) -> UnitState | None:
    """The state of a day among those of one unit."""
    return next((state for state in states if on in state.valid), None)


def copied(state: UnitState) -> dict[str, Any]:
    """The columns of a state, for a row of its own."""
    return {column.name: getattr(state, column.name) for column in UnitState.__table__.c if column.name != "id"}
