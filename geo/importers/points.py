"""Points and the buildings around them: which outline holds a point, which is nearest, squares where there is none."""

import numpy as np
import pyarrow as pa
import shapely
from psycopg import Connection
from psycopg.rows import TupleRow

from geo.db import query
from geo.importers.geometry import Geometries
from geo.importers.pgcopy import HEADER, TRAILER, cells, frame
from geo.importers.running import Run

HALF_SIDE_M = 6.0
"""Half the side of the square that stands for a building of which only a point is known."""

_METRES_PER_DEGREE = 111_195.0


def holding_buildings(connection: Connection[TupleRow], points: Geometries | None) -> dict[int, int]:
    """Return for each point that lies in a building's outline: index of the point → building id."""
    if not _stage(connection, points):
        return {}
    found = {row[0]: row[1] for row in connection.execute(query("buildings_around_points"))}
    connection.execute("DROP TABLE staged_points")
    return found


def nearest_buildings(connection: Connection[TupleRow], points: Geometries | None, metres: float) -> dict[int, int]:
    """Return for each point with a building within so many metres: index of the point → id of the nearest."""
    if not _stage(connection, points):
        return {}
    found = {row[0]: row[1] for row in connection.execute(query("buildings_near_points"), {"metres": metres})}
    connection.execute("DROP TABLE staged_points")
    return found


def squares_around(points: Geometries | None) -> Geometries:
    """Return a square of twelve metres around each point."""
    if points is None:
        return np.empty(0, dtype=object)
    lon, lat = shapely.get_x(points), shapely.get_y(points)
    north = HALF_SIDE_M / _METRES_PER_DEGREE
    east = north / np.cos(np.radians(lat))
    return np.asarray(shapely.box(lon - east, lat - north, lon + east, lat + north), dtype=object)


def drawn_squares(run: Run, keys: pa.Array | None = None) -> set[int]:
    """Return the ids of buildings that this source drew as squares; of those with the given keys only."""
    found = run.connection.execute(query("drawn_squares"), {"source": run.source_id}).fetchall()
    wanted = None if keys is None else set(keys.to_pylist())
    return {ident for ident, key in found if wanted is None or key in wanted}


def _stage(connection: Connection[TupleRow], points: Geometries | None) -> bool:
    """Put the points that are there into the temporary table staged_points."""
    if points is None or not (there := ~shapely.is_missing(points)).any():
        return False
    connection.execute("CREATE TEMP TABLE staged_points (n int8, geom geometry(Point, 4326)) ON COMMIT DROP")
    columns = [cells(np.flatnonzero(there), "int8"), cells(shapely.to_wkb(points[there]), "bytes")]
    with connection.cursor().copy("COPY staged_points FROM STDIN (FORMAT BINARY)") as copy:
        for part in (HEADER, frame(columns), TRAILER):
            copy.write(part)
    connection.execute("ANALYZE staged_points")
    return True
