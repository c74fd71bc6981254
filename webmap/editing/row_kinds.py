"""The things that have a form of their own below a building: floors, sections, facts, parties, complexes."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from geo.errors import NotFoundError
from geo.model import Building, BuildingFact, Complex, ComplexBuilding, Floor, Party, PartyRole, Section
from webmap.editing.forms import Groups
from webmap.errors import NotAllowedError


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of row: its model, the tab it is listed under, the page to go back to, and the fields of its form."""

    name: str
    model: Any
    tab: str
    back: str
    fields: tuple[str, ...]

    def groups(self) -> Groups:
        """The fields as the one group of a form."""
        return (("", self.fields),)


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            *("floors", Floor, "floors", "editing_floors.index"),
            ("label", "use", "area_m2", "storey_height_m", "clear_height_m", "load_kn_m2"),
        ),
        Kind(
            *("sections", Section, "floors", "editing_floors.index"),
            ("kind", "name", "base_height_m", "height_m", "floor_from", "floor_to"),
        ),
        Kind("facts", BuildingFact, "facts", "editing_parts.facts", ("value", "unit", "dated_on", "publishable")),
        Kind(
            *("parties", Party, "parties", "editing_parts.parties"),
            ("kind", "name", "name_en", "business_phone", "business_email", "contact_consent"),
        ),
        Kind("complexes", Complex, "complexes", "editing_parts.complexes", ("name", "name_en", "publishable")),
    )
}


def row_of(session: Session, kind: Kind, building: Building, number: int, within: ColumnElement[bool]) -> Any:
    """The row of a number that belongs to a building.

    Raises
    ------
    NotFoundError
        There is none of this kind there.
    NotAllowedError
        It belongs to other buildings as well, which the person may not edit.
    """
    row = session.get(kind.model, number)
    if row is None or building.id not in _buildings(session, kind, row):
        raise NotFoundError("There is no such thing in this building.")
    others = _buildings(session, kind, row)
    mine = set(session.scalars(select(Building.id).where(within, Building.id.in_(others))))
    if others - mine:
        raise NotAllowedError(gettext("它也属于您无权编辑的其他楼宇，请联系管理员。"))
    return row


def _buildings(session: Session, kind: Kind, row: Any) -> set[int]:
    """The buildings that a row speaks of."""
    if kind.model is Party:
        return set(session.scalars(select(PartyRole.building_id).where(PartyRole.party_id == row.id)))
    if kind.model is Complex:
        belongs = select(ComplexBuilding.building_id).where(ComplexBuilding.complex_id == row.id)
        return set(session.scalars(belongs))
    return {row.building_id}
