"""Search in SQL: filters become conditions, pages go on from a key instead of counting offsets.

The same filters over the state file are in `geo/facets.py`; a property test holds the two to the same answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    SQLColumnExpression,
    and_,
    cast,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session, aliased, load_only, undefer
from sqlalchemy.sql.base import ExecutableOption
from sqlalchemy.types import Date, Float, Text

from geo.disclosure import public_fields
from geo.errors import BadParameterError
from geo.filters import RENT_SLACK, Filters
from geo.model import Amenity, AmenityDistance, Area, Building, Cluster, Enterprise, Floor, Source, Tenancy, Unit
from geo.page_keys import read_key, read_values, write_key
from geo.text import search_terms

MAX_LIMIT = 500

Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: its rows, how many there are in all, and the key to go on from (None at the end)."""

    rows: Sequence[Row[Any]]
    total: int
    next: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """How a list is asked for: which rows a person may see, in which order, from where and how many."""

    today: date
    sort: str = ""
    after: str = ""
    limit: int = 50
    staff: bool = False


UNIT_SORTS: dict[str, ColumnElement[Any]] = {
    "area": func.coalesce(Unit.area_m2, 0),
    "rent": func.coalesce(Unit.rent_cny_m2_day, 1e9),
    "floor": func.coalesce(Floor.position, 0),
    "available_on": func.coalesce(Unit.available_on, cast("1970-01-01", Date)),
    "reported_on": func.coalesce(Unit.reported_on, cast("1970-01-01", Date)),
}
BUILDING_SORTS: dict[str, ColumnElement[Any]] = {
    "name": func.coalesce(Building.name, ""),
    "height": func.coalesce(cast(Building.height_m, Float), 0.0),
    "year": func.coalesce(Building.completed_year, 0),
}


def unit_start(after: str, sort: str) -> tuple[Any, ...]:
    """What a page of units goes on from: the value of the order and the id, or the id alone.

    Raises
    ------
    BadParameterError
        The order is unknown, or `after` is not a key for it.
    """
    return tuple(read_values(after, _key_columns(UNIT_SORTS, Unit.id, sort)))


def find_units(session: Session, filters: Filters, asked: Asked) -> Page:
    """Units that match, each with its building and floor.

    Returns
    -------
    Page
        Rows of (Unit, Building, Floor or None, Source of the state or None).
    """
    state_source = aliased(Source)
    chosen = (
        select(Unit, Building, Floor, state_source)
        .join(Building, Building.id == Unit.building_id)
        .outerjoin(Floor, Floor.id == Unit.floor_id)
        .outerjoin(state_source, and_(state_source.id == Unit.state_source_id, *named(state_source, asked.staff)))
        .options(seen(Unit, asked.staff), seen(Building, asked.staff), seen(Floor, asked.staff))
        .options(load_only(state_source.name, raiseload=True))
        .where(*shown(Building, asked.staff), *standing(asked.today, asked.staff))
        .where(*building_conditions(filters, asked.today), *unit_conditions(filters))
    )
    return _page(session, chosen, UNIT_SORTS, Unit.id, asked)


def find_buildings(session: Session, filters: Filters, asked: Asked) -> Page:
    """Buildings that match by themselves and, when the filters speak of units, through at least one unit.

    Returns
    -------
    Page
        Rows of (Building,).
    """
    chosen = select(Building).options(seen(Building, asked.staff))
    chosen = chosen.where(*shown(Building, asked.staff), *building_conditions(filters, asked.today))
    if filters.asks_of_units:
        of_it = Unit.building_id == Building.id
        floor = select(Unit.id).outerjoin(Floor, Floor.id == Unit.floor_id)
        fit = (of_it, *standing(asked.today, asked.staff), *unit_conditions(filters))
        chosen = chosen.where(floor.where(*fit).exists())
    return _page(session, chosen, BUILDING_SORTS, Building.id, asked)


