"""What a copy says of buildings: facts, floors and units as JSON text, put together without an object for each unit."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from psycopg import Connection

from geo.db import query
from geo.stacking.heights import floor_heights


def building_details(
    connection: Connection[Any], ids: Sequence[int], today: date, stale_before: date | None
) -> dict[str, str]:
    """Code → JSON of the buildings that the public may see, as the map's card needs them.

    Parameters
    ----------
    connection
        With the login of visitors.
    stale_before
        Words of before this day are too old for a unit on the market; None where none is.
    """
    asked = {"ids": list(ids), "today": today, "stale_before": stale_before}
    floors: dict[int, list[tuple[int, float | None, str]]] = defaultdict(list)
    for building, position, storey_m, told in connection.execute(query("published_floors"), asked):
        floors[building].append((position, storey_m, told))
    return {
        code: f'{told[:-1]}, "floors": [{_stacked(height_m, base_m, floors[ident])}]}}'
        for ident, code, height_m, base_m, told in connection.execute(query("published_buildings"), asked)
    }


def _stacked(height_m: float | None, base_m: float | None, floors: list[tuple[int, float | None, str]]) -> str:
    storeys: dict[int, float | None] = {}
    for position, storey_m, _ in floors:
        storeys[position] = storey_m or storeys.get(position)
    between = floor_heights(height_m, base_m, storeys)
    heights = {position: f'"base_m": {bottom}, "top_m": {top}' for position, (bottom, top) in between.items()}
    return ", ".join(f"{{{heights[position]}, {told[1:]}" for position, _, told in floors)
