"""Guesses whether a file that states no datum was drawn in GCJ-02 or BD-09, by known features of the same place.

Read with a wrong datum, a Chinese file lies 300–700 m (GCJ-02) or about a kilometre (BD-09) off. Each way of reading it
is tried; the right one puts the file's points onto the known ones, the others scatter them between.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.crs import Datum, LocalMetric, local_metric, lonlat_to_wgs84

_READINGS = (Datum.WGS84, Datum.GCJ02, Datum.BD09)
_SAMPLE = 2000
_SEED = 20170630  # any constant: the same file must get the same answer
_FEWEST_POINTS = 10
_REACH_M = 1500.0
# Another reading is believed only when it brings the points this much nearer than taking them as they are, and nearer
# for so many of them that chance is out of question (a sign test at three standard deviations).
_LEAST_RATIO = 0.67
_LEAST_SIGMA = 3.0


@dataclass(frozen=True, slots=True)
class ShiftGuess:
    """What a file's coordinates seem to be.

    Attributes
    ----------
    datum
        The reading that fits best; ``wgs84`` when the file fits as it is; None when there is nothing near to judge by.
    points
        How many points of the file had a known feature within 1.5 km.
    median_m
        Median distance in metres to the nearest known feature, for each reading that was tried.
    """

    datum: Datum | None
    points: int
    median_m: dict[Datum, float]

    @property
    def is_shifted(self) -> bool:
        """Whether the file should be read in another datum than WGS-84."""
        return self.datum in (Datum.GCJ02, Datum.BD09)


def likely_datum_shift(lon: ArrayLike, lat: ArrayLike, known_lon: ArrayLike, known_lat: ArrayLike) -> ShiftGuess:
    """Compare the points of a new file, in degrees as they stand, with known WGS-84 features of the same kind or area.

    The medians of the distances to the nearest known feature are compared, on at most 2,000 points of the file.
    The denser the known features, the less a shift shows: give features of the same kind where there are enough.
    """
    points, known = _finite(lon, lat), _finite(known_lon, known_lat)
    if len(points) == 0 or len(known) == 0:
        return ShiftGuess(None, 0, {})
    if len(points) > _SAMPLE:
        points = points[np.random.default_rng(_SEED).choice(len(points), _SAMPLE, replace=False)]
    plane = local_metric(known[:, 0], known[:, 1])
    tree = shapely.STRtree(shapely.points(*plane.to_metres(known[:, 0], known[:, 1])))
    near = points[np.isfinite(_nearest_m(tree, plane, points, Datum.WGS84))]
    if len(near) < _FEWEST_POINTS:
        return ShiftGuess(None, len(near), {})
    nearest = {datum: np.nan_to_num(_nearest_m(tree, plane, near, datum), nan=_REACH_M) for datum in _READINGS}
    return ShiftGuess(_best(nearest), len(near), {datum: float(np.median(nearest[datum])) for datum in _READINGS})


def _best(nearest_m: dict[Datum, NDArray[np.float64]]) -> Datum:
    best = min(nearest_m, key=lambda datum: float(np.median(nearest_m[datum])))
    raw_m, best_m = nearest_m[Datum.WGS84], nearest_m[best]
    nearer, farther = int((best_m < raw_m).sum()), int((best_m > raw_m).sum())
    is_clear = nearer - farther > _LEAST_SIGMA * np.sqrt(nearer + farther)
    return best if is_clear and np.median(best_m) < np.median(raw_m) * _LEAST_RATIO else Datum.WGS84


def _nearest_m(
    tree: shapely.STRtree, plane: LocalMetric, points: NDArray[np.float64], datum: Datum
) -> NDArray[np.float64]:
    """Distance in metres of each point to the nearest known one, NaN beyond reach."""
    x_m, y_m = plane.to_metres(*lonlat_to_wgs84(points[:, 0], points[:, 1], datum))
    (asked, _), distance_m = tree.query_nearest(
        shapely.points(x_m, y_m), max_distance=_REACH_M, return_distance=True, all_matches=False
    )
    nearest_m = np.full(len(points), np.nan)
    nearest_m[asked] = distance_m
    return nearest_m


def _finite(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.float64]:
    pairs = np.column_stack([np.ravel(np.asarray(lon, dtype=np.float64)), np.ravel(np.asarray(lat, dtype=np.float64))])
    inside = np.isfinite(pairs).all(axis=1) & (np.abs(pairs[:, 0]) <= 180) & (np.abs(pairs[:, 1]) <= 90)
    return np.asarray(pairs[inside])
