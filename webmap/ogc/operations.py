"""Finds what is asked of a collection, for the login of visitors: pages, one feature, totals, extents."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import shapely
from sqlalchemy import ColumnElement, Date, Float, cast, func, or_
from sqlalchemy.orm import Session

from geo.cql import condition
from geo.exports.rows import Rows
from geo.features import reading
from geo.features.collections import COLLECTIONS, Collection, queryables
from geo.features.reading import MOST_AT_ONCE, MOST_COUNTED, FeaturePage, Wanted
from geo.search import Asked
from webmap.ogc.asking import Question


@dataclass(frozen=True)
class Found:
    """The first part of a page, and how many match in all: None where that is not known."""

    page: FeaturePage
    matched: int | None
    wanted: Wanted
    few: bool


def find(session: Session, collection: Collection, asked: Asked, question: Question, counted: int) -> Found:
    """The beginning of what is asked for; `counted` is what `count` says of it."""
    conditions = partial(_conditions, collection=collection, question=question)
    wanted = Wanted(conditions, question.crs, question.after, question.limit)
    few = not question.takes_all and counted <= MOST_COUNTED
    matched = counted if question.takes_all or few else None
    return Found(reading.read_page(session, collection, asked, wanted, few), matched, wanted, few)


def rest(session: Session, collection: Collection, asked: Asked, found: Found) -> Iterator[FeaturePage]:
    """The other parts of a page that is longer than what is in memory at once, each when it is asked for."""
    page, left = found.page, found.wanted.limit - MOST_AT_ONCE
    while page.next is not None and left > 0:
        wanted = replace(found.wanted, after=page.next, limit=left)
        page = reading.read_page(session, collection, asked, wanted, found.few)
        left -= MOST_AT_ONCE
        yield page


def count(session: Session, collection: Collection, asked: Asked, question: Question) -> int:
    """How many features match, wherever the page begins: all of a whole collection, else no more than are counted."""
    wanted = Wanted(partial(_conditions, collection=collection, question=question))
    return reading.count(session, collection, asked, wanted, None if question.takes_all else MOST_COUNTED)


def extents(session: Session, asked: Asked) -> dict[str, list[float] | None]:
    """Collection → its extent. Units lie where buildings do."""
    own = {name: each for name, each in COLLECTIONS.items() if name != "units"}
    found = {name: reading.extent(session, each, asked) for name, each in own.items()}
    return found | {"units": found["buildings"]}


def _conditions(rows: Rows, collection: Collection, question: Question) -> Sequence[ColumnElement[bool]]:
    wanted = [_is(rows.columns[name], value) for name, value in question.values.items()]
    if question.box is not None:
        wanted += _meets(rows, question.box)
    if question.filter:
        asked = question.filter
        wanted.append(condition(asked.node, queryables(collection, rows), asked.text, asked.crs.to_wgs84))
    if question.days and collection.dated:
        wanted.append(_within(rows.columns[collection.dated], *question.days))
    return wanted


def _is(column: ColumnElement[Any], value: Any) -> ColumnElement[bool]:
    if isinstance(column.type, Float):
        return column == cast(value, Float)
    return column == value


def _meets(rows: Rows, box: shapely.Geometry) -> list[ColumnElement[bool]]:
    """What meets a polygon. What lies inside of a rectangle is seen without a look at its outline."""
    polygon = func.ST_GeomFromWKB(shapely.to_wkb(box), 4326)
    met = func.ST_Intersects(rows.outline, polygon)
    if shapely.equals(box, shapely.envelope(box)):
        met = or_(rows.located.op("@")(polygon), met)
    return [rows.located.op("&&")(polygon), met]


def _within(column: ColumnElement[Any], first: Any, last: Any) -> ColumnElement[bool]:
    """A day of an interval; what has no day is in every one (/req/core/fc-time-response)."""
    sides = []
    if first:
        sides.append(column >= cast(first, Date))
    if last:
        sides.append(column <= cast(last, Date))
    return or_(column.is_(None), func.coalesce(sides[0] if len(sides) == 1 else sides[0] & sides[1], False))
