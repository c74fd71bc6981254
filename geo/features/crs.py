"""Coordinate systems that features can be had in, with the order of their axes (OGC API Features, Part 2).

Features are kept in WGS-84. CGCS2000 (EPSG:4490) is taken as WGS-84 as it stands, and its Gauss-Kruger planes as
projections of it: the rule of `geo/crs.py`, which names its reason. Nothing but these registered systems is offered, so
that no parameters of a local one are ever asked for. Where the registry puts north first, so do the coordinates.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyproj
import shapely
from sqlalchemy import ColumnElement, func

from geo import crs
from geo.errors import UnknownCrsError

EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
CGCS2000 = 4490
WGS84 = 4326
DEGREE_DIGITS, METRE_DIGITS = 7, 3
"""Decimals of coordinates: a centimetre, a millimetre."""

LARGEST = 1e9
"""No coordinate of these systems is larger."""


@dataclass(frozen=True)
class Crs:
    """A coordinate system by its address in the OGC's register; `code` is its EPSG number."""

    uri: str
    code: int
    lon_first: bool = False

    @cached_property
    def swapped(self) -> bool:
        """Whether latitude or northing comes first."""
        return not self.lon_first and _registered(self.code).axis_info[0].direction == "north"

    @cached_property
    def digits(self) -> int:
        """Decimals of its coordinates."""
        return DEGREE_DIGITS if _registered(self.code).is_geographic else METRE_DIGITS

    @cached_property
    def name(self) -> str:
        """What the register calls it."""
        return "WGS 84 (CRS84)" if self.lon_first else str(_registered(self.code).name)

    def shown(self, geometry: ColumnElement[Any]) -> ColumnElement[Any]:
        """A stored geometry in this system; its SRID stays that of WGS-84, since GeoJSON names none."""
        if self.code not in (WGS84, CGCS2000):
            of_datum = func.ST_SetSRID(geometry, self._datum)
            geometry = func.ST_SetSRID(func.ST_Transform(of_datum, self.code), WGS84)
        return func.ST_FlipCoordinates(geometry) if self.swapped else geometry

    def to_wgs84(self, geometry: shapely.Geometry) -> shapely.Geometry:
        """A geometry whose coordinates are of this system, in degrees, longitude first.

        Raises
        ------
        UnknownCrsError
            Coordinates that the system does not have.
        """
        if self.swapped:
            geometry = shapely.transform(geometry, lambda xy: xy[:, ::-1])
        if self.code == WGS84:
            return geometry
        moved = crs.to_wgs84(np.array([geometry], dtype=object), f"EPSG:{self.code}")[0]
        if not np.isfinite(shapely.get_coordinates(moved)).all():
            raise UnknownCrsError("These coordinates lie outside of the coordinate system that was named.")
        return moved

    @property
    def _datum(self) -> int:
        return WGS84 if self.code == 3857 else CGCS2000


def crs_of(uri: str) -> Crs:
    """The system with this address, in either of the forms in which it is written.

    Raises
    ------
    UnknownCrsError
        It is none of those that are offered. The text is not repeated: it may hold what must not be kept.
    """
    asked = uri.strip()
    if asked.startswith("urn:ogc:def:crs:EPSG::"):
        asked = EPSG + asked.rpartition(":")[2]
    if asked.startswith("[") and asked.endswith("]"):
        asked = _of_curie(asked[1:-1])
    asked = asked.replace("https://", "http://", 1)
    if asked not in _BY_URI:
        raise UnknownCrsError("This coordinate system is not offered; the collection lists those that are.")
    return _BY_URI[asked]


def _of_curie(text: str) -> str:
    """`[EPSG:4326]` and `[OGC:CRS84]` as addresses."""
    head, _, rest = text.partition(":")
    return {"EPSG": EPSG + rest, "OGC": CRS84.uri}.get(head, "")


def _registered(code: int) -> pyproj.CRS:
    return pyproj.CRS.from_epsg(code)


CRS84 = Crs("http://www.opengis.net/def/crs/OGC/1.3/CRS84", WGS84, lon_first=True)
_ZONES = range(4513, 4555)
"""CGCS2000 in zones three degrees wide: 25 to 45 with the number in front of the easting, and those without it."""

ALL = (CRS84, *(Crs(f"{EPSG}{code}", code) for code in (WGS84, CGCS2000, 3857, *_ZONES)))
_BY_URI = {each.uri: each for each in ALL}
