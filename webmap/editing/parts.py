"""Reads the forms about conditions, parties and complexes, and lists what there is."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.editing import parties
from geo.editing.controls import a_day
from geo.editing.creating import create_complex
from geo.editing.parties import Stretch, find_party
from geo.errors import BadParameterError, NotFoundError
from geo.history import Author
from geo.model import Building, BuildingFact, Complex, Floor, PartyRole, Source, Unit
from geo.taxonomy import building_facts
from webmap.editing.unit_forms import Sent

_PARTY = ("kind", "name", "name_en", "business_phone", "business_email", "contact_consent")


def facts_of(session: Session, building: Building) -> Sequence[Any]:
    """The conditions in the order of the vocabulary, each with the source that states it."""
    order = {each.code: place for place, each in enumerate(building_facts())}
    chosen = select(BuildingFact, Source).join(Source, Source.id == BuildingFact.source_id)
    found = session.execute(chosen.where(BuildingFact.building_id == building.id).order_by(BuildingFact.id)).all()
    return sorted(found, key=lambda row: order.get(row[0].fact, len(order)))


def give_role(session: Session, building: Building, sent: Sent, *, by: Author) -> PartyRole:
    """Let the party that a form describes be something to the building; raises BadParameterError."""
    said = {name: sent.get(name, "") for name in _PARTY} | {"contact_consent": sent.get("contact_consent") or "no"}
    party = find_party(session, said, by=by)
    stretch = Stretch(_day(sent, "first"), _day(sent, "last"))
    return parties.give_role(session, party, sent.get("role", ""), building, stretch, of=sent.get("of", ""), by=by)


def end_role(session: Session, building: Building, sent: Sent, *, by: Author) -> None:
    """Let a role of the building end on a day; raises BadParameterError, NotFoundError."""
    number, last = sent.get("role", ""), _day(sent, "last")
    whole = number.isascii() and number.isdecimal() and len(number) < 19
    role = session.get(PartyRole, int(number)) if whole else None
    if role is None or role.building_id != building.id:
        raise NotFoundError("There is no such role in this building.")
    if last is None:
        raise BadParameterError("last", "", "the last day")
    parties.end_role(session, role, last, by=by)


def place_labels(session: Session, building: Building) -> Mapping[str, str]:
    """What a role of less than the building is of: `f` and the floor's id, or `u` and the unit's, → label."""
    floors = session.execute(select(Floor.id, Floor.label).where(Floor.building_id == building.id))
    units = session.execute(select(Unit.id, Unit.label).where(Unit.building_id == building.id))
    return {f"f{ident}": label for ident, label in floors} | {f"u{ident}": label for ident, label in units}


def join_complex_named(session: Session, building: Building, sent: Sent, *, by: Author) -> None:
    """Let the building belong to the complex a form names, made where there is none; raises BadParameterError."""
    name = " ".join(sent.get("name", "").split())
    found = session.scalars(select(Complex).where(Complex.name == name).order_by(Complex.id).limit(1)).first()
    whole = found or create_complex(session, {"name": name, "name_en": sent.get("name_en", "")}, by=by)
    parties.put_into_complex(session, building, whole, by=by)


def complex_names(session: Session) -> Sequence[str]:
    """Names of complexes to choose from."""
    return session.scalars(select(Complex.name).distinct().order_by(Complex.name).limit(500)).all()


def _day(sent: Sent, name: str) -> date | None:
    day: date | None = a_day(name).value(sent.get(name, ""))
    return day
