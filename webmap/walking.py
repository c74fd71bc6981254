"""What is reached on foot from a building or a place: worked out when asked for, kept until its surroundings change."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import shapely
from flask import Flask, current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.access import Isochrone, isochrones
from geo.conditions import shown
from geo.errors import BadParameterError, NotFoundError
from geo.filters import WALKS_MIN, Filters, Origin
from geo.kept import Kept
from geo.model import Building
from webmap.db import public_session
from webmap.published import Published, published

KEPT_WALKS = 256
"""Origins whose surroundings are kept; some 20 kB each."""

_LAYERS = ("buildings", "ground")

Walks = Kept[tuple[object, ...], list[Isochrone]]


def init_app(app: Flask) -> None:
    """Let filtered tiles, which are drawn before Flask, ask for the land that a walk reaches."""
    found: Published = app.extensions["loumap_published"]
    found.tiles.located = partial(_located_by, app)


def walks_from(origin: Origin) -> list[Isochrone]:
    """What visitors may know to be within 5, 10 and 15 minutes of a public building or a place, the shortest first.

    Raises
    ------
    NotFoundError
        There is no such building, or it is not public.
    """
    kept: Walks = current_app.extensions.setdefault("loumap_walks", Kept(KEPT_WALKS))
    versions = published().versions()
    key = (*(versions.get(layer) for layer in _LAYERS), origin.code)
    return kept.get(key) or kept.keep(key, walks(public_session(), origin))


def walks(session: Session, origin: Origin) -> list[Isochrone]:
    """The same, worked out anew; for those who answer no request.

    Raises
    ------
    NotFoundError
        As `walks_from`.
    """
    if origin.place:
        return isochrones(session, shapely.Point(*origin.place))
    places = select(func.ST_AsBinary(Building.geom), func.ST_AsBinary(Building.entrance))
    row = session.execute(places.where(Building.code == origin.code, *shown(Building, False))).one_or_none()
    if row is None:
        raise NotFoundError(f"There is no building with the code {origin.code!r}.")
    outline, entrance = (shapely.from_wkb(place and bytes(place)) for place in row)
    return isochrones(session, outline, entrance)


def located(filters: Filters, walks_of: Callable[[Origin], list[Isochrone]] = walks_from) -> Filters:
    """The same filters with the land that `walk_from` and `walk_min` mean.

    Raises
    ------
    BadParameterError
        There is no such public building.
    """
    origin = filters.walk_from
    if origin is None:
        return filters
    try:
        walk = next(each for each in walks_of(origin) if each.minutes == filters.walk_min)
    except NotFoundError:
        raise BadParameterError("walk_from", origin.code, "the code of a public building") from None
    return replace(filters, walk_from=Origin(origin.code, shapely.to_wkb(walk.area)))


def minutes_of(text: str) -> int:
    """The walk that a parameter asks for.

    Raises
    ------
    BadParameterError
        It is none of those offered.
    """
    if text not in {str(each) for each in WALKS_MIN}:
        raise BadParameterError("minutes", text, ", ".join(str(each) for each in WALKS_MIN))
    return int(text)


def _located_by(app: Flask, filters: Filters) -> Filters:
    if filters.walk_from is None:
        return filters
    with app.app_context():
        return located(filters)
