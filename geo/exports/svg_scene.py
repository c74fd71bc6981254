"""The city as the map page shows it, as SVG: ground, blocks in their colours, the selected one, names without overlap.

Faces that a camera does not see are not drawn, and all walls of a block that are lit alike are one path: two thousand
blocks are some six thousand paths without edges, which is what a rasteriser draws in a quarter of a second.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import shapely

from geo.exports.lettering import ACCENT, INK, cut, width_of
from geo.exports.plane import Camera, Floats, Perspective
from geo.exports.svg_map import Shape, ground_of, names_on, placed_on
from geo.exports.svg_marks import Mark, draw_marks

GROUND, CONTEXT, OFF = "#eef0ec", "#e3e6e0", "#dfe3e0"
"""The land, blocks that nothing is known of, and those that do not answer the search."""

_SHADOW, _EDGE = "#5d6c66", "#17202b"
_LEFT, _RIGHT = 0.86, 0.72
"""How bright walls are that look to the left and to the right."""

_SHADOW_LONG = 0.28
_DETAIL_PX = 0.5
_TOWER_PX = 16
"""Names of streets keep away from blocks that are wider."""

MOST_PINS, MOST_NAMES = 6, 16
PALE = "#fbdca6"


@dataclass(frozen=True, slots=True)
class Block:
    """A building or a part of one: outline in degrees, heights in metres, its colour.

    `weight` says whose name comes first; `name` and the line `said` under it are left out where there is no room.
    `picked` is the one selected; `mark` the numbers of a list that stand at it with its name and are never left out.
    """

    outline: Any
    top_m: float
    base_m: float = 0.0
    fill: str = CONTEXT
    name: str = ""
    said: str = ""
    weight: float = 0.0
    picked: bool = False
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """What is drawn: how it is looked at, the ground, the blocks; with `flat` these have no height."""

    camera: Camera
    shapes: Sequence[Shape]
    blocks: Sequence[Block]
    flat: bool = False
    extra: Sequence[Shape] = ()
    """Outlines drawn on the ground: an area, a walk, what somebody drew."""


def draw_scene(scene: Scene, view: Perspective) -> str:
    """The elements of the picture, without a frame."""
    width, height = view.size
    seen = placed_on(view, [*scene.shapes, *scene.extra])
    solids = [solid for block in scene.blocks if (solid := _solid(block, view, flat=scene.flat))]
    solids.sort(key=lambda solid: (-solid.away, solid.block.base_m))
    marks = draw_marks(view, list(_marks(solids)))
    names = list(_names(solids, view))
    view.written += [solid.box for solid in solids if solid.span > _TOWER_PX and not scene.flat]
    return "".join(
        [
            f'<rect width="{width}" height="{height}" fill="{GROUND}"/>',
            *ground_of(view, seen),
            *names_on(view, [(shape, place) for shape, place in seen if shape.kind in _NAMED]),
            *_shadows(solids, scene.flat),
            *(path for solid in solids for path in solid.paths),
            *names,
            *marks,
        ]
    )


_NAMED = ("road", "stop", "water", "green")


@dataclass(frozen=True, slots=True)
class _Solid:
    block: Block
    away: float
    paths: list[str]
    shadow: str
    roof: tuple[float, float]
    """Where its name stands: the middle of the roof, pixels."""
    box: tuple[float, float, float, float]
    """Left, top, right and bottom, pixels."""

    @property
    def span(self) -> float:
        """Its width, pixels."""
        return self.box[2] - self.box[0]


def _solid(block: Block, view: Perspective, *, flat: bool) -> _Solid | None:
    polygons = [part for part in shapely.get_parts(block.outline) if part.geom_type == "Polygon"]
    if not polygons:
        return None
    top, base = (0.0, 0.0) if flat else (block.top_m, min(block.base_m, block.top_m))
    rings = [_ring(ring, view) for polygon in polygons for ring in (polygon.exterior, *polygon.interiors)]
    roofs = [view.seen(ring, top) for ring in rings]
    feet = [view.seen(ring, base) for ring in rings]
    points = np.concatenate([*roofs, *feet])
    if not _visible(points, view.size):
        return None
    whole = np.concatenate(rings)
    away = float(view.distance(whole.mean(axis=0, keepdims=True))[0])
    middle = roofs[0].mean(axis=0)
    (left, up), (right, down) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    span = right - left
    fill = ACCENT if block.picked else block.fill
    paths = _faces(rings, roofs, feet, fill, view, lit=top > base and span > 1.5)
    if flat or block.picked or (span > 14 and block.fill != CONTEXT):
        edge = ' stroke="#fff" stroke-width="2.5"' if block.picked else f' stroke="{_EDGE}" stroke-opacity=".22"'
        paths[-1] = paths[-1].replace("/>", f"{edge}/>")
    shift = np.array([_SHADOW_LONG, _SHADOW_LONG * 0.35]) * (top - base) * view.scale
    shadow = "" if flat or block.base_m else _outline(view.seen(rings[0] + shift * (1, -1)))
    return _Solid(block, away, paths, shadow, (float(middle[0]), float(middle[1])), (left, up, right, down))


def _ring(ring: Any, view: Perspective) -> Floats:
    """The corners of a ring on the ground, counterclockwise, without those that nobody would see."""
    points = view.ground(shapely.get_coordinates(ring))
    line = shapely.simplify(shapely.LinearRing(points), _DETAIL_PX)
    found: Floats = shapely.get_coordinates(line)[:-1]
    return found if shapely.is_ccw(line) else found[::-1]


def _visible(points: Floats, size: tuple[int, int]) -> bool:
    (left, up), (right, down) = points.min(axis=0), points.max(axis=0)
    return bool(right > 0 and left < size[0] and down > 0 and up < size[1])


def _faces(
    rings: list[Floats], roofs: list[Floats], feet: list[Floats], fill: str, view: Perspective, *, lit: bool
) -> list[str]:
    """The walls that look at the camera, those to the left and those to the right, and the roof."""
    walls: dict[float, list[str]] = {_LEFT: [], _RIGHT: []}
    if lit:
        for ring, roof, foot in zip(rings, roofs, feet, strict=True):
            along = np.roll(ring, -1, axis=0) - ring
            outward = np.column_stack([along[:, 1], -along[:, 0]])
            towards = np.array(view.eye) - (ring + along / 2)
            for number in np.flatnonzero((outward * towards).sum(axis=1) > 0):
                after = (number + 1) % len(ring)
                face = np.array([foot[number], foot[after], roof[after], roof[number]])
                walls[_LEFT if outward[number, 0] < 0 else _RIGHT].append(_outline(face))
    paths = [f'<path d="{"".join(faces)}" fill="{_darker(fill, light)}"/>' for light, faces in walls.items() if faces]
    roof_path = "".join(_outline(roof) for roof in roofs)
    return [*paths, f'<path d="{roof_path}" fill="{fill}" fill-rule="evenodd"/>']


def _outline(points: Floats) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points.tolist()) + "Z"


def _darker(colour: str, light: float) -> str:
    parts = (round(int(colour[at : at + 2], 16) * light) for at in (1, 3, 5))
    return "#" + "".join(f"{part:02x}" for part in parts)


def _shadows(solids: Iterable[_Solid], flat: bool) -> Iterator[str]:
    """One soft shape under all blocks, and a ring round the one selected."""
    shadows = "".join(solid.shadow for solid in solids)
    if shadows:
        yield f'<path d="{shadows}" fill="{_SHADOW}" fill-opacity=".2"/>'


def _marks(solids: Iterable[_Solid]) -> Iterator[Mark]:
    """One for each building that has numbers: at the roof of its tallest part."""
    tallest: dict[str, _Solid] = {}
    for solid in sorted(solids, key=lambda each: -each.block.top_m):
        if solid.block.mark:
            tallest.setdefault(solid.block.mark, solid)
    for mark, solid in tallest.items():
        yield Mark(solid.roof, mark, solid.block.name)


def _names(solids: Sequence[_Solid], view: Perspective) -> Iterator[str]:
    """Cards for the selected block and the first few, plain names for some more; none over another."""
    named: dict[str, _Solid] = {}
    for solid in sorted(solids, key=lambda each: -each.block.top_m):
        if solid.block.name and not solid.block.mark:
            named.setdefault(solid.block.name, solid)
    order = sorted(named.values(), key=lambda solid: (not solid.block.picked, -solid.block.weight, solid.block.name))
    pins, plain = 0, 0
    drawn: list[str] = []
    for solid in order:
        if pins < MOST_PINS and (solid.block.picked or solid.block.said):
            text = _pin(solid, view) or _plain(solid, view)
            pins += bool(text)
        elif plain < MOST_NAMES:
            text = _plain(solid, view)
            plain += bool(text)
        else:
            break
        drawn.append(text)
    return reversed(drawn)


def _pin(solid: _Solid, view: Perspective) -> str:
    """A dark card with name and figure above the roof."""
    large, block = view.letter, solid.block
    size, small = 14 * large, 12 * large
    name = cut(block.name, size, 190 * large)
    wide = max(width_of(name, size), width_of(block.said, small)) + 20 * large
    tall = (46 if block.said else 28) * large
    (x, y), tip = solid.roof, 8 * large
    if not view.claim(x, y - tip - tall / 2, wide + 6, tall + 6):
        return ""
    left, up, fill = x - wide / 2, y - tip - tall, ACCENT if block.picked else INK
    drawn = (
        f'<path d="M{x - tip:.0f} {y - tip - 1:.0f}h{2 * tip:.0f}L{x:.0f} {y:.0f}z" fill="{fill}"/>'
        f'<rect x="{left:.0f}" y="{up:.0f}" width="{wide:.0f}" height="{tall:.0f}" rx="{6 * large:.0f}" fill="{fill}"/>'
        f'<text x="{x:.0f}" y="{up + 19 * large:.0f}" font-size="{size:g}" font-weight="700" text-anchor="middle"'
        f' fill="#fff">{escape(name)}</text>'
    )
    if block.said:
        drawn += (
            f'<text x="{x:.0f}" y="{up + 38 * large:.0f}" font-size="{small:g}" text-anchor="middle"'
            f' fill="{PALE}">{escape(block.said)}</text>'
        )
    return drawn


def _plain(solid: _Solid, view: Perspective) -> str:
    size, (x, y) = round(12 * view.letter), solid.roof
    wide = width_of(solid.block.name, size)
    if not view.claim(x, y - size * 0.2, wide + 4, size * 1.4):
        return ""
    return (
        f'<text x="{x:.0f}" y="{y + size * 0.2:.0f}" font-size="{size}" text-anchor="middle" fill="#3b4654"'
        f' stroke="#fff" stroke-opacity=".9" stroke-width="{3 * view.letter:g}" paint-order="stroke"'
        f' stroke-linejoin="round">{escape(solid.block.name)}</text>'
    )
