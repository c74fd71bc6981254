"""Warns when a file that states no coordinate system lies as far off known features as GCJ-02 or BD-09 would put it."""

import numpy as np
import shapely

from geo.crs import Datum
from geo.datum_shift import likely_datum_shift
from geo.db import query
from geo.importers.loading import Loading
from geo.importers.tables import CleanBatch, CleanFile

_SAMPLE = 2000
_AROUND = 0.02  # degrees, so that a shifted file still meets what is known at its edge
_KINDS = ("buildings", "amenities", "units", "enterprises")


class DatumCheck:
    """Collects some positions of a file while it is read and compares them with what is known before it is loaded."""

    def __init__(self, file: CleanFile, loading: Loading) -> None:
        self._loading = loading
        self._asks = file.crs == Datum.WGS84 and bool(loading.log.by_code["crs_assumed"])
        self._places: list[np.ndarray] = []
        self._kind: str | None = None
        self._random = np.random.default_rng(20170630)

    def take(self, batch: CleanBatch) -> None:
        """Take some positions of a batch; only of the first kind that can be compared."""
        if not self._asks or batch.geometry is None or batch.kind not in _KINDS:
            return
        self._kind = self._kind or batch.kind
        there = batch.geometry[~shapely.is_missing(batch.geometry)]
        if batch.kind == self._kind and len(there) and len(self._places) < 20:
            chosen = self._random.choice(len(there), min(len(there), _SAMPLE), replace=False)
            bounds = shapely.bounds(there[chosen])
            self._places.append((bounds[:, :2] + bounds[:, 2:]) / 2)

    def finish(self) -> None:
        """Compare and warn."""
        if not self._places:
            return
        places = np.concatenate(self._places)
        (west, south), (east, north) = places.min(axis=0) - _AROUND, places.max(axis=0) + _AROUND
        box = {"west": west, "south": south, "east": east, "north": north}
        for name in ("known_amenity_places", "known_building_places"):
            if name == "known_amenity_places" and self._kind != "amenities":
                continue
            known = self._loading.run.connection.execute(
                query(name), {**box, "source": self._loading.run.source_id}
            ).fetchall()
            if known and self._warned(places, np.array(known, dtype=float)):
                return

    def _warned(self, places: np.ndarray, known: np.ndarray) -> bool:
        guess = likely_datum_shift(places[:, 0], places[:, 1], known[:, 0], known[:, 1])
        if guess.is_shifted:
            metres = round(guess.median_m[Datum.WGS84])
            self._loading.log.add("datum_shifted", metres=metres, crs=str(guess.datum))
        return guess.is_shifted
