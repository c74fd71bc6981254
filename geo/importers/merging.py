"""Unites what a tiled file cut up: pieces of one building, road or water that carry the same id.

The same id on buildings half a kilometre apart is no id of a building (a class code, a number that starts anew in every
street): those stay apart, each under the id with a number behind it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from geo.importers.geometry import Geometries, united
from geo.importers.report import IssueLog
from geo.importers.seen import Seen, hashes_of
from geo.importers.values import text_column

_ONE_PLACE_DEGREES = 0.005
_MAY_BE_LONG = {"ground", "transit_lines", "areas"}

Group = NDArray[np.int64]


def repeated_ids(read: Callable[[], Iterable[pa.Array]]) -> pa.Array:
    """Return the ids that stand in a file more than once, as texts.

    Of each id only a hash of eight bytes is kept; where one comes again, `read` gives the column a second time to find
    the ids themselves.
    """
    seen, again = Seen(), set()
    for chunk in read():
        hashes = hashes_of(chunk)
        again.update(hashes[~seen.first_met(hashes)].tolist())
    if not again:
        return pa.array([], pa.string())
    twice = np.array(sorted(again), np.int64)
    found = [chunk.filter(pa.array(np.isin(hashes_of(chunk), twice))) for chunk in read()]
    counted = pc.value_counts(pa.chunked_array(found))
    often = counted.filter(pc.greater(counted.field("counts"), 1)).field("values")
    return text_column(often).drop_null()


class Pieces:
    """Holds back the rows of one kind whose id is repeated until the file is read, then unites each group."""

    def __init__(self, kind: str, ids: pa.Array, log: IssueLog) -> None:
        self._kind, self._ids, self._log = kind, ids, log
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
        """Return one row per thing: the union of its geometries and the first value of each column that is there."""
        if not self._held:
            return None
        names = self._held[0][0].keys()
        columns = {name: pa.chunked_array([held[0][name] for held in self._held]).combine_chunks() for name in names}
        geometries = np.concatenate([held[1] for held in self._held])
        rows = np.concatenate([held[2] for held in self._held])
        things, ids, merged = [], [], []
        for group in _groups(columns["source_id"], rows):
            name = columns["source_id"][int(group[0])].as_py()
            for number, thing in enumerate(self._things(group, geometries), start=1):
                things.append(thing)
                ids.append(name if number == 1 else f"{name}#{number}")
                merged.append(self._one(name, thing, geometries, rows, number > 1))
        firsts = {name: _first_filled(column, things) for name, column in columns.items()}
        firsts["source_id"] = pa.array(ids, pa.string())
        made = np.empty(len(merged), dtype=object)
        made[:] = merged
        return firsts, made, rows[[thing[0] for thing in things]]

    def _things(self, group: Group, geometries: Geometries) -> Iterator[Group]:
        """Part the rows of one id by place, where things of the kind are small."""
        if self._kind in _MAY_BE_LONG:
            yield group
            return
        centres = shapely.get_coordinates(shapely.centroid(shapely.envelope(geometries[group])))
        if len(centres) < len(group) or np.ptp(centres, axis=0).max() < _ONE_PLACE_DEGREES:
            yield group
            return
        places = _neighbourhoods(np.floor(centres / _ONE_PLACE_DEGREES).astype(np.int64))
        for place in dict.fromkeys(places):
            yield group[np.array([other == place for other in places])]

    def _one(self, name: str, thing: Group, geometries: Geometries, rows: NDArray[np.int64], other: bool) -> object:
        there = [geometries[index] for index in thing if not shapely.is_missing(geometries[index])]
        if other:
            self._log.add("key_far_apart", row=int(rows[thing[0]]), value=name)
        if len(there) < 2:
            return there[0] if there else None
        self._log.counts["merged"] += len(there) - 1
        self._log.add("geometry_merged", row=int(rows[thing[0]]), value=name, count=len(there))
        return there[0] if self._kind == "amenities" else united(there)


def _groups(ids: pa.Array, rows: NDArray[np.int64]) -> list[Group]:
    """Return the places of the rows of each id, in the order of the file."""
    codes = ids.dictionary_encode().indices.to_numpy()
    order = np.lexsort((rows, codes))
    starts = np.flatnonzero(np.diff(codes[order], prepend=-1))
    return np.split(order, starts[1:])


def _neighbourhoods(cells: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Return for each cell of a grid one cell that stands for all that hang together with it."""
    present = {(int(x), int(y)) for x, y in cells}
    stands_for: dict[tuple[int, int], tuple[int, int]] = {}
    for start in sorted(present):
        waiting = [start]
        while waiting:
            cell = waiting.pop()
            if cell in stands_for:
                continue
            stands_for[cell] = start
            around = ((cell[0] + x, cell[1] + y) for x in (-1, 0, 1) for y in (-1, 0, 1))
            waiting += [near for near in around if near in present]
    return [stands_for[int(x), int(y)] for x, y in cells]


def _first_filled(column: pa.Array, groups: Sequence[Group]) -> pa.Array:
    """Return for each group its first value that is not null."""
    valid = column.is_valid().to_numpy(zero_copy_only=False)
    firsts = [next((index for index in group if valid[index]), group[0]) for group in groups]
    return column.take(pa.array(firsts))
