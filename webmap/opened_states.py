"""State files mapped into memory."""

import mmap
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geo.columns import Columns
from geo.columns import read as read_columns
from webmap.state_folder import version_of


@dataclass(frozen=True, slots=True)
class OpenState:
    """A state mapped into memory: of the day `today`, made under a version of the present one.

    The ids of buildings are its column `id`; `unit_ids` are those of its units, row by row.
    """

    version: int
    today: date
    columns: Columns
    unit_ids: NDArray[np.int64]
    path: Path


def open_state(path: Path, today: date) -> OpenState:
    """Map the state of a day that lies at `path`. Raises FileNotFoundError."""
    columns, unit_ids = read_columns(path), _read_ids(path.with_suffix(".ids"))
    return OpenState(version_of(path), today, columns, unit_ids, path)


def _read_ids(path: Path) -> NDArray[np.int64]:
    """Map the ids of a state's units into memory; nothing cannot be mapped."""
    if not path.stat().st_size:
        return np.empty(0, np.int64)
    with path.open("rb") as file:
        return np.frombuffer(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), "<i8")
