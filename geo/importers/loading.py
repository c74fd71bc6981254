"""What the loaders of all kinds share: the run under way, keys of rows, and counting what became of them."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from geo.importers.geometry import Geometries
from geo.importers.load import Merged, Repeat
from geo.importers.load_sql import LIST_SEPARATOR
from geo.importers.report import IssueLog
from geo.importers.running import Run
from geo.importers.tables import CleanBatch
from geo.text import fold

DERIVED_KEY = "~"
"""Keys that start with this sign were made here, since the file has none."""


Permits = Callable[[str, str, int], bool]
"""Whether a figure (its kind; the kind and id of its place) may be entered by whoever imports it."""


@dataclass(slots=True)
class Loading:
    """One run under way, with everything that loaders need and fill.

    `osm` says whether it is an OpenStreetMap file, `dated_on` which day the source speaks of, `trusted` whether no id
    has to be looked for twice; `changed` counts added and updated rows by table. `units` are those that headings
    state, by field; `permits` says what `user_id` may enter of figures, None for everything; `own_indicators` is
    the file of the installation's own dictionary, which targets may name.
    """

    session: Session
    run: Run
    log: IssueLog
    today: date
    osm: bool = False
    dated_on: date | None = None
    trusted: bool = False
    changed: Counter[str] = field(default_factory=Counter)
    units: Mapping[str, str] = field(default_factory=dict)
    user_id: int | None = None
    permits: Permits | None = None
    own_indicators: Path | None = None

    def count(self, table: str, merged: Merged, *, derived: bool = False) -> None:
        """Take what became of staged rows into the report; `derived` rows are no rows of the file."""
        self.changed[table] += merged.added + merged.updated
        if not derived:
            self.log.counts["added"] += merged.added
            self.log.counts["updated"] += merged.updated
            self.log.counts["unchanged"] += merged.unchanged
        for (name, by_staff), count in sorted(merged.kept.items()):
            if name not in ("search_text", "managed"):
                self.log.add("kept_for_staff" if by_staff else "kept_for_source", column=name, count=count)
        self._report_repeats(merged.repeats)

    def _report_repeats(self, repeats: Sequence[Repeat]) -> None:
        for repeat in repeats:
            if repeat.again:
                self.log.counts["skipped"] += 1
                self.log.add("row_repeats", row=repeat.row, first=repeat.first)
            else:
                self.log.add("key_repeated", row=repeat.row, column="source_id", value=repeat.key, first=repeat.first)


class Loader(Protocol):
    """Brings the rows of one kind into the database."""

    def take(self, batch: CleanBatch) -> None:
        """Take some rows of the file."""

    def finish(self) -> None:
        """Bring everything taken into the tables, after the last batch of the file."""


def keys_of(batch: CleanBatch, *names: str) -> pa.Array:
    """Return the key of each row: the file's own id, else one made of where it lies and the columns named.

    A repeated import finds its rows again by these keys, as long as name and place stay what they were.
    """
    given = batch.columns.get("source_id")
    if given is not None and not given.null_count:
        return given
    places = _places(batch.geometry, len(batch))
    texts = [texts_of(batch.columns, name, len(batch)) for name in names]
    made = [_digest(place, *map(fold, filter(None, words))) for place, *words in zip(places, *texts, strict=True)]
    derived = pa.array(made, pa.string())
    return derived if given is None else pc.coalesce(given, derived)


def texts_of(columns: Mapping[str, pa.Array], name: str, count: int) -> list[Any]:
    """Return a column as Python values, None throughout where the file does not have it."""
    return columns[name].to_pylist() if name in columns else [None] * count


def columns_of(batch: CleanBatch, names: Iterable[str]) -> dict[str, Any]:
    """Return those of some columns that the file has."""
    return {name: batch.columns[name] for name in names if name in batch.columns}


def joined_lists(column: pa.Array) -> pa.Array:
    """Return lists of texts as the texts that are staged for them."""
    return pa.array(
        [LIST_SEPARATOR.join(part for part in parts if part) if parts else "" for parts in column.to_pylist()]
    )


def part_of(batch: CleanBatch, rows: NDArray[np.int64]) -> CleanBatch:
    """Return some rows of a batch."""
    index = pa.array(rows)
    columns = {name: column.take(index) for name, column in batch.columns.items()}
    geometry: Geometries | None = None if batch.geometry is None else batch.geometry[rows]
    return CleanBatch(batch.kind, columns, batch.row_numbers[rows], geometry)


def wkb_of(geometries: Geometries | None) -> NDArray[np.object_]:
    """Return geometries as WKB, missing ones as None.

    Raises
    ------
    ValueError
        When there is no geometry at all.
    """
    if geometries is None:
        raise ValueError("Rows without places cannot be drawn.")
    return np.asarray(shapely.to_wkb(geometries), dtype=object)


def _places(geometries: Geometries | None, count: int) -> list[str]:
    """Return where each row lies, to about a metre."""
    if geometries is None:
        return [""] * count
    return [
        "" if np.isnan(box[0]) else ",".join(f"{number:.5f}" for number in box) for box in shapely.bounds(geometries)
    ]


def _digest(*parts: str) -> str:
    return DERIVED_KEY + hashlib.sha256("|".join(parts).encode()).hexdigest()[:20]
