"""Brings up to date what follows from fields that people set: what a building is found by, and its ways on foot."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.access import store_distances
from geo.model import Amenity, Base, Building, Section
from geo.text import building_keys

SECTIONED_FROM = 0.7
"""Share of a building that its sections must cover for it to be drawn as them; as with imports."""

_FOUND_BY = frozenset({"name", "name_en", "aliases", "address"})


def refresh_derived(session: Session, row: Base, changed: Collection[str]) -> None:
    """Recompute what follows from changed fields of a row."""
    if isinstance(row, Building):
        if _FOUND_BY.intersection(changed):
            row.search_text = building_keys(row.name, row.name_en, row.aliases, row.address)
        if "geom" in changed or "name" in changed:
            refresh_ways(session, row)
        if "geom" in changed:
            mark_sectioned(session, row)
    if isinstance(row, Section) and "geom" in changed:
        mark_sectioned(session, session.get_one(Building, row.building_id))
    session.flush()


def refresh_ways(session: Session, building: Building) -> None:
    """Measure the ways from a listed building to what is around it again."""
    session.flush()
    if (building.managed or building.name) and session.scalar(select(Amenity.id).limit(1)) is not None:
        store_distances(session, {building.id})


def mark_sectioned(session: Session, building: Building) -> None:
    """Draw a building as its sections when they cover most of it."""
    session.flush()
    covered = session.scalar(
        select(
            Building.geom.ST_Intersection(Section.geom.ST_Union()).ST_Area() >= SECTIONED_FROM * Building.geom.ST_Area()
        )
        .join(Section, Section.building_id == Building.id)
        .where(Building.id == building.id)
        .group_by(Building.id)
    )
    building.sectioned = bool(covered)
    session.flush()
