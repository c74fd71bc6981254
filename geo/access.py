"""How far buildings are from the amenities people need, in metres.

Distances here run straight from the outline to the nearest amenity of a category and say so (`method`); they are
stored per building, so that search, pages and the state file all speak of the same number.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import BigInteger, bindparam, delete, func, insert, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from geo.crs import local_metric
from geo.model import Amenity, AmenityDistance, Building

REACH_M = 3000
"""Amenities farther away than this are not kept: nobody walks there."""

_AROUND_DEGREES = 0.03
"""A little more than the reach in degrees of latitude."""

Shapes = NDArray[np.object_]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Ways:
    """From buildings to the nearest amenity of a category each, in metres."""

    category: str
    building_ids: Numbers
    amenity_ids: Numbers
    metres: Numbers


def store_distances(session: Session, building_ids: Iterable[int] | None = None) -> int:
    """Compute and store the straight-line metres from listed buildings to the nearest amenity of each category.

    Parameters
    ----------
    session
        Changes are flushed, not committed.
    building_ids
        Only these buildings; all listed ones when left out.

    Returns
    -------
    int
        The number of distances stored.
    """
    chosen = select(Building.id, Building.geom).where(
        (Building.managed | Building.name.is_not(None)) & Building.withdrawn_at.is_(None)
    )
    stale = delete(AmenityDistance)
    if building_ids is not None:
        wanted = list(building_ids)
        chosen, stale = chosen.where(Building.id.in_(wanted)), stale.where(AmenityDistance.building_id.in_(wanted))
    session.execute(stale)
    buildings = session.execute(chosen).all()
    amenities = session.execute(
        select(Amenity.category, Amenity.id, Amenity.geom).where(
            Amenity.open, Amenity.publishable, Amenity.withdrawn_at.is_(None)
        )
    ).all()
    if not buildings or not amenities:
        return 0
    outlines = shapely.from_wkb([bytes(row.geom.data) for row in buildings])
    places = shapely.from_wkb([bytes(row.geom.data) for row in amenities])
    ids = np.array([row.id for row in buildings])
    labels = [(row.category, row.id) for row in amenities]
    parts = _neighbourhoods(outlines)
    found = (ways for part in parts for ways in _nearest(outlines[part], ids[part], places, labels))
    return sum(_store(session, ways) for ways in found)


def _store(session: Session, ways: Ways) -> int:
    """Store the ways to one category in one statement, whatever their number; a row each would take minutes."""
    kind, columns = ARRAY(BigInteger), (ways.building_ids, ways.amenity_ids, ways.metres)
    lists = [bindparam(None, column.tolist(), kind) for column in columns]
    way = func.unnest(*lists).table_valued("building", "amenity", "metres").render_derived()
    fixed = (literal(ways.category), literal("straight_line"), literal(datetime.now(UTC)))
    rows = select(way.c.building, way.c.amenity, way.c.metres, *fixed)
    names = ["building_id", "amenity_id", "metres", "category", "method", "computed_at"]
    session.execute(insert(AmenityDistance).from_select(names, rows))
    return len(ways.metres)


def _neighbourhoods(outlines: Shapes) -> Iterator[NDArray[np.intp]]:
    """Groups of outlines close enough together to share one plane in metres."""
    cells = np.floor(shapely.bounds(outlines)[:, :2]).astype(int)
    _, group = np.unique(cells, axis=0, return_inverse=True)
    for number in range(group.max() + 1):
        yield np.flatnonzero(group == number)


def _nearest(
    outlines: Shapes, building_ids: NDArray[np.int64], places: Shapes, labels: list[tuple[str, int]]
) -> Iterator[Ways]:
    """For every category the nearest place within reach of each outline."""
    west, south, east, north = shapely.total_bounds(outlines)
    plane = local_metric([west, east], [south, north])

    around = _AROUND_DEGREES / max(0.1, np.cos(np.radians(north)))
    x, y = shapely.get_x(places), shapely.get_y(places)
    inside = (x > west - around) & (x < east + around) & (y > south - around) & (y < north + around)
    categories = np.array([category for category, _ in labels])
    outlines, amenity_ids = plane.project(outlines), np.array([amenity for _, amenity in labels])
    for category in dict.fromkeys(categories[inside].tolist()):
        members = np.flatnonzero(inside & (categories == category))
        tree = shapely.STRtree(plane.project(places[members]))
        pairs, metres = tree.query_nearest(outlines, max_distance=REACH_M, return_distance=True, all_matches=False)
        if len(metres):
            outline, place = pairs
            yield Ways(category, building_ids[outline], amenity_ids[members[place]], metres.round().astype(np.int64))
