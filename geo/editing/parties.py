"""Who is what to a building: parties with their roles from a day to another, and complexes that it belongs to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from psycopg.types.range import Range
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from geo.editing.controls_of import control_of
from geo.errors import BadParameterError, NotFoundError
from geo.field_edits import Correction, note_corrections
from geo.history import Author
from geo.model import Building, Complex, ComplexBuilding, Floor, Party, PartyRole, Unit

ROLES = ("owner", "operator", "manager", "agent", "sublessor", "chief", "promotion")


@dataclass(frozen=True, slots=True)
class Stretch:
    """From which day to which; None where it has no beginning or no end."""

    first: date | None
    last: date | None

    def range(self) -> Range[date]:
        """The stretch as a column holds it; raises BadParameterError where it ends before it begins."""
        if self.first and self.last and self.last < self.first:
            raise BadParameterError("last", str(self.last), f"{self.first} or later")
        return Range(self.first, self.last + timedelta(days=1) if self.last else None, "[)")


def find_party(session: Session, said: Mapping[str, str], *, by: Author) -> Party:
    """The party of the name and kind that texts give, made where there is none.

    Raises
    ------
    BadParameterError
        It has no name, or a text is not taken.
    """
    values = {name: control_of("parties", name).value(text) for name, text in said.items()}
    if not values.get("name"):
        raise BadParameterError("name", "", "a name")
    same = select(Party).where(Party.name == values["name"], Party.kind == values["kind"])
    found = session.scalars(same.order_by(Party.id).limit(1)).first()
    if found is not None:
        return found
    party = Party(source_id=by.source_id, **values)
    session.add(party)
    session.flush()
    return party


def give_role(
    session: Session, party: Party, role: str, building: Building, stretch: Stretch, *, of: str = "", by: Author
) -> PartyRole:
    """Let a party be something to a building, or to a floor (`f` and its id) or unit (its code) of it.

    Raises
    ------
    BadParameterError
        There is no such role, floor or unit; or the party is the same to it already in that time.
    """
    if role not in ROLES:
        raise BadParameterError("role", role, ", ".join(ROLES))
    place, valid = _place(session, building, of), stretch.range()
    same = (PartyRole.party_id == party.id, PartyRole.role == role, PartyRole.building_id == building.id)
    here = [getattr(PartyRole, name).is_not_distinct_from(value) for name, value in place.items()]
    if session.scalar(select(PartyRole.id).where(*same, *here, PartyRole.valid.op("&&")(valid)).limit(1)):
        raise BadParameterError("role", role, "a role that the party does not have in that time")
    given = PartyRole(party_id=party.id, role=role, building_id=building.id, valid=valid, **place)
    session.add(given)
    session.flush()
    _note(session, building, by, None, f"{party.name} {role} {valid.lower or ''}–{stretch.last or ''}")
    return given


def end_role(session: Session, role: PartyRole, last: date, *, by: Author) -> None:
    """Let a role end on a day; one that had not begun by then never was.

    Raises
    ------
    NotFoundError
        It has ended before.
    """
    valid = role.valid
    if valid.upper is not None and valid.upper <= last:
        raise NotFoundError("The role has ended already.")
    building, party = session.get_one(Building, role.building_id), session.get_one(Party, role.party_id)
    _note(session, building, by, f"{party.name} {role.role} –{_last(valid) or ''}", f"–{last}")
    if valid.lower is not None and valid.lower > last:
        session.delete(role)
    else:
        role.valid = Range(valid.lower, last + timedelta(days=1), "[)")
    session.flush()


def roles_of(session: Session, building: Building) -> Sequence[tuple[PartyRole, Party]]:
    """Who is or was what to a building, those of today first."""
    chosen = select(PartyRole, Party).join(Party, Party.id == PartyRole.party_id)
    chosen = chosen.where(PartyRole.building_id == building.id)
    newest = func.coalesce(func.upper(PartyRole.valid), date.max).desc()
    return [(role, party) for role, party in session.execute(chosen.order_by(newest, PartyRole.role, PartyRole.id))]


def complexes_of(session: Session, building: Building) -> Sequence[Complex]:
    """The complexes that a building belongs to, by name."""
    belongs = select(ComplexBuilding.complex_id).where(ComplexBuilding.building_id == building.id)
    return session.scalars(select(Complex).where(Complex.id.in_(belongs)).order_by(Complex.name, Complex.id)).all()


def put_into_complex(session: Session, building: Building, whole: Complex, *, by: Author) -> None:
    """Let a building belong to a complex."""
    if whole in complexes_of(session, building):
        return
    session.add(ComplexBuilding(complex_id=whole.id, building_id=building.id))
    note_corrections(session, [Correction("buildings", building.id, "complexes", None, whole.name)], by.user_id)


def take_out_of_complex(session: Session, building: Building, whole: Complex, *, by: Author) -> None:
    """Let a building belong to a complex no longer."""
    gone = (ComplexBuilding.complex_id == whole.id, ComplexBuilding.building_id == building.id)
    session.execute(delete(ComplexBuilding).where(*gone))
    note_corrections(session, [Correction("buildings", building.id, "complexes", whole.name, None)], by.user_id)


def _place(session: Session, building: Building, of: str) -> dict[str, Any]:
    if not of:
        return {"floor_id": None, "unit_id": None}
    floors = {f"f{ident}": ident for ident in session.scalars(select(Floor.id).where(Floor.building_id == building.id))}
    if of in floors:
        return {"floor_id": floors[of], "unit_id": None}
    unit_id = session.scalar(select(Unit.id).where(Unit.code == of, Unit.building_id == building.id))
    if unit_id is None:
        raise BadParameterError("of", of[:20], "a floor or unit of the building")
    return {"floor_id": None, "unit_id": unit_id}


def _note(session: Session, building: Building, by: Author, before: str | None, after: str) -> None:
    note_corrections(session, [Correction("buildings", building.id, "parties", before, after)], by.user_id)


def _last(valid: Range[date]) -> date | None:
    return valid.upper - timedelta(days=1) if valid.upper else None
