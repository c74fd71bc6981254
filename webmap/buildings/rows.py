"""The rows that the pages of buildings, units and areas are made of: one query each, only what may be shown.

Columns are named one by one, since visitors' pages read through a login that cannot see the others.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Date, case, cast, false, func, literal, or_, select
from sqlalchemy.orm import Session, load_only

from geo.disclosure import public_fields
from geo.model import (
    Amenity,
    AmenityDistance,
    Area,
    Building,
    BuildingFact,
    Complex,
    ComplexBuilding,
    Enterprise,
    Floor,
    Offer,
    Party,
    PartyRole,
    Section,
    Source,
    Tenancy,
    Unit,
)
from geo.search import named, shown, standing

Rows = Sequence[Any]

UNIT_COLUMNS = (
    Unit.id,
    Unit.code,
    Unit.building_id,
    Unit.floor_id,
    Unit.top_floor_id,
    Unit.label,
    Unit.use,
    Unit.area_m2,
    Unit.area_basis,
    Unit.public_status.label("status"),
    Unit.offer_id,
    Unit.rent_amount,
    Unit.rent_unit,
    Unit.rent_cny_m2_day,
    Unit.fitout,
    Unit.available_on,
    Unit.min_area_m2,
    Unit.reported_on,
    Unit.recorded_at,
    Unit.verified_on,
    Unit.state_source_id,
    Unit.source_id,
)


def building_row(session: Session, code: str, staff: bool) -> Any:
    """The building of a code with a point on it (`lon`, `lat`), or nothing when it may not be shown."""
    place = func.ST_PointOnSurface(Building.geom)
    chosen = select(Building, func.ST_X(place).label("lon"), func.ST_Y(place).label("lat")).options(_public(Building))
    return session.execute(chosen.where(Building.code == code, *shown(Building, staff))).one_or_none()


def complexes_of(session: Session, building_id: int, staff: bool) -> Rows:
    """Name and English name of the complexes that the building belongs to."""
    member = ComplexBuilding.building_id == building_id
    chosen = select(Complex.code, Complex.name, Complex.name_en).join(ComplexBuilding).where(member)
    return session.execute(chosen.where(*([] if staff else [Complex.publishable])).order_by(Complex.name)).all()


def areas_around(session: Session, building_id: int, staff: bool) -> Rows:
    """Areas that hold the building, the largest first."""
    chosen = select(Area.code, Area.level, Area.name, Area.name_en).join(
        Building, func.ST_Covers(Area.geom, func.ST_PointOnSurface(Building.geom)) & Area.geom.op("&&")(Building.geom)
    )
    by_size = func.ST_Area(Area.geom).desc()
    return session.execute(chosen.where(Building.id == building_id, *shown(Area, staff)).order_by(by_size)).all()


def sections_of(session: Session, building_id: int, staff: bool) -> Rows:
    """Towers, podium and basement of the building."""
    columns = (Section.id, Section.kind, Section.name, Section.base_height_m, Section.height_m)
    mine = (Section.building_id == building_id, *named(Source, staff))
    return session.execute(select(*columns).join(Source).where(*mine).order_by(Section.id)).all()


def floors_of(session: Session, building_id: int) -> Rows:
    """All storeys of the building, from the top."""
    columns = (Floor.id, Floor.section_id, Floor.position, Floor.label, Floor.use, Floor.area_m2)
    chosen = select(*columns, Floor.storey_height_m, Floor.clear_height_m, Floor.load_kn_m2)
    return session.execute(chosen.where(Floor.building_id == building_id).order_by(Floor.position.desc())).all()


def units_of(session: Session, building_id: int, today: date) -> Rows:
    """The units that stand in the building today, with their public state."""
    chosen = select(*UNIT_COLUMNS).where(Unit.building_id == building_id, *standing(today))
    return session.execute(chosen.order_by(Unit.label, Unit.id)).all()


def unit_row(session: Session, code: str, today: date, staff: bool) -> Any:
    """The unit of a code and the code of its building, or nothing when either may not be shown."""
    chosen = (
        select(*UNIT_COLUMNS, Building.code.label("building_code"))
        .select_from(Unit)
        .join(Building, Building.id == Unit.building_id)
    )
    chosen = chosen.where(Unit.code == code, *standing(today, staff), *shown(Building, staff))
    return session.execute(chosen).one_or_none()


def similar_units(session: Session, unit: Any, today: date, limit: int = 6) -> Rows:
    """Units on the market within 1.5 km whose size (or divisible range) is near, the most alike first."""
    here = select(Building.geom).where(Building.id == unit.building_id).scalar_subquery()
    area = float(unit.area_m2)
    unlike = func.abs(func.ln(Unit.area_m2 / area))
    chosen = (
        select(*UNIT_COLUMNS, Building.name, Building.name_en, Building.code.label("building_code"))
        .add_columns(Building.grade, Floor.label.label("floor_label"))
        .select_from(Unit)
        .join(Building, Building.id == Unit.building_id)
        .outerjoin(Floor, Floor.id == Unit.floor_id)
        .where(*shown(Building, False), *standing(today), Unit.id != unit.id)
        .where(Unit.public_status.in_(("vacant", "soon")), Unit.area_m2 < area * 2)
        .where(or_(Unit.area_m2 > area / 2, Unit.min_area_m2 <= area))
        .where(Building.geom.op("&&")(func.ST_Expand(here, 0.015)))
    )
    return session.execute(chosen.order_by(unlike, Unit.building_id == unit.building_id, Unit.id).limit(limit)).all()


def offers_of(session: Session, building_id: int, today: date, staff: bool) -> Rows:
    """Offers that their owners have published and that stand today."""
    columns = (Offer.id, Offer.kind, Offer.tax_included, Offer.property_fee_included, Offer.rent_free_months)
    columns += (Offer.rent_free_with_fee, Offer.restoration_cny_m2, Offer.escalation_pct, Offer.deposit_months)
    chosen = select(*columns, Offer.contact_id, Offer.rent_unit)
    live = (Offer.published_at.is_not(None), Offer.withdrawn_at.is_(None), func.upper_inf(Offer.known))
    on_day = Offer.valid.op("@>")(cast(literal(today), Date))
    mine = (Offer.building_id == building_id, on_day, *live, *named(Source, staff))
    return session.execute(chosen.join(Source).where(*mine)).all()


def contacts_of(session: Session, building_id: int, today: date, staff: bool) -> Rows:
    """Parties around the building that have agreed to be called, by role."""
    columns = (Party.id, Party.kind, Party.name, Party.name_en, Party.business_phone, Party.business_email)
    chosen = select(*columns, PartyRole.role).join(PartyRole).join(Source, Source.id == Party.source_id)
    on_day = PartyRole.valid.op("@>")(cast(literal(today), Date))
    mine = (PartyRole.building_id == building_id, Party.contact_consent, on_day, *named(Source, staff))
    return session.execute(chosen.where(*mine).order_by(PartyRole.id)).all()


def facts_of(session: Session, building_id: int, staff: bool) -> Rows:
    """Conditions of the building (lifts, air conditioning, parking…), the newest of each first."""
    columns = (BuildingFact.fact, BuildingFact.value, BuildingFact.unit, BuildingFact.scheme, BuildingFact.dated_on)
    chosen = select(*columns, BuildingFact.source_id).where(BuildingFact.building_id == building_id)
    newest = BuildingFact.dated_on.desc().nulls_last()
    return session.execute(
        chosen.where(*([] if staff else [BuildingFact.publishable])).order_by(BuildingFact.fact, newest)
    ).all()


def amenities_near(session: Session, building_id: int, staff: bool) -> Rows:
    """The nearest amenity of each category with its metres and how they were measured, the nearest first."""
    columns = (AmenityDistance.category, AmenityDistance.metres, AmenityDistance.method, AmenityDistance.computed_at)
    chosen = select(*columns, Amenity.name, Amenity.name_en, Amenity.source_id).join(Amenity)
    mine = AmenityDistance.building_id == building_id
    return session.execute(chosen.where(mine, Amenity.open, *shown(Amenity, staff)).order_by(columns[1])).all()


def amenities_inside(session: Session, building_id: int, staff: bool) -> Rows:
    """Amenities that lie within the building's outline, with their hours where known."""
    columns = (Amenity.category, Amenity.name, Amenity.name_en, Amenity.opening_hours, Amenity.source_id)
    within = Building.geom.op("&&")(Amenity.geom) & func.ST_Covers(Building.geom, Amenity.geom)
    chosen = select(*columns).join(Building, within).where(Building.id == building_id, Amenity.open)
    return session.execute(chosen.where(*shown(Amenity, staff)).order_by(Amenity.category, Amenity.id)).all()


