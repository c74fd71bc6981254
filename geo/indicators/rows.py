"""Rows as columns: chosen without copying what nobody asks for, since records of a large city have millions of them."""

from collections.abc import Mapping
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

Column = NDArray[Any]


class Rows:
    """Columns of one length by their names; `rows["area"]` is one, `rows[mask]` are those rows with all columns."""

    def __init__(self, columns: Mapping[str, Column], chosen: Column | None = None) -> None:
        self._columns, self._chosen = columns, chosen
        self._taken: dict[str, Column] = {}

    def __len__(self) -> int:
        return len(next(iter(self._columns.values()))) if self._chosen is None else len(self._chosen)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(self._columns)

    @overload
    def __getitem__(self, which: str) -> Column: ...
    @overload
    def __getitem__(self, which: "Column | slice") -> "Rows": ...

    def __getitem__(self, which: str | Column | slice) -> "Column | Rows":
        if not isinstance(which, str):
            return Rows(self._columns, self._numbers(which))
        if self._chosen is None:
            return self._columns[which]
        if which not in self._taken:
            self._taken[which] = self._columns[which][self._chosen]
        return self._taken[which]

    def having(self, **columns: Column) -> "Rows":
        """The same rows with some columns instead of, or beside, those that they have."""
        names = (*self._columns, *(name for name in columns if name not in self._columns))
        return Rows({name: columns[name] if name in columns else self[name] for name in names})

    def _numbers(self, which: Column | slice) -> Column:
        if isinstance(which, np.ndarray) and which.dtype == bool:
            which = np.flatnonzero(which)
        if self._chosen is not None:
            return self._chosen[which]
        return np.arange(len(self))[which] if isinstance(which, slice) else which


def rows_of(array: NDArray[Any]) -> Rows:
    """The rows of a structured array."""
    return Rows({name: np.ascontiguousarray(array[name]) for name in array.dtype.names or ()})


def joined(parts: list[Rows], names: tuple[str, ...]) -> Rows:
    """Rows one after the other."""
    return Rows({name: np.concatenate([part[name] for part in parts]) for name in names})
