"""Brings parts of buildings into the database: towers on podiums, each with an outline and a height of its own.

A building is drawn as its parts once they cover most of it; a lone roof tower does not make the rest of it vanish.
"""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from geo.db import query
from geo.importers.loading import Loading, keys_of, part_of, texts_of, wkb_of
from geo.importers.pgcopy import HEADER, TRAILER, cells, frame
from geo.importers.tables import CleanBatch

STOREY_M = 3.3
"""Height of a storey where a part states only how many it has."""

_COLUMNS = {
    "row_number": ("int8", "int8"),
    "source_key": ("text", "text"),
    "part_of": ("text", "text"),
    "name": ("text", "text"),
    "geom": ("bytes", "geometry(Geometry, 4326)"),
    "base_height_m": ("float8", "float8"),
    "height_m": ("float8", "float8"),
    "floor_from": ("int4", "int4"),
    "floor_to": ("int4", "int4"),
}


class Sections:
    """The loader of parts of buildings; to be finished after the buildings."""

    def __init__(self, loading: Loading) -> None:
        self._loading = loading
        self._started = False
        self._flat = 0

    def take(self, batch: CleanBatch) -> None:
        """Stage parts that have a height or a number of storeys."""
        heights = _metres(batch, "height_m", "floors_above")
        drawn = (heights > 0) & ~shapely.is_missing(batch.geometry)
        self._flat += int((~drawn).sum())
        if not drawn.any():
            return
        batch, heights = part_of(batch, np.flatnonzero(drawn)), heights[drawn]
        self._copy(
            {
                "row_number": batch.row_numbers,
                "source_key": keys_of(batch, "name"),
                "part_of": texts_of(batch.columns, "part_of", len(batch)),
                "name": texts_of(batch.columns, "name", len(batch)),
                "geom": wkb_of(batch.geometry),
                "base_height_m": _metres(batch, "base_height_m", "floors_skipped"),
                "height_m": heights,
                "floor_from": pc.add(_numbers(batch, "floors_skipped"), 1),
                "floor_to": _numbers(batch, "floors_above"),
            }
        )

    def finish(self) -> None:
        """Find the building of each part and bring the parts in."""
        log, run = self._loading.log, self._loading.run
        if self._flat:
            log.add("section_flat", count=self._flat)
        if not self._started:
            return
        values = {"source": run.source_id, "run": run.id}
        for name in ("sections_by_key", "sections_by_place"):
            run.connection.execute(query(name), values)
        alone = run.connection.execute(query("sections_alone")).rowcount
        if alone:
            log.add("section_alone", count=alone)
        kept = run.connection.execute(query("sections_kept"), values).fetchone()
        if kept and kept[0]:
            log.add("kept_for_staff", column="sections", count=kept[0])
        run.connection.execute(query("sections_hold"), values)
        updated = run.connection.execute(query("sections_update"), values).rowcount
        added = run.connection.execute(query("sections_add"), values).rowcount
        run.connection.execute(query("sections_mark_buildings"), values)
        self._loading.changed["sections"] += added + updated
        log.counts["sections"] += added + updated
        run.connection.execute("DROP TABLE staged_sections")

    def _copy(self, columns: dict[str, Any]) -> None:
        connection = self._loading.run.connection
        if not self._started:
            types = ", ".join(f"{name} {kind}" for name, (_, kind) in _COLUMNS.items())
            connection.execute(f"CREATE TEMP TABLE staged_sections ({types}, building_id bigint) ON COMMIT DROP")
            self._started = True
        parts = [cells(columns[name], kind) for name, (kind, _) in _COLUMNS.items()]
        statement = f"COPY staged_sections ({', '.join(_COLUMNS)}) FROM STDIN (FORMAT BINARY)"
        with connection.cursor().copy(statement) as copy:
            for piece in (HEADER, frame(parts), TRAILER):
                copy.write(piece)


def _numbers(batch: CleanBatch, name: str) -> pa.Array:
    return batch.columns.get(name, pa.nulls(len(batch), pa.float64()))


def _metres(batch: CleanBatch, metres: str, storeys: str) -> NDArray[np.float64]:
    """Return a height as stated, else by storeys, else nought."""
    by_storeys = pc.multiply(_numbers(batch, storeys).cast(pa.float64()), STOREY_M)
    height = pc.coalesce(_numbers(batch, metres), by_storeys)
    return np.nan_to_num(np.asarray(height.to_numpy(zero_copy_only=False), np.float64), nan=0.0)
