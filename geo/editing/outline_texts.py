"""Reads an outline that somebody drew or pasted, as GeoJSON or WKT in a named coordinate system."""

import json
from typing import Any

import numpy as np
import shapely
from geoalchemy2 import WKBElement
from geoalchemy2.shape import from_shape
from shapely import MultiPolygon

from geo.crs import to_wgs84
from geo.editing.controls import Control
from geo.errors import BadParameterError

LONGEST = 500_000
"""Characters of a pasted outline; the most detailed real ones have some tens of thousands."""
MOST_CORNERS = 10_000
"""An outline goes whole into every tile that it touches."""

_ALLOWED = "a polygon as GeoJSON or WKT"


def read_outline(text: str, crs: str = "wgs84", name: str = "geom") -> MultiPolygon:
    """The outline of a text in WGS-84 degrees: a polygon or several, as GeoJSON (a feature too) or WKT, valid or not.

    Raises
    ------
    BadParameterError, UnknownCrsError
        It is no polygon, lies outside the world, or has too many corners; the coordinate system is not known.
    """
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise BadParameterError(name, text[:40], f"{_ALLOWED} of up to {LONGEST:,} characters")
    shape = _shape(text, name)
    polygons = [part for part in shapely.get_parts([shape]) if part.geom_type == "Polygon" and not part.is_empty]
    if shape.geom_type not in ("Polygon", "MultiPolygon") or not polygons:
        raise BadParameterError(name, text[:40], f"{_ALLOWED}; this is a {shape.geom_type}")
    if shapely.get_num_coordinates(polygons).sum() > MOST_CORNERS:
        raise BadParameterError(name, text[:40], f"an outline of up to {MOST_CORNERS:,} corners")
    outline = MultiPolygon(list(to_wgs84(np.array(polygons, dtype=object), crs)))
    west, south, east, north = outline.bounds
    if not (np.isfinite(outline.bounds).all() and west >= -180 and east <= 180 and south >= -85 and north <= 85):
        where = f"{west:.5g}, {south:.5g}"
        raise BadParameterError(
            name, where, "degrees of longitude and latitude; name the coordinate system they are in"
        )
    return outline


def to_element(outline: MultiPolygon) -> WKBElement:
    """The outline as a column takes it."""
    return from_shape(outline, srid=4326)


def outline(name: str) -> Control:
    """A field that holds an outline, in WGS-84 as a text."""
    return Control(name, "outline", lambda field, text: to_element(read_outline(text, name=field)), optional=False)


def _shape(text: str, name: str) -> Any:
    try:
        if not text.startswith(("{", "[")):
            return shapely.force_2d(shapely.from_wkt(text.split(";", 1)[-1]))
        said = json.loads(text)
        return shapely.force_2d(shapely.from_geojson(json.dumps(_geometry(said))))
    except (ValueError, TypeError, KeyError, RecursionError, shapely.errors.GEOSException):
        raise BadParameterError(name, text[:40], _ALLOWED) from None


def _geometry(said: Any) -> Any:
    """The geometry of a GeoJSON text: itself, of its feature, or of the only feature of its collection."""
    if isinstance(said, list):
        return {"type": "Polygon", "coordinates": said if isinstance(said[0][0], list) else [said]}
    if said.get("type") == "FeatureCollection":
        said = said["features"][0] if len(said["features"]) == 1 else {"geometry": _collected(said["features"])}
    return said.get("geometry", said)


def _collected(features: Any) -> Any:
    return {"type": "MultiPolygon", "coordinates": [c for each in features for c in _polygons(each["geometry"])]}


def _polygons(geometry: Any) -> Any:
    return [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
