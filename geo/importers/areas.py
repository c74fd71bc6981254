"""Brings areas into the database: named polygons with a level, each inside the one above it."""

import re

import numpy as np
import pyarrow as pa

from geo.db import query
from geo.importers.amenities import with_places
from geo.importers.load import Stage
from geo.importers.loading import Loading, columns_of, keys_of, part_of, texts_of, wkb_of
from geo.importers.tables import CleanBatch
from geo.taxonomy import area_levels

_BY_NAME = (
    (re.compile(r"(街道|镇|乡|街道办事处)$"), "subdistrict"),
    (re.compile(r"(新区|区|县|旗)$"), "district"),
    (re.compile(r"市$"), "city"),
)
_DEFAULT_LEVEL = "zone"


class Areas:
    """The loader of areas."""

    def __init__(self, loading: Loading) -> None:
        self._loading = loading
        self._stage: Stage | None = None
        self._parents: list[tuple[str, str]] = []

    def take(self, batch: CleanBatch) -> None:
        """Stage the rows that have a name and an outline."""
        batch = self._named(with_places(self._loading, batch))
        if not len(batch):
            return
        keys = keys_of(batch, "name", "official_code")
        columns = columns_of(batch, ("name", "name_en", "official_code"))
        columns |= {"level": self._levels(batch), "geom": wkb_of(batch.geometry)}
        parents = texts_of(batch.columns, "parent_code", len(batch))
        self._parents += [(key, code) for key, code in zip(keys.to_pylist(), parents, strict=True) if code]
        self._stage = self._stage or Stage(self._loading.run, "areas", list(columns))
        self._stage.add(batch.row_numbers, columns, keys=keys)

    def finish(self) -> None:
        """Merge them and find the area above each."""
        if not self._stage:
            return
        self._loading.count("areas", self._stage.merge())
        connection, source = self._loading.run.connection, self._loading.run.source_id
        with connection.cursor() as cursor:
            cursor.executemany(
                query("areas_parent_by_code"),
                [{"source": source, "key": key, "code": code} for key, code in self._parents],
            )
        levels = [level.code for level in area_levels()]
        connection.execute(query("areas_parent_by_place"), {"source": source, "levels": levels})

    def _named(self, batch: CleanBatch) -> CleanBatch:
        """Rows with a name; the official code stands in where there is none."""
        pairs = (texts_of(batch.columns, name, len(batch)) for name in ("name", "official_code"))
        names = [name or code for name, code in zip(*pairs, strict=True)]
        said = texts_of(batch.columns, "name", len(batch))
        for row, name in enumerate(names):
            if not said[row]:
                code = "area_named_by_code" if name else "name_missing"
                self._loading.log.add(code, row=int(batch.row_numbers[row]), value=name)
        columns = {**batch.columns, "name": pa.array(names, pa.string())}
        named = CleanBatch(batch.kind, columns, batch.row_numbers, batch.geometry)
        return part_of(named, np.flatnonzero([bool(name) for name in names]))

    def _levels(self, batch: CleanBatch) -> pa.Array:
        """The level the file states, else the one that the name's last word tells."""
        said = texts_of(batch.columns, "level", len(batch))
        levels = []
        for row, level, name in zip(batch.row_numbers, said, batch.columns["name"].to_pylist(), strict=True):
            by_name = next((code for pattern, code in _BY_NAME if pattern.search(name)), None)
            if not (level or by_name):
                self._loading.log.add("area_without_level", row=int(row), value=name)
            levels.append(level or by_name or _DEFAULT_LEVEL)
        return pa.array(levels, pa.string())
