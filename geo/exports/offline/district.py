"""Reads the buildings of a search with all their units and plans, and the city around them, for a file to carry."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import shapely
from sqlalchemy import ColumnElement, Row, func, or_, select
from sqlalchemy.orm import Session

from geo.conditions import envelope, named, shown, standing
from geo.errors import NotFoundError, TooMuchError
from geo.exports.about import Origin, origins_of
from geo.filters import MARKET, Filters, to_query
from geo.model import Amenity, Area, Building, Floor, GroundFeature, Section, Source, TransitLine, Unit
from geo.search import Asked, matching_buildings
from geo.stacking import Part, Room, StackingPlan, Storey, stacking_plan
from geo.stamps import is_stale, last_word
from geo.vacancy import Vacancy, vacancy_of

MOST_TOWERS = 3000
"""Listed buildings in one file; a chat takes no larger ones."""

MOST_AROUND = 20_000
MOST_GROUND = 4000
MARGIN_DEGREES = 0.0022
"""Of the city around the outermost buildings, about 200 m."""

Rows = Sequence[Any]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Asking:
    """What the file is to carry: a search, perhaps of named buildings alone, today, by which units are stale.

    `most` listed buildings are carried; a search that finds more is refused.
    """

    filters: Filters
    today: date
    codes: tuple[str, ...] = ()
    stale_before: date | None = None
    most: int = MOST_TOWERS


@dataclass(frozen=True, slots=True)
class Tower:
    """A building with its units, its stacking plan and what they come to."""

    facts: Row[Any]
    shape: Any
    units: Rows
    floors: Mapping[int, Row[Any]]
    plan: StackingPlan
    vacancy: Vacancy
    stale: frozenset[int]
    areas: tuple[str, ...]

    @property
    def market(self) -> list[Row[Any]]:
        """The units that can be taken, but for those that nobody has confirmed for long."""
        return [unit for unit in self.units if unit.status in MARKET and unit.id not in self.stale]

    @property
    def rate(self) -> float | None:
        """Vacant over leasable area; None where no unit is known."""
        return float(self.vacancy.rate) if self.units and self.vacancy.rate is not None else None


@dataclass(frozen=True, slots=True)
class District:
    """Everything that the file draws and tells, in degrees; `around` are the other buildings with their heights."""

    box: Box
    towers: Sequence[Tower]
    around: Sequence[tuple[float, Any]]
    ground: Sequence[tuple[Row[Any], Any]]
    lines: Sequence[tuple[Row[Any], Any]]
    stops: Sequence[tuple[Row[Any], Any]]
    areas: Sequence[Row[Any]]
    origins: Sequence[Origin]


def read_district(session: Session, asking: Asking) -> District:
    """All of it with the session's login, which is that of visitors.

    Raises
    ------
    NotFoundError
        No listed building matches.
    TooMuchError
        More than it may carry do.
    """
    found = _buildings(session, asking)
    ids = [row.id for row in found]
    shapes = {row.id: _shape(row.geom) for row in found}
    box = _around_all(shapes.values())
    areas = _areas(session, ids)
    return District(
        box=box,
        towers=_towers(session, asking, found, shapes, _within(session, ids)),
        around=[(row.height or 9.0, _shape(row.geom)) for row in _others(session, box, ids)],
        ground=_shaped(_ground(session, box), box),
        lines=_shaped(_lines(session, box), box),
        stops=_shaped(_stops(session, box), None),
        areas=areas,
        origins=origins_of(session),
    )


def _buildings(session: Session, asking: Asking) -> Rows:
    named_ones = [Building.code.in_(asking.codes)] if asking.codes else []
    listed = or_(Building.managed, Building.name.is_not(None))
    asked = Asked(asking.today, stale_before=asking.stale_before)
    columns = (Building.id, Building.code, Building.name, Building.name_en, Building.address, Building.search_text)
    facts = (Building.status, Building.grade, Building.grade_scheme, Building.completed_year, Building.source_id)
    sizes = (Building.height_m, Building.floors_above, Building.leasable_area_m2, Building.property_fee_cny_m2_month)
    chosen = select(*columns, *facts, *sizes, Building.geom)
    chosen = chosen.where(*matching_buildings(asking.filters, asked), listed, *named_ones)
    rows = session.execute(chosen.order_by(Building.id).limit(asking.most + 1)).all()
    if not rows:
        raise NotFoundError(f"No listed building matches {to_query(asking.filters) or 'this'}; relax the filter.")
    if len(rows) > asking.most:
        raise TooMuchError(
            f"This file carries {asking.most:,} listed buildings at most; name an area or narrow the filter."
        )
    return rows


def _towers(
    session: Session, asking: Asking, found: Rows, shapes: Mapping[int, Any], within: Mapping[int, list[str]]
) -> list[Tower]:
    ids = [row.id for row in found]
    units, floors, parts = _units(session, ids, asking.today), _floors(session, ids), _sections(session, ids)
    return [
        _tower(row, shapes[row.id], units[row.id], floors[row.id], parts[row.id], within[row.id], asking)
        for row in found
    ]


def _tower(
    facts: Row[Any], shape: Any, units: Rows, floors: Rows, parts: Rows, within: Iterable[str], asking: Asking
) -> Tower:
    old = (
        unit.id
        for unit in units
        if is_stale(unit.status, last_word(unit.reported_on, unit.verified_on), asking.stale_before)
    )
    plan = stacking_plan(
        [Storey(row.id, row.position, row.label, row.section_id, row.use, row.area_m2) for row in floors],
        [Room(row.id, row.floor_id, row.label, row.area_m2, row.status, row.top_floor_id) for row in units],
        [Part(row.id, row.kind, row.name) for row in parts],
    )
    vacancy = vacancy_of([(unit.status, unit.area_m2) for unit in units], facts.leasable_area_m2)
    return Tower(facts, shape, units, {row.id: row for row in floors}, plan, vacancy, frozenset(old), tuple(within))


def _units(session: Session, ids: Sequence[int], today: date) -> dict[int, list[Row[Any]]]:
    columns = (Unit.id, Unit.code, Unit.building_id, Unit.floor_id, Unit.top_floor_id, Unit.label, Unit.area_m2)
    offer = (Unit.rent_amount, Unit.rent_unit, Unit.rent_cny_m2_day, Unit.fitout, Unit.available_on, Unit.min_area_m2)
    chosen = select(*columns, Unit.public_status.label("status"), *offer, Unit.reported_on, Unit.verified_on)
    chosen = chosen.where(Unit.building_id == func.any(list(ids)), *standing(today))
    return _grouped(session.execute(chosen.order_by(Unit.label, Unit.id)).all())


def _floors(session: Session, ids: Sequence[int]) -> dict[int, list[Row[Any]]]:
    columns = (Floor.id, Floor.building_id, Floor.section_id, Floor.position, Floor.label, Floor.use, Floor.area_m2)
    chosen = select(*columns).where(Floor.building_id == func.any(list(ids)))
    return _grouped(session.execute(chosen.order_by(Floor.position.desc())).all())


def _sections(session: Session, ids: Sequence[int]) -> dict[int, list[Row[Any]]]:
    columns = (Section.id, Section.building_id, Section.kind, Section.name)
    mine = (Section.building_id == func.any(list(ids)), *named(Source, staff=False))
    return _grouped(session.execute(select(*columns).join(Source).where(*mine).order_by(Section.id)).all())


def _within(session: Session, ids: Sequence[int]) -> dict[int, list[str]]:
    """Building → codes of the areas it stands in."""
    of: dict[int, list[str]] = defaultdict(list)
    for building, code in session.execute(_standing_in(ids, Building.id, Area.code)):
        of[building].append(code)
    return of


def _areas(session: Session, ids: Sequence[int]) -> Rows:
    """The areas that any of the buildings stand in."""
    inner = _standing_in(ids, Area.id).distinct().subquery()
    chosen = select(Area.code, Area.name, Area.name_en, Area.level).where(Area.id.in_(select(inner.c[0])))
    return session.execute(chosen.order_by(Area.name, Area.id)).all()


def _standing_in(ids: Sequence[int], *columns: Any) -> Any:
    inside = Area.geom.op("&&")(Building.geom) & func.ST_Covers(Area.geom, func.ST_PointOnSurface(Building.geom))
    chosen = select(*columns).select_from(Building).join(Area, inside)
    return chosen.where(Building.id == func.any(list(ids)), *shown(Area, staff=False))


def _others(session: Session, box: Box, ids: Sequence[int]) -> Rows:
    height = func.coalesce(Building.height_m, Building.floors_above * 3.3)
    chosen = select(height.label("height"), Building.geom).where(
        *_seen(Building, box), Building.id != func.all(list(ids))
    )
    largest = func.ST_Area(Building.ring).desc()
    return session.execute(chosen.order_by(largest, Building.id).limit(MOST_AROUND)).all()


def _ground(session: Session, box: Box) -> Rows:
    drawn = GroundFeature.road_class.is_distinct_from("footway") & (GroundFeature.kind != "barrier")
    columns = (GroundFeature.kind, GroundFeature.road_class, GroundFeature.name, GroundFeature.name_en)
    chosen = select(*columns, GroundFeature.geom).where(*_seen(GroundFeature, box), drawn)
    return session.execute(chosen.order_by(GroundFeature.rank, GroundFeature.id).limit(MOST_GROUND)).all()


def _lines(session: Session, box: Box) -> Rows:
    columns = (TransitLine.name, TransitLine.name_en, TransitLine.colour, TransitLine.geom)
    return session.execute(select(*columns).where(*_seen(TransitLine, box))).all()


def _stops(session: Session, box: Box) -> Rows:
    wanted = Amenity.category.in_(("metro", "rail")) & Amenity.open
    chosen = select(Amenity.name, Amenity.name_en, Amenity.geom).where(*_seen(Amenity, box), wanted)
    return session.execute(chosen.order_by(Amenity.id)).all()


def _seen(table: Any, box: Box) -> list[ColumnElement[bool]]:
    return [table.geom.op("&&")(envelope(box)), *shown(table, staff=False)]


def _grouped(rows: Iterable[Any]) -> dict[int, list[Row[Any]]]:
    of: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        of[row.building_id].append(row)
    return of


def _shape(element: Any) -> Any:
    return shapely.from_wkb(bytes(element.data))


def _shaped(rows: Rows, box: Box | None) -> list[tuple[Row[Any], Any]]:
    """Rows with their geometries, cut to the box; what lies outside is left out."""
    shapes = [_shape(row.geom) for row in rows]
    cut = [shapely.clip_by_rect(shapely.make_valid(shape), *box) for shape in shapes] if box else shapes
    return [(row, shape) for row, shape in zip(rows, cut, strict=True) if not shape.is_empty]


def _around_all(shapes: Iterable[Any]) -> Box:
    west, south, east, north = (float(edge) for edge in shapely.total_bounds(list(shapes)))
    return west - MARGIN_DEGREES, south - MARGIN_DEGREES, east + MARGIN_DEGREES, north + MARGIN_DEGREES
