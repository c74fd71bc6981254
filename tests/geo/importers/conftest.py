"""Paths and short ways for the tests of importers."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from geo.importers.fields import Kind
from geo.importers.tables import CleanFile, clean
from tests.conftest import SHARED_DATA

FILES = Path(__file__).parents[2] / "files" / "importers"


class Read:
    """A file read to its end: all columns of each kind, the log, and what was said of the file."""

    def __init__(self, file: CleanFile) -> None:
        self.file, self.log = file, file.log
        self.batches = list(file.batches)

    def column(self, name: str, kind: str | None = None) -> list[Any]:
        """Return a column over all batches of a kind (the first kind when it is not named)."""
        return [value for batch in self._of(kind) for value in batch.columns[name].to_pylist()]

    def geometry(self, kind: str | None = None) -> list[Any]:
        """Return the geometries over all batches of a kind."""
        return [shape for batch in self._of(kind) for shape in (() if batch.geometry is None else batch.geometry)]

    def rows(self, kind: str | None = None) -> list[int]:
        """Return the row numbers over all batches of a kind."""
        return [int(number) for batch in self._of(kind) for number in batch.row_numbers]

    def count(self, kind: str) -> int:
        """Return how many rows of a kind came."""
        return sum(len(batch) for batch in self.batches if batch.kind == kind)

    def filled(self, name: str, kind: str) -> int:
        """Return how many rows of a kind have a value in a column."""
        return sum(value is not None for value in self.column(name, kind))

    def sentences(self, code: str) -> list[str]:
        """Return what the report says under one code."""
        return [issue.sentence() for issue in self.log if issue.code == code]

    def _of(self, kind: str | None) -> list[Any]:
        wanted = kind or (self.batches[0].kind if self.batches else None)
        return [batch for batch in self.batches if batch.kind == wanted]


@pytest.fixture
def read() -> Callable[..., Read]:
    """Reads one of the small files here, or any path, to its end."""

    def reading(name: str | Path, kind: Kind, **options: Any) -> Read:
        return Read(clean(FILES / name, kind, **options))

    return reading


@pytest.fixture
def shared() -> Path:
    """The folder of real files."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the shared real files are not on this machine")
    return SHARED_DATA


def texts(*values: Any) -> pa.Array:
    """Return a column of texts."""
    return pa.array(values, pa.string())
