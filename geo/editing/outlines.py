"""Looks at an outline before it is kept: is it valid, how large, what does it overlap, how far from what was there."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import shapely
from geoalchemy2.shape import to_shape
from shapely import MultiPolygon
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.crs import from_wgs84, local_metric
from geo.editing.outline_texts import to_element
from geo.model import Building, Section

LEAST_M2, MOST_M2 = 4.0, 1_000_000.0
"""Smaller is no building, larger a district."""

_TOUCHING_M2 = 0.5
"""Neighbours that share a wall are drawn over each other by a little."""


class Overlap(NamedTuple):
    """A building that an outline lies over: by how many m², and which share of the smaller of the two."""

    code: str
    name: str | None
    name_en: str | None
    area_m2: float
    share: float


@dataclass(frozen=True, slots=True)
class Examined:
    """What is to be known of an outline before it is kept.

    `reason` and `at` (degrees) say what makes it invalid, `repaired` is what could be kept instead; `before_m2` and
    `moved_m` compare it with what was there; `outside` is the share of a section that lies outside its building.
    """

    outline: MultiPolygon
    area_m2: float
    corners: int
    reason: str | None = None
    at: tuple[float, float] | None = None
    repaired: MultiPolygon | None = None
    before_m2: float | None = None
    moved_m: float | None = None
    overlaps: Sequence[Overlap] = ()
    outside: float | None = None

    @property
    def fits(self) -> bool:
        """Whether it can be kept: valid, and of the size of a building."""
        return self.reason is None and LEAST_M2 <= self.area_m2 <= MOST_M2


def examine(
    session: Session, outline: MultiPolygon, building: Building | None = None, section: Section | None = None
) -> Examined:
    """Look at an outline that is to be that of a building (none yet: of a new one), or of a section of it."""
    reason = shapely.is_valid_reason(outline)
    valid = reason == "Valid Geometry"
    shown = outline if valid else _repaired(outline)
    before = section.geom if section else building.geom if building and section is None else None
    was = to_shape(before) if before is not None else None
    return Examined(
        outline,
        _area_m2(shown),
        int(shapely.get_num_coordinates(outline)) - sum(1 + len(part.interiors) for part in outline.geoms),
        None if valid else re.sub(r"\[.*", "", reason).strip(),
        None if valid else _place(reason),
        None if valid or shown.is_empty else shown,
        _area_m2(was) if was is not None else None,
        _moved_m(was, shown) if was is not None and not shown.is_empty else None,
        overlaps_of(session, shown, building.id if building else None) if section is None else (),
        _outside(shown, building) if section is not None and building is not None else None,
    )


def overlaps_of(session: Session, outline: MultiPolygon, but: int | None) -> list[Overlap]:
    """The buildings that an outline lies over, the largest overlap first."""
    if outline.is_empty:
        return []
    drawn = to_element(outline)
    common = func.ST_Area(func.Geography(func.ST_Intersection(Building.geom, drawn)))
    own, area_m2 = func.ST_Area(func.Geography(Building.geom)), _area_m2(outline)
    found = session.execute(
        select(Building.code, Building.name, Building.name_en, common.label("common"), own.label("own"))
        .where(Building.geom.ST_Intersects(drawn), Building.withdrawn_at.is_(None), Building.id.is_distinct_from(but))
        .order_by(common.desc())
        .limit(10)
    )
    return [
        Overlap(row.code, row.name, row.name_en, row.common, row.common / max(min(row.own, area_m2), 0.01))
        for row in found
        if row.common > _TOUCHING_M2
    ]


def written(outline: MultiPolygon, crs: str) -> str:
    """An outline as WKT in a coordinate system, to centimetres."""
    (moved,) = from_wgs84(np.array([outline], dtype=object), crs)
    fine = abs(moved.bounds[0]) <= 180 and abs(moved.bounds[1]) <= 90
    shape = moved.geoms[0] if len(moved.geoms) == 1 else moved
    return str(shapely.to_wkt(shape, rounding_precision=7 if fine else 2))


def _repaired(outline: MultiPolygon) -> MultiPolygon:
    made = shapely.make_valid(outline, method="structure", keep_collapsed=False)
    parts = [part for part in shapely.get_parts(shapely.get_parts([made])) if part.geom_type == "Polygon"]
    return MultiPolygon(parts)


def _area_m2(outline: MultiPolygon) -> float:
    if outline.is_empty:
        return 0.0
    points = shapely.get_coordinates(outline)
    (flat,) = local_metric(points[:, 0], points[:, 1]).project(np.array([outline], dtype=object))
    return float(flat.area)


def _moved_m(was: MultiPolygon, now: MultiPolygon) -> float:
    """How far apart the middles of two outlines lie."""
    (x, other_x), (y, other_y) = zip(was.centroid.coords[0], now.centroid.coords[0], strict=True)
    metres = local_metric([x, other_x], [y, other_y])
    easts, norths = metres.to_metres([x, other_x], [y, other_y])
    return float(np.hypot(easts[1] - easts[0], norths[1] - norths[0]))


def _outside(outline: MultiPolygon, building: Building) -> float:
    whole = outline.area
    return float(outline.difference(to_shape(building.geom)).area / whole) if whole else 0.0


def _place(reason: str) -> tuple[float, float] | None:
    found = re.search(r"\[(-?[\d.e+-]+) (-?[\d.e+-]+)", reason)
    return (float(found[1]), float(found[2])) if found else None
