"""Brings enterprises into the database, each into the building it works in, with a tenancy there."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from geo.db import query
from geo.errors import UnknownValueError
from geo.importers.address_match import NEAR_M, KnownBuildings, metres_between
from geo.importers.geometry import Geometries
from geo.importers.load import Stage
from geo.importers.loading import Loading, columns_of, keys_of, texts_of, wkb_of
from geo.importers.points import holding_buildings, nearest_buildings
from geo.importers.tables import CleanBatch
from geo.importers.unit_words import split_address
from geo.taxonomy import industry_group
from geo.text import fold

REACH_M = 30.0
"""A point this near to an outline is taken to be in that building: registers geocode to the street in front of it."""

_FIELDS = (
    *("name", "name_en", "credit_code", "industry_code", "is_individual", "is_headquarters", "is_foreign_funded"),
    *("registered_capital_cny", "employees", "founded_on", "address", "registered_address"),
)
_NOT_KEPT = ("representative", "contact", "phone", "status")


class Enterprises:
    """The loader of enterprises."""

    def __init__(self, loading: Loading) -> None:
        self._loading = loading
        self._connection = loading.run.connection
        self._buildings: KnownBuildings | None = None
        self._stage: Stage | None = None
        self._known: Stage | None = None
        self._homes: list[tuple[str | None, int | None, int | None, str | None, float | None]] = []
        self._elsewhere = 0
        self._not_kept: set[str] = set()

    def take(self, batch: CleanBatch) -> None:
        """Stage rows; one whose credit code another source has registered speaks of that enterprise."""
        self._not_kept |= {name for name in _NOT_KEPT if name in batch.columns}
        self._buildings = self._buildings or KnownBuildings(self._connection)
        homes = self._homes_of(batch, self._buildings)
        self._elsewhere += sum(home is None for home in homes)
        columns = self._columns(batch, homes)
        keys, registered = _keys(batch), self._registered(batch)
        is_known = np.array([ident is not None for ident in registered], bool)
        self._put(batch, columns, keys, homes, np.flatnonzero(~is_known), None)
        self._put(batch, columns, keys, homes, np.flatnonzero(is_known), registered)

    def finish(self) -> None:
        """Merge enterprises, then their tenancies."""
        loading = self._loading
        for stage in (self._stage, self._known):
            if stage:
                loading.count("enterprises", stage.merge())
        self._store_tenancies()
        if self._elsewhere:
            loading.log.add("enterprise_elsewhere", count=self._elsewhere)
        for name in sorted(self._not_kept):
            loading.log.add("not_kept", column=name)

    def _columns(self, batch: CleanBatch, homes: Sequence[int | None]) -> dict[str, Any]:
        columns = columns_of(batch, _FIELDS)
        columns["industry_group"] = _groups(batch)
        columns["building_id"] = list(homes)
        if batch.geometry is not None:
            columns["geom"] = wkb_of(batch.geometry)
        return columns

    def _put(
        self,
        batch: CleanBatch,
        columns: dict[str, Any],
        keys: pa.Array,
        homes: Sequence[int | None],
        rows: np.ndarray,
        registered: Sequence[int | None] | None,
    ) -> None:
        """Stage some rows under their keys, or under the ids of the enterprises they are."""
        if not len(rows):
            return
        known = registered is not None
        stage = self._known if known else self._stage
        if stage is None:
            stage = Stage(self._loading.run, "enterprises", list(columns), known=known)
        chosen = {name: _chosen(values, rows) for name, values in columns.items()}
        ids = np.array([registered[row] for row in rows], np.int64) if registered is not None else None
        stage.add(batch.row_numbers[rows], chosen, keys=None if known else keys.take(pa.array(rows)), ids=ids)
        self._known, self._stage = (stage, self._stage) if known else (self._known, stage)
        units, areas = (texts_of(batch.columns, name, len(batch)) for name in ("unit", "area_m2"))
        for row in rows.tolist():
            owner = (None, registered[row]) if registered is not None else (keys[row].as_py(), None)
            self._homes.append((*owner, homes[row], units[row], areas[row]))

    def _registered(self, batch: CleanBatch) -> list[int | None]:
        """The enterprises of other sources that have the rows' credit codes."""
        codes = texts_of(batch.columns, "credit_code", len(batch))
        found = self._connection.execute(
            "SELECT DISTINCT ON (credit_code) credit_code, id FROM enterprises"
            " WHERE credit_code = ANY (%s) AND source_id <> %s AND withdrawn_at IS NULL ORDER BY credit_code, id",
            [[code for code in codes if code], self._loading.run.source_id],
        )
        ids: dict[str, int] = dict(found.fetchall())
        return [ids.get(code or "") for code in codes]

    def _homes_of(self, batch: CleanBatch, known: KnownBuildings) -> list[int | None]:
        """The building of each row by name and address, else by its point."""
        inside = holding_buildings(self._connection, batch.geometry)
        near = nearest_buildings(self._connection, _without(batch.geometry, inside), REACH_M)
        names, addresses = (texts_of(batch.columns, name, len(batch)) for name in ("building", "address"))
        homes: list[int | None] = []
        for row, (name, address) in enumerate(zip(names, addresses, strict=True)):
            place = None if batch.geometry is None else batch.geometry[row]
            position = None if place is None else (place.x, place.y)
            short = split_address(address).building if address else None
            match = known.find(name, short, position, inside.get(row)) if name or short else None
            home = match.building if match else None
            if home and position and metres_between(position, (home.lon, home.lat)) > NEAR_M:
                home = None
            homes.append(home.id if home else inside.get(row, near.get(row)))
        return homes

    def _store_tenancies(self) -> None:
        """Say who sits where: a move closes what was known and opens the new place."""
        run = self._loading.run
        self._connection.execute(query("tenancies_stage"))
        with self._connection.cursor().copy(
            "COPY staged_tenancies (source_key, enterprise_id, building_id, label, area_m2) FROM STDIN"
        ) as copy:
            for key, ident, building, label, area_m2 in self._homes:
                if building is not None:
                    copy.write_row((key, ident, building, fold(label) if label else None, area_m2 or None))
        values = {"run": run.id, "source": run.source_id}
        for name in ("tenancies_resolve", "tenancies_rooms", "tenancies_close", "tenancies_add"):
            self._connection.execute(query(name), values)
        self._connection.execute("DROP TABLE staged_tenancies")