def find_amenities(session: Session, filters: Filters, asked: Asked) -> Page:
    """Amenities of the categories in `near`, in the box and with the text asked for; rows of (Amenity,)."""
    chosen = select(Amenity).options(seen(Amenity, asked.staff)).where(*shown(Amenity, asked.staff), Amenity.open)
    if filters.near:
        chosen = chosen.where(Amenity.category.in_(filters.near))
    if filters.bbox:
        chosen = chosen.where(Amenity.geom.op("&&")(_envelope(filters.bbox)))
    if filters.q:
        chosen = chosen.where(Amenity.name.icontains(filters.q, autoescape=True))
    return _page(session, chosen, {"name": func.coalesce(Amenity.name, "")}, Amenity.id, asked)


def find_areas(session: Session, filters: Filters, asked: Asked) -> Page:
    """Named areas, by text and box; rows of (Area,)."""
    chosen = select(Area).options(seen(Area, asked.staff)).where(*shown(Area, asked.staff))
    if filters.bbox:
        chosen = chosen.where(Area.geom.op("&&")(_envelope(filters.bbox)))
    if filters.q:
        chosen = chosen.where(Area.name.icontains(filters.q, autoescape=True))
    return _page(session, chosen, {"name": Area.name}, Area.id, asked)


def find_enterprises(session: Session, filters: Filters, asked: Asked) -> Page:
    """Enterprises whose name may be public (never individual traders); rows of (Enterprise, Building or None)."""
    chosen = (
        select(Enterprise, Building)
        .outerjoin(Building, and_(Building.id == Enterprise.building_id, *shown(Building, asked.staff)))
        .options(seen(Enterprise, asked.staff), seen(Building, asked.staff))
        .where(*shown(Enterprise, asked.staff))
    )
    if not asked.staff:
        chosen = chosen.where(~Enterprise.is_individual)
    if filters.industry:
        chosen = chosen.where(Enterprise.industry_group.in_(filters.industry))
    if filters.bbox:
        chosen = chosen.where(Enterprise.geom.op("&&")(_envelope(filters.bbox)))
    if filters.q:
        chosen = chosen.where(Enterprise.name.icontains(filters.q, autoescape=True))
    return _page(session, chosen, {"name": Enterprise.name}, Enterprise.id, asked)


def shown(table: Any, staff: bool) -> list[Condition]:
    """What hides withdrawn rows from everybody and unpublishable ones from the public."""
    return [table.withdrawn_at.is_(None)] + ([] if staff else [table.publishable])


def named(source: Any, staff: bool) -> list[Condition]:
    """What hides the sources themselves, and whatever only they say, from the public; `source` is joined."""
    return [] if staff else [source.publishable]


def seen(table: Any, staff: bool) -> ExecutableOption:
    """What limits the loaded columns of `table` to those that the reader may see; touching another one is an error."""
    if staff:
        return undefer("*")
    return load_only(*(getattr(table, name) for name in sorted(public_fields(table.__tablename__))), raiseload=True)


def standing(today: date, staff: bool = False) -> list[Condition]:
    """What hides units that are no more (split, merged, withdrawn), and unpublishable ones from the public."""
    return [*shown(Unit, staff), Unit.valid.op("@>")(cast(literal(today), Date))]


def unit_conditions(filters: Filters) -> list[Condition]:
    """Conditions on `Unit` and its (outer joined) `Floor`."""
    wanted: list[Condition] = []
    if filters.area_min is not None:
        wanted.append(Unit.area_m2 >= filters.area_min)
    if filters.area_max is not None:
        wanted.append(func.coalesce(Unit.min_area_m2, Unit.area_m2) <= filters.area_max)
    if filters.rent_min is not None:
        wanted.append(cast(Unit.rent_cny_m2_day, Float) >= filters.rent_cny_m2_day(filters.rent_min) - RENT_SLACK)
    if filters.rent_max is not None:
        wanted.append(cast(Unit.rent_cny_m2_day, Float) <= filters.rent_cny_m2_day(filters.rent_max) + RENT_SLACK)
    if filters.floor_min is not None:
        wanted.append(Floor.position >= filters.floor_min)
    if filters.floor_max is not None:
        wanted.append(Floor.position <= filters.floor_max)
    if filters.fitout:
        wanted.append(Unit.fitout.in_(filters.fitout))
    if filters.available_by is not None:
        ready = and_(Unit.public_status == "vacant", Unit.available_on.is_(None))
        wanted.append(or_(ready, Unit.available_on <= filters.available_by))
        wanted.append(Unit.public_status.in_(("vacant", "soon")))
    if filters.occupancy:
        wanted.append(Unit.public_status.in_(filters.occupancy))
    return wanted


