"""What the script of a carried map reads: whole decimetres from the corner of the box, and rows without names.

static/src/offline/data.js unpacks it; both say the order of the columns.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import shapely

from geo.crs import local_metric
from geo.exports.offline.district import District, Tower
from geo.exports.svg_map import ROAD_WIDTH_M
from geo.filters import OCCUPANCIES
from geo.stacking import StackingPlan
from geo.stacking.plan import Cell, Table

PER_M = 10
"""Units in a metre: decimetres."""

EQUATOR_M = 40_075_016.686
TILE_PX = 512
"""Pixels that the world is wide at zoom 0 of MapLibre's cameras."""

Numbers = list[int]
Say = Callable[[Any], str]


def payload(district: District, say: Say, words: Callable[[str | None, str], str]) -> dict[str, Any]:
    """Numbers, texts and rows for the script.

    Parameters
    ----------
    say
        Gives the name of a row (`name`, `name_en`) in the language of the file.
    words
        Gives the word for a code of a kind, such as ('basic', 'fitout').
    """
    plane = _Plane(district.box)
    codes = [area.code for area in district.areas]
    return {
        "size": plane.size,
        "ground": [
            [row.kind, *plane.rings(shape)] for row, shape in district.ground if row.kind not in ("road", "rail")
        ],
        "roads": [
            [
                round(ROAD_WIDTH_M.get(row.road_class or "", 6.0) * PER_M) if row.kind == "road" else 0,
                say(row),
                *plane.lines(shape),
            ]
            for row, shape in district.ground
            if row.kind in ("road", "rail")
        ],
        "lines": [[row.colour or "", *plane.lines(shape)] for row, shape in district.lines],
        "stops": [[say(row), *plane.point(shape)] for row, shape in district.stops],
        "around": [[round(height), ring] for height, shape in district.around for ring in plane.rings(shape)],
        "areas": [[area.code, say(area)] for area in district.areas],
        "towers": [_tower(tower, plane, codes, say, words) for tower in district.towers],
    }


def looking_at(district: District, latitude: float, longitude: float, zoom: float) -> list[float] | None:
    """A camera of a web map for the script: x and y in units of the payload, and pixels in one of these.

    None where it looks at nothing of the district.
    """
    west, south, east, north = district.box
    if not (west <= longitude <= east and south <= latitude <= north):
        return None
    x, y = _Plane(district.box).point(shapely.Point(longitude, latitude))
    metres_per_px = EQUATOR_M * math.cos(math.radians(latitude)) / (TILE_PX * 2.0**zoom)
    return [x, y, round(1 / (metres_per_px * PER_M), 5)]


class _Plane:
    """From degrees to decimetres east and north of the south-western corner of a box."""

    def __init__(self, box: Sequence[float]) -> None:
        west, south, east, north = box
        self.plane = local_metric([west, east], [south, north])
        x, y = self.plane.to_metres(np.array([west, east, west, east]), np.array([south, south, north, north]))
        self.x, self.y = float(np.min(x)), float(np.min(y))
        self.size = [round((float(np.max(x)) - self.x) * PER_M), round((float(np.max(y)) - self.y) * PER_M)]

    def rings(self, shape: Any) -> list[Numbers]:
        """The outer rings first corner absolute, the others as steps; holes go the other way round."""
        parts = [part for part in shapely.get_parts(shape) if part.geom_type in ("Polygon", "MultiPolygon")]
        return [
            self._steps(ring, last=-1) for part in parts for ring in shapely.get_rings(shapely.orient_polygons(part))
        ]

    def lines(self, shape: Any) -> list[Numbers]:
        """Lines as rings are said."""
        parts = [part for part in shapely.get_parts(shape) if part.geom_type == "LineString"]
        return [self._steps(part, last=None) for part in parts]

    def point(self, shape: Any) -> Numbers:
        """A place."""
        at = self._whole(shapely.get_coordinates(shape)[:1])
        return [int(at[0, 0]), int(at[0, 1])]

    def _steps(self, line: Any, last: int | None) -> Numbers:
        at = self._whole(shapely.get_coordinates(line)[:last])
        moves = np.diff(at, axis=0, prepend=[[0, 0]])
        kept = moves.any(axis=1)
        kept[0] = True
        found: Numbers = moves[kept].ravel().tolist()
        return found

    def _whole(self, at: Any) -> Any:
        x, y = self.plane.to_metres(at[:, 0], at[:, 1])
        return np.rint(np.column_stack([x - self.x, y - self.y]) * PER_M).astype(int)


