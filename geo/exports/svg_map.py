"""A small plan of the surroundings of a place as one SVG text, for pages, PDF and offline files.

North is up, one scale in both directions (a local equirectangular plane, wrong by less than a metre over a few
kilometres). Only presentation attributes are used, so that it looks the same wherever it is put.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import shapely

from geo.exports.hatches import hatched, hatches
from geo.exports.lettering import FAMILY, width_of
from geo.exports.plane import Perspective, Plane

ROAD_WIDTH_M = {
    "motorway": 22.0,
    "trunk": 20.0,
    "primary": 16.0,
    "secondary": 13.0,
    "tertiary": 10.0,
    "residential": 7.0,
    "service": 4.0,
    "footway": 1.6,
}
STYLES: dict[str, tuple[str, str]] = {
    "water": ("#c9dcea", "none"),
    "green": ("#d7e6d0", "none"),
    "plaza": ("#e6e3da", "none"),
    "outline": ("none", "#14508f"),
    "cell": ("#c9cdd1", "#ffffff"),
    "rated": ("#c9cdd1", "#3b4654"),
    "cluster": ("none", "#4a2a7b"),
    "building": ("#dde1dc", "#c9cec8"),
    "listed": ("#c3cdd9", "#a9b6c5"),
    "vacant": ("#f3ad55", "#d9731f"),
    "this": ("#14508f", "#0c3562"),
}
"""Kind of area → fill and edge; drawn in this order, roads between plazas and buildings."""

PIN = "#a32a1c"
DOT_PX = 6
ABOVE = {"this": -12, "dot": 16, "site": 18}
"""Pixels by which a name stands off its place, down."""

_GROUND, _BUILT = ("water", "green", "plaza"), ("cell", "building", "listed", "vacant", "rated", "this", "cluster")
_MAIN = ("motorway", "trunk", "primary")
_SCALE_BARS_M = (20, 50, 100, 200, 500, 1000)


@dataclass(frozen=True, slots=True)
class Shape:
    """Something on the plan, in WGS-84.

    `kind` is a key of `STYLES`, 'road', 'rail', 'transit', 'link', 'stop', 'dot', 'site' or 'pin'.
    `name` is written where there is room; `road_class` sets the width of a road, `colour` ('#rrggbb') that of a line
    or a fill, over which a `hatch` is drawn (`geo/exports/hatches.py`), `size_px` the width of a link or the radius of
    a site, `said` what is told of it when it is pointed at.
    A pin is a point with a short name, on top of all.
    """

    kind: str
    geometry: Any
    name: str | None = None
    road_class: str | None = None
    colour: str | None = None
    href: str | None = None
    hatch: int = 0
    size_px: float = 1.0
    said: str | None = None


Placed = tuple[Shape, Any]
"""A shape, and what of it is seen on a picture, in pixels."""


def draw_map(
    shapes: Iterable[Shape],
    centre: tuple[float, float],
    across_m: float,
    size: tuple[int, int] = (720, 440),
    *,
    title: str,
) -> str:
    """The plan as SVG.

    Parameters
    ----------
    shapes
        What may be seen; what lies outside is cut off.
    centre
        Longitude and latitude of the middle, WGS-84 degrees.
    across_m
        Metres from the left edge to the right.
    size
        Width and height in pixels of the view box.
    title
        What the plan shows, for those who cannot see it.
    """
    plan = Plane(centre, across_m, size)
    seen = placed_on(plan, shapes)
    pins = [_pin(plan, shape, geometry) for shape, geometry in seen if shape.kind == "pin"]
    width, height = size
    role = "group" if any(shape.href for shape, _ in seen) else "img"
    return "".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"',
            f' role="{role}" font-family="{FAMILY}">',
            f"<title>{escape(title)}</title>",
            hatches((shape.colour, shape.hatch) for shape, _ in seen),
            f'<rect width="{width}" height="{height}" fill="#eef0ec"/>',
            *ground_of(plan, seen),
            *(_area(shape, geometry) for kind in _BUILT for shape, geometry in seen if shape.kind == kind),
            *(_link(shape, geometry) for shape, geometry in seen if shape.kind == "link"),
            *(_dot(shape, geometry) for shape, geometry in seen if shape.kind in ("dot", "site")),
            *names_on(plan, seen),
            *reversed(pins),
            _scale_bar(plan),
            "</svg>",
        ]
    )


def placed_on(plan: Plane | Perspective, shapes: Iterable[Shape]) -> list[Placed]:
    """The shapes of which something may be seen, with what is seen of them in pixels."""
    shapes = list(shapes)
    placed = plan.place([shape.geometry for shape in shapes])
    return [(shape, geometry) for shape, geometry in zip(shapes, placed, strict=True) if not geometry.is_empty]


def ground_of(plan: Plane | Perspective, seen: Sequence[Placed]) -> Iterable[str]:
    """What lies on the ground: waters and greens, streets, lines, the edges of areas."""
    yield from (_area(shape, geometry) for kind in _GROUND for shape, geometry in seen if shape.kind == kind)
    yield from _roads(plan, seen)
    yield from (_line(shape, geometry) for shape, geometry in seen if shape.kind in ("rail", "transit"))
    yield from (_area(shape, geometry) for shape, geometry in seen if shape.kind == "outline")


def with_halos_apart(svg: str) -> str:
    """The same plan for programs without `paint-order`: the white edge of a word becomes a text of its own below."""
    return _HALO.sub(r"<text\1\2\3><text\1\3>", svg)


_HALO = re.compile(r'<text([^>]*)( stroke="#fff"[^>]*?stroke-linejoin="round")([^>]*>[^<]*</text)>')


def _path(geometry: Any, close: str = "") -> str:
    """The `d` of all rings or lines of a geometry, tenths of a pixel."""
    parts = shapely.get_parts(shapely.get_parts(geometry))  # a collection may hold a multipolygon
    parts = shapely.get_rings(parts) if close else parts
    texts = []
    for part in parts:
        if part.geom_type in ("LineString", "LinearRing"):
            points = shapely.get_coordinates(part)[: -1 if close else None]
            texts.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + close)
    return "".join(texts)


def _area(shape: Shape, geometry: Any) -> str:
    fill, edge = STYLES[shape.kind]
    fill = hatched(shape.colour, shape.hatch) if shape.colour else fill
    width = 2.5 if shape.kind in ("outline", "cluster") else 0.8
    seen_through = ' fill-opacity="0.78"' if shape.kind == "cell" else ""
    path = (
        f'<path d="{_path(geometry, "Z")}" fill="{fill}"{seen_through} fill-rule="evenodd" stroke="{edge}"'
        f' stroke-width="{width}"/>'
    )
    return _linked(shape, path)


def _dot(shape: Shape, geometry: Any) -> str:
    """A building that is too small to be seen from so far away, or a place as large as what is counted in it."""
    fill, edge = STYLES["vacant"] if shape.kind == "dot" else (shape.colour or PIN, "#ffffff")
    at = f'cx="{geometry.x:.1f}" cy="{geometry.y:.1f}"'
    radius = DOT_PX if shape.kind == "dot" else round(shape.size_px, 1)
    return _linked(shape, f'<circle {at} r="{radius:g}" fill="{fill}" stroke="{edge}" stroke-width="1.5"/>')


def _link(shape: Shape, geometry: Any) -> str:
    """A line between two places, seen through where many cross."""
    look = f'stroke="{shape.colour or PIN}" stroke-width="{shape.size_px:.1f}" stroke-opacity=".4"'
    return f'<path d="{_path(geometry)}" fill="none" {look} stroke-linecap="round"/>'


def _linked(shape: Shape, drawing: str) -> str:
    if not shape.href:
        return f"<g><title>{escape(shape.said)}</title>{drawing}</g>" if shape.said else drawing
    told = escape(shape.said or shape.name or "")
    return f'<a href="{escape(shape.href)}" tabindex="-1"><title>{told}</title>{drawing}</a>'


def _roads(plan: Plane | Perspective, seen: Sequence[tuple[Shape, Any]]) -> Iterable[str]:
    """Casings of all roads first, then their surfaces, so that crossings join."""
    roads = [(shape, _path(geometry)) for shape, geometry in seen if shape.kind == "road"]
    for extra, usual, main in ((1.6, "#d5d9d4", "#e6d6ae"), (0.0, "#ffffff", "#fff6df")):
        for shape, path in roads:
            colour = main if shape.road_class in _MAIN else usual
            width = max(1.0, ROAD_WIDTH_M.get(shape.road_class or "", 6.0) * plan.scale) + extra
            yield (
                f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width:.1f}"'
                ' stroke-linecap="round" stroke-linejoin="round"/>'
            )


def _line(shape: Shape, geometry: Any) -> str:
    colour, dash = (
        (shape.colour or "#566273", "") if shape.kind == "transit" else ("#8b96a5", ' stroke-dasharray="6 4"')
    )
    return (
        f'<path d="{_path(geometry)}" fill="none" stroke="{escape(colour)}" stroke-width="3" stroke-opacity=".75"'
        f' stroke-linejoin="round"{dash}/>'
    )


def names_on(plan: Plane | Perspective, seen: Sequence[tuple[Shape, Any]]) -> Iterable[str]:
    """Names by weight: this building, stops, streets, water and green, other buildings; none over another."""
    order = ("this", "stop", "road", "vacant", "site", "dot", "listed", "water", "green")
    for kind in order:
        named = [(shape, geometry) for shape, geometry in seen if shape.kind == kind and shape.name]
        done: set[str] = set()
        for shape, geometry in sorted(named, key=lambda pair: -pair[1].length):
            if shape.name and shape.name not in done:
                text = _word(plan, shape, geometry)
                if text:
                    done.add(shape.name)
                    yield text


def _word(plan: Plane | Perspective, shape: Shape, geometry: Any) -> str:
    name, size = shape.name or "", round((14 if shape.kind == "this" else 12) * plan.letter)
    wide = width_of(name, size)
    if shape.kind == "stop":
        return _stop(plan, geometry, name, wide)
    point = geometry.interpolate(0.5, normalized=True) if shape.kind == "road" else shapely.point_on_surface(geometry)
    angle = _angle(geometry) if shape.kind == "road" else 0.0
    if shape.kind == "road" and geometry.length < wide * 1.2:
        return ""
    along = abs(np.cos(np.radians(angle))), abs(np.sin(np.radians(angle)))
    box = wide * along[0] + size * along[1], wide * along[1] + size * 1.3 * along[0]
    y = point.y + ABOVE.get(shape.kind, 0) - (np.ptp(geometry.bounds[1::2]) / 2 if shape.kind == "this" else 0)
    if not plan.claim(point.x, y, *box):
        return ""
    turn = f' transform="rotate({angle:.0f} {point.x:.0f} {y:.0f})"' if angle else ""
    weight = ' font-weight="600"' if shape.kind == "this" else ""
    colour = {"this": "#0c3562", "road": "#566273", "water": "#2f5f85", "green": "#3c6b34"}.get(shape.kind, "#3b4654")
    return _text(point.x, y, name, size, colour, weight + turn)


def _text(x: float, y: float, text: str, size: int, colour: str, more: str = "") -> str:
    return (
        f'<text x="{x:.0f}" y="{y + size * 0.36:.0f}" font-size="{size}" text-anchor="middle" fill="{colour}"'
        ' pointer-events="none" stroke="#fff" stroke-opacity=".85" stroke-width="3" paint-order="stroke"'
        f' stroke-linejoin="round"{more}>'
        f"{escape(text)}</text>"
    )


def _stop(plan: Plane | Perspective, geometry: Any, name: str, wide: float) -> str:
    x, y = geometry.centroid.x, geometry.centroid.y
    large = plan.letter
    if not plan.claim(x, y + 9 * large, max(wide, 16 * large), 36 * large):
        return ""
    ring = f'r="{6 * large:g}" fill="#fff" stroke="#0d735a" stroke-width="{3 * large:g}"'
    dot = f'<circle cx="{x:.0f}" cy="{y:.0f}" {ring}/>'
    return dot + _text(x, y + 17 * large, name, round(12 * large), "#0d5a47")


def _pin(plan: Plane | Perspective, shape: Shape, geometry: Any) -> str:
    """A drop whose tip is the place, as wide as its name needs; other words keep away from it."""
    x, y, wide = geometry.x, geometry.y, max(22.0, 9.0 + 7.5 * len(shape.name or ""))
    plan.written.append((x - wide / 2, y - 32, x + wide / 2, y + 4))
    tip = f'<path d="M{x - 5:.1f} {y - 11:.1f}L{x:.1f} {y:.1f}L{x + 5:.1f} {y - 11:.1f}z" fill="{PIN}"/>'
    head = f'<rect x="{x - wide / 2:.1f}" y="{y - 32:.1f}" width="{wide:.1f}" height="22" rx="11" fill="{PIN}"'
    text = f'<text x="{x:.1f}" y="{y - 16.5:.1f}" font-size="13" font-weight="600" text-anchor="middle" fill="#fff">'
    return _linked(shape, f'{head} stroke="#fff" stroke-width="1.5"/>{tip}{text}{escape(shape.name or "")}</text>')


def _angle(geometry: Any) -> float:
    """The direction of a street around its middle, in degrees, turned so that its name is never upside down."""
    a, b = (geometry.interpolate(share, normalized=True) for share in (0.45, 0.55))
    angle = float(np.degrees(np.arctan2(b.y - a.y, b.x - a.x)))
    return (angle + 90) % 180 - 90


def _scale_bar(plan: Plane | Perspective) -> str:
    width, height = plan.size
    metres = max((m for m in _SCALE_BARS_M if m * plan.scale <= width / 4), default=_SCALE_BARS_M[0])
    long = metres * plan.scale
    x, y = width - 14 - long, height - 12
    bar = f'<path d="M{x:.0f} {y - 5}V{y}H{x + long:.0f}V{y - 5}" fill="none" stroke="#17202b" stroke-width="1.5"/>'
    return bar + _text(x + long / 2, y - 8, f"{metres} m", 12, "#17202b")
