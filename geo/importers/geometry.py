"""Makes geometries fit to be stored: flat, valid, of the right type; whatever is changed or refused is reported."""

from typing import Any, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.importers.report import IssueLog

Geometries: TypeAlias = NDArray[np.object_]
Flags: TypeAlias = NDArray[np.bool_]

LINES = (1, 2, 5)
POINTS = (0, 4)

_POLYGONS = (3, 6)
_NAMES = {0: "point", 1: "line", 2: "ring", 3: "polygon", 4: "points", 5: "lines", 6: "polygons", 7: "collection"}

EXPLODE_FROM_PARTS = 20
MOST_CORNERS = 10_000
"""Of a building: its outline goes whole into every tile that it touches, 33 kB with so many corners; the most detailed
real ones have some hundreds."""

MOST_CORNERS_CLIPPED = 20_000
"""Of what tiles clip: areas, ground, lines. The most entangled take a second with so many, forty with twice as many."""

_FAR_APART = 10


def polygons(
    geometries: Geometries, rows: NDArray[np.int64], log: IssueLog, others: tuple[int, ...] = ()
) -> Geometries:
    """Return valid two-dimensional polygons (and what else counts), None for what is refused.

    Parameters
    ----------
    geometries, rows
        The geometries with their row numbers; None where the file has none.
    log
        Takes each repair with GEOS's reason, and each refusal.
    others
        What is kept beside areas: `LINES` (ground), `POINTS` (its gates).
    """
    made = _flat(geometries)
    types = shapely.get_type_id(made)
    missing = shapely.is_missing(made) | shapely.is_empty(made)
    for row in rows[missing]:
        log.add("geometry_missing", row=int(row))
    fitting = np.isin(types, (*_POLYGONS, 7, *others))
    _refuse(~missing & ~fitting, types, rows, log, "polygon", "面")
    made[missing | ~fitting] = None
    broken = np.isin(types, (*_POLYGONS, 7)) & ~missing & (~shapely.is_valid(made) | (types == 7))
    for index in np.flatnonzero(broken):
        made[index] = _repaired(made[index], int(rows[index]), log)
    return made


def flat_polygons(geometries: Geometries) -> Geometries:
    """Return the geometries of a trusted file: without heights, everything but areas as None, unexamined."""
    made = _flat(geometries)
    made[shapely.is_empty(made) | ~np.isin(shapely.get_type_id(made), _POLYGONS)] = None
    return made


def drawable(geometries: Geometries, rows: NDArray[np.int64], log: IssueLog, most: int) -> Flags:
    """Return which geometries have at most so many corners that a map can draw them; the others are reported."""
    corners = shapely.get_num_coordinates(geometries)
    for index in np.flatnonzero(corners > most):
        log.add("geometry_too_detailed", row=int(rows[index]), value=f"{corners[index]:,}", most=f"{most:,}")
    fitting: Flags = corners <= most
    return fitting


def points(geometries: Geometries) -> Geometries:
    """Return one two-dimensional point per geometry: itself, or one on the area or line; None where there is none."""
    made = _flat(geometries)
    other = ~shapely.is_missing(made) & (shapely.get_type_id(made) != 0)
    made[other] = shapely.point_on_surface(made[other])
    made[shapely.is_empty(made)] = None
    return made


