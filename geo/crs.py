"""Brings coordinates of any datum to WGS-84 degrees, the only ones that are stored, and to local metres for measuring.

Files come in WGS-84, in the offset systems of Chinese map services (`geo.china_offsets`), in CGCS2000 and in EPSG codes
such as 4549 (CGCS2000 / 3-degree Gauss-Kruger CM 120E).

* CGCS2000 (EPSG:4490), the national system, is aligned to ITRF97 at epoch 2000.0. It differs from WGS-84 by centimetres
  in definition and by the plate motion since 2000, about 3 cm a year, so it is taken as WGS-84 as it stands.
* Systems without a published transformation (Xi'an 1980, a city's own grid) are refused: their parameters are secret in
  China, and this module neither accepts, stores nor logs any.

References
----------
Yang Yuanxi, "Chinese geodetic coordinate system 2000", Chinese Science Bulletin 54 (2009), 2714–2721.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TypeAlias

import numpy as np
import pyproj
import pyproj.exceptions
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.china_offsets import (
    LonLat,
    as_floats,
    bd09_to_wgs84,
    gcj02_to_wgs84,
    wgs84_to_bd09,
    wgs84_to_gcj02,
)
from geo.errors import UnknownCrsError

__all__ = [
    "Datum",
    "LocalMetric",
    "accuracy_m",
    "bd09_to_wgs84",
    "crs_of_wkt",
    "from_wgs84",
    "gcj02_to_wgs84",
    "local_metric",
    "lonlat_to_wgs84",
    "parse_crs",
    "to_wgs84",
    "wgs84_to_bd09",
    "wgs84_to_gcj02",
]

Geometries: TypeAlias = NDArray[np.object_]


class Datum(StrEnum):
    """The datums known by name; any other system is written ``EPSG:n``."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"
    CGCS2000 = "cgcs2000"


def parse_crs(text: str) -> str:
    """Return the one spelling of a coordinate system: ``wgs84``, ``gcj02``, ``bd09``, ``cgcs2000`` or ``EPSG:n``.

    Raises
    ------
    UnknownCrsError
        For anything else, and for EPSG codes from which no published way leads to WGS-84.
    """
    key = "".join(character for character in text.lower() if character not in " -_:/()（）")
    if key in _NAMES:
        return str(_NAMES[key])
    number = key.removeprefix("epsg")
    if not (number.isascii() and number.isdigit() and len(number) <= 6):
        # The text is not repeated: it may hold the parameters of a local system.
        raise UnknownCrsError("The coordinate system is not known: give wgs84, gcj02, bd09, cgcs2000 or EPSG:n.")
    _to_lonlat(int(number))
    return f"EPSG:{int(number)}"


def crs_of_wkt(wkt: str) -> str:
    """Return the spelling of `parse_crs` for the text of a ``.prj`` file or another WKT definition.

    Raises
    ------
    UnknownCrsError
        When the definition is no registered system, as with a city's own grid.
    """
    try:
        code = pyproj.CRS.from_wkt(wkt).to_epsg()
    except pyproj.exceptions.CRSError:
        code = None
    if code is None:
        raise UnknownCrsError(
            "The file's own coordinate system is not in the EPSG registry: "
            "name the right one with --crs, or ask for the file in CGCS2000."
        )
    return parse_crs(f"EPSG:{code}")


def lonlat_to_wgs84(lon: ArrayLike, lat: ArrayLike, crs: str) -> LonLat:
    """Convert x (longitude or easting) and y (latitude or northing) to WGS-84 degrees.

    Coordinates outside the area of a projection come back as infinity.

    Raises
    ------
    UnknownCrsError
        As `parse_crs`.
    """
    known = parse_crs(crs)
    if known in _FROM_DATUM:
        return _FROM_DATUM[known](lon, lat)
    return as_floats(*_to_lonlat(int(known.removeprefix("EPSG:"))).transform(*as_floats(lon, lat)))


def to_wgs84(geometries: Geometries, crs: str) -> Geometries:
    """Convert an array of shapely geometries to WGS-84 degrees; heights and missing geometries stay as they are.

    Raises
    ------
    UnknownCrsError
        As `parse_crs`.
    """
    known = parse_crs(crs)
    return _moved(geometries, lambda x, y: lonlat_to_wgs84(x, y, known))


def from_wgs84(geometries: Geometries, crs: str) -> Geometries:
    """Convert an array of shapely geometries in WGS-84 degrees to another system, for people who work in that one.

    Raises
    ------
    UnknownCrsError
        As `parse_crs`.
    """
    known = parse_crs(crs)
    if known in _TO_DATUM:
        return _moved(geometries, _TO_DATUM[known])
    plane = _to_lonlat(int(known.removeprefix("EPSG:")))
    return _moved(geometries, lambda x, y: as_floats(*plane.transform(*as_floats(x, y), direction="INVERSE")))


def accuracy_m(crs: str) -> float | None:
    """Return how far, in metres, converted coordinates may lie from the true WGS-84 place, None where not stated.

    For GCJ-02 and BD-09 the deviation of the public formula from the services, for EPSG codes the registered figure.
    """
    known = parse_crs(crs)
    if known in _ACCURACY_M:
        return _ACCURACY_M[known]
    stated_m = _to_lonlat(int(known.removeprefix("EPSG:"))).accuracy
    return float(stated_m) if stated_m >= 0 else None


