"""The stacking plan's colours: by occupancy, by the tenant's industry where it may be told, by the age of the fact."""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask_babel import gettext

from geo.errors import BadParameterError
from geo.stacking import STATUSES, PlanBlock, StackingPlan, plan_blocks
from geo.stamps import AGES, age_of
from geo.taxonomy import map_groups
from geo.text import fold
from webmap.buildings.operations import BuildingPage
from webmap.words import word

COLOURS = ("occupancy", "industry", "age")
_KINDS = {"occupancy": "st", "industry": "ig", "age": "age"}


@dataclass(frozen=True, slots=True)
class Shade:
    """What a unit is coloured by; `industry` is 'none' where no tenant may be told."""

    occupancy: str
    industry: str
    age: str

    @property
    def classes(self) -> str:
        """The classes of its cell, one for each way to colour."""
        return " ".join(f"{kind}-{getattr(self, by)}" for by, kind in _KINDS.items())


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a legend: the class of its swatch, its words, how many units and m² it stands for.

    `area_unknown` units are in the number and not in the area.
    """

    shade: str
    name: str
    units: int
    area_m2: Decimal
    area_unknown: int


@dataclass(frozen=True, slots=True)
class Found:
    """What somebody looked for in the plan: keys of floors and of units."""

    text: str
    floors: frozenset[int]
    units: frozenset[int]


@dataclass(frozen=True, slots=True)
class PlanView:
    """How a plan is shown; `block_of` says to which of `blocks` (counted from 1) a unit belongs."""

    colour: str
    shades: dict[int, Shade]
    legends: dict[str, list[Entry]]
    blocks: list[PlanBlock]
    block_of: dict[int, int]
    found: Found | None


def plan_view(page: BuildingPage, plan: StackingPlan, today: date, colour: str, wanted: str = "") -> PlanView:
    """How the plan of a building, or a part of it, is shown.

    Raises
    ------
    BadParameterError
        There is no such colouring.
    """
    if colour not in COLOURS:
        raise BadParameterError("colour", colour, ", ".join(COLOURS))
    placed = [cell.room.key for table in plan.tables for row in table.rows for cell in row.cells if cell.room]
    shades = {key: _shade(page, key, today) for key in (*placed, *(room.key for room in plan.loose))}
    blocks = plan_blocks(plan, {key: page.units[key].offer_id for key in placed})
    return PlanView(
        colour,
        shades,
        {by: _legend(page, shades, by) for by in COLOURS},
        blocks,
        {room.key: number for number, block in enumerate(blocks, 1) for room in block.rooms},
        _find(page, wanted) if wanted.strip() else None,
    )


def _shade(page: BuildingPage, key: int, today: date) -> Shade:
    unit, tenant = page.units[key], page.rooms.get(key)
    return Shade(unit.status, tenant.industry_group if tenant else "none", age_of(unit.reported_on, today))


def _legend(page: BuildingPage, shades: dict[int, Shade], by: str) -> list[Entry]:
    of: dict[str, list[Decimal | None]] = defaultdict(list)
    for key, shade in shades.items():
        of[getattr(shade, by)].append(page.units[key].area_m2)
    order = {"occupancy": STATUSES, "industry": [*(group.code for group in map_groups()), "none"], "age": AGES}[by]
    return [
        Entry(f"{_KINDS[by]}-{code}", _name(code, by), len(of[code]), _sum(of[code]), of[code].count(None))
        for code in order
        if code in of
    ]


def _sum(areas: list[Decimal | None]) -> Decimal:
    return sum((area for area in areas if area is not None), Decimal(0))


def _name(code: str, by: str) -> str:
    return gettext("无公开租户") if (by, code) == ("industry", "none") else word(code, by)


def _find(page: BuildingPage, wanted: str) -> Found:
    """Floors called so, else units called so, else units whose number begins so."""
    text = re.sub(r"(层|樓|楼|室|号|f|floor)$", "", fold(wanted)).strip()
    floors = frozenset(floor.id for floor in page.floors.values() if text in _calls(floor.label))
    units = frozenset(unit.id for unit in page.units.values() if fold(unit.label) == text)
    if not floors and not units and len(text) > 1:
        units = frozenset(unit.id for unit in page.units.values() if fold(unit.label).startswith(text))
    return Found(wanted.strip(), floors, frozenset() if floors else units)


def _calls(label: str) -> set[str]:
    """How a floor is called: "12F" is asked for as 12 as well."""
    folded = fold(label)
    return {folded, folded.removesuffix("f")}
