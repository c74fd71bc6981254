"""The river of the invented city and the curved grid that its streets follow.

A place is named by (x, v): metres east of the centre, and v from -1 (southern edge of the district) over 0 (the street
along the bank) to 1 (northern edge). Streets of constant v therefore follow the bend of the river and straighten
towards the edges.
"""

import numpy as np
import shapely

from geo.sample.plane import Floats

HALF_WIDTH_M = 1200.0
HALF_DEPTH_M = 900.0
NORTH_BANK_ROAD_M = 122.0
SOUTH_BANK_ROAD_M = 100.0


def frame() -> shapely.Polygon:
    """The rectangle of the core district."""
    return shapely.box(-HALF_WIDTH_M, -HALF_DEPTH_M, HALF_WIDTH_M, HALF_DEPTH_M)


def river_y(x: Floats) -> Floats:
    """Northing of the middle of the river: one gentle bend in the district, slow wandering outside of it."""
    outside = np.maximum(np.abs(x) - HALF_WIDTH_M, 0.0)
    wander = np.sign(x) * 420.0 * (1 - np.cos(outside / 2600.0))
    middle: Floats = -240.0 - 190.0 * np.exp(-(((x - 100.0) / 620.0) ** 2)) + 0.04 * np.clip(x, -4000, 4000) + wander
    return middle


def river_half_width(x: Floats) -> Floats:
    """Half the width of the water in metres."""
    half: Floats = 57.0 + 8.0 * np.sin(x / 420.0) + 4.0 * np.sin(x / 150.0)
    return half


def river(x_from: float, x_to: float) -> shapely.Polygon:
    """The water between two eastings."""
    x = np.arange(x_from, x_to + 1, 24.0)
    banks = [np.column_stack([x, river_y(x) + side * river_half_width(x)]) for side in (1, -1)]
    return shapely.Polygon(np.vstack([banks[0], banks[1][::-1]]))


def along(x: Floats, v: Floats) -> Floats:
    """Northing of the places (x, v); negative zero counts as the southern bank."""
    north = river_y(x) + NORTH_BANK_ROAD_M
    south = river_y(x) - SOUTH_BANK_ROAD_M
    waves = 10.0 * np.sin(x / 240.0 + 9.0 * v) * np.sin(np.pi * np.abs(v))
    upward = north + v * (HALF_DEPTH_M - north)
    downward = south + v * (south + HALF_DEPTH_M)
    return np.where(np.signbit(v), downward, upward) + waves


def strip(x_from: float, x_to: float, low: float, high: float) -> shapely.Polygon:
    """The land between two offsets (metres north of the middle of the river), such as the park on the embankment."""
    x = np.arange(x_from, x_to + 1, 24.0)
    y = river_y(x)
    return shapely.Polygon(np.vstack([np.column_stack([x, y + low]), np.column_stack([x, y + high])[::-1]]))
