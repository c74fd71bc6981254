"""Where an industry gathers more than the district's own density of enterprises explains.

A metric grid counts enterprises in a moving window of cells. In every window the industry's count is held against what
its share of all enterprises would give there; where the excess is large for a Poisson count, cells are hot. Hot cells
that hang together become one outline, drawn around the enterprises in them, with figures of its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date

import numpy as np
import shapely
from geoalchemy2.shape import from_shape
from numpy.typing import NDArray
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.crs import local_metric
from geo.model import Building, Cluster, Enterprise
from geo.model.declarative import new_code

METHOD = "poisson-grid-1"

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Parameters:
    """How finely to look and what counts as a cluster."""

    cell_m: float = 100.0
    window_cells: int = 3
    least_z: float = 3.5
    least_quotient: float = 1.5
    least_enterprises: int = 10


@dataclass(frozen=True, slots=True)
class Found:
    """A cluster: outline in metres and what makes it one."""

    group: str
    outline: shapely.Geometry
    enterprises: int
    expected: float
    quotient: float
    z: float


def find_clusters(x: Floats, y: Floats, groups: Sequence[str], parameters: Parameters | None = None) -> list[Found]:
    r"""Clusters of every industry group.

    For a window with N enterprises of which n are of the group, and a share p of the group among all enterprises, the
    expected count is E = N p, the location quotient is n / E and the density-adjusted z is (n - E) / sqrt(E), the
    standardised excess of a Poisson count. Outlines get the same figures over the enterprises inside them.

    Parameters
    ----------
    x, y
        Positions in metres, one per enterprise, shape (n,).
    groups
        The industry group of each enterprise, length n.
    parameters
        Cell size (m), window (cells), thresholds.

    Returns
    -------
    list[Found]
        Ordered by z, the strongest first.

    References
    ----------
    Location quotient: P. S. Florence, "Investment, Location, and Size of Plant", 1948. Density-adjusted counts in a
    moving window: S. Openshaw et al., "A Mark 1 Geographical Analysis Machine", IJGIS 1 (1987); the Poisson
    standardisation: M. Choynowski, "Maps based on probabilities", JASA 54 (1959).
    """
    chosen = parameters or Parameters()
    if len(x) == 0:
        return []
    names, member = np.unique(np.asarray(groups), return_inverse=True)
    column, row = (_cells(position, chosen.cell_m, chosen.window_cells) for position in (x, y))
    shape = (int(column.max()) + 1, int(row.max()) + 1)
    everything = _window(_counts(column, row, shape), chosen.window_cells)
    found: list[Found] = []
    for number, name in enumerate(names.tolist()):
        of_group = member == number
        share = of_group.mean()
        seen = _window(_counts(column[of_group], row[of_group], shape), chosen.window_cells)
        hot = _hot(seen, everything * share, chosen)
        inside = of_group & hot[column, row]
        if inside.any():
            found.extend(_outlines(name, x, y, of_group, inside, chosen))
    return sorted(found, key=lambda cluster: -cluster.z)


def store_clusters(session: Session, today: date, parameters: Parameters | None = None) -> int:
    """Compute the clusters of all public enterprises and store them in place of the former ones; gives their number.

    A cluster that covers most of a former one of its group keeps its code, so that links to it go on working.
    """
    chosen = parameters or Parameters()
    rows = session.execute(
        select(
            func.ST_X(func.coalesce(Enterprise.geom, func.ST_PointOnSurface(Building.geom))).label("lon"),
            func.ST_Y(func.coalesce(Enterprise.geom, func.ST_PointOnSurface(Building.geom))).label("lat"),
            Enterprise.industry_group,
        )
        .outerjoin(Building, Building.id == Enterprise.building_id)
        .where(Enterprise.publishable, Enterprise.withdrawn_at.is_(None))
        .where((Enterprise.geom.is_not(None)) | (Building.id.is_not(None)))
    ).all()
    former = [
        (old.industry_group, old.code, shapely.from_wkb(bytes(old.geom.data)))
        for old in session.scalars(select(Cluster))
    ]
    session.execute(Cluster.__table__.delete())  # type: ignore[attr-defined]  # a Table, as of every model
    if not rows:
        return 0
    lon, lat = np.array([row.lon for row in rows]), np.array([row.lat for row in rows])
    plane = local_metric(lon, lat)
    x, y = plane.to_metres(lon, lat)
    found = find_clusters(x, y, [row.industry_group for row in rows], chosen)
    for cluster in found:
        outline = shapely.MultiPolygon([plane.unproject(np.array([cluster.outline]))[0]])
        code = _same_as_before(cluster.group, outline, former) or new_code()
        session.add(_row(cluster, outline, code, today, chosen))
    session.flush()
    return len(found)


def _row(cluster: Found, outline: shapely.Geometry, code: str, today: date, parameters: Parameters) -> Cluster:
    return Cluster(
        code=code,
        industry_group=cluster.group,
        geom=from_shape(outline, srid=4326),
        enterprises=cluster.enterprises,
        expected=cluster.expected,
        quotient=cluster.quotient,
        z=cluster.z,
        method=METHOD,
        parameters=asdict(parameters),
        computed_on=today,
    )


def _same_as_before(
    group: str, outline: shapely.Geometry, former: list[tuple[str, str, shapely.Geometry]]
) -> str | None:
    for place, (old_group, code, old) in enumerate(former):
        if old_group == group and outline.intersection(old).area > 0.5 * outline.union(old).area:
            del former[place]
            return code
    return None


def _cells(position: Floats, size: float, window: int) -> NDArray[np.int64]:
    """Number of each position's cell along one axis; wide empty stretches are shortened to just over a window."""
    cell = np.floor(position / size).astype(np.int64)
    used = np.unique(cell)
    numbers = np.concatenate([[0], np.minimum(np.diff(used), window + 1).cumsum()])
    placed: NDArray[np.int64] = numbers[np.searchsorted(used, cell)]
    return placed


