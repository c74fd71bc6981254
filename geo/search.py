"""Search in SQL: filters become conditions, pages go on from a key instead of counting offsets.

Programs and pages are answered out of the state file where it can tell (`geo/state_search`); this is the form that
needs nothing but the database. A property test holds the two to the same answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    Select,
    SQLColumnExpression,
    and_,
    any_,
    bindparam,
    cast,
    func,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.types import Date, Float

from geo.conditions import (
    building_conditions,
    hidden,
    lately_confirmed,
    named,
    not_confirmed,
    seen,
    shown,
    standing,
    unit_conditions,
)
from geo.errors import BadParameterError
from geo.filters import Filters
from geo.model import Building, Floor, Source, Unit
from geo.page_keys import read_key, read_values, write_key

MAX_LIMIT = 500


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: its rows, how many there are in all, and the key to go on from (None at the end).

    `stale` says how many units were left out for nothing but the age of their last word.
    """

    rows: Sequence[Row[Any]]
    total: int
    next: str | None
    stale: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """How a list is asked for: which rows a person may see, in which order, from where and how many.

    Units on the market whose last word is of before `stale_before` are left out, unless the filters ask for them.
    """

    today: date
    sort: str = ""
    after: str = ""
    limit: int = 50
    staff: bool = False
    stale_before: date | None = None


UNIT_COLUMNS = (
    *(Unit.id, Unit.code, Unit.label, Unit.area_m2, Unit.area_basis, Unit.min_area_m2, Unit.public_status),
    *(Unit.rent_amount, Unit.rent_unit, Unit.rent_cny_m2_day, Unit.fitout, Unit.available_on),
    *(Unit.reported_on, Unit.recorded_at, Unit.verified_on),
    *(Building.code.label("building_code"), Building.name.label("building_name")),
    *(Building.name_en.label("building_name_en"), Building.geom.label("building_geom")),
    *(Floor.position.label("floor_position"), Floor.label.label("floor_label"), Source.name.label("source_name")),
)
"""What a list tells of a unit; the source is that of its state."""

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


def unit_start(asked: Asked) -> tuple[Any, ...] | None:
    """What a page of units goes on from: the value of the order and the id, or the id alone; None at the beginning.

    Raises
    ------
    BadParameterError
        The order is unknown, or its key is not one.
    """
    return _start(UNIT_SORTS, Unit.id, asked)


def building_start(asked: Asked) -> tuple[Any, ...] | None:
    """The same for a page of buildings."""
    return _start(BUILDING_SORTS, Building.id, asked)


def find_units(session: Session, filters: Filters, asked: Asked) -> Page:
    """Units that match.

    Returns
    -------
    Page
        Rows of `UNIT_COLUMNS`.
    """
    chosen = _chosen_units(filters, asked)
    ids, more, total = _found(session, matching_units(filters, asked), UNIT_SORTS, Unit.id, asked)
    rows = units_of_page(session, ids, asked)
    left_out = _left_out(session, chosen, filters, asked)
    return Page(rows, total, next_key(rows, asked.sort) if more and rows else None, left_out)


def units_of_page(session: Session, ids: Sequence[int], asked: Asked) -> Sequence[Row[Any]]:
    """The units with these ids as rows of `find_units`, in this order; those that are gone are left out."""
    found = {row[-1]: row for row in session.execute(_units_by_id(asked.today, asked.sort, asked.staff), {"ids": ids})}
    return [found[each] for each in ids if each in found]


def next_key(rows: Sequence[Row[Any]], sort: str) -> str:
    """The key to go on from after a page with these rows."""
    return write_key(rows[-1][-2 if sort.removeprefix("-") else -1 :])


def find_buildings(session: Session, filters: Filters, asked: Asked, total: int | None = None) -> Page:
    """Buildings that match by themselves and, when the filters speak of units, through at least one unit.

    Parameters
    ----------
    total
        How many match in all, where that is known; counting a city's buildings takes longer than finding a page.

    Returns
    -------
    Page
        Rows of (Building,).
    """
    chosen = select(Building).options(seen(Building, asked.staff)).where(*matching_buildings(filters, asked))
    found = page(session, chosen, BUILDING_SORTS, Building.id, asked, total)
    left_out = _left_out(session, _chosen_units(filters, asked), filters, asked) if filters.asks_of_units else 0
    return replace(found, stale=left_out)


def matching_buildings(filters: Filters, asked: Asked) -> list[ColumnElement[bool]]:
    """Conditions on `Building`: it matches by itself and, when the filters speak of units, through one of its units."""
    wanted = [*shown(Building, asked.staff), *building_conditions(filters, asked.today)]
    if filters.asks_of_units:
        of_it = Unit.building_id == Building.id
        floor = select(Unit.id).outerjoin(Floor, Floor.id == Unit.floor_id)
        fit = (of_it, *standing(asked.today, asked.staff), *unit_conditions(filters))
        fit += (*lately_confirmed(filters, asked.stale_before),)
        wanted.append(floor.where(*fit).exists())
    return wanted


