"""Outlines of buildings as rings around the origin: plain on one side, the odd shapes of office towers on the other.

Every function takes the width (east-west) and depth (north-south) of the bounding box in metres.
"""

from collections.abc import Callable

import numpy as np
import shapely

from geo.sample.plane import Floats

_CORNERS = {
    "box": "0,0 1,0 1,1 0,1",
    "step": "0,0.18 0.5,0.18 0.5,0 1,0 1,0.82 0.5,0.82 0.5,1 0,1",
    "l": "0,0 1,0 1,0.42 0.4,0.42 0.4,1 0,1",
    "u": "0,0 1,0 1,1 0.74,1 0.74,0.4 0.26,0.4 0.26,1 0,1",
    "t": "0,0.6 0.36,0.6 0.36,0 0.64,0 0.64,0.6 1,0.6 1,1 0,1",
    "h": "0,0 0.28,0 0.28,0.36 0.72,0.36 0.72,0 1,0 1,1 0.72,1 0.72,0.64 0.28,0.64 0.28,1 0,1",
    "e": "0,0 1,0 1,0.22 0.2,0.22 0.2,0.4 0.9,0.4 0.9,0.6 0.2,0.6 0.2,0.78 1,0.78 1,1 0,1",
    "cross": "0.3,0 0.7,0 0.7,0.3 1,0.3 1,0.7 0.7,0.7 0.7,1 0.3,1 0.3,0.7 0,0.7 0,0.3 0.3,0.3",
    "octagon": "0.28,0 0.72,0 1,0.28 1,0.72 0.72,1 0.28,1 0,0.72 0,0.28",
    "triangle": "0.14,0 0.86,0 1,0.16 0.6,0.94 0.5,1 0.4,0.94 0,0.16",
    "notched": "0.1,0 0.9,0 0.9,0.1 1,0.1 1,0.9 0.9,0.9 0.9,1 0.1,1 0.1,0.9 0,0.9 0,0.1 0.1,0.1",
    "diamond": "0.5,0 0.86,0.14 1,0.5 0.86,0.86 0.5,1 0.14,0.86 0,0.5 0.14,0.14",
    "wedge": "0,0.1 1,0 0.92,1 0.2,0.9",
}
"""Shape → corners x,y in the unit square, counter-clockwise."""


def ring(shape: str, width_m: float, depth_m: float) -> Floats:
    """The named outline, filling a box of this width and depth around the origin."""
    unit = _CURVES[shape]() if shape in _CURVES else _corners(shape)
    low, high = unit.min(axis=0), unit.max(axis=0)
    return np.asarray(((unit - low) / (high - low) - 0.5) * (width_m, depth_m))


def courtyard(width_m: float, depth_m: float, wing_m: float) -> shapely.Polygon:
    """A closed block around a court, with wings of this depth."""
    outer = ring("box", width_m, depth_m)
    return shapely.Polygon(outer, [ring("box", width_m - 2 * wing_m, depth_m - 2 * wing_m)])


def _corners(shape: str) -> Floats:
    return np.array([[float(part) for part in corner.split(",")] for corner in _CORNERS[shape].split()])


def _bow() -> Floats:
    """A slab bent along an arc of 50 degrees."""
    angles = np.radians(np.linspace(65, 115, 13))
    outer = np.column_stack([np.cos(angles), np.sin(angles)])
    return np.vstack([outer, outer[::-1] * 0.78])


def _wave() -> Floats:
    """A slab with the curve of an S."""
    t = np.linspace(-1, 1, 15)
    middle, half = np.column_stack([t, 0.16 * np.sin(np.pi * t)]), np.array([0, 0.17])
    return np.vstack([middle + half, middle[::-1] - half])


def _drum() -> Floats:
    angles = np.linspace(0, 2 * np.pi, 28, endpoint=False)
    return np.column_stack([np.cos(angles), np.sin(angles)])


def _lens() -> Floats:
    """Two arcs that meet in blunt ends."""
    t = np.linspace(-1, 1, 13)
    arc = np.column_stack([t, 0.55 * (1 - t**2) + 0.08])
    return np.vstack([arc, -arc])


def _rounded(corner: float, power_points: int = 5) -> Floats:
    """A square whose corners are arcs of the given share of the side."""
    angles = np.linspace(0, np.pi / 2, power_points)
    arc = np.column_stack([np.cos(angles), np.sin(angles)]) * corner + (0.5 - corner)
    turns = [np.array([(1, 0), (0, 1)]), np.array([(0, 1), (-1, 0)]), -np.eye(2), np.array([(0, -1), (1, 0)])]
    return np.vstack([arc @ turn for turn in turns])


def _soft_octagon() -> Floats:
    """An octagon whose eight corners are rounded."""
    plain = shapely.Polygon(_corners("octagon") - 0.5)
    soft = shapely.buffer(shapely.buffer(plain, -0.12), 0.12, quad_segs=4)
    return np.asarray(shapely.get_coordinates(soft)[:-1])


_CURVES: dict[str, Callable[[], Floats]] = {
    "bow": _bow,
    "wave": _wave,
    "drum": _drum,
    "lens": _lens,
    "rounded": lambda: _rounded(0.18),
    "soft": lambda: _rounded(0.36, 7),
    "soft_octagon": _soft_octagon,
}