def _keys(batch: CleanBatch) -> pa.Array:
    """The file's id, else the credit code, else name and address."""
    code = batch.columns.get("credit_code", pa.nulls(len(batch), pa.string()))
    given = batch.columns.get("source_id", pa.nulls(len(batch), pa.string()))
    named = CleanBatch(batch.kind, {**batch.columns, "source_id": pc.coalesce(given, code)}, batch.row_numbers, None)
    return keys_of(named, "name", "address")


def _groups(batch: CleanBatch) -> pa.Array:
    """The map group of each enterprise."""
    codes = texts_of(batch.columns, "industry_code", len(batch))
    heads = texts_of(batch.columns, "is_headquarters", len(batch))
    return pa.array([_group(code, bool(head)) for code, head in zip(codes, heads, strict=True)], pa.string())


def _group(code: str | None, is_headquarters: bool) -> str:
    try:
        return industry_group(code, is_headquarters)
    except UnknownValueError:
        return industry_group(None, is_headquarters)


def _without(points: Geometries | None, known: dict[int, int]) -> Geometries | None:
    """The points that are in no outline."""
    if points is None:
        return None
    left = points.copy()
    left[list(known)] = None
    return left if (~shapely.is_missing(left)).any() else None


def _chosen(values: Any, rows: np.ndarray) -> Any:
    if isinstance(values, pa.Array):
        return values.take(pa.array(rows))
    return values[rows] if isinstance(values, np.ndarray) else [values[row] for row in rows]