def enterprises_in(session: Session, building_id: int, today: date, staff: bool) -> Rows:
    """Enterprises that operate in the building today, by name; of individual traders no name is read."""
    withheld = false() if staff else Enterprise.is_individual
    name = case((withheld, None), else_=Enterprise.name)
    columns = (
        Enterprise.id,
        name.label("name"),
        case((withheld, None), else_=Enterprise.name_en).label("name_en"),
        Enterprise.industry_group,
    )
    chosen = select(*columns, Enterprise.is_individual, Enterprise.is_headquarters, Enterprise.source_id).join(Tenancy)
    chosen = chosen.join(Source, Source.id == Tenancy.source_id).where(*named(Source, staff))
    now = (Tenancy.valid.op("@>")(cast(literal(today), Date)), func.upper_inf(Tenancy.known))
    mine = (Tenancy.building_id == building_id, *now, *shown(Enterprise, staff))
    return session.execute(chosen.where(*mine).distinct().order_by("name")).all()


def consented_rooms(session: Session, building_id: int, today: date) -> dict[int, Any]:
    """Unit → the enterprise in it, where it has agreed that its room is known."""
    columns = (Tenancy.unit_id, Enterprise.name, Enterprise.name_en, Enterprise.industry_group)
    chosen = select(*columns).join(Enterprise)
    now = (Tenancy.valid.op("@>")(cast(literal(today), Date)), func.upper_inf(Tenancy.known))
    agreed = (Tenancy.room_public, ~Enterprise.is_individual, Tenancy.unit_id.is_not(None), *shown(Enterprise, False))
    chosen = chosen.join(Source, Source.id == Tenancy.source_id).where(*named(Source, False))
    rows = session.execute(chosen.where(Tenancy.building_id == building_id, *now, *agreed)).all()
    return {row.unit_id: row for row in rows}


