"""The pages of a building and of a unit as they stood at a moment: what was let and asked for then, as known then.

States, areas and rents are those of the moment and stay the same whatever is corrected later. The names, floors and
conditions of the building are today's, as in the lists of past days; what cannot be told of a moment is left out, and
rates are of the units that were registered, since the leasable area of a building has no past.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo import past_units
from geo.errors import NotFoundError
from geo.model import Unit
from geo.past_units import UnitThen
from geo.snapshot import Moment
from geo.vacancy import vacancy_of
from webmap.buildings import rows
from webmap.buildings.operations import MARKET, BuildingPage, plan_of, rent_ranges, rent_span, sort_units
from webmap.buildings.units import UnitPage, plan_of_floor
from webmap.config import Settings
from webmap.moments import is_instant, read_moment


@dataclass(frozen=True, slots=True)
class StoodUnit:
    """A unit at a moment; the names are those of `rows.UNIT_COLUMNS`."""

    id: int
    code: str
    building_id: int
    floor_id: int | None
    top_floor_id: int | None
    label: str
    use: str
    area_m2: Decimal | None
    area_basis: str
    status: str
    rent_amount: Decimal | None
    rent_unit: str | None
    rent_cny_m2_day: float | None
    fitout: str | None
    available_on: date | None
    min_area_m2: Decimal | None
    reported_on: date | None
    recorded_at: datetime
    verified_on: date | None
    source_id: int
    offer_id: int | None = None
    state_source_id: int | None = None


def frozen_moment(query: Mapping[str, str], settings: Settings) -> Moment | None:
    """The moment that a page is to be shown at: one whose knowledge is that of an instant.

    Raises
    ------
    BadParameterError
        A day or an instant that is none, or still to come.
    """
    as_of, known_at = (query.get(name, "").strip() for name in ("as_of", "known_at"))
    return read_moment(as_of, known_at, settings) if is_instant(known_at) else None


def as_it_stood(session: Session, page: BuildingPage, moment: Moment, sort: str = "-area") -> BuildingPage:
    """The page of a building at a moment.

    Raises
    ------
    BadParameterError
        The moment lies before the record.
    """
    then = past_units.units_of_building(session, page.building.code, moment)
    if not then:
        past_units.require_record(session, moment)
    units = _stood(session, then)
    market = sort_units([unit for unit in units if unit.status in MARKET], page.floors, sort)
    return replace(
        page,
        units={unit.id: unit for unit in units},
        plan=plan_of(rows.sections_of(session, page.building.id, False), list(page.floors.values()), units),
        vacancy=vacancy_of([(unit.status, unit.area_m2) for unit in units], None),
        market=market,
        rents=rent_ranges(market),
        rent_cny_m2_day=rent_span(market),
        offers={},
        industries=[],
        enterprises=0,
        rooms={},
    )


def unit_as_it_stood(session: Session, found: UnitPage, moment: Moment) -> UnitPage:
    """The page of a unit at a moment; raises as `as_it_stood`, and NotFoundError when it was not there then."""
    page = as_it_stood(session, found.page, moment)
    unit = page.units.get(found.unit.id)
    if unit is None:
        raise NotFoundError(f"There was no unit {found.unit.code!r} on {moment.as_of}.")
    return UnitPage(unit, page, plan_of_floor(page, unit), [], None, None, [])


def _stood(session: Session, then: list[UnitThen]) -> list[StoodUnit]:
    columns = (Unit.id, Unit.use, Unit.source_id)
    chosen = select(*columns).where(Unit.id.in_([unit.id for unit in then]))
    fixed = {row.id: row for row in session.execute(chosen)}
    return [_unit(unit, fixed[unit.id]) for unit in then]


def _unit(then: UnitThen, fixed: Any) -> StoodUnit:
    told = {each.name: getattr(then, each.name) for each in fields(StoodUnit) if hasattr(then, each.name)}
    return StoodUnit(**told, use=fixed.use, source_id=fixed.source_id)
