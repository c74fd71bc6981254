"""The view of leading industries: places with who leads in each, as rows that page, drawing and files share."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from sqlalchemy import BigInteger, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from geo.clusters.leading import Leading, in_cells, in_outlines, leading
from geo.clusters.residents import MICRODEGREES
from geo.indicators import AreaOutline
from geo.model import Building
from geo.taxonomy import map_groups
from webmap.cluster_ground import Ground
from webmap.names import label
from webmap.plans import outline

UNITS = ("cell", "building", "area")
DRAWN = 2500
"""Places on the map, those with most."""


@dataclass(frozen=True, slots=True)
class Led:
    """A place as told: `leader` is a map group or '', `tied` those that have as much; `link` leads to it."""

    shape: Any
    lon: float
    lat: float
    place: str
    code: str
    leader: str
    tied: tuple[str, ...]
    amount: float
    everything: float
    firms: int
    share: float
    quotient: float | None
    few: bool


def of_cells(session: Session, ground: Ground) -> list[Led]:
    """Cells, named after the building with most."""
    residents, question = ground.residents, ground.question
    if not len(residents.building_ids):
        return []
    found, shapes = in_cells(residents, question.cell_m, question.kind)
    points = shapely.points(residents.lon / MICRODEGREES, residents.lat / MICRODEGREES)
    tree, size = shapely.STRtree(points), np.bincount(residents.building, residents.enterprises, len(points))
    chiefs = [max(tree.query(each, "intersects").tolist(), key=lambda at: size[at], default=0) for each in shapes]
    names = _named(session, residents.building_ids[chiefs])
    order = np.argsort(-found.everything, kind="stable").tolist()
    told = [names.get(int(residents.building_ids[at]), ("", "", None)) for at in chiefs]
    return [_led(found, at, shapes[at], told[at][0], told[at][1]) for at in order]


def of_buildings(session: Session, ground: Ground) -> list[Led]:
    """Buildings, those with most first; without an outline beyond what is drawn."""
    residents = ground.residents
    found = leading(residents, np.arange(len(residents.building_ids)), len(residents.building_ids))
    names = _named(session, residents.building_ids[found.place])
    order = np.argsort(-found.everything, kind="stable").tolist()
    rows = []
    for at in order:
        building = found.place[at]
        point = shapely.Point(residents.lon[building] / MICRODEGREES, residents.lat[building] / MICRODEGREES)
        name, code, shape = names.get(int(residents.building_ids[building]), ("", "", None))
        rows.append(_led(found, at, point if shape is None or len(rows) >= DRAWN else outline(shape), name, code))
    return rows


def of_areas(ground: Ground, areas: Sequence[AreaOutline]) -> list[Led]:
    """Areas that may lie in one another, in their order."""
    found = in_outlines(ground.residents, [each.geom for each in areas])
    return [
        _led(each, 0, area.geom, label(area), area.code)
        for area, each in zip(areas, found, strict=True)
        if len(each.place)
    ]


def numbers_of(rows: Sequence[Led]) -> list[tuple[str, int]]:
    """In how many places each map group leads, the empty one for ties and what is not told."""
    counts = Counter(row.leader for row in rows)
    return [(code, counts[code]) for code in (*(group.code for group in map_groups()), "") if counts[code]]


def _led(found: Leading, at: int, shape: Any, place: str, code: str) -> Led:
    codes = [*(group.code for group in map_groups()), ""]
    quotient = float(found.quotient[at])
    middle = shape.centroid
    return Led(
        *(shape, middle.x, middle.y, place, code),
        codes[found.leader[at]] if found.leader[at] >= 0 else "",
        tuple(codes[each] for each in found.tied[at] if codes[each]),
        *(float(found.amount[at]), float(found.everything[at]), int(found.firms[at]), float(found.share[at])),
        quotient if np.isfinite(quotient) else None,
        bool(found.few[at]),
    )


def _named(session: Session, ids: np.ndarray[Any, Any]) -> dict[int, tuple[str, str, Any]]:
    columns = (Building.id, Building.code, Building.name, Building.name_en, Building.geom)
    chosen = select(*columns).where(Building.id == any_(bindparam("ids", type_=ARRAY(BigInteger))))
    rows = session.execute(chosen, {"ids": ids.tolist()})
    return {row.id: (label(row), row.code, row.geom) for row in rows}
