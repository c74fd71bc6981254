"""Brings units into the database: each into its building and floor, with its state, its history and its offer."""

from collections.abc import Sequence

import numpy as np
import shapely

from geo.db import query
from geo.history import share_writing
from geo.importers.floors import Wanted, floor_ids, spelled
from geo.importers.geometry import Geometries
from geo.importers.loading import Loading
from geo.importers.offers import store_offers
from geo.importers.tables import CleanBatch
from geo.importers.unit_buildings import UnitBuildings
from geo.importers.unit_merge import UnitMerge
from geo.importers.unit_rows import UnitRow, rows_of
from geo.importers.unit_states import store_states
from geo.importers.unit_words import floor_in_label

_NOT_KEPT = ("property_fee_low", "owner", "rateable_value", "contact", "phone", "remark", "postcode")


class Units:
    """The loader of units. All rows are held until the file is read, since floors and places belong together."""

    def __init__(self, loading: Loading) -> None:
        self._loading = loading
        self._rows: list[UnitRow] = []
        self._points: list[Geometries] = []
        self._columns: set[str] = set()

    def take(self, batch: CleanBatch) -> None:
        """Take rows."""
        self._columns |= batch.columns.keys()
        self._rows += rows_of(batch)
        self._points.append(np.full(len(batch), None) if batch.geometry is None else batch.geometry)

    def finish(self) -> None:
        """Settle building and floor of each row, then bring in units, states and offers."""
        if not self._rows:
            return
        loading = self._loading
        share_writing(loading.run.connection)
        finding = UnitBuildings(loading)
        points = np.concatenate(self._points)
        found = finding.of([row.premises for row in self._rows], points if shapely.is_geometry(points).any() else None)
        placed = [(row, ident) for row, ident in zip(self._rows, found, strict=True) if ident is not None]
        if placed:
            rows, buildings = zip(*placed, strict=True)
            self._load(rows, buildings)
        finding.leave_squares()
        for name in sorted(self._columns & set(_NOT_KEPT)):
            loading.log.add("not_kept", column=name.removesuffix("_low"))

    def _load(self, rows: Sequence[UnitRow], buildings: Sequence[int]) -> None:
        loading, run = self._loading, self._loading.run
        merge = UnitMerge(loading, self._columns)
        merge.take(rows, buildings, self._floors(rows, buildings))
        units = merge.finish()
        store_states(loading, units, self._columns)
        store_offers(loading, units, self._columns)
        run.connection.execute(
            query("follow_buildings"), {"run": run.id, "source": run.source_id, "buildings": list(set(buildings))}
        )

    def _floors(
        self, rows: Sequence[UnitRow], buildings: Sequence[int]
    ) -> tuple[list[int | None], list[int | None]] | None:
        """The floor and the top floor of each row, None when the file says nothing of floors."""
        labels = [row.floor for row in rows]
        if "floor" not in self._columns:
            labels = self._floors_of_labels(rows, buildings)
        if not any(labels):
            return None
        return (
            floor_ids(self._loading, _wanted(buildings, labels)),
            floor_ids(self._loading, _wanted(buildings, [row.top_floor for row in rows])),
        )

    def _floors_of_labels(self, rows: Sequence[UnitRow], buildings: Sequence[int]) -> list[str | None]:
        """Read floors off room numbers such as 1203."""
        found = self._loading.run.connection.execute(
            "SELECT id, floors_above FROM buildings WHERE id = ANY (%s)", [list(set(buildings))]
        )
        storeys: dict[int, int | None] = dict(found.fetchall())
        numbers = [floor_in_label(row.room or "", storeys[ident]) for row, ident in zip(rows, buildings, strict=True)]
        if count := sum(number is not None for number in numbers):
            example = next(row.room for row, number in zip(rows, numbers, strict=True) if number is not None)
            self._loading.log.add("floor_from_label", count=count, value=example)
        return [None if number is None else str(number) for number in numbers]


def _wanted(buildings: Sequence[int], labels: Sequence[str | None]) -> list[Wanted | None]:
    return [
        Wanted(building, spelled(label)) if label else None for building, label in zip(buildings, labels, strict=True)
    ]
