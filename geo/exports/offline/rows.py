"""The rows that a carried map is made of: its buildings with their units and plans, and the city around them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from geo.conditions import envelope, named, shown, standing
from geo.errors import NotFoundError, TooMuchError
from geo.exports.offline.asking import Asking
from geo.filters import MARKET, to_query
from geo.model import Amenity, Area, Building, Floor, GroundFeature, Section, Source, TransitLine, Unit
from geo.search import Asked, matching_buildings, matching_units

MOST_AROUND = 20_000
MOST_GROUND = 4000

Rows = Sequence[Any]
Box = tuple[float, float, float, float]


def buildings_of(session: Session, asking: Asking) -> tuple[Rows, int]:
    """The buildings that are asked for, and how many more there are than one file carries.

    Raises
    ------
    NotFoundError
        There is none.
    TooMuchError
        There are more than one file carries, and no place is named to be near.
    """
    columns = (Building.id, Building.code, Building.name, Building.name_en, Building.address, Building.search_text)
    facts = (Building.status, Building.grade, Building.grade_scheme, Building.completed_year, Building.source_id)
    sizes = (Building.height_m, Building.floors_above, Building.leasable_area_m2, Building.property_fee_cny_m2_month)
    wanted = _wanted(asking)
    chosen = select(*columns, *facts, *sizes, Building.geom).where(*wanted).limit(asking.most + 1)
    rows = session.execute(chosen.order_by(*_nearest(asking), Building.id)).all()
    if not rows:
        raise NotFoundError(f"No listed building matches {to_query(asking.filters) or 'this'}; relax the filter.")
    if len(rows) <= asking.most:
        return rows, 0
    if asking.near is None:
        raise TooMuchError(
            f"This file carries {asking.most:,} listed buildings at most; name an area or narrow the filter."
        )
    return rows[:-1], (session.scalar(select(func.count(Building.id)).where(*wanted)) or 0) - asking.most


def _wanted(asking: Asking) -> list[ColumnElement[bool]]:
    """What a building has to be: matching, and listed or among those that are named."""
    matching = matching_buildings(asking.filters, Asked(asking.today, stale_before=asking.stale_before))
    chosen = Building.code.in_(asking.codes) if asking.codes else or_(Building.managed, Building.name.is_not(None))
    return [*matching, *shown(Building, staff=False), chosen]


def _nearest(asking: Asking) -> list[Any]:
    if asking.near is None:
        return []
    return [Building.geom.op("<->")(func.ST_SetSRID(func.ST_MakePoint(*asking.near), 4326))]


def units_of(session: Session, asking: Asking, found: Rows) -> dict[int, list[Any]]:
    """Building id → its units in the order of their labels."""
    columns = (Unit.id, Unit.code, Unit.building_id, Unit.floor_id, Unit.top_floor_id, Unit.label, Unit.area_m2)
    offer = (Unit.rent_amount, Unit.rent_unit, Unit.rent_cny_m2_day, Unit.fitout, Unit.available_on, Unit.min_area_m2)
    chosen = select(*columns, Unit.public_status.label("status"), *offer, Unit.reported_on, Unit.verified_on)
    chosen = chosen.where(Unit.building_id == func.any([row.id for row in found]), *standing(asking.today))
    return _grouped(session.execute(chosen.order_by(Unit.label, Unit.id)).all())


def fitting(session: Session, asking: Asking, units: Iterable[Any]) -> frozenset[int]:
    """The ids of those units that the filters ask for, however old the last word on them is.

    Without a word about units these are the ones on the market; else what matches, of the states that are asked for.
    """
    states = asking.filters.occupancy or MARKET
    there = {unit.id for unit in units if unit.status in states}
    if not asking.filters.asks_of_units:
        return frozenset(there)
    return frozenset(there & set(session.scalars(matching_units(asking.filters, Asked(asking.today)))))


def floors_of(session: Session, ids: Sequence[int]) -> dict[int, list[Any]]:
    """Building id → its storeys from the top."""
    columns = (Floor.id, Floor.building_id, Floor.section_id, Floor.position, Floor.label, Floor.use, Floor.area_m2)
    chosen = select(*columns).where(Floor.building_id == func.any(list(ids)))
    return _grouped(session.execute(chosen.order_by(Floor.position.desc())).all())


def sections_of(session: Session, ids: Sequence[int]) -> dict[int, list[Any]]:
    """Building id → its towers, podiums and basements."""
    columns = (Section.id, Section.building_id, Section.kind, Section.name)
    mine = (Section.building_id == func.any(list(ids)), *named(Source, staff=False))
    return _grouped(session.execute(select(*columns).join(Source).where(*mine).order_by(Section.id)).all())


def within(session: Session, ids: Sequence[int]) -> dict[int, list[str]]:
    """Building id → codes of the areas it stands in."""
    of: dict[int, list[str]] = defaultdict(list)
    for building, code in session.execute(_standing_in(ids, Building.id, Area.code)):
        of[building].append(code)
    return of


def areas_of(session: Session, ids: Sequence[int]) -> Rows:
    """The areas that any of the buildings stand in."""
    inner = _standing_in(ids, Area.id).distinct().subquery()
    chosen = select(Area.code, Area.name, Area.name_en, Area.level).where(Area.id.in_(select(inner.c[0])))
    return session.execute(chosen.order_by(Area.name, Area.id)).all()


def _standing_in(ids: Sequence[int], *columns: Any) -> Any:
    inside = Area.geom.op("&&")(Building.geom) & func.ST_Covers(Area.geom, func.ST_PointOnSurface(Building.geom))
    chosen = select(*columns).select_from(Building).join(Area, inside)
    return chosen.where(Building.id == func.any(list(ids)), *shown(Area, staff=False))


def others(session: Session, box: Box, ids: Sequence[int]) -> Rows:
    """All other buildings in the box with their heights, the largest where there are too many."""
    height = func.coalesce(Building.height_m, Building.floors_above * 3.3)
    chosen = select(height.label("height"), Building.geom).where(
        *_seen(Building, box), Building.id != func.all(list(ids))
    )
    largest = func.ST_Area(Building.ring).desc()
    return session.execute(chosen.order_by(largest, Building.id).limit(MOST_AROUND)).all()


def ground(session: Session, box: Box) -> Rows:
    """Waters, greens, squares, streets and tracks in the box."""
    drawn = GroundFeature.road_class.is_distinct_from("footway") & (GroundFeature.kind != "barrier")
    columns = (GroundFeature.kind, GroundFeature.road_class, GroundFeature.name, GroundFeature.name_en)
    chosen = select(*columns, GroundFeature.geom).where(*_seen(GroundFeature, box), drawn)
    return session.execute(chosen.order_by(GroundFeature.rank, GroundFeature.id).limit(MOST_GROUND)).all()


def lines(session: Session, box: Box) -> Rows:
    """Transit lines in the box."""
    columns = (TransitLine.name, TransitLine.name_en, TransitLine.colour, TransitLine.geom)
    return session.execute(select(*columns).where(*_seen(TransitLine, box))).all()


def stops(session: Session, box: Box) -> Rows:
    """Stations in the box."""
    wanted = Amenity.category.in_(("metro", "rail")) & Amenity.open
    chosen = select(Amenity.name, Amenity.name_en, Amenity.geom).where(*_seen(Amenity, box), wanted)
    return session.execute(chosen.order_by(Amenity.id)).all()


def _seen(table: Any, box: Box) -> list[ColumnElement[bool]]:
    return [table.geom.op("&&")(envelope(box)), *shown(table, staff=False)]


def _grouped(rows: Iterable[Any]) -> dict[int, list[Any]]:
    of: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        of[row.building_id].append(row)
    return of
