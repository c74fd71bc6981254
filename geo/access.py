"""How far buildings are from the amenities people need, in metres.

Distances here run straight from the outline to the nearest amenity of a category and say so (`method`); they are
stored per building, so that search, pages and the state file all speak of the same number.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from geo.crs import local_metric
from geo.model import Amenity, AmenityDistance, Building

REACH_M = 3000
"""Amenities farther away than this are not kept: nobody walks there."""

_AROUND_DEGREES = 0.03
"""A little more than the reach in degrees of latitude."""

Shapes = NDArray[np.object_]


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
    rows = [row for part in _neighbourhoods(outlines) for row in _nearest(outlines[part], ids[part], places, labels)]
    if rows:
        session.execute(insert(AmenityDistance), rows)
    return len(rows)


def _neighbourhoods(outlines: Shapes) -> Iterator[NDArray[np.intp]]:
    """Groups of outlines close enough together to share one plane in metres."""
    cells = np.floor(shapely.bounds(outlines)[:, :2]).astype(int)
    _, group = np.unique(cells, axis=0, return_inverse=True)
    for number in range(group.max() + 1):
        yield np.flatnonzero(group == number)


def _nearest(
    outlines: Shapes, building_ids: NDArray[np.int64], places: Shapes, labels: list[tuple[str, int]]
) -> Iterator[dict[str, object]]:
    """For every outline and category the nearest place within reach, as rows of `amenity_distances`."""
    west, south, east, north = shapely.total_bounds(outlines)
    plane = local_metric([west, east], [south, north])

    around = _AROUND_DEGREES / max(0.1, np.cos(np.radians(north)))
    x, y = shapely.get_x(places), shapely.get_y(places)
    inside = (x > west - around) & (x < east + around) & (y > south - around) & (y < north + around)
    categories = np.array([category for category, _ in labels])
    outlines, now = plane.project(outlines), datetime.now(UTC)
    for category in dict.fromkeys(categories[inside].tolist()):
        members = np.flatnonzero(inside & (categories == category))
        tree = shapely.STRtree(plane.project(places[members]))
        pairs, metres = tree.query_nearest(outlines, max_distance=REACH_M, return_distance=True, all_matches=False)
        for outline, place, distance in zip(*pairs.tolist(), metres.tolist(), strict=True):
            yield {
                "building_id": int(building_ids[outline]),
                "category": category,
                "amenity_id": labels[members[place]][1],
                "metres": round(distance),
                "method": "straight_line",
                "computed_at": now,
            }
