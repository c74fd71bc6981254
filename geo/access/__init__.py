"""Access on foot: the walking network out of imported roads, the ways along it, and what lies within some minutes."""

from geo.access.distances import REACH_DEGREES, REACH_M, store_distances
from geo.access.isochrones import MINUTES, Isochrone, isochrones
from geo.access.network import WALKING_M_MIN

__all__ = [
    "MINUTES",
    "REACH_DEGREES",
    "REACH_M",
    "WALKING_M_MIN",
    "Isochrone",
    "isochrones",
    "store_distances",
]
