"""Found rows as what lists tell of them: the items, and the geometry of each; of today and of a past day alike."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import BaseModel

from geo.filters import Filters
from geo.search import Asked, Page
from geo.snapshot import Moment
from webmap.api import items, operations, past
from webmap.api.schemas import Vacancy
from webmap.db import public_session
from webmap.listed_units import unit_items

Found = tuple[Page, Sequence[BaseModel], Sequence[Mapping[str, Any]]]
"""A page, its items, and their geometries."""


def past_buildings(wanted: Filters, asked: Asked, moment: Moment) -> Found:
    """Buildings that matched on a past day."""
    return told_buildings(*past.buildings(wanted, asked, moment))


def past_units(wanted: Filters, asked: Asked, moment: Moment) -> Found:
    """Units that matched on a past day."""
    return told_units(past.units(wanted, asked, moment), moment.as_of)


def told_buildings(page: Page, sums: Mapping[int, Vacancy]) -> Found:
    """A page of buildings; `sums` says by their ids what their units add up to."""
    found = [row[0] for row in page.rows]
    sources = operations.source_names(public_session())
    rows = [items.building_item(building, sources, sums) for building in found]
    return page, rows, [operations.geojson(building.geom) for building in found]


def told_units(page: Page, on: date | None = None) -> Found:
    """A page of units, of today or of a past day."""
    rows = unit_items(page.rows, on)
    return page, rows, [point(row.location) for row in rows]


def point(lonlat: Sequence[float]) -> Mapping[str, Any]:
    """A place as GeoJSON."""
    return {"type": "Point", "coordinates": list(lonlat)}
