"""What is reached on foot from a building: worked out when asked for, kept until its surroundings change."""

from dataclasses import replace

import shapely
from flask import current_app
from sqlalchemy import func, select

from geo.access import Isochrone, isochrones
from geo.conditions import shown
from geo.errors import BadParameterError, NotFoundError
from geo.filters import WALKS_MIN, Filters, Origin
from geo.kept import Kept
from geo.model import Building
from webmap.db import public_session
from webmap.published import published

KEPT_WALKS = 256
"""Buildings whose surroundings are kept; some 20 kB each."""

_LAYERS = ("buildings", "ground")

Walks = Kept[tuple[object, ...], list[Isochrone]]


def walks_from(code: str) -> list[Isochrone]:
    """What visitors may know to be within 5, 10 and 15 minutes of a public building, the shortest walk first.

    Raises
    ------
    NotFoundError
        There is no such building, or it is not public.
    """
    kept: Walks = current_app.extensions.setdefault("loumap_walks", Kept(KEPT_WALKS))
    versions = published().versions()
    key = (*(versions.get(layer) for layer in _LAYERS), code)
    return kept.get(key) or kept.keep(key, _found(code))


def located(filters: Filters) -> Filters:
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
        walk = next(each for each in walks_from(origin.code) if each.minutes == filters.walk_min)
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


def _found(code: str) -> list[Isochrone]:
    places = select(func.ST_AsBinary(Building.geom), func.ST_AsBinary(Building.entrance))
    row = public_session().execute(places.where(Building.code == code, *shown(Building, False))).one_or_none()
    if row is None:
        raise NotFoundError(f"There is no building with the code {code!r}.")
    outline, entrance = (shapely.from_wkb(place and bytes(place)) for place in row)
    return isochrones(public_session(), outline, entrance)
