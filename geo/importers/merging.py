"""Unites what a tiled file cut up: pieces of one building, road or water that carry the same id."""

from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from geo.importers.geometry import Geometries, united
from geo.importers.report import IssueLog
from geo.importers.values import text_column


def repeated_ids(columns: Iterable[pa.Array]) -> pa.Array:
    """Return the ids that stand in a file more than once, as texts."""
    chunks = [text_column(column) for column in columns]
    counted = pc.value_counts(pa.chunked_array(chunks, pa.string()))
    often = counted.filter(pc.greater(counted.field("counts"), 1))
    ids = often.field("values")
    return ids.filter(ids.is_valid())


class Pieces:
    """Holds back the rows whose id is repeated until the file is read, then unites each group."""

    def __init__(self, ids: pa.Array, log: IssueLog) -> None:
        self._ids, self._log = ids, log
        self._held: list[tuple[dict[str, pa.Array], Geometries, NDArray[np.int64]]] = []

    def take(self, columns: dict[str, pa.Array], geometries: Geometries, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Keep the pieces of a batch and return which of its rows are whole."""
        if not len(self._ids) or "source_id" not in columns:
            return np.ones(len(rows), dtype=bool)
        pieces = pc.is_in(columns["source_id"], value_set=self._ids).to_numpy(zero_copy_only=False)
        if pieces.any():
            mask = pa.array(pieces)
            self._held.append(({k: v.filter(mask) for k, v in columns.items()}, geometries[pieces], rows[pieces]))
        whole: NDArray[np.bool_] = ~pieces
        return whole

    def united(self) -> tuple[dict[str, pa.Array], Geometries, NDArray[np.int64]] | None:
        """Return one row per id: the union of its geometries and the first value of each column that is there."""
        if not self._held:
            return None
        names = self._held[0][0].keys()
        columns = {name: pa.chunked_array([held[0][name] for held in self._held]).combine_chunks() for name in names}
        geometries = np.concatenate([held[1] for held in self._held])
        rows = np.concatenate([held[2] for held in self._held])
        codes = columns["source_id"].dictionary_encode().indices.to_numpy()
        order = np.lexsort((rows, codes))
        starts = np.flatnonzero(np.diff(codes[order], prepend=-1))
        groups = np.split(order, starts[1:])
        merged = np.empty(len(groups), dtype=object)
        for number, group in enumerate(groups):
            merged[number] = self._one(group, geometries, columns["source_id"], rows)
        firsts = {name: _first_filled(column, groups) for name, column in columns.items()}
        return firsts, merged, rows[order[starts]]

    def _one(self, group: NDArray[np.int64], geometries: Geometries, ids: pa.Array, rows: NDArray[np.int64]) -> object:
        there = [geometries[index] for index in group if not shapely.is_missing(geometries[index])]
        if len(there) > 1:
            self._log.counts["merged"] += len(there) - 1
            self._log.add(
                "geometry_merged", row=int(rows[group[0]]), value=ids[int(group[0])].as_py(), count=len(there)
            )
        return united(there) if len(there) > 1 else (there[0] if there else None)


def _first_filled(column: pa.Array, groups: list[NDArray[np.int64]]) -> pa.Array:
    """Return for each group its first value that is not null."""
    valid = column.is_valid().to_numpy(zero_copy_only=False)
    firsts = [next((index for index in group if valid[index]), group[0]) for group in groups]
    return column.take(pa.array(firsts))
