"""Lists the units of a building for the desk and makes what the forms about them say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from psycopg.types.range import Range
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.editing.fields import apply
from geo.editing.reshaping import Part
from geo.editing.standing import check_labels, offers_ahead
from geo.errors import BadParameterError, NotFoundError
from geo.field_edits import Correction, note_corrections
from geo.history import Author, PresentState, UnitChange, change_units
from geo.model import Building, Floor, Offer, Unit, UnitReshape
from webmap.editing.unit_forms import ReshapeForm, Sent, read_day, read_label, unit_values, units_of
from webmap.people import names_of


@dataclass(frozen=True, slots=True)
class UnitList:
    """The units of a building by floor, how many and how large, its reshapes, and the names of who made them."""

    floors: list[tuple[str, list[PresentState]]]
    count: int
    area_m2: object
    reshapes: Sequence[UnitReshape]
    people: Mapping[int | None, str]


def listed(session: Session, building: Building, today: date) -> UnitList:
    """The units that stand today and the acts that made them."""
    states = units_of(session, building, today)
    floors = [(label or "", list(each)) for label, each in groupby(states, key=lambda state: state.floor_label)]
    chosen = select(UnitReshape).where(UnitReshape.building_id == building.id).order_by(UnitReshape.id.desc())
    acts = session.scalars(chosen.limit(50)).all()
    names = names_of(session, [each for act in acts for each in (act.user_id, act.undone_by)])
    return UnitList(floors, len(states), sum(state.area_m2 or 0 for state in states), acts, names)


def add(session: Session, building: Building, sent: Sent, by: Author, today: date) -> Unit:
    """Add the unit that a form describes; raises BadParameterError."""
    label, on = read_label(sent), read_day(sent.get("on", ""))
    values = unit_values(sent)
    check_labels(session, building.id, [label], on, [])
    floor = _floor(session, building, sent.get("floor", ""))
    unit = Unit(building_id=building.id, floor_id=floor, label=label, valid=Range(on, None, "[)"))
    unit.source_id, unit.publishable, building.managed = by.source_id, building.publishable, True
    session.add(unit)
    session.flush()
    change_units(session, [UnitChange(unit.id, values, on)], by=by, today=today)
    return unit


def correct(session: Session, state: PresentState, sent: Sent, by: Author, today: date) -> None:
    """Make of a unit what a form says, or let it end.

    Raises
    ------
    BadParameterError, EditConflictError
        Something that the form says cannot be; somebody else has changed the unit since it was opened.
    """
    on, seen = read_day(sent.get("on", "")), _version(sent.get("version", ""))
    unit = session.get_one(Unit, state.unit_id, with_for_update=True)
    if sent.get("act") == "end":
        change_units(session, [UnitChange(unit.id, {"exists": False}, on, seen)], by=by, today=today)
        note_corrections(session, [Correction("units", unit.id, "exists", True, False)], by.user_id)
        return
    label = read_label(sent)
    if label != unit.label:
        check_labels(session, unit.building_id, [label], on, [unit.id])
    floor = _floor(session, session.get_one(Building, unit.building_id), sent.get("floor", ""))
    said = unit_values(sent)
    changed = {name: value for name, value in said.items() if value != getattr(state, name)}
    apply(session, unit, {"label": label, "floor_id": floor}, by=by.user_id, reason=sent.get("reason") or None)
    if changed:
        change_units(session, [UnitChange(unit.id, changed, on, seen)], by=by, today=today)


def only_part(form: ReshapeForm) -> Part:
    """The one unit that a merger makes; raises BadParameterError."""
    parts = form.parts()
    if len(parts) != 1:
        raise BadParameterError("label", "", "one label")
    return parts[0]


def offers_of(session: Session, unit_ids: Sequence[int], today: date) -> Sequence[Offer]:
    """The offers that promise units today or later."""
    found: Sequence[Offer] = offers_ahead(session, unit_ids, today)
    return found


def act_of(session: Session, building: Building, code: str) -> str:
    """The code of a split or merger of the building; raises NotFoundError."""
    chosen = select(UnitReshape.code).where(UnitReshape.code == code, UnitReshape.building_id == building.id)
    if session.scalar(chosen) is None:
        raise NotFoundError("There is no such split or merger in this building.")
    return code


def _floor(session: Session, building: Building, text: str) -> int | None:
    if not text:
        return None
    if text.isascii() and text.isdecimal() and len(text) < 19:
        found = session.get(Floor, int(text))
        if found is not None and found.building_id == building.id:
            return found.id
    raise BadParameterError("floor", text[:20], "a floor of the building")


def _version(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
