"""Keeps what a file says of buildings beside their columns: dated facts such as air conditioning or storey height."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geo.db import query
from geo.importers.loading import Loading

_FIELDS = {
    # column → (fact, unit)
    "storey_height_m": ("storey_height", "m"),
    "clear_height_m": ("clear_height", "m"),
    "air_conditioning": ("air_conditioning", None),
    "rent_text": ("rent", None),
}

_Fact = tuple[int | None, str | None, str, str, str | None]


class BuildingFacts:
    """Collects facts while buildings are staged and brings them in once the buildings have their ids."""

    def __init__(self, loading: Loading) -> None:
        self._loading = loading
        self._facts: list[_Fact] = []

    def take_keys(self, keys: pa.Array, columns: Mapping[str, pa.Array]) -> None:
        """Take the facts of buildings that are known by their key in this source."""
        self._take([(None, key) for key in keys.to_pylist()] if columns.keys() & _FIELDS.keys() else [], columns)

    def take_ids(self, ids: NDArray[np.int64], columns: Mapping[str, pa.Array]) -> None:
        """Take the facts of buildings that are known by their id."""
        self._take([(int(ident), None) for ident in ids], columns)

    def take_values(self, keys: pa.Array, fact: str, value: str) -> None:
        """Take one fact that holds for all of some buildings."""
        self._facts += [(None, key, fact, value, None) for key in keys.to_pylist()]

    def finish(self) -> None:
        """Bring the facts in: new ones added, others of this source updated."""
        if not self._facts:
            return
        run = self._loading.run
        values: dict[str, object] = {"source": run.source_id, "run": run.id, "publishable": run.publishable}
        values["dated_on"] = self._loading.dated_on
        self._stage()
        run.connection.execute(query("facts_resolve"), values)
        kept = run.connection.execute(query("facts_kept"), values).fetchone()
        if kept and kept[0]:
            self._loading.log.add("kept_for_staff", column="value", count=kept[0])
        for name in ("facts_update", "facts_add"):
            run.connection.execute(query(name), values)
        run.connection.execute("DROP TABLE staged_facts")

    def _take(self, owners: Iterable[tuple[int | None, str | None]], columns: Mapping[str, pa.Array]) -> None:
        owners = list(owners)
        for name, (fact, unit) in _FIELDS.items():
            if owners and name in columns:
                values = columns[name].to_pylist()
                self._facts += [
                    (*owner, fact, _shown(value), unit) for owner, value in zip(owners, values, strict=True) if value
                ]

    def _stage(self) -> None:
        connection = self._loading.run.connection
        connection.execute(
            "CREATE TEMP TABLE staged_facts (building_id bigint, source_key text, fact text, value text, unit text)"
            " ON COMMIT DROP"
        )
        with connection.cursor().copy("COPY staged_facts FROM STDIN") as copy:
            for fact in self._facts:
                copy.write_row(fact)


def _shown(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
