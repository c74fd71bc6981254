"""Finds where the rows of a file lie, from its geometries, WKT or coordinate columns, in WGS-84 degrees."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from geo.crs import Datum, crs_of_wkt, lonlat_to_wgs84, parse_crs, to_wgs84
from geo.errors import UnreadableFileError
from geo.importers.batches import Batch, FileInfo
from geo.importers.columns import Recognition
from geo.importers.geometry import Geometries, inside_the_world
from geo.importers.report import IssueLog

_HINTS = (
    (re.compile(r"gcj|火星|高德|腾讯|amap", re.I), Datum.GCJ02),
    (re.compile(r"bd-?_?09|百度|baidu", re.I), Datum.BD09),
    (re.compile(r"cgcs|2000", re.I), Datum.CGCS2000),
)


@dataclass(slots=True)
class Placing:
    """How the rows of one file are placed; `swapped` is settled by the first rows with coordinates."""

    crs: str
    log: IssueLog
    lon: str | None = None
    lat: str | None = None
    wkt: str | None = None
    swapped: bool | None = None

    def geometries(self, batch: Batch, columns: Mapping[str, pa.Array]) -> Geometries | None:
        """Return the geometries of a batch in WGS-84, None when the file has no place for them at all."""
        rows = batch.row_numbers
        if batch.wkb is not None:
            found = self._from_wkb(batch)
        elif "wkt" in columns:
            found = self._from_wkt(columns["wkt"], rows)
        elif "lon" in columns and "lat" in columns:
            return self._from_coordinates(columns["lon"], columns["lat"], rows)
        else:
            return None
        self._refuse_metres(found)
        moved = found if self.crs in (Datum.WGS84, Datum.CGCS2000) else to_wgs84(found, self.crs)
        return inside_the_world(moved, rows, self.log)

    def _from_wkb(self, batch: Batch) -> Geometries:
        found = batch.geometry
        if found is None or batch.wkb is None:
            raise ValueError("A batch without geometries was placed by them.")
        stated = batch.wkb.is_valid().to_numpy(zero_copy_only=False)
        for index in np.flatnonzero(stated & shapely.is_missing(found)):
            self.log.add("geometry_unreadable", row=int(batch.row_numbers[index]), value="WKB")
        return found

    def _from_wkt(self, column: pa.Array, rows: NDArray[np.int64]) -> Geometries:
        texts = np.array(column.to_pylist(), dtype=object)
        plain = np.array([_without_srid(text) for text in texts], dtype=object)
        found: Geometries = np.asarray(shapely.from_wkt(plain, on_invalid="ignore"), dtype=object)
        for index in np.flatnonzero((texts != None) & shapely.is_missing(found)):  # noqa: E711 - elementwise
            self.log.add("geometry_unreadable", row=int(rows[index]), column=self.wkt, value=texts[index])
        return found

    def _from_coordinates(self, lon: pa.Array, lat: pa.Array, rows: NDArray[np.int64]) -> Geometries:
        x, y = (column.cast(pa.float64()).to_numpy(zero_copy_only=False) for column in (lon, lat))
        nowhere = (x == 0) & (y == 0)
        x, y = np.where(nowhere, np.nan, x), np.where(nowhere, np.nan, y)
        if self.swapped is None and np.isfinite(x + y).any():
            self.swapped = _looks_swapped(x, y)
            if self.swapped:
                self.log.add("axes_swapped", columns=", ".join(name for name in (self.lon, self.lat) if name))
        if self.swapped:
            x, y = y, x
        there = np.isfinite(x) & np.isfinite(y)
        if self.crs in set(Datum) and there.any() and np.median(np.abs(x[there])) > 180:
            raise UnreadableFileError(_METRES)
        x[there], y[there] = lonlat_to_wgs84(x[there], y[there], self.crs)
        inside = there & (np.abs(x) <= 180) & (np.abs(y) <= 90)
        for index in np.flatnonzero(~inside):
            if there[index] or nowhere[index]:
                self.log.add("coordinates_bad", row=int(rows[index]), value=f"{lon[int(index)]}, {lat[int(index)]}")
            else:
                self.log.add("no_coordinates", row=int(rows[index]))
        found = np.full(len(rows), None, dtype=object)
        found[inside] = shapely.points(x[inside], y[inside])
        return found

    def _refuse_metres(self, found: Geometries) -> None:
        if self.crs not in set(Datum):
            return
        bounds = shapely.bounds(found[~shapely.is_missing(found)])
        if len(bounds) and np.nanmedian(np.abs(bounds[:, [0, 2]])) > 180:
            raise UnreadableFileError(_METRES)


def placing_of(info: FileInfo, recognition: Recognition, crs: str | None, log: IssueLog) -> Placing:
    """Settle the coordinate system of a file: what the person says, the file says, its headings hint, else WGS-84.

    Raises
    ------
    UnknownCrsError
        When the system that is named leads to no place, or the file's own is not registered and none is named.
    """
    lon, lat, wkt = (recognition.heading_of(name) for name in ("lon", "lat", "wkt"))
    lon = lon or recognition.heading_of("position")
    hinted = next((datum for pattern, datum in _HINTS if lon and pattern.search(f"{lon} {lat}")), None)
    if crs:
        known = parse_crs(crs)
    elif info.declared_crs:
        known = _declared(info.declared_crs)
    elif hinted:
        known = hinted
    else:
        known = Datum.WGS84
        if lon or wkt or info.geometry_type:
            log.add("crs_assumed")
    return Placing(known, log, lon, lat, wkt)


def _declared(words: str) -> str:
    return parse_crs(words) if re.fullmatch(r"[A-Za-z]+:\w+", words) else crs_of_wkt(words)


def _looks_swapped(x: NDArray[np.float64], y: NDArray[np.float64]) -> bool:
    """Say whether the first coordinate is a latitude or northing: beyond any latitude, or beyond any easting."""
    with np.errstate(invalid="ignore"):
        latitude_first = (np.abs(x) <= 90) & (np.abs(y) > 90) & (np.abs(y) <= 180)
        longitude_first = (np.abs(x) <= 180) & (np.abs(y) <= 90)
    degrees = latitude_first.sum() > longitude_first.sum()
    x_usual, y_usual = abs(float(np.nanmedian(x))), abs(float(np.nanmedian(y)))
    # In China surveyors write X for the northing (2–6 million m) and Y for the easting, often with its zone before it.
    metres = 1_900_000 < x_usual < 6_200_000 and (100_000 < y_usual < 1_000_000 or 13_000_000 < y_usual < 46_000_000)
    return bool(degrees or metres)


def _without_srid(text: str | None) -> str | None:
    return re.sub(r"^SRID=\d+;", "", text, flags=re.I) if text else text


_METRES = "The coordinates are no degrees but metres: name their system with --crs EPSG:n (such as EPSG:4549)."
