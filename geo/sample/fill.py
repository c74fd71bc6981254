"""Fills land with ordinary buildings in rows, along streets and around courts, without overlaps."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely

from geo.sample.footprints import courtyard, ring
from geo.sample.plane import placed
from geo.sample.streets import grain


@dataclass(frozen=True, slots=True)
class Plain:
    """An ordinary building: outline in metres of the plane, storeys, height in metres and what kind of house it is."""

    outline: shapely.Polygon
    kind: str
    floors: int
    height_m: float


@dataclass(frozen=True, slots=True)
class Rows:
    """How a row of houses is set: depths, lengths and gaps in metres (low, high), and what stands there."""

    kind: str
    depth_m: tuple[float, float]
    length_m: tuple[float, float]
    gap_m: float
    row_gap_m: float
    floors: tuple[int, int]
    storey_m: float
    shapes: tuple[str, ...] = ("box",)
    left_out: float = 0.0


def fill_rows(area: shapely.Polygon, style: Rows, rng: np.random.Generator) -> list[Plain]:
    """Set rows of houses parallel to the grain of the land."""
    angle = grain(area)
    land = shapely.affinity.rotate(area, -angle, origin=(0, 0), use_radians=True)
    floors = int(rng.integers(style.floors[0], style.floors[1] + 1))
    houses: list[Plain] = []
    for y, depth in _row_places(land, style, rng):
        for low, high in _spans(land, y, y + depth):
            houses += _row(low, high, y, depth, floors, style, rng)
    turned = (shapely.affinity.rotate(house.outline, angle, origin=(0, 0), use_radians=True) for house in houses)
    return [Plain(outline, h.kind, h.floors, h.height_m) for outline, h in zip(turned, houses, strict=True)]


def fill_frontage(area: shapely.Polygon, style: Rows, rng: np.random.Generator) -> list[Plain]:
    """Set low houses along the streets, their backs to the middle of the land."""
    outer = shapely.get_coordinates(shapely.simplify(shapely.get_exterior_ring(_largest(area)), 2.0))
    if not shapely.is_ccw(shapely.linearrings(outer)):
        outer = outer[::-1]
    houses: list[Plain] = []
    for start, end in itertools.pairwise(outer):
        houses += _along_edge(start, end, style, rng)
    return keep_apart([house for house in houses if area.covers(house.outline)], 0.8)


def keep_apart(houses: list[Plain], gap_m: float) -> list[Plain]:
    """Drop every house that comes nearer than `gap_m` to one before it in the list."""
    outlines = np.array([house.outline for house in houses], dtype=object)
    if not len(outlines):
        return []
    tree = shapely.STRtree(outlines)
    first, second = tree.query(outlines, predicate="dwithin", distance=gap_m)
    dropped: set[int] = set()
    for later, earlier in sorted(zip(first.tolist(), second.tolist(), strict=True)):
        if earlier < later and earlier not in dropped:
            dropped.add(later)
    return [house for index, house in enumerate(houses) if index not in dropped]


def _row_places(land: shapely.Polygon, style: Rows, rng: np.random.Generator) -> Iterator[tuple[float, float]]:
    """South edge and depth of each row, spread over the land so that no broad strip is left at the end."""
    _, low, _, high = land.bounds
    depth = float(rng.uniform(*style.depth_m))
    pitch = depth + style.row_gap_m
    count = max(1, int((high - low - 4 + style.row_gap_m) // pitch))
    slack = (high - low - count * pitch + style.row_gap_m) / 2
    for index in range(count):
        yield low + slack + index * pitch, depth


def _spans(land: shapely.Polygon, south: float, north: float) -> list[tuple[float, float]]:
    """The eastings between which a whole strip lies on the land."""
    left, _, right, _ = land.bounds
    spans = [(left, right)]
    for y in np.linspace(south, north, 4):
        cut = shapely.get_parts(shapely.intersection(shapely.LineString([(left, y), (right, y)]), land))
        found = [(part.bounds[0], part.bounds[2]) for part in cut if part.length > 1]
        spans = [(max(a, c), min(b, d)) for a, b in spans for c, d in found if min(b, d) - max(a, c) > 1]
    return spans


def _row(
    low: float, high: float, y: float, depth: float, floors: int, style: Rows, rng: np.random.Generator
) -> list[Plain]:
    """Houses between two eastings, equally spread."""
    length = float(rng.uniform(*style.length_m))
    count = int((high - low + style.gap_m) // (length + style.gap_m))
    if count == 0:
        count, length = int(high - low > style.length_m[0]), min(length, high - low)
    pitch = (high - low + style.gap_m) / max(count, 1)
    length = min(style.length_m[1], pitch - style.gap_m)
    houses = []
    for index in range(count):
        if rng.random() < style.left_out:
            continue
        storeys = max(1, floors + int(rng.integers(-1, 2)) * (floors > 8))
        centre = (low + (index + 0.5) * pitch - style.gap_m / 2, y + depth / 2)
        outline = _outline(str(rng.choice(style.shapes)), length, depth, centre, rng)
        houses.append(Plain(outline, style.kind, storeys, _height(storeys, style, rng)))
    return houses


def _outline(
    shape: str, length: float, depth: float, centre: tuple[float, float], rng: np.random.Generator
) -> shapely.Polygon:
    if shape == "court":
        yard = courtyard(length, depth, min(length, depth) * 0.27)
        return shapely.affinity.translate(yard, *centre)
    corners = ring(shape, length, depth) * (rng.choice([-1, 1]), rng.choice([-1, 1]))
    return placed(corners, *centre, 0.0)


def _along_edge(start: object, end: object, style: Rows, rng: np.random.Generator) -> list[Plain]:
    begin, step = np.asarray(start, dtype=float), np.asarray(end, dtype=float) - np.asarray(start, dtype=float)
    length = float(np.hypot(*step))
    angle = float(np.arctan2(step[1], step[0]))
    depth = float(rng.uniform(*style.depth_m))
    inward = np.array([-np.sin(angle), np.cos(angle)]) * (depth / 2 + 0.3)
    houses, at = [], 2.0
    while at + style.length_m[0] < length - 2:
        front = min(float(rng.uniform(*style.length_m)), length - 2 - at)
        x, y = begin + step / length * (at + front / 2) + inward
        storeys = int(rng.integers(style.floors[0], style.floors[1] + 1))
        if rng.random() >= style.left_out:
            outline = placed(ring(str(rng.choice(style.shapes)), front, depth), x, y, angle)
            houses.append(Plain(outline, style.kind, storeys, _height(storeys, style, rng)))
        at += front + style.gap_m
    return houses


def _height(floors: int, style: Rows, rng: np.random.Generator) -> float:
    """Metres, to the half metre: nobody measures ordinary houses finer."""
    return round(2 * (floors * style.storey_m + float(rng.uniform(0.4, 1.8)))) / 2


def _largest(area: shapely.Polygon) -> shapely.Polygon:
    return max(shapely.get_parts(area), key=lambda part: float(part.area))