def _counts(column: NDArray[np.int64], row: NDArray[np.int64], shape: tuple[int, int]) -> Floats:
    counted = np.bincount(column * shape[1] + row, minlength=shape[0] * shape[1])
    return counted.reshape(shape).astype(float)


def _window(counts: Floats, cells: int) -> Floats:
    """Sums over a square of `cells` by `cells` around every cell, by differences of cumulative sums."""
    before, after = (cells - 1) // 2 + 1, cells // 2
    total = np.pad(counts, ((before, after), (before, after))).cumsum(0).cumsum(1)
    sums: Floats = total[cells:, cells:] - total[:-cells, cells:] - total[cells:, :-cells] + total[:-cells, :-cells]
    return sums


def _hot(seen: Floats, expected: Floats, parameters: Parameters) -> NDArray[np.bool_]:
    safe = np.maximum(expected, 1e-9)
    hot: NDArray[np.bool_] = (
        (seen >= parameters.least_enterprises)
        & (seen >= parameters.least_quotient * safe)
        & (seen - expected >= parameters.least_z * np.sqrt(safe))
    )
    return hot


def _outlines(
    name: str, x: Floats, y: Floats, of_group: NDArray[np.bool_], inside: NDArray[np.bool_], parameters: Parameters
) -> Iterator[Found]:
    """Rounded outlines around the group's enterprises in hot cells, those that hold up by themselves."""
    spots = shapely.union_all(shapely.points(np.unique(np.column_stack([x[inside], y[inside]]).round(), axis=0)))
    grown = spots.buffer(0.75 * parameters.cell_m).buffer(-0.35 * parameters.cell_m)
    share = of_group.mean()
    for piece in shapely.get_parts(grown):
        outline = shapely.Polygon(piece.exterior).simplify(2.0)
        shapely.prepare(outline)
        within = shapely.contains_xy(outline, x, y)
        total, count = int(within.sum()), int((within & of_group).sum())
        expected = float(total * share)
        if expected <= 0:
            continue
        z, quotient = (count - expected) / expected**0.5, count / expected
        if count >= parameters.least_enterprises and z >= parameters.least_z and quotient >= parameters.least_quotient:
            yield Found(name, outline, count, expected, quotient, float(z))