def building_conditions(filters: Filters, today: date) -> list[Condition]:
    """Conditions on `Building`."""
    wanted = [Building.search_text.contains(word, autoescape=True) for word in search_terms(filters.q)]
    if filters.grade:
        wanted.append(Building.grade.in_(filters.grade))
    if filters.star:
        wanted.append(Building.star.in_([int(star) for star in filters.star]))
    if filters.theme:
        wanted.append(Building.themes.op("&&")(cast(list(filters.theme), ARRAY(Text))))
    if filters.status:
        wanted.append(Building.status.in_(filters.status))
    if filters.industry:
        wanted.append(_houses(filters.industry, today))
    if filters.bbox:
        wanted.append(Building.geom.op("&&")(_envelope(filters.bbox)))
        wanted.append(func.ST_PointOnSurface(Building.geom).op("&&")(_envelope(filters.bbox)))
    if filters.within:
        inside = select(Area.id).where(Area.code.in_(filters.within), *shown(Area, False), _holds(Area.geom))
        wanted.append(inside.exists())
    if filters.cluster:
        inside = select(Cluster.id).where(Cluster.code.in_(filters.cluster), _holds(Cluster.geom))
        wanted.append(inside.exists())
    return wanted + [_near(category, filters.near_m) for category in filters.near]


def _houses(groups: tuple[str, ...], today: date) -> Condition:
    return (
        select(Tenancy.id)
        .join(Enterprise, Enterprise.id == Tenancy.enterprise_id)
        .join(Source, Source.id == Tenancy.source_id)
        .where(
            *named(Source, False),
            Tenancy.building_id == Building.id,
            Tenancy.valid.op("@>")(cast(literal(today), Date)),
            func.upper_inf(Tenancy.known),
            Enterprise.industry_group.in_(groups),
            *shown(Enterprise, False),
        )
        .exists()
    )


def _holds(geom: Any) -> Condition:
    return and_(geom.op("&&")(Building.geom), func.ST_Covers(geom, func.ST_PointOnSurface(Building.geom)))


def _near(category: str, metres: int) -> Condition:
    reached = select(AmenityDistance.metres).where(
        AmenityDistance.building_id == Building.id,
        AmenityDistance.category == category,
        AmenityDistance.metres <= metres,
    )
    return reached.exists()


def _envelope(box: tuple[float, float, float, float]) -> ColumnElement[Any]:
    return func.ST_MakeEnvelope(*box, 4326)


def _page(
    session: Session,
    chosen: Select[*tuple[Any, ...]],
    sorts: Mapping[str, SQLColumnExpression[Any]],
    ident: Any,
    asked: Asked,
) -> Page:
    total = session.scalar(select(func.count()).select_from(chosen.with_only_columns(ident).subquery())) or 0
    columns, down = _key_columns(sorts, ident, asked.sort), asked.sort.startswith("-")
    if asked.after:
        key, start = tuple_(*columns), tuple_(*read_key(asked.after, columns))
        chosen = chosen.where(key < start if down else key > start)
    chosen = chosen.add_columns(*columns).order_by(*(column.desc() if down else column for column in columns))
    rows = session.execute(chosen.limit(asked.limit + 1)).all()
    shown_rows = rows[: asked.limit]
    more = len(rows) > asked.limit
    return Page(shown_rows, total, write_key(shown_rows[-1][-len(columns) :]) if more else None)


def _key_columns(sorts: Mapping[str, SQLColumnExpression[Any]], ident: Any, sort: str) -> list[Any]:
    name = sort.removeprefix("-")
    if name and name not in sorts:
        raise BadParameterError("sort", sort, ", ".join(f"{key}, -{key}" for key in sorts))
    return ([sorts[name]] if name else []) + [ident]