def sources_of(session: Session, ids: Iterable[int | None], staff: bool) -> dict[int, Source]:
    """The sources with these ids that may be named."""
    wanted = {ident for ident in ids if ident is not None}
    chosen = (
        select(Source).where(Source.id.in_(wanted), *([] if staff else [Source.publishable])).options(_public(Source))
    )
    return {source.id: source for source in session.scalars(chosen.order_by(Source.id))}


def area_row(session: Session, code: str, staff: bool) -> Any:
    """The area of a code with the middle of its box, or nothing when it may not be shown."""
    box = func.ST_Envelope(Area.geom)
    corners = (func.ST_XMin(box), func.ST_YMin(box), func.ST_XMax(box), func.ST_YMax(box))
    chosen = select(Area, *(corner.label(name) for corner, name in zip(corners, "wsen", strict=True))).options(
        _public(Area)
    )
    return session.execute(chosen.where(Area.code == code, *shown(Area, staff))).one_or_none()


def areas_within(session: Session, area_id: int, staff: bool) -> Rows:
    """Areas whose parent this is."""
    columns = (Area.code, Area.level, Area.name, Area.name_en)
    return session.execute(
        select(*columns).where(Area.parent_id == area_id, *shown(Area, staff)).order_by(Area.name)
    ).all()


def buildings_in(session: Session, area_id: int, staff: bool) -> Rows:
    """Managed buildings that stand in the area."""
    columns = (Building.id, Building.code, Building.name, Building.name_en, Building.grade, Building.grade_scheme)
    more = (
        Building.status,
        Building.floors_above,
        Building.completed_year,
        Building.leasable_area_m2,
        Building.source_id,
    )
    # Who is managed comes first: of the past that is looked up row by row, and of a million outlines few are asked for.
    chosen = select(*columns, *more, Building.geom).where(Building.managed, *shown(Building, staff))
    managed = chosen.cte("managed").prefix_with("MATERIALIZED", dialect="postgresql")
    point = func.ST_PointOnSurface(managed.c.geom)
    held = Area.geom.op("&&")(managed.c.geom) & func.ST_Covers(Area.geom, point)
    found = select(*(column for column in managed.c if column.name != "geom")).join(Area, held)
    return session.execute(found.where(Area.id == area_id).order_by(managed.c.id)).all()


def unit_sums(session: Session, building_ids: Iterable[int], today: date) -> Rows:
    """Of each building and public status: units, their area, how many have no area, lowest and highest rent per day."""
    rent = Unit.rent_cny_m2_day
    figures = (func.count(), func.sum(Unit.area_m2), func.count().filter(Unit.area_m2.is_(None)))
    names = ("units", "area_m2", "area_unknown")
    labelled = [figure.label(name) for figure, name in zip(figures, names, strict=True)]
    chosen = select(Unit.building_id, Unit.public_status.label("status"), *labelled, func.min(rent).label("rent_low"))
    chosen = chosen.add_columns(func.max(rent).label("rent_high"), func.min(Unit.reported_on).label("reported_on"))
    mine = Unit.building_id == func.any(list(building_ids))  # a city has more of them than a statement has parameters
    return session.execute(chosen.where(mine, *standing(today)).group_by(Unit.building_id, Unit.public_status)).all()


def _public(table: Any) -> Any:
    """Load only the columns that everybody may see, so that a page cannot show another one by mistake."""
    names = public_fields(table.__tablename__)
    return load_only(*(getattr(table, name) for name in sorted(names)), raiseload=True)
