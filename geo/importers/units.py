"""Brings units into the database."""

from geo.importers.loading import Loading
from geo.importers.tables import CleanBatch


class Units:
    """The loader of units."""

    def __init__(self, loading: Loading) -> None:
        self._loading = loading

    def take(self, batch: CleanBatch) -> None:
        """Take rows."""

    def finish(self) -> None:
        """Merge them."""
