"""Neighbourhoods of the city around the core: a dozen square plans, mirrored, bent and set side by side.

The core district takes the place of four by three cells; the others stand around it, nearest first. Everything is done
on whole arrays of corners, so that a city of a million buildings is laid out in seconds.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from functools import lru_cache

import numpy as np
import shapely

from geo.sample.fill import Plain
from geo.sample.neighbourhood import Ground, build_up
from geo.sample.plane import Floats, Ints, Shapes, Words, meeting, stream
from geo.sample.terrain import HALF_DEPTH_M, HALF_WIDTH_M, river_half_width, river_y

SIDE_M = 600.0
CORE_COLUMNS, CORE_ROWS = round(2 * HALF_WIDTH_M / SIDE_M), round(2 * HALF_DEPTH_M / SIDE_M)
PLANS = 12
BUILDINGS_PER_CELL = 200
"""Or a few more."""

BORDER_HALF_M, INNER_HALF_M = 18.0, 11.5
RIVERSIDE_M = 62.0
"""No house nearer to the water's middle than half its width and this."""

_CHARACTERS = (
    ("slab", "slab", "slab", "mixed", "lanes"), ("high", "high", "slab", "court"), ("lanes", "lanes", "mixed", "court"),
    ("court", "mixed", "court", "slab"), ("factory", "factory", "mixed", "slab"), ("slab", "park", "slab", "mixed"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """A mirrored plan of a neighbourhood around the origin: outlines as ragged arrays, and what the houses are."""

    corners: Floats
    rings: Ints
    parts: Ints
    centres: Floats
    areas: Floats
    floors: Ints
    kinds: Words
    green: Shapes
    streets: Shapes


@dataclass(frozen=True, slots=True)
class Cells:
    """Some neighbouring cells: their middles in metres, column and row, and the plan of each."""

    middles: Floats
    places: Ints
    plans: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class Houses:
    """The houses of some cells: outlines in metres, middles, ground areas in m², usual storeys and kinds."""

    outlines: Shapes
    centres: Floats
    areas: Floats
    floors: Ints
    kinds: Words
    cells: Ints


def cells(seed: int, at_once: int = 100) -> Iterator[Cells]:
    """The cells around the core without end, nearest first, some at a time."""
    every, ring, rng = plans(seed), 1, stream(seed, "cells")
    waiting: list[tuple[int, int]] = []
    while True:
        while len(waiting) < at_once:
            waiting += _ring(ring)
            ring += 1
        chosen, waiting = np.array(waiting[:at_once], dtype=np.int64), waiting[at_once:]
        picked = rng.integers(0, len(every), len(chosen))
        yield Cells(middle_of(chosen), chosen, tuple(every[index] for index in picked))


def houses_of(some: Cells) -> Houses:
    """All houses of some cells that do not stand in the river."""
    counts = np.array([len(plan.areas) for plan in some.plans])
    cell = np.repeat(np.arange(len(counts)), counts)
    centres = np.concatenate([plan.centres for plan in some.plans]) + some.middles[cell]
    dry = np.abs(centres[:, 1] - river_y(centres[:, 0])) > river_half_width(centres[:, 0]) + RIVERSIDE_M
    return Houses(
        _outlines(some)[dry],
        warp(centres)[dry],
        np.concatenate([plan.areas for plan in some.plans])[dry],
        np.concatenate([plan.floors for plan in some.plans])[dry],
        np.concatenate([plan.kinds for plan in some.plans])[dry],
        cell[dry],
    )


def first_of(some: Cells, houses: Houses, count: int) -> tuple[Cells, Houses]:
    """The first so many houses, and the cells in which they stand."""
    if len(houses.areas) <= count:
        return some, houses
    kept = replace(houses, **{field.name: getattr(houses, field.name)[:count] for field in fields(Houses)})
    last = int(kept.cells[-1]) + 1
    return Cells(some.middles[:last], some.places[:last], some.plans[:last]), kept


def reach_m(buildings: int) -> float:
    """How far from its middle a city of so many buildings reaches at most."""
    return 1600.0 + SIDE_M * 0.6 * math.sqrt(buildings / BUILDINGS_PER_CELL)


def warp(xy: Floats) -> Floats:
    """Bend the plane outside of the core, gently enough to leave houses nearly rectangular."""
    x, y = xy[:, 0], xy[:, 1]
    away = np.maximum(np.maximum(np.abs(x) - HALF_WIDTH_M, np.abs(y) - HALF_DEPTH_M), 0.0)
    fade = 1 - np.exp(-((away / 900.0) ** 2))
    east = 28.0 * np.sin(y / 390.0) + 34.0 * np.sin((x + y) / 830.0)
    north = 28.0 * np.sin(x / 430.0) + 34.0 * np.cos((x - y) / 910.0)
    bent: Floats = np.column_stack([x + fade * east, y + fade * north])
    return bent


def middle_of(places: Ints) -> Floats:
    """Middles of cells given by column and row; column 0, row 0 is the south-western corner of the core."""
    corner = np.array([-HALF_WIDTH_M, -HALF_DEPTH_M])
    return np.asarray(places * SIDE_M + corner + SIDE_M / 2, dtype=np.float64)


@lru_cache(2)
def plans(seed: int) -> tuple[Plan, ...]:
    """The plans of a seed, each in its four mirror images."""
    return tuple(
        _plan(shapely_mirror, built, streets)
        for number in range(PLANS)
        for built, streets in [_build(number, stream(seed, f"plan {number}"))]
        for shapely_mirror in ((1, 1), (-1, 1), (1, -1), (-1, -1))
    )


def _ring(number: int) -> list[tuple[int, int]]:
    """The cells of one frame around the core."""
    west, south, east, north = -number, -number, CORE_COLUMNS - 1 + number, CORE_ROWS - 1 + number
    along = [(column, row) for column in range(west, east + 1) for row in (south, north)]
    sides = [(column, row) for row in range(south + 1, north) for column in (west, east)]
    return sorted(along + sides, key=lambda place: float(np.hypot(*middle_of(np.array(place)))))


def _outlines(some: Cells) -> Shapes:
    corners = np.concatenate([plan.corners + middle for plan, middle in zip(some.plans, some.middles, strict=True)])
    rings = _joined([plan.rings for plan in some.plans])
    parts = _joined([plan.parts for plan in some.plans])
    return np.asarray(shapely.from_ragged_array(shapely.GeometryType.POLYGON, warp(corners), (rings, parts)))


def _joined(offsets: list[Ints]) -> Ints:
    """Offsets of ragged arrays laid end to end."""
    steps = np.concatenate([np.diff(each) for each in offsets])
    return np.concatenate([[0], np.cumsum(steps)])


def _plan(mirror: tuple[int, int], built: Ground, streets: Shapes) -> Plan:
    def flip(xy: Floats) -> Floats:
        return xy * mirror

    houses = built.houses
    outlines = shapely.transform(np.array([house.outline for house in houses], dtype=object), flip)
    _, corners, (rings, parts) = shapely.to_ragged_array(outlines)
    return Plan(
        corners, rings.astype(np.int64), parts.astype(np.int64),
        shapely.get_coordinates(shapely.point_on_surface(outlines)), shapely.area(outlines),
        np.array([house.floors for house in houses]), np.array([house.kind for house in houses]),
        shapely.transform(np.array(built.green, dtype=object), flip), shapely.transform(streets, flip),
    )  # fmt: skip


def _build(number: int, rng: np.random.Generator) -> tuple[Ground, Shapes]:
    """A plan: streets across a square, and houses of its character on the blocks between them."""
    half = SIDE_M / 2
    lines = [_across(at, rng, upright=upright) for upright in (True, False) for at in _cuts(rng)]
    square = shapely.box(-half, -half, half, half)
    taken = shapely.union_all([shapely.buffer(line, INNER_HALF_M) for line in lines])
    land = shapely.difference(shapely.buffer(square, -BORDER_HALF_M, join_style="mitre"), taken)
    uses = _CHARACTERS[number % len(_CHARACTERS)]
    whole, greens = list[Plain](), list[shapely.Polygon]()
    for index, block in enumerate(sorted(shapely.get_parts(land), key=lambda part: -part.area)):
        if block.area > 800:
            built = build_up(block, uses[index % len(uses)], rng)
            whole, greens = whole + built.houses, greens + built.green
    return Ground(whole, greens), meeting(np.asarray(shapely.intersection(lines, square), dtype=object))


def _cuts(rng: np.random.Generator) -> list[float]:
    """Where one or two streets cross the square."""
    if rng.random() < 0.45:
        return [float(rng.uniform(-60, 60))]
    return [float(rng.uniform(-130, -70)), float(rng.uniform(70, 130))]


def _across(at: float, rng: np.random.Generator, *, upright: bool) -> shapely.LineString:
    lean, bow = rng.uniform(-35, 35), rng.uniform(-18, 18)
    t = np.linspace(-1, 1, 9)
    line = np.column_stack([at + lean * t + bow * (1 - t**2), t * SIDE_M / 2 * 1.01])
    return shapely.LineString(line if upright else line[:, ::-1])
