"""The invented district, generated once for all tests of it."""

from datetime import date
from typing import Any

import pytest

from geo.sample import SEED, generate
from geo.sample.batches import Batch

TODAY = date(2026, 11, 21)
Table = list[dict[str, Any]]


def rows_of(batches: list[Batch]) -> Table:
    """The rows of batches of one table as dictionaries."""
    rows: Table = []
    for batch in batches:
        columns = {
            name: column if isinstance(column, (list, tuple, range)) else column.tolist()
            if hasattr(column, "tolist") else [column] * batch.rows
            for name, column in batch.columns.items()
        }  # fmt: skip
        rows += [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    return rows


def tables_of(buildings: int, seed: int = SEED) -> dict[str, Table]:
    """The rows of a whole city by table."""
    found: dict[str, list[Batch]] = {}
    for batch in generate(buildings, seed, TODAY):
        found.setdefault(batch.table, []).append(batch)
    return {table: rows_of(batches) for table, batches in found.items()}


@pytest.fixture(scope="session")
def today() -> date:
    """The day on which the sample is made."""
    return TODAY


@pytest.fixture(scope="session")
def district_rows() -> dict[str, Table]:
    """The rows of the default district."""
    return tables_of(2000)


@pytest.fixture(scope="session")
def city_rows() -> dict[str, Table]:
    """The rows of a city that reaches beyond the district."""
    return tables_of(5000)
