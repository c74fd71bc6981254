"""Features as GeoJSON text, written by PostgreSQL: pages that go on from a key, one feature, how many, how far.

The rows of a page are found first, by their ids alone; only then is read what they say. So a page costs the same
wherever it begins.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal_column, select, true
from sqlalchemy.orm import Session

from geo.errors import NotFoundError
from geo.exports.rows import Rows
from geo.features.collections import CODE, Collection
from geo.features.crs import CRS84, Crs
from geo.search import Asked

Condition = ColumnElement[bool]


def _everything(_rows: Rows) -> Sequence[Condition]:
    return ()


MOST_AT_ONCE = 1000
"""Features that are in memory at once."""

MOST_COUNTED = 50_000
"""Matches of a search are counted so far. More than that are so many that going through all by their ids finds a page
soon; of fewer, all are found with the indexes, and put in order."""

_OUTLINE = "geometry"


@dataclass(frozen=True)
class Wanted:
    """Which features, in which coordinates: conditions on the columns of the collection, and the id to go on from."""

    conditions: Callable[[Rows], Sequence[Condition]] = _everything
    crs: Crs = CRS84
    after: int = 0
    limit: int = 10
    fields: tuple[str, ...] | None = field(default=None)
    """Those to be told of each, all where None; the geometry as `outlined` says."""
    outlined: bool = True


@dataclass(frozen=True, slots=True)
class FeaturePage:
    """Features as text, and the id that the next page goes on from (None at the end)."""

    features: list[str]
    next: int | None


def read_page(session: Session, collection: Collection, asked: Asked, wanted: Wanted, few: bool = False) -> FeaturePage:
    """A page of at most `MOST_AT_ONCE` features.

    Parameters
    ----------
    few
        Few match, so that all of them are found first and then put in order.
    """
    limit = min(wanted.limit, MOST_AT_ONCE)
    found = (
        _ids(collection.rows(asked), wanted, few)
        .limit(limit + 1)
        .cte("page")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    rows = collection.read_rows(asked)
    chosen = _told(collection, rows, wanted).join_from(rows.tables, found, found.c.id == rows.ident)
    read = session.execute(chosen.order_by(rows.ident)).all()
    shown = read[:limit]
    return FeaturePage([_with_id(*row[1:]) for row in shown], shown[-1][0] if len(read) > limit else None)


def read_one(session: Session, collection: Collection, asked: Asked, code: str, crs: Crs = CRS84) -> str:
    """The feature with this code.

    Raises
    ------
    NotFoundError
        There is none, or it is not for the public.
    """
    rows = collection.read_rows(asked)
    chosen = _told(collection, rows, Wanted(crs=crs)).where(rows.columns[CODE] == code, *rows.shown)
    row = session.execute(chosen).first()
    if row is None:
        raise NotFoundError(f"There is no feature with the code {code[:40]!r} in {collection.name}.")
    return _with_id(*row[1:])


def count(session: Session, collection: Collection, asked: Asked, wanted: Wanted, most: int | None) -> int:
    """How many features match, counted no further than `most` + 1."""
    ids = _ids(collection.rows(asked), wanted).order_by(None)
    ids = ids if most is None else ids.limit(most + 1)
    return session.scalar(select(func.count()).select_from(ids.subquery())) or 0


def extent(session: Session, collection: Collection, asked: Asked) -> list[float] | None:
    """West, south, east and north of a collection in degrees; None while it is empty."""
    rows = collection.rows(asked)
    box = func.ST_Extent(rows.located)
    sides = (func.ST_XMin(box), func.ST_YMin(box), func.ST_XMax(box), func.ST_YMax(box))
    row = session.execute(select(*sides).select_from(rows.tables).where(*rows.shown)).one()
    return None if row[0] is None else [round(side, 7) for side in row]


def _ids(rows: Rows, wanted: Wanted, few: bool = False) -> Select[int]:
    chosen = select(rows.ident.label("id")).select_from(rows.tables).where(*rows.shown, *wanted.conditions(rows))
    if wanted.after:
        chosen = chosen.where(rows.ident > wanted.after)
    # As a sum the ids are put in order after the search: else PostgreSQL goes through everything in their order.
    return chosen.order_by(rows.ident + 0 if few else rows.ident)


def _told(collection: Collection, rows: Rows, wanted: Wanted) -> Select[Any]:
    """Id, code and the feature as text.

    `ST_AsGeoJSON` of a record makes all that is not the outline a property, each with its type.
    """
    names = [each.name for each in collection.fields if wanted.fields is None or each.name in wanted.fields]
    outline = wanted.crs.shown(rows.outline) if wanted.outlined else func.ST_SetSRID(func.ST_GeomFromText(None), 4326)
    told = select(outline.label(_OUTLINE), *(rows.columns[name].label(name) for name in names))
    record = told.correlate_except().lateral("record")
    text = func.ST_AsGeoJSON(literal_column("record"), _OUTLINE, wanted.crs.digits)
    return select(rows.ident, rows.columns[CODE], text).join_from(rows.tables, record, true())


def _with_id(code: str, feature: str) -> str:
    """The feature with its identifier; codes are letters and digits."""
    return f'{{"id":"{code}",{feature[1:]}'
