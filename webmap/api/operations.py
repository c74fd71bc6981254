"""What the API looks up beside the search itself: vacancy sums, sources and the inside of one building."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import shapely
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.errors import NotFoundError
from geo.model import Amenity, AmenityDistance, Building, Floor, Section, Source, Unit
from geo.past_units import UnitThen
from geo.search import named, seen, shown, standing
from geo.stacking.heights import floor_heights
from webmap.api.items import building_fields, floor_units
from webmap.api.schemas import AmenityNear, BuildingDetail, FloorDetail, FloorUnit, PastMoment, Vacancy
from webmap.listed_units import number, shape


@dataclass(frozen=True, slots=True)
class Then:
    """The units of a building on a past day, by their floors, and what they added up to."""

    moment: PastMoment
    by_floor: Mapping[int | None, Sequence[UnitThen]]
    vacancy: Vacancy | None


def source_names(session: Session, *, staff: bool = False) -> dict[int, str]:
    """Source id → name, of the sources that the reader may know of."""
    return {row.id: row.name for row in session.execute(select(Source.id, Source.name).where(*named(Source, staff)))}


def vacancies(session: Session, building_ids: Iterable[int], today: date) -> dict[int, Vacancy]:
    """Building id → what its units add up to; buildings without units are left out."""
    area = func.coalesce(Unit.area_m2, 0)

    def summed(status: str):
        return func.coalesce(func.sum(area).filter(Unit.public_status == status), 0)

    rows = session.execute(
        select(
            Unit.building_id,
            func.count(),
            func.sum(area),
            summed("vacant"),
            summed("soon"),
            summed("unknown"),
            func.min(Unit.reported_on),
        )
        .where(Unit.building_id.in_(list(building_ids)), *standing(today))
        .group_by(Unit.building_id)
    )
    return {
        ident: Vacancy(
            units=units,
            total_m2=float(total),
            vacant_m2=float(vacant),
            soon_m2=float(soon),
            unknown_m2=float(unknown),
            oldest_report_on=oldest,
        )
        for ident, units, total, vacant, soon, unknown, oldest in rows
    }


def building_detail(
    session: Session, code: str, today: date, *, staff: bool = False, then: Then | None = None
) -> BuildingDetail:
    """A building with everything the map needs to cut it into floors; with the units of today, or those of a past day.

    Raises
    ------
    NotFoundError
        There is no such building, or it is not for this reader.
    """
    row = session.scalar(
        select(Building).options(seen(Building, staff)).where(Building.code == code, *shown(Building, staff))
    )
    if row is None:
        raise NotFoundError(f"There is no building with the code {code!r}.")
    parts = select(Section).options(seen(Section, staff)).join(Source, Source.id == Section.source_id)
    mine = (Section.building_id == row.id, *named(Source, staff))
    sections = {part.id: part for part in session.scalars(parts.where(*mine))}
    floors = session.scalars(select(Floor).where(Floor.building_id == row.id).order_by(Floor.position)).all()
    by_floor = then.by_floor if then else _units_by_floor(session, row.id, today, staff)
    sums = vacancies(session, [row.id], today) if then is None else {row.id: then.vacancy} if then.vacancy else {}
    fields = building_fields(row, source_names(session, staff=staff), sums)
    between = _heights(row, floors)
    return BuildingDetail(
        **fields,
        outline=geojson(row.geom),
        floors=[
            _floor(
                floor,
                sections.get(floor.section_id),
                between[floor.position],
                floor_units(by_floor.get(floor.id, ()), then.moment.as_of if then else None),
            )
            for floor in floors
        ],
        amenities=amenities_near(session, row.id, staff=staff),
        moment=then.moment if then else None,
    )


def amenities_near(session: Session, building_id: int, *, staff: bool = False) -> list[AmenityNear]:
    """The nearest amenity of each category, with how far it is and how that was measured."""
    how = (AmenityDistance.metres, AmenityDistance.minutes, AmenityDistance.method, AmenityDistance.computed_at)
    chosen = select(AmenityDistance.category, Amenity.name, Amenity.name_en, *how).join(Amenity)
    mine = (AmenityDistance.building_id == building_id, Amenity.open, *shown(Amenity, staff))
    rows = session.execute(chosen.where(*mine).order_by(AmenityDistance.metres, AmenityDistance.category))
    return [AmenityNear(**row._mapping) for row in rows]


def geojson(geom) -> dict[str, object]:
    """A stored geometry as GeoJSON with centimetre coordinates."""
    return shapely.geometry.mapping(shapely.set_precision(shape(geom), 1e-7))


def _units_by_floor(session: Session, building_id: int, today: date, staff: bool) -> dict[int | None, list[Unit]]:
    units = select(Unit).options(seen(Unit, staff)).where(Unit.building_id == building_id, *standing(today, staff))
    by_floor: dict[int | None, list[Unit]] = defaultdict(list)
    for unit in session.scalars(units.order_by(Unit.label)):
        by_floor[unit.floor_id].append(unit)
    return by_floor


def _floor(floor: Floor, section: Section | None, heights: tuple[float, float], units: list[FloorUnit]) -> FloorDetail:
    return FloorDetail(
        position=floor.position,
        label=floor.label,
        use=floor.use,
        area_m2=number(floor.area_m2),
        section=(section.name or section.kind) if section else None,
        base_m=heights[0],
        top_m=heights[1],
        outline=geojson(section.geom)["coordinates"] if section else None,
        units=units,
    )


def _heights(building: Building, floors: Iterable[Floor]) -> dict[int, tuple[float, float]]:
    """Position of a floor → bottom and top above ground in metres."""
    storeys: dict[int, float | None] = {}
    for floor in floors:
        storeys[floor.position] = floor.storey_height_m or storeys.get(floor.position)
    return floor_heights(building.height_m, building.base_height_m, storeys)
