"""The rows that a shortlist is made of: one query for each table, however many units there are.

Only what visitors may see; columns are named one by one (`webmap/buildings/rows.py` says why).
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.conditions import named, seen, shown, standing
from geo.model import Amenity, AmenityDistance, Building, Floor, Section, Source, Unit

Rows = Sequence[Any]

_UNITS = (
    *(Unit.id, Unit.code, Unit.building_id, Unit.floor_id, Unit.top_floor_id, Unit.label, Unit.use, Unit.area_m2),
    *(Unit.area_basis, Unit.min_area_m2, Unit.public_status.label("status"), Unit.rent_amount, Unit.rent_unit),
    *(Unit.rent_cny_m2_day, Unit.fitout, Unit.available_on, Unit.reported_on, Unit.recorded_at, Unit.verified_on),
    *(Unit.state_source_id, Unit.source_id),
)
_BUILDINGS = (
    *(Building.id, Building.code, Building.name, Building.name_en, Building.address, Building.address_en),
    *(Building.grade, Building.grade_scheme, Building.star, Building.floors_above, Building.completed_year),
    *(Building.property_fee_cny_m2_month, Building.gross_area_m2, Building.leasable_area_m2),
    *(Building.typical_floor_area_m2, Building.lifts, Building.parking_spaces, Building.source_id),
)
_MARKET = ("vacant", "soon")


def units_with(session: Session, codes: Sequence[str], today: date) -> Rows:
    """Those of the units with these codes that stand today in a building that everybody may see."""
    chosen = select(*_UNITS).join(Building, Building.id == Unit.building_id)
    return session.execute(chosen.where(Unit.code.in_(codes), *standing(today), *shown(Building, False))).all()


def market_of(session: Session, building_ids: Iterable[int], today: date) -> Rows:
    """What is to let in the buildings today, the largest first."""
    chosen = select(*_UNITS).where(Unit.building_id.in_(list(building_ids)), Unit.public_status.in_(_MARKET))
    return session.execute(chosen.where(*standing(today)).order_by(Unit.area_m2.desc().nulls_last(), Unit.id)).all()


def ids_of(session: Session, codes: Iterable[str]) -> dict[str, int]:
    """Code → id of those buildings that everybody may see."""
    chosen = select(Building.code, Building.id).where(Building.code.in_(list(codes)), *shown(Building, False))
    return {row.code: row.id for row in session.execute(chosen)}


def buildings_with(session: Session, ids: Iterable[int]) -> Rows:
    """Buildings with a point on them (`lon`, `lat`)."""
    place = func.ST_PointOnSurface(Building.geom)
    chosen = select(*_BUILDINGS, func.ST_X(place).label("lon"), func.ST_Y(place).label("lat"))
    return session.execute(chosen.where(Building.id.in_(list(ids)), *shown(Building, False))).all()


def floors_of(session: Session, building_ids: Iterable[int]) -> Rows:
    """All storeys of the buildings, from the top."""
    columns = (Floor.id, Floor.building_id, Floor.section_id, Floor.position, Floor.label, Floor.use, Floor.area_m2)
    chosen = select(*columns).where(Floor.building_id.in_(list(building_ids)))
    return session.execute(chosen.order_by(Floor.position.desc())).all()


def rooms_of(session: Session, building_ids: Iterable[int], today: date) -> Rows:
    """What a stacking plan needs of all units that stand in the buildings."""
    columns = (Unit.id, Unit.building_id, Unit.floor_id, Unit.top_floor_id, Unit.label, Unit.area_m2)
    chosen = select(*columns, Unit.public_status.label("status")).where(Unit.building_id.in_(list(building_ids)))
    return session.execute(chosen.where(*standing(today)).order_by(Unit.label, Unit.id)).all()


def sections_of(session: Session, building_ids: Iterable[int]) -> Rows:
    """Towers, podiums and basements of the buildings."""
    columns = (Section.id, Section.building_id, Section.kind, Section.name)
    chosen = select(*columns).join(Source).where(Section.building_id.in_(list(building_ids)), *named(Source, False))
    return session.execute(chosen.order_by(Section.id)).all()


def amenities_near(session: Session, building_ids: Iterable[int]) -> Rows:
    """The nearest amenity of each category around each building with its metres, the nearest first."""
    columns = (AmenityDistance.building_id, AmenityDistance.category, AmenityDistance.metres, AmenityDistance.method)
    chosen = select(*columns, Amenity.name, Amenity.name_en, Amenity.source_id).join(Amenity)
    mine = AmenityDistance.building_id.in_(list(building_ids))
    return session.execute(chosen.where(mine, Amenity.open, *shown(Amenity, False)).order_by(columns[2])).all()


def sources_with(session: Session, ids: Iterable[int | None]) -> dict[int, Source]:
    """The sources with these ids that may be named."""
    wanted = {ident for ident in ids if ident is not None}
    chosen = select(Source).where(Source.id.in_(wanted), *named(Source, False)).options(seen(Source, False))
    return {source.id: source for source in session.scalars(chosen.order_by(Source.id))}
