"""What the pages of buildings, units and areas say, gathered from the rows that a person may see."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from geo import taxonomy
from geo.errors import BadParameterError, NotFoundError
from geo.model import Building, Source
from geo.stacking import Part, Room, StackingPlan, Storey, stacking_plan
from geo.vacancy import Vacancy, vacancy_of
from webmap.buildings import rows

MARKET = ("vacant", "soon")
SORTS = ("floor", "area", "rent", "available", "reported")
"""What the list of vacancies can be sorted by; a minus before it turns the order."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who reads and when: visitors see what is public, staff also what is not publishable."""

    today: date
    staff: bool = False


@dataclass(frozen=True, slots=True)
class Industry:
    """Enterprises of one map group in a building: how many, as a share of one, and the names that may be said."""

    group: str
    count: int
    share: float
    enterprises: Sequence[Any]


@dataclass(frozen=True, slots=True)
class RentRange:
    """Rents asked in one quoted unit, from–to, of so many units."""

    unit: str
    low: Decimal
    high: Decimal
    units: int


@dataclass(frozen=True, slots=True)
class BuildingPage:
    """Everything the page of a building shows; `units` and `floors` by their ids, `market` in the order asked for."""

    building: Building
    lon: float
    lat: float
    areas: Sequence[Any]
    complexes: Sequence[Any]
    floors: dict[int, Any]
    units: dict[int, Any]
    plan: StackingPlan
    vacancy: Vacancy
    market: Sequence[Any]
    rents: list[RentRange]
    rent_cny_m2_day: tuple[float, float] | None
    offers: dict[int, Any]
    contacts: Sequence[Any]
    facts: Sequence[Any]
    amenities: Sequence[Any]
    inside: Sequence[Any]
    industries: list[Industry]
    enterprises: int
    rooms: dict[int, Any]
    sources: dict[int, Source]


def load_building(session: Session, code: str, asker: Asker, sort: str = "-area") -> BuildingPage:
    """The page of the building with this code.

    Raises
    ------
    NotFoundError
        No such building, or it is withdrawn or not publishable and the asker is not staff.
    BadParameterError
        The vacancies cannot be sorted so.
    """
    check_sort(sort)
    found = rows.building_row(session, code, asker.staff)
    if found is None:
        raise NotFoundError(f"There is no building {code!r} here.")
    building, ident = found.Building, found.Building.id
    floors = rows.floors_of(session, ident)
    units = rows.units_of(session, ident, asker.today)
    amenities = rows.amenities_near(session, ident, asker.staff)
    inside = rows.amenities_inside(session, ident, asker.staff)
    facts = rows.facts_of(session, ident, asker.staff)
    enterprises = rows.enterprises_in(session, ident, asker.today, asker.staff)
    by_floor = {floor.id: floor for floor in floors}
    market = sort_units([unit for unit in units if unit.status in MARKET], by_floor, sort)
    return BuildingPage(
        building=building,
        lon=found.lon,
        lat=found.lat,
        areas=by_level(rows.areas_around(session, ident, asker.staff)),
        complexes=rows.complexes_of(session, ident, asker.staff),
        floors=by_floor,
        units={unit.id: unit for unit in units},
        plan=plan_of(rows.sections_of(session, ident, asker.staff), floors, units),
        vacancy=vacancy_of([(unit.status, unit.area_m2) for unit in units], building.leasable_area_m2),
        market=market,
        rents=rent_ranges(market),
        rent_cny_m2_day=rent_span(market),
        offers={offer.id: offer for offer in rows.offers_of(session, ident, asker.today, asker.staff)},
        contacts=rows.contacts_of(session, ident, asker.today, asker.staff),
        facts=facts,
        amenities=amenities,
        inside=inside,
        industries=industries_of(enterprises),
        enterprises=len(enterprises),
        rooms=rows.consented_rooms(session, ident, asker.today),
        sources=rows.sources_of(
            session, _source_ids(building, units, enterprises, amenities, inside, facts), asker.staff
        ),
    )


def by_level(areas: Sequence[Any]) -> list[Any]:
    """Areas from the city down to the block; those of one level stay in their order."""
    order = {level.code: level.order for level in taxonomy.area_levels()}
    return sorted(areas, key=lambda area: order.get(area.level, len(order)))


def check_sort(sort: str) -> None:
    """Refuse an order that the list of vacancies does not have."""
    if sort.removeprefix("-") not in SORTS:
        raise BadParameterError("sort", sort, ", ".join(f"{name}, -{name}" for name in SORTS))


def plan_of(sections: Sequence[Any], floors: Sequence[Any], units: Sequence[Any]) -> StackingPlan:
    """The stacking plan of rows of sections, floors and units."""
    return stacking_plan(
        [Storey(row.id, row.position, row.label, row.section_id, row.use, row.area_m2) for row in floors],
        [Room(row.id, row.floor_id, row.label, row.area_m2, row.status, row.top_floor_id) for row in units],
        [Part(row.id, row.kind, row.name) for row in sections],
    )


def sort_units(units: Sequence[Any], floors: dict[int, Any], sort: str) -> list[Any]:
    """Units in an order of `SORTS`; those of which the thing is not known come last either way."""
    name, down = sort.removeprefix("-"), sort.startswith("-")

    def position(unit: Any) -> int | None:
        return floors[unit.floor_id].position if unit.floor_id in floors else None

    keys = {
        "floor": position,
        "area": lambda unit: unit.area_m2,
        "rent": lambda unit: unit.rent_cny_m2_day,
        "available": lambda unit: unit.available_on or (date.min if unit.status == "vacant" else None),
        "reported": lambda unit: unit.reported_on,
    }
    key = keys[name]
    known = sorted((unit for unit in units if key(unit) is not None), key=key, reverse=down)
    return known + [unit for unit in units if key(unit) is None]


def rent_ranges(units: Sequence[Any]) -> list[RentRange]:
    """The rents of some units in the units they were quoted in, the most frequent first."""
    counts = Counter(unit.rent_unit for unit in units if unit.rent_amount is not None)
    ranges = []
    for quoted_unit, count in counts.most_common():
        amounts = [unit.rent_amount for unit in units if unit.rent_unit == quoted_unit and unit.rent_amount is not None]
        ranges.append(RentRange(quoted_unit, min(amounts), max(amounts), count))
    return ranges


def rent_span(units: Sequence[Any]) -> tuple[float, float] | None:
    """The lowest and the highest rent per m² and day, CNY; nothing when none is known."""
    known = [unit.rent_cny_m2_day for unit in units if unit.rent_cny_m2_day is not None]
    return (min(known), max(known)) if known else None


def industries_of(enterprises: Sequence[Any]) -> list[Industry]:
    """The enterprises by map group, the largest group first and 'other' last."""
    counts = Counter(row.industry_group for row in enterprises)
    order = sorted(counts, key=lambda group: (group == "other", -counts[group], group))
    return [
        Industry(
            group,
            counts[group],
            counts[group] / len(enterprises),
            [row for row in enterprises if row.industry_group == group and row.name],
        )
        for group in order
    ]


def _source_ids(building: Building, units: Sequence[Any], *others: Sequence[Any]) -> list[int | None]:
    states = [unit.state_source_id for unit in units] + [unit.source_id for unit in units]
    return [building.source_id, *states, *(row.source_id for group in others for row in group)]
