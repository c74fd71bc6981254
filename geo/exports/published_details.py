"""What a copy says of buildings as JSON text: facts, floors, units, and what else their pages say of the day."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from psycopg import Connection

from geo.db import query
from geo.stacking.heights import floor_heights

Areas = Mapping[int, Sequence[str]]
"""Building → the codes of the areas that it stands in."""


@dataclass(frozen=True, slots=True)
class Day:
    """The day that is told of; words of before `stale_before`, if there is such a day, are too old for the market."""

    today: date
    stale_before: date | None
    zone: str


def building_details(connection: Connection[Any], ids: Sequence[int], day: Day, areas: Areas) -> dict[str, str]:
    """Code → JSON of the buildings that the public may see, as the map's card and the pages of a copy need them.

    Parameters
    ----------
    connection
        With the login of visitors.
    """
    asked = {"ids": list(ids), **asdict(day)}
    floors: dict[int, list[tuple[int, float | None, str]]] = defaultdict(list)
    for building, position, storey_m, told in connection.execute(query("published_floors"), asked):
        floors[building].append((position, storey_m, told))
    beside: dict[int, list[str]] = defaultdict(list)
    for building, field, told in connection.execute(query("published_beside"), asked):
        beside[building].append(f'"{field}": {told}')
    found = {}
    for ident, code, height_m, base_m, told in connection.execute(query("published_buildings"), asked):
        stacked = f'"floors": [{_stacked(height_m, base_m, floors[ident])}]'
        around = f'"areas": {json.dumps(list(areas.get(ident, ())))}'
        found[code] = f"{told[:-1]}, {', '.join([*beside[ident], around, stacked])}}}"
    return found


def _stacked(height_m: float | None, base_m: float | None, floors: list[tuple[int, float | None, str]]) -> str:
    storeys: dict[int, float | None] = {}
    for position, storey_m, _ in floors:
        storeys[position] = storey_m or storeys.get(position)
    between = floor_heights(height_m, base_m, storeys)
    heights = {position: f'"base_m": {bottom}, "top_m": {top}' for position, (bottom, top) in between.items()}
    return ", ".join(f"{{{heights[position]}, {told[1:]}" for position, _, told in floors)
