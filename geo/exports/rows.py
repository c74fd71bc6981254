"""Where the rows of a layer come from: tables, columns by the names of its fields, outline and conditions.

One list for files and for the OGC interface, so that neither can show more than the other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, func, lateral, select, true

from geo.conditions import lately_confirmed, named, shown, standing
from geo.filters import Filters
from geo.model import Base, Building, Floor, Source, Unit
from geo.search import Asked

SUMS = ("units", "units_m2", "vacant_m2", "soon_m2", "unknown_m2", "oldest_report_on")
"""What the units of a building come to."""

_OF_BUILDINGS = (
    *("code", "name", "name_en", "address", "status", "managed", "grade", "grade_scheme", "star", "themes", "height_m"),
    *("floors_above", "floors_below", "typical_floor_area_m2", "gross_area_m2", "leasable_area_m2", "completed_year"),
    *("property_fee_cny_m2_month", "parking_spaces", "lifts"),
)
_OF_UNITS = (
    *("use", "area_m2", "area_basis", "min_area_m2", "public_status", "rent_amount", "rent_unit", "rent_cny_m2_day"),
    *("fitout", "available_on", "reported_on", "verified_on"),
)
_OTHER_NAMES = {"public_status": "occupancy"}

Expression = Any
"""Of SQL: SQLAlchemy's types for columns of tables and for what is made of them have nothing useful in common."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a layer: what to select, from where, and which of them visitors may see.

    `located` is the stored geometry that has an index; `outline` is what is shown, which may be made of it.
    """

    ident: Expression
    tables: FromClause
    columns: Mapping[str, Expression]
    outline: Expression
    located: Expression
    shown: tuple[Expression, ...]


def building_rows(asked: Asked, *, each: bool = False) -> Rows:
    """Buildings with the sums of their units: of all at once, or with `each` only of those that are read."""
    sums = _sums_of_each(asked.today) if each else _sums(asked.today)
    columns: dict[str, Expression] = {name: getattr(Building, name) for name in _OF_BUILDINGS}
    columns["themes"] = func.nullif(func.array_to_string(Building.themes, " "), "")
    columns |= {name: sums.c[name] for name in SUMS}
    joined = true() if each else sums.c.building_id == Building.id
    tables = (
        table_of(Building)
        .outerjoin(sums, joined)
        .outerjoin(Source, and_(Source.id == Building.source_id, *named(Source, staff=False)))
    )
    columns["source"] = Source.name
    visible = tuple(shown(Building, staff=False))
    return Rows(Building.id, tables, columns, Building.geom, Building.geom, visible)


def unit_rows(asked: Asked) -> Rows:
    """Units, each at a point in its building."""
    columns: dict[str, Expression] = {
        "code": Unit.code,
        "building_code": Building.code,
        "building_name": Building.name,
        "building_name_en": Building.name_en,
        "floor": Floor.label,
        "floor_position": Floor.position,
        "label": Unit.label,
    }
    columns |= {_OTHER_NAMES.get(name, name): getattr(Unit, name) for name in _OF_UNITS}
    columns["source"] = Source.name
    tables = (
        table_of(Unit)
        .join(Building, Building.id == Unit.building_id)
        .outerjoin(Floor, Floor.id == Unit.floor_id)
        .outerjoin(Source, and_(Source.id == Unit.state_source_id, *named(Source, staff=False)))
    )
    visible = (
        *shown(Building, staff=False),
        *standing(asked.today),
        *lately_confirmed(Filters(), asked.stale_before),
    )
    return Rows(Unit.id, tables, columns, func.ST_PointOnSurface(Building.geom), Building.geom, visible)


def table_of(model: type[Base]) -> FromClause:
    """The table of a model, to join others to."""
    return model.__table__


def _summed() -> list[ColumnElement[Any]]:
    area = func.coalesce(Unit.area_m2, 0)

    def of(status: str) -> ColumnElement[Any]:
        return func.coalesce(func.sum(area).filter(Unit.public_status == status), 0).label(f"{status}_m2")

    return [
        func.count().label("units"),
        func.sum(area).label("units_m2"),
        *(of(status) for status in ("vacant", "soon", "unknown")),
        func.min(Unit.reported_on).label("oldest_report_on"),
    ]


def _sums(today: date) -> FromClause:
    chosen = select(Unit.building_id, *_summed()).where(*standing(today))
    return chosen.group_by(Unit.building_id).subquery()


def _sums_of_each(today: date) -> FromClause:
    """The same for the building beside it; a building without units has no sums, and no row here."""
    chosen = select(*_summed()).where(Unit.building_id == Building.id, *standing(today))
    return lateral(chosen.having(func.count() > 0))
