"""Brings buildings into the database: outlines by their key, other rows by the building that they mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from geo.importers.address_match import NEAR_M, Known, KnownBuildings, Match, metres_between
from geo.importers.building_facts import BuildingFacts
from geo.importers.building_fields import NOT_KEPT, building_columns
from geo.importers.derived import refresh_search_texts
from geo.importers.load import Stage, withdraw
from geo.importers.load_sql import LIST_SEPARATOR
from geo.importers.loading import Loading, keys_of, part_of, texts_of, wkb_of
from geo.importers.new_rows import NewRows, is_new
from geo.importers.points import drawn_squares, holding_buildings, squares_around
from geo.importers.tables import CleanBatch
from geo.text import fold_building_name


@dataclass(slots=True)
class _Meant:
    """Rows of a batch that speak of buildings which are there already: index of the row → building id."""

    ids: dict[int, int] = field(default_factory=dict)
    first_rows: dict[int, int] = field(default_factory=dict)


class Buildings:
    """The loader of buildings."""

    def __init__(self, loading: Loading) -> None:
        self._loading = loading
        self._word = "openstreetmap" if loading.osm else "file"
        self._facts = BuildingFacts(loading)
        self._outlines: Stage | NewRows | None = None
        self._known: KnownBuildings | None = None
        self._waiting: list[CleanBatch] = []
        self._not_kept: set[str] = set()

    def take(self, batch: CleanBatch) -> None:
        """Stage outlines; rows without one wait until all outlines are there."""
        self._not_kept |= {name for name in NOT_KEPT if name in batch.columns}
        types = np.full(len(batch), -1) if batch.geometry is None else shapely.get_type_id(batch.geometry)
        drawn = np.isin(types, (3, 6))
        if drawn.all():
            self._stage(batch)
        else:
            for rows, keep in ((np.flatnonzero(drawn), self._stage), (np.flatnonzero(~drawn), self._waiting.append)):
                if len(rows):
                    keep(part_of(batch, rows))

    def finish(self) -> None:
        """Merge the outlines, then find the buildings that the waiting rows mean."""
        loading = self._loading
        if self._outlines:
            loading.count("buildings", self._outlines.merge())
        for batch in self._waiting:
            self._match(batch)
        if self._waiting:
            refresh_search_texts(loading.run.connection, loading.run.id)
        self._facts.finish()
        for name in sorted(self._not_kept):
            loading.log.add("not_kept", column=name)

    def _stage(self, batch: CleanBatch) -> None:
        keys = keys_of(batch, "name")
        columns = self._drawn(batch, keys)
        if self._outlines is None:
            self._outlines = self._way(list(columns))
        self._outlines.add(batch.row_numbers, columns, keys=keys)

    def _way(self, fields: list[str]) -> Stage | NewRows:
        run = self._loading.run
        if is_new(run, "buildings"):
            return NewRows(run, "buildings", fields, once=self._loading.trusted)
        return Stage(run, "buildings", fields)

    def _drawn(self, batch: CleanBatch, keys: pa.Array) -> dict[str, Any]:
        """Return the columns of buildings with outlines, and keep what they say beside."""
        columns: dict[str, Any] = building_columns(batch.columns, len(batch), self._word)
        columns["geom"] = wkb_of(batch.geometry)
        self._facts.take_keys(keys, batch.columns)
        return columns

    def _match(self, batch: CleanBatch) -> None:
        meant, alone = self._meant(batch), np.empty(0, np.int64)
        if batch.geometry is not None:
            placed = ~shapely.is_missing(batch.geometry)
            alone = np.array([row for row in np.flatnonzero(placed) if int(row) not in meant.ids], np.int64)
        if meant.ids:
            self._tell(batch, meant)
        if len(alone):
            self._draw_squares(part_of(batch, alone))

    def _meant(self, batch: CleanBatch) -> _Meant:
        """Find which buildings the rows mean; rows with a place of their own need none, the others are refused."""
        loading, meant = self._loading, _Meant()
        known = self._known = self._known or KnownBuildings(loading.run.connection, without=drawn_squares(loading.run))
        inside = holding_buildings(loading.run.connection, batch.geometry)
        texts = [texts_of(batch.columns, name, len(batch)) for name in ("name", "address")]
        for row, (name, address) in enumerate(zip(*texts, strict=True)):
            place = None if batch.geometry is None or batch.geometry[row] is None else batch.geometry[row]
            position = None if place is None else (place.x, place.y)
            match = Match(None) if not (name or address) else known.find(name, address, position)
            ident = match.building.id if match.building and _is_near(match.building, position) else inside.get(row)
            number = int(batch.row_numbers[row])
            if ident is not None and ident in meant.first_rows:
                if position is None:
                    loading.log.add("building_taken", row=number, value=name, first=meant.first_rows[ident])
            elif ident is not None:
                meant.ids[row], meant.first_rows[ident] = ident, number
            elif position is None:
                self._refuse(number, name or address, match)
        return meant

    def _refuse(self, row: int, name: str | None, match: Match) -> None:
        code = "building_not_named" if not name else "building_tie" if match.tie else "building_unknown"
        self._loading.log.add(code, row=row, value=name, closest="、".join(match.candidates) or "–")

    def _tell(self, batch: CleanBatch, meant: _Meant) -> None:
        """Bring what the rows say into the buildings they mean."""
        rows = np.array(list(meant.ids), np.int64)
        ids = np.array(list(meant.ids.values()), np.int64)
        part = part_of(batch, rows)
        columns = building_columns(part.columns, len(part), self._word)
        columns.pop("search_text", None)
        if "name" in columns:
            columns["aliases"] = self._with_old_names(ids, columns)
        stage = Stage(self._loading.run, "buildings", list(columns), known=True)
        stage.add(part.row_numbers, columns, ids=ids)
        merged = stage.merge()
        self._loading.count("buildings", merged)
        self._facts.take_ids(ids, part.columns)
        squares = drawn_squares(self._loading.run, keys_of(part, "name", "address"))
        withdraw(self._loading.run, "buildings", squares)

    def _with_old_names(self, ids: NDArray[np.int64], columns: Mapping[str, pa.Array]) -> pa.Array:
        """The other names of buildings, with the ones they had before a file gives them another."""
        found = self._loading.run.connection.execute(
            "SELECT id, name, aliases FROM buildings WHERE id = ANY (%s)", [ids.tolist()]
        )
        known = {ident: (name, aliases) for ident, name, aliases in found}
        rows = zip(ids.tolist(), columns["name"].to_pylist(), texts_of(columns, "aliases", len(ids)), strict=True)
        return pa.array([LIST_SEPARATOR.join(_other_names(name, said, *known[ident])) for ident, name, said in rows])

    def _draw_squares(self, batch: CleanBatch) -> None:
        keys = keys_of(batch, "name", "address")
        batch.geometry = squares_around(batch.geometry)
        columns = self._drawn(batch, keys)
        stage = Stage(self._loading.run, "buildings", list(columns))
        stage.add(batch.row_numbers, columns, keys=keys)
        merged = stage.merge()
        self._facts.take_values(keys, "outline", "derived from a point")
        self._loading.count("buildings", merged)
        self._loading.log.add("building_from_point", count=merged.staged)


def _other_names(name: str | None, said: str | None, old: str | None, aliases: Sequence[str]) -> list[str]:
    others = [*(said or "").split(LIST_SEPARATOR), *aliases, old or ""]
    current = fold_building_name(name or old or "")
    return list(dict.fromkeys(other for other in others if other and fold_building_name(other) != current))


def _is_near(known: Known, position: tuple[float, float] | None) -> bool:
    """A namesake far from the row's own place is another building."""
    return position is None or metres_between(position, (known.lon, known.lat)) <= NEAR_M