@dataclass(frozen=True, slots=True)
class LocalMetric:
    """An equal-area plane in metres around one point; distances within 20 km of it are true to 1 : 100,000."""

    lon: float
    lat: float
    _plane: pyproj.Transformer

    def to_metres(self, lon: ArrayLike, lat: ArrayLike) -> LonLat:
        """Project WGS-84 degrees to metres east and north of the centre."""
        return as_floats(*self._plane.transform(*as_floats(lon, lat)))

    def to_degrees(self, x_m: ArrayLike, y_m: ArrayLike) -> LonLat:
        """Turn metres east and north of the centre back into WGS-84 degrees."""
        return as_floats(*self._plane.transform(*as_floats(x_m, y_m), direction="INVERSE"))

    def project(self, geometries: Geometries) -> Geometries:
        """Project an array of shapely geometries from WGS-84 degrees to metres."""
        return _moved(geometries, self.to_metres)

    def unproject(self, geometries: Geometries) -> Geometries:
        """Turn an array of shapely geometries in metres back into WGS-84 degrees."""
        return _moved(geometries, self.to_degrees)


def local_metric(lon: ArrayLike, lat: ArrayLike) -> LocalMetric:
    """Return the plane in metres around the middle of the bounding box of some WGS-84 points.

    Lambert azimuthal equal-area: areas and densities hold, distances nearly do.

    Raises
    ------
    ValueError
        When there is no point.
    """
    lon, lat = as_floats(lon, lat)
    if not np.isfinite(lon).any():
        raise ValueError("A local plane needs at least one point.")
    centre_lon = (np.nanmin(lon) + np.nanmax(lon)) / 2
    centre_lat = (np.nanmin(lat) + np.nanmax(lat)) / 2
    return _plane_around(round(float(centre_lon), 6), round(float(centre_lat), 6))


@cache
def _plane_around(lon: float, lat: float) -> LocalMetric:
    plane = pyproj.CRS.from_proj4(f"+proj=laea +lat_0={lat} +lon_0={lon} +datum=WGS84 +units=m +type=crs")
    return LocalMetric(lon, lat, pyproj.Transformer.from_crs(4326, plane, always_xy=True))


@cache
def _to_lonlat(code: int) -> pyproj.Transformer:
    """Return PROJ's way from an EPSG code to WGS-84 degrees, longitude first."""
    try:
        source = pyproj.CRS.from_epsg(code)
    except pyproj.exceptions.CRSError:
        raise UnknownCrsError(f"EPSG:{code} is not in the EPSG registry.") from None
    geodetic = source.geodetic_crs
    if geodetic is None:
        raise UnknownCrsError(f"EPSG:{code} ({source.name}) gives no place on a map.")
    if geodetic.datum is not None and geodetic.datum.name == "China 2000":
        # EPSG registers no operation from CGCS2000 to WGS-84: unproject only, the datums are taken as equal.
        return pyproj.Transformer.from_crs(source, geodetic, always_xy=True)
    try:
        return pyproj.Transformer.from_crs(source, 4326, always_xy=True, allow_ballpark=False)
    except pyproj.exceptions.ProjError:
        raise UnknownCrsError(
            f"EPSG:{code} ({source.name}) has no published transformation to WGS-84: "
            "ask the surveying office for the file in CGCS2000 (EPSG:4490 or a projected form of it)."
        ) from None


def _moved(geometries: Geometries, convert: Callable[[ArrayLike, ArrayLike], LonLat]) -> Geometries:
    """Apply a conversion of x and y to geometries, keeping z where there is one."""

    def move(xyz: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack([*convert(xyz[:, 0], xyz[:, 1]), xyz[:, 2]])

    return np.asarray(shapely.transform(geometries, move, include_z=True), dtype=object)


def _unchanged(lon: ArrayLike, lat: ArrayLike) -> LonLat:
    return as_floats(lon, lat)


_NAMES = {
    **dict.fromkeys(["wgs84", "epsg4326", "4326", "crs84", "ogccrs84", "gps"], Datum.WGS84),
    **dict.fromkeys(["gcj02", "高德", "高德坐标", "腾讯", "火星坐标", "火星坐标系"], Datum.GCJ02),
    **dict.fromkeys(["bd09", "bd09ll", "百度", "百度坐标"], Datum.BD09),
    **dict.fromkeys(["cgcs2000", "epsg4490", "4490", "国家2000", "大地2000", "2000国家大地坐标系"], Datum.CGCS2000),
}
_FROM_DATUM: dict[str, Callable[[ArrayLike, ArrayLike], LonLat]] = {
    Datum.WGS84: _unchanged,
    Datum.CGCS2000: _unchanged,
    Datum.GCJ02: gcj02_to_wgs84,
    Datum.BD09: bd09_to_wgs84,
}
_TO_DATUM: dict[str, Callable[[ArrayLike, ArrayLike], LonLat]] = {
    Datum.WGS84: _unchanged,
    Datum.CGCS2000: _unchanged,
    Datum.GCJ02: wgs84_to_gcj02,
    Datum.BD09: wgs84_to_bd09,
}
_ACCURACY_M: dict[str, float] = {Datum.WGS84: 0.0, Datum.CGCS2000: 1.0, Datum.GCJ02: 1.0, Datum.BD09: 1.0}