def _tower(tower: Tower, plane: _Plane, areas: Sequence[str], say: Say, words: Callable[..., str]) -> list[Any]:
    facts = tower.facts
    numbers = {unit.id: number for number, unit in enumerate(tower.units)}
    return [
        facts.code,
        say(facts) or facts.address or facts.code,
        facts.search_text or "",
        facts.address or "",
        words(facts.grade, "grade", facts.grade_scheme) if facts.grade else "",
        words(facts.status, "status") if facts.status != "operating" else "",
        facts.floors_above or 0,
        round(facts.height_m or (facts.floors_above or 3) * 3.3),
        facts.completed_year or 0,
        _number(facts.leasable_area_m2),
        _number(facts.property_fee_cny_m2_month),
        None if tower.rate is None else round(tower.rate, 4),
        [areas.index(code) for code in tower.areas if code in areas],
        plane.rings(tower.shape),
        [_unit(unit, tower, words) for unit in tower.units],
        _plan(tower.plan, numbers, words),
    ]


def _unit(unit: Any, tower: Tower, words: Callable[..., str]) -> list[Any]:
    floor = tower.floors.get(unit.floor_id)
    return [
        unit.label,
        OCCUPANCIES.index(unit.status),
        _number(unit.area_m2),
        floor.label if floor else "",
        floor.position if floor else 0,
        _number(unit.rent_amount),
        unit.rent_unit or "",
        None if unit.rent_cny_m2_day is None else round(unit.rent_cny_m2_day, 4),
        words(unit.fitout, "fitout") if unit.fitout else "",
        unit.available_on.strftime("%Y-%m") if unit.available_on else "",
        unit.reported_on.isoformat() if unit.reported_on else "",
        unit.verified_on.isoformat() if unit.verified_on else "",
        int(unit.id in tower.stale),
        _number(unit.min_area_m2),
        int(unit.id in tower.fitting),
    ]


def _plan(plan: StackingPlan, numbers: Mapping[int, int], words: Callable[..., str]) -> list[Any]:
    """Tiers of tables: columns, name of the part, rows of a label, a use and cells (columns, rows, unit or kind)."""
    return [[_table(table, numbers, words) for table in tier] for tier in plan.tiers]


def _table(table: Table, numbers: Mapping[int, int], words: Callable[..., str]) -> list[Any]:
    part = table.part
    title = (part.name or words(part.kind, "part")) if part else ""
    rows = [
        [row.storey.label, words(row.storey.use, "use"), [_cell(cell, numbers) for cell in row.cells]]
        for row in table.rows
    ]
    return [table.columns, title, rows]


def _cell(cell: Cell, numbers: Mapping[int, int]) -> list[int]:
    """Columns, rows, and the number of the unit; -1 rest, -2 service, -3 nothing built."""
    kinds = {"rest": -1, "service": -2, "gap": -3}
    return [cell.columns, cell.rows, numbers[cell.room.key] if cell.room else kinds[cell.kind]]


def _number(value: Any) -> float | int | None:
    if value is None:
        return None
    number = round(float(value), 2)
    return int(number) if number.is_integer() else number


def sums(towers: Iterable[Tower]) -> tuple[int, float]:
    """How many units can be taken, and how many square metres they have."""
    market = [unit for tower in towers for unit in tower.market]
    return len(market), float(sum(unit.area_m2 or 0 for unit in market))
