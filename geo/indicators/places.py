"""The areas that indicators are told of, widest first, with their outlines; areas may overlap."""

from dataclasses import dataclass
from typing import Any

import shapely
from psycopg import Connection
from psycopg.rows import TupleRow

from geo import taxonomy
from geo.db import query


@dataclass(frozen=True)
class AreaOutline:
    """An area; `geom` is a shapely geometry in EPSG:4326."""

    id: int
    code: str
    level: str
    name: str
    name_en: str | None
    parent_id: int | None
    geom: Any


def read_areas(connection: Connection[TupleRow], *, staff: bool = False) -> list[AreaOutline]:
    """The areas of a transaction's moment."""
    levels = [each.code for each in taxonomy.area_levels()]
    rows = connection.execute(query("indicator_areas", staff=staff), {"level": levels})
    return [_outline(*row) for row in rows]


def _outline(*row: Any) -> AreaOutline:
    return AreaOutline(*row[:6], geom=shapely.from_wkb(bytes(row[6])))  # type: ignore[misc]  # six columns before it
