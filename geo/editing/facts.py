"""Conditions of a building that staff state: one of the known kinds, with unit and date, beside what sources say."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from geo.editing.controls_of import control_of
from geo.errors import BadParameterError
from geo.field_edits import Correction, note_corrections
from geo.history import Author
from geo.model import Building, BuildingFact
from geo.taxonomy import building_facts


def state_fact(session: Session, building: Building, kind: str, said: Mapping[str, str], *, by: Author) -> BuildingFact:
    """State a condition of a building; another that a source has stated stays beside it.

    Raises
    ------
    BadParameterError
        There is no such kind of condition, or a text is not taken.
    """
    known = {each.code: each for each in building_facts()}
    if kind not in known:
        raise BadParameterError("fact", kind[:40], ", ".join(known))
    values = {name: control_of("building_facts", name).value(text) for name, text in said.items()}
    if not values.get("value"):
        raise BadParameterError("value", "", "what is so")
    values["unit"] = values.get("unit") or known[kind].unit or None
    fact = BuildingFact(building_id=building.id, fact=kind, source_id=by.source_id, **values)
    session.add(fact)
    session.flush()
    note_corrections(session, [Correction("building_facts", fact.id, "value", None, fact.value)], by.user_id)
    return fact
