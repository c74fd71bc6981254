"""Finds the places that somebody may edit, and what belongs to them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, literal_column, or_, select
from sqlalchemy.orm import Session

from geo.editing.derived import mark_sectioned
from geo.errors import BadParameterError
from geo.field_edits import Correction, note_corrections
from geo.model import Building, Floor, Section
from geo.text import search_terms

SHOWN = 50


def find_buildings(session: Session, within: ColumnElement[bool], words: str) -> Sequence[Any]:
    """The first buildings within reach that are found by words or by their code; without words those with units."""
    chosen = select(Building).where(within, Building.withdrawn_at.is_(None))
    if words.strip():
        terms = [Building.search_text.contains(term, autoescape=True) for term in search_terms(words)]
        chosen = chosen.where(or_(Building.code == words.strip().lower(), *([_all(terms)] if terms else [])))
    else:
        chosen = chosen.where(Building.managed)
    return session.scalars(chosen.order_by(Building.managed.desc(), Building.name, Building.id).limit(SHOWN)).all()


def _all(terms: list[ColumnElement[bool]]) -> ColumnElement[bool]:
    found = terms[0]
    for term in terms[1:]:
        found &= term
    return found


def sections_of(session: Session, building: Building) -> Sequence[Section]:
    """The sections of a building from the ground up."""
    chosen = select(Section).where(Section.building_id == building.id)
    return session.scalars(chosen.order_by(Section.base_height_m, Section.id)).all()


def middle_of(session: Session, within: ColumnElement[bool]) -> tuple[float, float]:
    """Where a new building may stand: the middle of those that somebody may edit."""
    box = func.ST_Centroid(func.ST_Extent(Building.geom).op("::")(literal_column("geometry")))
    chosen = select(func.ST_X(box), func.ST_Y(box)).where(Building.managed)
    found = session.execute(chosen.where(within)).one()
    return tuple(found) if found[0] is not None else (121.47, 31.23)


def remove_section(session: Session, section: Section, *, by: int) -> None:
    """Take a section away; raises BadParameterError where floors belong to it."""
    if session.scalar(select(Floor.id).where(Floor.section_id == section.id).limit(1)) is not None:
        raise BadParameterError("section", str(section.id), "a section without floors")
    building = session.get_one(Building, section.building_id)
    gone = Correction("buildings", building.id, "sections", section.name or section.kind, None)
    note_corrections(session, [gone], by)
    session.delete(section)
    mark_sectioned(session, building)
