"""Brings amenities into the database: points with one of the twenty categories."""

import numpy as np
import shapely

from geo.importers.load import Stage
from geo.importers.loading import Loading, columns_of, keys_of, part_of, texts_of, wkb_of
from geo.importers.tables import CleanBatch

_FIELDS = ("category", "name", "name_en", "address", "opening_hours", "open")


class Amenities:
    """The loader of amenities."""

    def __init__(self, loading: Loading) -> None:
        self._loading = loading
        self._stage: Stage | None = None

    def take(self, batch: CleanBatch) -> None:
        """Stage the rows that have a place."""
        batch = with_places(self._loading, batch)
        if not len(batch):
            return
        columns = columns_of(batch, _FIELDS)
        columns["geom"] = wkb_of(batch.geometry)
        self._stage = self._stage or Stage(self._loading.run, "amenities", list(columns))
        self._stage.add(batch.row_numbers, columns, keys=keys_of(batch, "name", "category"))

    def finish(self) -> None:
        """Merge them."""
        if self._stage:
            self._loading.count("amenities", self._stage.merge())


def with_places(loading: Loading, batch: CleanBatch, name: str = "name") -> CleanBatch:
    """Return the rows that have a place and refuse the others."""
    placed = np.zeros(len(batch), bool) if batch.geometry is None else ~shapely.is_missing(batch.geometry)
    if placed.all():
        return batch
    names = texts_of(batch.columns, name, len(batch))
    for row in np.flatnonzero(~placed):
        loading.log.add("place_missing", row=int(batch.row_numbers[row]), value=names[row] or "–")
    return part_of(batch, np.flatnonzero(placed))
