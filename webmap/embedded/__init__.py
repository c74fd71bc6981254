"""The private PostGIS that LouMap starts for itself when no `LOUMAP_DATABASE_URL` is given."""

from webmap.embedded.cluster import EmbeddedPostgres
from webmap.embedded.places import data_home

__all__ = ["EmbeddedPostgres", "data_home", "default_cluster"]


def default_cluster() -> EmbeddedPostgres:
    """Give the cluster of this checkout, in the folder `database` of the data home; nothing is started yet."""
    return EmbeddedPostgres(data_home() / "database")
