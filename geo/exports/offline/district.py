"""A district as a file carries it: the buildings of a search with all their units and plans, and the city around."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from sqlalchemy import Row
from sqlalchemy.orm import Session

from geo.exports.about import Origin, origins_of
from geo.exports.offline import rows
from geo.exports.offline.asking import Asking
from geo.exports.offline.rows import Box, Rows
from geo.stacking import Part, Room, StackingPlan, Storey, stacking_plan
from geo.stamps import is_stale, last_word
from geo.vacancy import Vacancy, vacancy_of


@dataclass(frozen=True, slots=True)
class Tower:
    """A building with its units, its stacking plan and what they come to.

    `fitting` are the ids of the units that are asked for, `stale` of those on the market by an old word; `stale_too`
    says that these are asked for as well.
    """

    facts: Row[Any]
    shape: Any
    units: Rows
    floors: Mapping[int, Row[Any]]
    plan: StackingPlan
    vacancy: Vacancy
    fitting: frozenset[int]
    stale: frozenset[int]
    areas: tuple[str, ...]
    stale_too: bool = False

    @property
    def market(self) -> list[Any]:
        """The units that are asked for, by default those on the market that somebody has confirmed of late."""
        return [
            unit for unit in self.units if unit.id in self.fitting and (self.stale_too or unit.id not in self.stale)
        ]

    @property
    def rate(self) -> float | None:
        """Vacant over leasable area; None where no unit is known."""
        return float(self.vacancy.rate) if self.units and self.vacancy.rate is not None else None


@dataclass(frozen=True, slots=True)
class District:
    """Everything that the file draws and tells, in degrees; `around` are the other buildings with their heights.

    `left_out` is how many buildings were asked for that did not fit in.
    """

    box: Box
    towers: Sequence[Tower]
    around: Sequence[tuple[float, Any]]
    ground: Sequence[tuple[Row[Any], Any]]
    lines: Sequence[tuple[Row[Any], Any]]
    stops: Sequence[tuple[Row[Any], Any]]
    areas: Sequence[Row[Any]]
    origins: Sequence[Origin]
    left_out: int = 0


def read_district(session: Session, asking: Asking) -> District:
    """All of it with the session's login, which is that of visitors.

    Raises
    ------
    NotFoundError
        No listed building matches.
    TooMuchError
        More than it may carry do.
    """
    found, left_out = rows.buildings_of(session, asking)
    ids = [row.id for row in found]
    shapes = {row.id: _shape(row.geom) for row in found}
    box = _around_all(shapes.values(), asking.margin_degrees)
    return District(
        box=box,
        towers=_towers(session, asking, found, shapes),
        around=[(row.height or 9.0, _shape(row.geom)) for row in rows.others(session, box, ids)],
        ground=_shaped(rows.ground(session, box), box),
        lines=_shaped(rows.lines(session, box), box),
        stops=_shaped(rows.stops(session, box), None),
        areas=rows.areas_of(session, ids),
        origins=origins_of(session),
        left_out=left_out,
    )


def _towers(session: Session, asking: Asking, found: Rows, shapes: Mapping[int, Any]) -> list[Tower]:
    ids = [row.id for row in found]
    units, floors = rows.units_of(session, asking, found), rows.floors_of(session, ids)
    parts, areas = rows.sections_of(session, ids), rows.within(session, ids)
    fitting = rows.fitting(session, asking, (unit for each in units.values() for unit in each))
    return [
        _tower(row, shapes[row.id], units[row.id], floors[row.id], parts[row.id], areas[row.id], fitting, asking)
        for row in found
    ]


def _tower(
    facts: Row[Any],
    shape: Any,
    units: Rows,
    floors: Rows,
    parts: Rows,
    areas: Iterable[str],
    fitting: frozenset[int],
    asking: Asking,
) -> Tower:
    words = {unit.id: last_word(unit.reported_on, unit.verified_on) for unit in units}
    plan = stacking_plan(
        [Storey(row.id, row.position, row.label, row.section_id, row.use, row.area_m2) for row in floors],
        [Room(row.id, row.floor_id, row.label, row.area_m2, row.status, row.top_floor_id) for row in units],
        [Part(row.id, row.kind, row.name) for row in parts],
    )
    return Tower(
        facts=facts,
        shape=shape,
        units=units,
        floors={row.id: row for row in floors},
        plan=plan,
        vacancy=vacancy_of([(unit.status, unit.area_m2) for unit in units], facts.leasable_area_m2),
        fitting=frozenset(fitting & words.keys()),
        stale=frozenset(unit.id for unit in units if is_stale(unit.status, words[unit.id], asking.stale_before)),
        areas=tuple(areas),
        stale_too=asking.filters.stale,
    )


def _shape(element: Any) -> Any:
    return shapely.from_wkb(bytes(element.data))


def _shaped(found: Rows, box: Box | None) -> list[tuple[Row[Any], Any]]:
    """Rows with their geometries, cut to the box; what lies outside is left out."""
    shapes = [_shape(row.geom) for row in found]
    cut = [shapely.clip_by_rect(shapely.make_valid(shape), *box) for shape in shapes] if box else shapes
    return [(row, shape) for row, shape in zip(found, cut, strict=True) if not shape.is_empty]


def _around_all(shapes: Iterable[Any], margin: float) -> Box:
    west, south, east, north = (float(edge) for edge in shapely.total_bounds(list(shapes)))
    return west - margin, south - margin, east + margin, north + margin
