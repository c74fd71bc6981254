"""How far buildings are from the amenities people need, stored per building: on foot, else in a straight line.

Search, pages and the state file all speak of the same number, and it says how it was measured (`method`). On foot the
way starts at the building's entrance, or where its outline is nearest to a road. Where the network does not reach
(no road near, no way to it, no way along it), the straight line from the outline stays.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import BigInteger, Boolean, Numeric, Row, bindparam, case, cast, delete, func, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.orm import Session

from geo.access.doors import doors_to
from geo.access.ground import Box, Surroundings, surroundings
from geo.access.network import Floats, Ints, Marks, Places, Shapes
from geo.access.paths import Ways, ways_between
from geo.crs import local_metric
from geo.model import Amenity, AmenityDistance, Building
from geo.quantities import WALKING_M_MIN

REACH_M = 3000
"""Amenities farther away than this are not kept: nobody walks there."""

DOORSTEP_M = 20.0
"""Amenities in the house, or no farther from it than this, are reached without a road."""

ON_PLATFORMS = ("metro", "rail", "bus")
"""Categories that lie between tracks, which do not bar the way to them."""

REACH_DEGREES = 0.03
"""A little more than the reach in degrees of latitude; of longitude twice as many are enough up to 60° north."""
_CELL_DEGREES = 0.25
_KEY = ("building_id", "category")


@dataclass(frozen=True, slots=True)
class Found:
    """From buildings to the nearest amenity of a category each, in metres, and whether they are walked."""

    category: str
    building_ids: Ints
    amenity_ids: Ints
    metres: Ints
    walked: Marks


@dataclass(frozen=True, slots=True)
class Houses:
    """Buildings: ids, outlines, and entrances where they are known (None elsewhere)."""

    ids: Ints
    outlines: Shapes
    entrances: Shapes

    def part(self, which: Ints) -> "Houses":
        """Some of them."""
        return Houses(self.ids[which], self.outlines[which], self.entrances[which])


@dataclass(frozen=True, slots=True)
class Amenities:
    """Open amenities that are published."""

    ids: Ints
    categories: NDArray[np.str_]
    points: Shapes


def store_distances(session: Session, building_ids: Iterable[int] | None = None) -> int:
    """Compute and store the metres from listed buildings to the nearest amenity of each category.

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
    wanted = None if building_ids is None else list(building_ids)
    houses, kept = _houses(session, wanted), defaultdict[str, list[Ints]](list)
    for part in _neighbourhoods(houses.outlines):
        for found in _all(session, houses.part(part)):
            kept[found.category].append(found.building_ids)
            _store(session, found)
    _forget(session, {category: np.concatenate(ids) for category, ids in kept.items()}, wanted)
    return sum(len(ids) for parts in kept.values() for ids in parts)


def _forget(session: Session, kept: Mapping[str, Ints], wanted: list[int] | None) -> None:
    """Delete what is stored of the buildings in question and was not found again."""
    stale = delete(AmenityDistance)
    if wanted is not None:
        stale = stale.where(AmenityDistance.building_id.in_(wanted))
    session.execute(stale.where(AmenityDistance.category.not_in(list(kept))))
    for category, ids in kept.items():
        again = func.unnest(bindparam(None, ids.tolist(), ARRAY(BigInteger))).column_valued("building")
        gone = AmenityDistance.building_id.not_in(select(again))
        session.execute(stale.where(AmenityDistance.category == category, gone))


def _houses(session: Session, wanted: list[int] | None) -> Houses:
    chosen = select(Building.id, func.ST_AsBinary(Building.geom), func.ST_AsBinary(Building.entrance)).where(
        (Building.managed | Building.name.is_not(None)) & Building.withdrawn_at.is_(None)
    )
    rows = session.execute(chosen if wanted is None else chosen.where(Building.id.in_(wanted))).all()
    return Houses(_numbers(rows, 0), _shapes(rows, 1), _shapes(rows, 2))


def _neighbourhoods(outlines: Shapes) -> Iterator[Ints]:
    """Groups of outlines close enough together to share one plane in metres, so that no city is too large."""
    cells = np.floor(shapely.bounds(outlines)[:, :2] / _CELL_DEGREES).astype(int)
    kinds, group = np.unique(cells, axis=0, return_inverse=True)
    for number in range(len(kinds)):
        yield np.flatnonzero(group == number)


def _all(session: Session, houses: Houses) -> Iterator[Found]:
    """For every category the nearest amenity within reach of each house of a neighbourhood."""
    west, south, east, north = shapely.total_bounds(houses.outlines).tolist()
    plane = local_metric([west, east], [south, north])
    wide = REACH_DEGREES / max(0.1, float(np.cos(np.radians(max(abs(south), abs(north))))))
    box = (west - wide, south - REACH_DEGREES, east + wide, north + REACH_DEGREES)
    amenities = _amenities(session, box)
    if not len(amenities.ids):
        return
    ground = surroundings(session, box, plane)
    houses = Houses(houses.ids, plane.project(houses.outlines), plane.project(houses.entrances))
    amenities = Amenities(amenities.ids, amenities.categories, plane.project(amenities.points))
    doors = np.where(shapely.is_missing(houses.entrances), houses.outlines, houses.entrances)
    goals = _goals(ground, amenities)
    ways = ways_between(ground.network, doors_to(ground.network, doors, ground.walls, ground.fences), goals, REACH_M)
    for category in dict.fromkeys(amenities.categories.tolist()):
        found = _of_category(category, houses, amenities, ways, ground)
        if len(found.building_ids):
            yield found


