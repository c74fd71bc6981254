"""Where industries gather: cells and measures for statistics, outlines for the map.

`cells` cuts the plane, `concentration`, `hot_spots` and `indices` measure, `gathered` draws outlines and stores them.
"""

from geo.clusters.gathered import METHOD, Found, Parameters, find_clusters, store_clusters

__all__ = ["METHOD", "Found", "Parameters", "find_clusters", "store_clusters"]