def matching_units(filters: Filters, asked: Asked) -> Select[int]:
    """The ids of the units that match."""
    return _chosen_units(filters, asked).where(*lately_confirmed(filters, asked.stale_before))


def buildings_of_page(session: Session, ids: Sequence[int], asked: Asked) -> Sequence[Row[Any]]:
    """The buildings with these ids as rows of `find_buildings`, in this order; those that are gone are left out."""
    chosen = select(Building).options(seen(Building, asked.staff)).where(*shown(Building, asked.staff))
    columns = _key_columns(BUILDING_SORTS, Building.id, asked.sort)
    return _in_order(session, chosen.add_columns(*columns), Building.id, ids)


def page(
    session: Session,
    chosen: Select[*tuple[Any, ...]],
    sorts: Mapping[str, SQLColumnExpression[Any]],
    ident: Any,
    asked: Asked,
    total: int | None = None,
) -> Page:
    """A page of `chosen` in one of the orders `sorts`, rows of equal value by `ident`; `total` is counted if not known.

    Raises
    ------
    BadParameterError
        The order is unknown, or its key is not one.
    """
    if total is None:
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


def _found(
    session: Session,
    chosen: Select[int],
    sorts: Mapping[str, SQLColumnExpression[Any]],
    ident: Any,
    asked: Asked,
) -> tuple[list[int], bool, int]:
    """The ids of a page of `chosen`, whether there are more, and how many in all; a page that is not full tells that.

    The ids are ordered as sums: else PostgreSQL, which often expects far more matches than there are, would go through
    everything in the order of the ids.
    """
    columns, down = _key_columns(sorts, ident, asked.sort), asked.sort.startswith("-")
    listed = chosen
    if asked.after:
        key, start = tuple_(*columns), tuple_(*read_key(asked.after, columns))
        listed = listed.where(key < start if down else key > start)
    order = [*columns[:-1], ident + 0]
    listed = listed.order_by(*(column.desc() if down else column for column in order)).limit(asked.limit + 1)
    ids = list(session.scalars(listed))
    more = len(ids) > asked.limit
    if not asked.after and not more:
        return ids, False, len(ids)
    total = session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    return ids[: asked.limit], more, total


@lru_cache(32)
def _units_by_id(today: date, sort: str, staff: bool) -> Select[*tuple[Any, ...]]:
    """The statement for units by `ids`; to put it together takes longer than to read a page with it."""
    chosen = _units(Asked(today, staff=staff)).add_columns(*_key_columns(UNIT_SORTS, Unit.id, sort))
    return chosen.where(Unit.id == any_(bindparam("ids", type_=ARRAY(BigInteger))))


def _chosen_units(filters: Filters, asked: Asked) -> Select[int]:
    """The ids of the units that match, however old their last word is."""
    chosen = select(Unit.id).outerjoin(Floor, Floor.id == Unit.floor_id)
    chosen = chosen.where(*standing(asked.today, asked.staff), *unit_conditions(filters))
    of_buildings = building_conditions(filters, asked.today)
    if not of_buildings:
        return chosen.where(~hidden(Unit.building_id, asked.staff))
    chosen = chosen.join(Building, Building.id == Unit.building_id)
    return chosen.where(*shown(Building, asked.staff), *of_buildings)


def _left_out(session: Session, chosen: Select[int], filters: Filters, asked: Asked) -> int:
    """How many of the units chosen are left out because their last word is old."""
    if filters.stale or asked.stale_before is None:
        return 0
    old = chosen.where(*not_confirmed(asked.stale_before)).subquery()
    return session.scalar(select(func.count()).select_from(old)) or 0


def _units(asked: Asked) -> Select[*tuple[Any, ...]]:
    return (
        select(*UNIT_COLUMNS)
        .join(Building, Building.id == Unit.building_id)
        .outerjoin(Floor, Floor.id == Unit.floor_id)
        .outerjoin(Source, and_(Source.id == Unit.state_source_id, *named(Source, asked.staff)))
        .where(*shown(Building, asked.staff), *standing(asked.today, asked.staff))
    )


def _in_order(session: Session, chosen: Select[*tuple[Any, ...]], ident: Any, ids: Sequence[int]) -> Sequence[Row[Any]]:
    wanted = cast(list(ids), ARRAY(BigInteger))
    found = {row[-1]: row for row in session.execute(chosen.where(ident == any_(wanted)))}
    return [found[each] for each in ids if each in found]


def _start(sorts: Mapping[str, SQLColumnExpression[Any]], ident: Any, asked: Asked) -> tuple[Any, ...] | None:
    columns = _key_columns(sorts, ident, asked.sort)
    return tuple(read_values(asked.after, columns)) if asked.after else None


def _key_columns(sorts: Mapping[str, SQLColumnExpression[Any]], ident: Any, sort: str) -> list[Any]:
    name = sort.removeprefix("-")
    if name and name not in sorts:
        raise BadParameterError("sort", sort, ", ".join(f"{key}, -{key}" for key in sorts))
    return ([sorts[name]] if name else []) + [ident]
