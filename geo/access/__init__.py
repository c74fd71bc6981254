"""Access on foot: the walking network out of imported roads, the ways along it, and what lies within some minutes."""

from geo.access.distances import REACH_DEGREES, REACH_M, store_distances
from geo.access.isochrones import Isochrone, isochrones

__all__ = [
    "REACH_DEGREES",
    "REACH_M",
    "Isochrone",
    "isochrones",
    "store_distances",
]
