"""What every reader gives: facts about the file and a stream of batches of columns, never rows as dicts."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

Column: TypeAlias = "pa.Array | Sequence[Any]"
"""Values of one heading: an Arrow array from vector files, a plain list from tables."""


@dataclass(slots=True)
class FileInfo:
    """What a file says of itself. `declared_crs` is its own words (a WKT or "EPSG:n"), None when it says nothing."""

    path: Path
    format: str
    headings: list[str] = field(default_factory=list)
    layer: str | None = None
    layers: list[str] = field(default_factory=list)
    declared_crs: str | None = None
    encoding: str | None = None
    rows: int | None = None
    geometry_type: str | None = None


@dataclass(slots=True)
class Batch:
    """Some rows of a file as columns under the file's own headings.

    `row_numbers` are what a person sees: the Excel row, the CSV line, the n-th feature. `wkb` holds geometries in the
    file's coordinate system; tables have none, theirs lie in columns. `kind` is set when one file gives several kinds.
    """

    columns: Mapping[str, Column]
    row_numbers: NDArray[np.int64]
    wkb: pa.Array | None = None
    kind: str | None = None

    def __len__(self) -> int:
        return len(self.row_numbers)

    @property
    def geometry(self) -> NDArray[np.object_] | None:
        """The geometries as shapely objects, unreadable ones as None; made anew at each call."""
        if self.wkb is None:
            return None
        made = shapely.from_wkb(self.wkb.to_numpy(zero_copy_only=False), on_invalid="ignore")
        return np.asarray(made, dtype=object)


@dataclass(slots=True)
class SourceFile:
    """An opened file: what it says of itself, and its batches, to be read once.

    `column` reads one column alone, ahead of the batches, where the format can do so cheaply.
    """

    info: FileInfo
    batches: Iterator[Batch]
    column: Callable[[str], Iterator[pa.Array]] | None = None