def _goals(ground: Surroundings, amenities: Amenities) -> Places:
    """Where amenities meet the network; the way to stations may cross tracks."""
    at_tracks = np.isin(amenities.categories, ON_PLATFORMS)
    goals = doors_to(ground.network, amenities.points, ground.walls, ground.fences, through=True)
    free = doors_to(ground.network, amenities.points[at_tracks], ground.walls_but_rails, ground.fences, through=True)
    goals.edges[at_tracks], goals.along_m[at_tracks], goals.away_m[at_tracks] = free.edges, free.along_m, free.away_m
    return goals


def _of_category(category: str, houses: Houses, amenities: Amenities, ways: Ways, ground: Surroundings) -> Found:
    members = np.flatnonzero(amenities.categories == category)
    goals, metres = _straight(houses.outlines, amenities.points[members])
    near = np.flatnonzero((metres <= DOORSTEP_M) & (ways.doors.edges >= 0))
    direct = shapely.shortest_line(houses.outlines[near], amenities.points[members[goals[near]]])
    near = near[~(ground.walls.cross(direct) | ground.fences.between(direct))]
    doorstep = np.full(len(metres), np.inf)
    doorstep[near] = metres[near]
    on_foot = ways.to_nearest(members)
    walked = (on_foot.metres <= REACH_M) & (on_foot.metres < doorstep)
    metres, nearest = np.where(walked, on_foot.metres, metres), np.where(walked, on_foot.goals, members[goals])
    kept = np.flatnonzero(np.isfinite(metres))
    whole = np.round(metres[kept]).astype(np.int64)
    return Found(
        category, houses.ids[kept], amenities.ids[nearest[kept]], whole, (walked | np.isfinite(doorstep))[kept]
    )


def _straight(outlines: Shapes, points: Shapes) -> tuple[Ints, Floats]:
    """The nearest point in a straight line from each outline, and its metres; infinite beyond reach."""
    goals, metres = np.zeros(len(outlines), np.int64), np.full(len(outlines), np.inf)
    (outline, point), away = shapely.STRtree(points).query_nearest(
        outlines, max_distance=REACH_M, return_distance=True, all_matches=False
    )
    goals[outline], metres[outline] = point, away
    return goals, metres


def _amenities(session: Session, box: Box) -> Amenities:
    shown = (Amenity.open, Amenity.publishable, Amenity.withdrawn_at.is_(None))
    inside = Amenity.geom.op("&&")(func.ST_MakeEnvelope(*box, 4326))
    chosen = select(Amenity.id, Amenity.category, func.ST_AsBinary(Amenity.geom)).where(*shown, inside)
    rows = session.execute(chosen.order_by(Amenity.id)).all()
    return Amenities(_numbers(rows, 0), np.array([row[1] for row in rows], dtype=str), _shapes(rows, 2))


def _numbers(rows: Iterable[Row[Any]], column: int) -> Ints:
    return np.array([row[column] for row in rows], dtype=np.int64)


def _shapes(rows: Iterable[Row[Any]], column: int) -> Shapes:
    wkb = [row[column] and bytes(row[column]) for row in rows]
    return np.asarray(shapely.from_wkb(np.array(wkb, dtype=object)), dtype=object)


def _store(session: Session, found: Found) -> None:
    """Store the ways to one category in one statement, whatever their number; a row each would take minutes.

    What is stored as it is stays untouched, so that readers need no new state of a city where little has changed.
    """
    lists = [
        bindparam(None, column.tolist(), ARRAY(kind))
        for column, kind in (
            (found.building_ids, BigInteger), (found.amenity_ids, BigInteger), (found.metres, BigInteger),
            (found.walked, Boolean),
        )
    ]  # fmt: skip
    way = func.unnest(*lists).table_valued("building", "amenity", "metres", "walked").render_derived()
    minutes = case((way.c.walked, func.round(cast(way.c.metres, Numeric) / cast(WALKING_M_MIN, Numeric), 1)))
    method = case((way.c.walked, "walking"), else_="straight_line")
    now = datetime.now(UTC)
    way_of = (way.c.building, way.c.amenity, way.c.metres, minutes, method)
    rows = select(*way_of, literal(found.category), literal(now))
    names = ["building_id", "amenity_id", "metres", "minutes", "method", "category", "computed_at"]
    adding = insert(AmenityDistance).from_select(names, rows)
    fresh = {name: adding.excluded[name] for name in names if name not in _KEY}
    changed = or_(*(getattr(AmenityDistance, name) != fresh[name] for name in ("amenity_id", "metres", "method")))
    session.execute(adding.on_conflict_do_update(index_elements=_KEY, set_=fresh, where=changed))
