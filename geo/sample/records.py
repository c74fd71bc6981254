"""Reads the lists of invented names and places in `data/sample/`."""

import csv
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "data" / "sample"


@cache
def read_list(name: str) -> tuple[dict[str, str], ...]:
    """The rows of `data/sample/<name>.csv`, one dictionary of texts per row."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
