"""Where things of the earth lie on a picture: flat with north up, or as a camera sees them that looks down aslant.

Both kinds know where names have been written, so that none is set over another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, radians, sin
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import local_metric

Floats = NDArray[np.float64]

EQUATOR_M = 40_075_016.7
TILE_PX = 512
"""Pixels that the whole world is wide at zoom 0, as MapLibre counts."""

EYE_PX = 1230
"""Pixels between the eye and what it looks at: MapLibre's on a window 820 pixels high."""

STEEPEST, FARTHEST = 60.0, 3.0
"""Degrees of pitch that are drawn at most, and how far the ground is, in distances of the eye."""

_MARGIN_PX = 40


@dataclass(frozen=True, slots=True)
class Camera:
    """Where one looks: degrees of longitude and latitude, zoom as web maps count it, pitch and bearing in degrees."""

    lon: float
    lat: float
    zoom: float
    pitch: float = 0.0
    bearing: float = 0.0

    @property
    def metres_per_px(self) -> float:
        """Of the ground in the middle of the picture."""
        return EQUATOR_M * cos(radians(self.lat)) / (TILE_PX * 2**self.zoom)


class Written:
    """The boxes of a picture that names have been written on; `letter` is how much larger than usual they are."""

    def __init__(self, size: tuple[int, int], letter: float = 1.0, foot: float = 24.0) -> None:
        self.size, self.letter, self._foot = size, letter, foot
        self.written: list[tuple[float, float, float, float]] = []

    def claim(self, x: float, y: float, width: float, height: float) -> bool:
        """Whether a text of this size may be centred at (x, y): inside the view and on nothing written before."""
        box = (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
        inside = box[0] >= 6 and box[1] >= 6 and box[2] <= self.size[0] - 6 and box[3] <= self.size[1] - self._foot
        if not inside or any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in self.written):
            return False
        self.written.append(box)
        return True


class Plane(Written):
    """North up, one scale (`scale` pixels per metre) in both directions, `across_m` from the left edge to the right."""

    def __init__(self, centre: tuple[float, float], across_m: float, size: tuple[int, int]) -> None:
        super().__init__(size)
        self.scale = size[0] / across_m
        self.plane = local_metric([centre[0]], [centre[1]])
        x, y = self.plane.to_metres(np.array([centre[0]]), np.array([centre[1]]))
        self.x, self.y = float(x[0]), float(y[0])

    def place(self, geometries: Sequence[Any]) -> list[Any]:
        """The geometries in pixels, cut to a little more than the view and without details under half a pixel."""
        width, height = self.size
        moved = shapely.make_valid(shapely.transform(np.array(geometries, dtype=object), self._pixels))
        cut = shapely.clip_by_rect(moved, -_MARGIN_PX, -_MARGIN_PX, width + _MARGIN_PX, height + _MARGIN_PX)
        return list(shapely.simplify(cut, 0.4))

    def _pixels(self, lonlat: Any) -> Any:
        x, y = self.plane.to_metres(lonlat[:, 0], lonlat[:, 1])
        width, height = self.size
        return np.column_stack([width / 2 + (x - self.x) * self.scale, height / 2 - (y - self.y) * self.scale])


class Perspective(Written):
    """As a camera sees it.

    Parameters
    ----------
    camera
        What it looks at is drawn at `middle`.
    size
        Width and height of the picture, pixels.
    middle
        Pixels; the middle of the picture unless something covers a part of it.
    zoomed
        How much larger than on a screen everything is drawn.
    """

    def __init__(
        self,
        camera: Camera,
        size: tuple[int, int],
        *,
        middle: tuple[float, float] | None = None,
        zoomed: float = 1.0,
        letter: float = 1.0,
        foot: float = 24.0,
    ) -> None:
        super().__init__(size, letter, foot)
        self.camera, self.middle = camera, middle or (size[0] / 2, size[1] / 2)
        self.scale = zoomed / camera.metres_per_px
        self._eye = EYE_PX * zoomed
        pitch = radians(min(camera.pitch, STEEPEST))
        self._lean, self._stand = sin(pitch), cos(pitch)
        bearing = radians(camera.bearing)
        self._turn = cos(bearing), sin(bearing)
        self._degree_m = EQUATOR_M / 360 * cos(radians(camera.lat)), EQUATOR_M / 360

    @property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east and north of all that may be seen, degrees."""
        left, near, right, far = self._ground
        corners = np.array([[left, near], [right, near], [right, far], [left, far]]) / self.scale
        (turn, wind), (wide, high) = self._turn, self._degree_m
        lon = self.camera.lon + (corners[:, 0] * turn + corners[:, 1] * wind) / wide
        lat = self.camera.lat + (corners[:, 1] * turn - corners[:, 0] * wind) / high
        return float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())

    def place(self, geometries: Sequence[Any]) -> list[Any]:
        """What lies on the ground, in pixels, cut to what may be seen and without details under half a pixel."""
        there = shapely.transform(np.array(geometries, dtype=object), self.ground)
        cut = shapely.clip_by_rect(shapely.make_valid(there), *self._ground)
        return list(shapely.simplify(shapely.transform(cut, self._flat), 0.4))

    def ground(self, lonlat: Any) -> Floats:
        """Degrees as pixels on the ground: to the right of what the camera looks at, and away from it."""
        (turn, wind), (wide, high) = self._turn, self._degree_m
        east = (lonlat[:, 0] - self.camera.lon) * wide * self.scale
        north = (lonlat[:, 1] - self.camera.lat) * high * self.scale
        return np.column_stack([east * turn - north * wind, east * wind + north * turn])

    def seen(self, ground: Floats, height_m: float | Floats = 0.0) -> Floats:
        """Points of the ground, so many metres above it, as pixels of the picture."""
        up = np.asarray(height_m) * self.scale
        shrunk = self._eye / self.distance(ground, height_m)
        x = self.middle[0] + ground[:, 0] * shrunk
        return np.column_stack([x, self.middle[1] - (ground[:, 1] * self._stand + up * self._lean) * shrunk])

    def distance(self, ground: Floats, height_m: float | Floats = 0.0) -> Floats:
        """How far points of the ground are from the eye along its view, pixels."""
        up = np.asarray(height_m) * self.scale
        found: Floats = np.maximum(self._eye + ground[:, 1] * self._lean - up * self._stand, self._eye * 0.1)
        return found

    @property
    def eye(self) -> tuple[float, float]:
        """Where the camera stands over the ground, in pixels of the ground."""
        return 0.0, -self._eye * self._lean

    def _flat(self, ground: Any) -> Floats:
        return self.seen(ground)

    @property
    def _ground(self) -> tuple[float, float, float, float]:
        """Left, near, right and far of the ground that may be seen, its pixels."""
        (width, height), (x, y) = self.size, self.middle
        below, above = height - y + _MARGIN_PX, y + _MARGIN_PX
        near = -below * self._eye / (self._eye * self._stand + below * self._lean)
        room = self._eye * self._stand - above * self._lean
        horizon = FARTHEST * self._eye
        far = min(above * self._eye / room, horizon) if room > 0 else horizon
        side = (max(x, width - x) + _MARGIN_PX) * (self._eye + far * self._lean) / self._eye
        return -side, near, side, far


def zoom_for(across_m: float, lat: float, width_px: float) -> float:
    """The zoom at which so many metres are as wide as so many pixels."""
    return float(np.log2(EQUATOR_M * np.cos(lat * pi / 180) * width_px / (TILE_PX * across_m)))
