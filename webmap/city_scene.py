"""The city before a camera, ready to be drawn as blocks (`geo/exports/svg_scene.py`): what visitors may see."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import cast, func, select, text
from sqlalchemy.orm import Session

from geo.exports.plane import Camera, Perspective
from geo.exports.svg_map import Shape
from geo.exports.svg_scene import CONTEXT, Block, Scene
from geo.model import Building, GroundFeature, Section, Source
from geo.search import shown
from webmap import plans
from webmap.plans import Box, outline

MOST = 2500
"""Blocks on one picture: those with a look of their own first, then the largest."""

EVERYTHING_FROM, LARGE_FROM = 14.4, 12.5
"""Zooms from which the city around the listed buildings is drawn, and of it what is large."""

LARGE_PX = 14000
"""Of an outline at zoom 16, as `geo.tiles.LEAST_PX` and an index have it."""

STREETS_FROM = 14.2
NO_HEIGHT_M = 9.0


@dataclass(frozen=True, slots=True)
class Look:
    """How a building is drawn: its colour, what is written of it, whether it is selected, its numbers on a list."""

    fill: str
    name: str = ""
    said: str = ""
    weight: float = 0.0
    picked: bool = False
    mark: str = ""


def city_scene(
    session: Session,
    camera: Camera,
    size: tuple[int, int],
    looks: Mapping[int, Look],
    *,
    flat: bool = False,
    extra: Sequence[Shape] = (),
) -> Scene:
    """The scene before a camera on a picture of so many pixels; `looks` are of the listed buildings that count."""
    box = Perspective(camera, size).box
    blocks = [*_listed(session, looks, box), *_around(session, camera.zoom, box, MOST - min(len(looks), MOST))]
    return Scene(camera, _ground(session, camera.zoom, box), blocks, flat, extra)


def _ground(session: Session, zoom: float, box: Box) -> list[Shape]:
    only = () if zoom >= STREETS_FROM else (GroundFeature.rank <= 2,)
    return [*plans.ground(session, box, False, *only), *plans.transit(session, box, False), *plans.stops(session, box)]


_HEIGHT = func.coalesce(Building.height_m, Building.floors_above * 3.3, NO_HEIGHT_M)
_COLUMNS = (Building.id, Building.geom, _HEIGHT.label("top"), Building.base_height_m.label("base"), Building.sectioned)


def _listed(session: Session, looks: Mapping[int, Look], box: Box) -> list[Block]:
    chosen = sorted(looks, key=lambda ident: (not looks[ident].picked, -looks[ident].weight, ident))[:MOST]
    inside = Building.geom.op("&&")(_envelope(box))
    rows = session.execute(select(*_COLUMNS).where(Building.id == func.any(chosen), inside, *shown(Building, False)))
    whole = [(row.id, row) for row in rows]
    parts = _parts(session, [ident for ident, row in whole if row.sectioned])
    return [_block(row, looks[ident]) for ident, row in [*((i, r) for i, r in whole if not r.sectioned), *parts]]


def _parts(session: Session, ids: Sequence[int]) -> list[tuple[int, Any]]:
    """Towers and podiums, which are drawn instead of the outline of their building."""
    if not ids:
        return []
    columns = (Section.building_id, Section.geom, Section.height_m.label("top"), Section.base_height_m.label("base"))
    above = (Section.kind != "basement", Source.publishable, Section.building_id == func.any(list(ids)))
    rows = session.execute(select(*columns).join(Source, Source.id == Section.source_id).where(*above))
    return [(row.building_id, row) for row in rows]


def _around(session: Session, zoom: float, box: Box, room: int) -> Iterable[Block]:
    if zoom < LARGE_FROM or room <= 0:
        return ()
    unlisted = text("NOT managed AND name IS NULL")
    size = func.ST_Area(Building.ring)
    least = () if zoom >= EVERYTHING_FROM else (text(f"ST_Area(ring) >= {LARGE_PX}"),)
    chosen = select(*_COLUMNS).where(Building.geom.op("&&")(_envelope(box)), *shown(Building, False), unlisted, *least)
    rows = session.execute(chosen.order_by(size.desc(), Building.id).limit(room))
    return [_block(row, Look(CONTEXT)) for row in rows]


def _block(row: Any, look: Look) -> Block:
    top = float(row.top if row.top is not None else NO_HEIGHT_M)
    base = float(row.base or 0.0)
    return Block(outline(row.geom), top, base, look.fill, look.name, look.said, look.weight, look.picked, look.mark)


def _envelope(box: Box) -> Any:
    return cast(func.ST_MakeEnvelope(*box, 4326), Geometry)
