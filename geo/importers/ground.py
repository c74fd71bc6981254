"""Brings the ground into the database: roads, water, green, rails, squares; and transit lines."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from geo.importers.load import Stage
from geo.importers.loading import Loading, columns_of, keys_of, part_of, wkb_of
from geo.importers.tables import CleanBatch

_FIELDS = {
    "kind": "kind",
    "class": "road_class",
    "rank": "rank",
    "name": "name",
    "name_en": "name_en",
    "foot": "foot",
    "bridge": "bridge",
    "layer": "layer",
}
_MODES = {"subway": "metro", "light_rail": "metro", "monorail": "metro", "tram": "tram"}


class Ground:
    """The loader of the ground. Outside OpenStreetMap, metro and tram tracks in a file of lines are transit lines."""

    def __init__(self, loading: Loading) -> None:
        self._loading = loading
        self._stage: Stage | None = None
        self._lines = TransitLines(loading)

    def take(self, batch: CleanBatch) -> None:
        """Stage pieces of ground; tracks of lines go to the transit lines."""
        batch = _drawn(batch)
        if not self._loading.osm and len(batch):
            is_line = _is_transit(batch)
            self._lines.take(_as_lines(part_of(batch, np.flatnonzero(is_line))))
            batch = part_of(batch, np.flatnonzero(~is_line))
        if not len(batch):
            return
        columns = {own: batch.columns[name] for name, own in _FIELDS.items() if name in batch.columns}
        columns["geom"] = wkb_of(batch.geometry)
        self._stage = self._stage or Stage(self._loading.run, "ground_features", list(columns))
        self._stage.add(batch.row_numbers, columns, keys=keys_of(batch, "name", "kind", "class"))

    def finish(self) -> None:
        """Merge them."""
        if self._stage:
            self._loading.count("ground_features", self._stage.merge())
        self._lines.finish()


class TransitLines:
    """The loader of transit lines."""

    def __init__(self, loading: Loading) -> None:
        self._loading = loading
        self._stage: Stage | None = None

    def take(self, batch: CleanBatch) -> None:
        """Stage lines; one without a name goes by its number."""
        batch = _drawn(batch)
        if not len(batch):
            return
        columns = columns_of(batch, ("mode", "name", "name_en", "colour"))
        if "ref" in batch.columns:
            names = batch.columns.get("name", pa.nulls(len(batch), pa.string()))
            columns["name"] = pc.coalesce(names, batch.columns["ref"])
        columns["geom"] = wkb_of(batch.geometry)
        self._stage = self._stage or Stage(self._loading.run, "transit_lines", list(columns))
        self._stage.add(batch.row_numbers, columns, keys=keys_of(batch, "name", "mode"))

    def finish(self) -> None:
        """Merge them."""
        if self._stage:
            self._loading.count("transit_lines", self._stage.merge())


def _drawn(batch: CleanBatch) -> CleanBatch:
    """Return the rows that have a geometry; those without were refused when they were read."""
    return part_of(batch, np.flatnonzero(~shapely.is_missing(batch.geometry)))


def _is_transit(batch: CleanBatch) -> np.ndarray:
    classes = batch.columns.get("class", pa.nulls(len(batch), pa.string()))
    tracks = pc.is_in(classes, value_set=pa.array(list(_MODES))).to_numpy(zero_copy_only=False)
    return np.asarray(tracks & np.isin(shapely.get_type_id(batch.geometry), (1, 5)))


def _as_lines(batch: CleanBatch) -> CleanBatch:
    modes = [_MODES[name] for name in batch.columns["class"].to_pylist()] if len(batch) else []
    return CleanBatch(
        "transit_lines", {**batch.columns, "mode": pa.array(modes, pa.string())}, batch.row_numbers, batch.geometry
    )
