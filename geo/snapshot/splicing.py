"""Puts what is new of a few buildings into a state file that is there, without touching what has not changed.

Buildings lie in the order of their ids and units in that of their buildings, so what stays are long stretches of
rows: they become views of the old file, and only the ends of lists and the rows of buildings behind a change in
number are counted anew.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from geo.columns import Array, Buffer, Columns, ListColumn, Stored, TextColumn

_MANY = 64
"""Pieces of a column above which they are put together at once."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows start to stop, of the old file or of the fresh one."""

    fresh: bool
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Splice:
    """Which stretches of the old and the fresh state make up the new one."""

    states: tuple[Columns, Columns]
    buildings: list[Stretch]
    units: list[Stretch]

    @classmethod
    def of(cls, old: Columns, fresh: Columns, changed: Array) -> "Splice":
        """How to replace the buildings `changed` (ids in order) of `old` by what `fresh` has of them."""
        buildings = list(_stretches(old.array("buildings", "id"), fresh.array("buildings", "id"), changed))
        units = [_units_of((old, fresh)[stretch.fresh], stretch) for stretch in buildings]
        return cls((old, fresh), buildings, units)

    def tables(self) -> dict[str, dict[str, Stored]]:
        """The tables of the new state."""
        made: dict[str, dict[str, Stored]] = {}
        for table, stretches in (("buildings", self.buildings), ("units", self.units)):
            about = self.states[0].header["tables"][table]["columns"]
            made[table] = {name: self._column(table, name, about[name]["type"], stretches) for name in about}
        return made

    def of_units(self, old: Array, fresh: Array) -> list[Array]:
        """What stands for the new state's units, piece by piece, out of arrays for the old and for the fresh ones."""
        return [(old, fresh)[each.fresh][each.start : each.stop] for each in self.units]

    def _column(self, table: str, name: str, kind: str, stretches: list[Stretch]) -> Stored:
        rows = sum(each.stop - each.start for each in stretches)
        if (table, name) == ("units", "b"):
            return Stored(kind, rows, _together([rows.data for rows in self._rows_of_buildings()]))
        parts = list(_parts([(self.states[each.fresh].tables[table][name], each) for each in stretches]))
        ends = [ends.data for _, ends in parts if ends is not None]
        return Stored(kind, rows, _together([values for values, _ in parts]), _together(ends))

    def _rows_of_buildings(self) -> Iterator[Array]:
        """For each unit the row of its building, which moves when buildings before it come or go."""
        row = 0
        for building, unit in zip(self.buildings, self.units, strict=True):
            rows = self.states[building.fresh].array("units", "b")[unit.start : unit.stop]
            yield _moved(rows, row - building.start)
            row += building.stop - building.start


def _stretches(old: Array, fresh: Array, changed: Array) -> Iterator[Stretch]:
    """All buildings in the order of their ids: the old ones without the changed, the changed as the fresh has them."""
    done = 0
    bounds = [np.searchsorted(ids, changed, side).tolist() for ids in (old, fresh) for side in ("left", "right")]
    for gone, kept, first, last in zip(*bounds, strict=True):
        yield Stretch(False, done, gone)
        yield Stretch(True, first, last)
        done = kept
    yield Stretch(False, done, len(old))


def _units_of(state: Columns, buildings: Stretch) -> Stretch:
    start, stop = np.searchsorted(state.array("units", "b"), [buildings.start, buildings.stop]).tolist()
    return Stretch(buildings.fresh, start, stop)


def _parts(chosen: list[tuple[Array | ListColumn | TextColumn, Stretch]]) -> Iterator[tuple[Buffer, Array | None]]:
    """For each stretch of a column its values and, of a list, the ends of its rows where they will be."""
    done = 0
    for column, rows in chosen:
        if isinstance(column, np.ndarray):
            yield column[rows.start : rows.stop].data, None
            continue
        start, stop = (int(column.ends[row - 1]) if row else 0 for row in (rows.start, rows.stop))
        values = column.data if isinstance(column, TextColumn) else column.values.data
        yield values[start:stop], _moved(column.ends[rows.start : rows.stop], done - start)
        done += stop - start


def _moved(numbers: Array, by: int) -> Array:
    return numbers + np.uint32(by % 2**32) if by else numbers


def _together(parts: Sequence[Buffer]) -> Sequence[Buffer]:
    return [b"".join(parts)] if len(parts) > _MANY else parts
