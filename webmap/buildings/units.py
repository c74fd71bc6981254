"""What the page of a unit says: itself, its floor, what was public of it before, and others like it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from geo.errors import NotFoundError
from geo.stacking import StackingPlan
from webmap.buildings import rows
from webmap.buildings.charts import Charts, charts_of
from webmap.buildings.history import Stretch, status_history
from webmap.buildings.operations import Asker, BuildingPage, load_building, plan_of
from webmap.buildings.past import load_archive, of_units, on_floors


@dataclass(frozen=True, slots=True)
class UnitPage:
    """Everything the page of a unit shows; `page` is that of its building, `plan` that of its floors alone."""

    unit: Any
    page: BuildingPage
    plan: StackingPlan
    history: list[Stretch]
    charts: Charts | None
    floor_charts: Charts | None
    similar: Sequence[Any]


def load_unit(session: Session, code: str, asker: Asker) -> UnitPage:
    """The page of the unit with this code.

    Raises
    ------
    NotFoundError
        No such unit today, or its building may not be shown to the asker.
    """
    unit = rows.unit_row(session, code, asker.today, asker.staff)
    if unit is None:
        raise NotFoundError(f"There is no unit {code!r} here.")
    page = load_building(session, unit.building_code, asker)
    archive = load_archive(session, unit.building_id)
    floor = on_floors(archive, {unit.floor_id, unit.top_floor_id} - {None})
    return UnitPage(
        unit,
        page,
        plan_of_floor(page, unit),
        status_history(archive, unit.id, asker.today),
        charts_of(of_units(archive, [unit.id]), asker.today, None),
        charts_of(floor, asker.today, None) if len(floor.units) > 1 else None,
        rows.similar_units(session, unit, asker.today) if unit.area_m2 else [],
    )


def plan_of_floor(page: BuildingPage, unit: Any) -> StackingPlan:
    """The stacking plan of the floors of a unit alone."""
    wanted = {unit.floor_id, unit.top_floor_id} - {None}
    floors = [floor for floor in page.floors.values() if floor.id in wanted]
    there = [each for each in page.units.values() if wanted & {each.floor_id, each.top_floor_id}]
    return plan_of([], floors, there)