def explode_classes(
    geometries: Geometries, named: Flags, rows: NDArray[np.int64], log: IssueLog
) -> tuple[NDArray[np.int64], Geometries, NDArray[np.int64]]:
    """Split features that hold a whole class of buildings into single ones.

    Such a feature has no name, at least twenty parts, and spreads over ten times the size of its parts; a campus with
    a name, or a building in a few parts, stays whole and is only noted.

    Returns
    -------
    tuple of arrays
        For each geometry that results: the index of its row, the geometry, and its number among the parts of a split
        feature (0 for whole ones).
    """
    parts = np.where(shapely.is_missing(geometries), 1, shapely.get_num_geometries(geometries))
    split = (parts >= EXPLODE_FROM_PARTS) & ~named
    split[split] = [_spread_out(geometry) for geometry in geometries[split]]
    for index in np.flatnonzero((parts > 1) & ~split):
        log.add("geometry_multipart", row=int(rows[index]), count=int(parts[index]))
    for index in np.flatnonzero(split):
        log.add("geometry_exploded", row=int(rows[index]), count=int(parts[index]))
    repeats = np.where(split, parts, 1)
    row_of = np.repeat(np.arange(len(geometries), dtype=np.int64), repeats)
    made = np.repeat(geometries, repeats)
    in_split = split[row_of]
    made[in_split] = shapely.get_parts(geometries[split])
    starts = np.repeat(np.cumsum(repeats) - repeats, repeats)
    return row_of, made, np.where(in_split, np.arange(len(row_of)) - starts + 1, 0).astype(np.int64)


def united(pieces: list[Any]) -> Any:
    """Return the union of the pieces of one thing; lines are joined where they meet."""
    whole = shapely.union_all(pieces)
    return shapely.line_merge(whole) if shapely.get_type_id(whole) == 5 else whole


def inside_the_world(geometries: Geometries, rows: NDArray[np.int64], log: IssueLog) -> Geometries:
    """Return geometries in degrees without those that leave the world, such as projections of wrong coordinates."""
    bounds = shapely.bounds(geometries)
    present = ~shapely.is_missing(geometries) & ~shapely.is_empty(geometries)
    inside = np.isfinite(bounds).all(axis=1) & (np.abs(bounds[:, [0, 2]]) <= 180).all(axis=1)
    inside &= (np.abs(bounds[:, [1, 3]]) <= 90).all(axis=1)
    for index in np.flatnonzero(present & ~inside):
        log.add("coordinates_bad", row=int(rows[index]), value=str(np.round(bounds[index, :2], 5).tolist()))
    geometries[present & ~inside] = None
    return geometries


def _flat(geometries: Geometries) -> Geometries:
    """Return a copy of geometries without heights; looking for them first is far cheaper than dropping none."""
    made: Geometries = geometries.copy()
    high = shapely.has_z(made)
    if high.any():
        made[high] = shapely.force_2d(made[high])
    return made


def _refuse(
    refused: Flags, types: NDArray[np.int64], rows: NDArray[np.int64], log: IssueLog, expected: str, expected_zh: str
) -> None:
    for index in np.flatnonzero(refused):
        name = _NAMES.get(int(types[index]), "curve")
        log.add("geometry_wrong_type", row=int(rows[index]), value=name, expected=expected, expected_zh=expected_zh)


def _repaired(geometry: Any, row: int, log: IssueLog) -> Any:
    """Return the area of a geometry after repair, None when none is left."""
    reason = shapely.is_valid_reason(geometry)
    if not shapely.is_valid(geometry):
        geometry = shapely.make_valid(geometry, method="structure", keep_collapsed=False)
    area = _areas_of(geometry)
    if area is None:
        log.add("geometry_unrepairable", row=row, value=reason)
    elif reason != "Valid Geometry":
        log.add("geometry_repaired", row=row, value=reason)
    return area


def _areas_of(geometry: Any) -> Any:
    """Return the polygons of a geometry as one polygon or multipolygon, None when it has none."""
    parts = shapely.get_parts(shapely.get_parts(geometry))
    areas = [part for part in parts if shapely.get_type_id(part) == 3 and not part.is_empty]
    if not areas:
        return None
    return areas[0] if len(areas) == 1 else shapely.union_all(areas)


def _spread_out(geometry: Any) -> bool:
    """Say whether a geometry spreads over at least ten times the usual size of its parts."""
    of_parts = np.median(_sizes(shapely.bounds(shapely.get_parts(geometry))))
    return bool(_sizes(shapely.bounds(geometry)) >= _FAR_APART * of_parts)


def _sizes(bounds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the diagonals of boxes."""
    diagonals: NDArray[np.float64] = np.hypot(bounds[..., 2] - bounds[..., 0], bounds[..., 3] - bounds[..., 1])
    return diagonals
