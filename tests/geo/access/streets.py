"""Draws small towns for tests: ways and waters given in metres around one place."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import shapely
from geoalchemy2.shape import from_shape
from shapely import LineString, Point, Polygon
from sqlalchemy.orm import Session

from geo.access.doors import barriers
from geo.access.network import Network, build
from geo.crs import local_metric
from geo.model import Amenity, Building, GroundFeature
from tests.factories import HERE, create_amenity, create_building, create_source

PLANE = local_metric(*[[degree] for degree in HERE])
"""Metres east and north of the place where tests make things."""


def degrees(*shapes: shapely.Geometry) -> np.ndarray:
    """The shapes, drawn in metres, as they lie on the earth, to a centimetre."""
    lying = PLANE.unproject(np.array(shapes, dtype=object))
    return np.asarray(shapely.transform(lying, lambda xy: np.round(xy, 7)), dtype=object)


def town(*lines: Iterable[tuple[float, float]], layers: Iterable[int] | None = None, island_m: float = 0) -> Network:
    """A network of lines, all on the ground unless `layers` says otherwise."""
    shapes = degrees(*map(LineString, lines))
    levels = np.array(list(layers) if layers is not None else [0] * len(shapes), dtype=np.int64)
    return build(shapes, levels, PLANE, island_m)


def walls(*shapes: shapely.Geometry) -> Any:
    """Barriers of shapes in metres."""
    return barriers(np.array(shapes, dtype=object))


def street(session: Session, *corners: tuple[float, float], **values: Any) -> GroundFeature:
    """A residential street through corners in metres."""
    return ground(session, LineString(corners), **{"kind": "road", "road_class": "residential"} | values)


def ground(session: Session, shape: shapely.Geometry, **values: Any) -> GroundFeature:
    """A piece of the ground in metres."""
    source = {} if "source_id" in values else {"source_id": create_source(session).id}
    feature = GroundFeature(geom=from_shape(degrees(shape)[0], srid=4326), **values, **source)
    session.add(feature)
    session.flush()
    return feature


def house(session: Session, x: float, y: float, half: float = 10, **values: Any) -> Building:
    """A house with a corner in each direction, `half` metres from its middle at a place in metres."""
    corners = Polygon([(x - half, y), (x, y - half), (x + half, y), (x, y + half)])
    outline = shapely.multipolygons([degrees(corners)[0]])
    return create_building(session, outline, **values)


def amenity(session: Session, x: float, y: float, **values: Any) -> Amenity:
    """An amenity at a place in metres."""
    return create_amenity(session, *degrees(Point(x, y))[0].coords[0], **values)
