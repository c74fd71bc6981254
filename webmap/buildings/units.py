"""What the page of a unit says: itself, its floor, what was public of it before, and others like it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from geo.errors import NotFoundError
from geo.stacking import StackingPlan
from webmap.buildings import rows
from webmap.buildings.history import Stretch, status_history
from webmap.buildings.operations import Asker, BuildingPage, load_building, plan_of


@dataclass(frozen=True, slots=True)
class UnitPage:
    """Everything the page of a unit shows; `page` is that of its building, `plan` that of its floors alone."""

    unit: Any
    page: BuildingPage
    plan: StackingPlan
    history: list[Stretch]
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
    return UnitPage(
        unit,
        page,
        _plan_of_floor(page, unit),
        status_history(session, unit.id, asker.today),
        rows.similar_units(session, unit, asker.today) if unit.area_m2 else [],
    )


def _plan_of_floor(page: BuildingPage, unit: Any) -> StackingPlan:
    wanted = {unit.floor_id, unit.top_floor_id} - {None}
    floors = [floor for floor in page.floors.values() if floor.id in wanted]
    there = [each for each in page.units.values() if wanted & {each.floor_id, each.top_floor_id}]
    return plan_of([], floors, there)
