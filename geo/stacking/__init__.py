"""The stacking plan of a building as plain data: floors from the top down, units side by side by area.

Every part (podium, tower, basement) is a table of its own. A fixed number of columns stands for its widest floor, a
unit takes columns in proportion to its area, and a unit over several floors takes the same columns on each of them.
Pages, PDF and offline files draw the same plan, so that no two of them disagree.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from geo.stacking.blocks import PlanBlock, plan_blocks
from geo.stacking.plan import STATUSES, Cell, Part, Room, Row, StackingPlan, Storey, Table, Total
from geo.stacking.tables import area_of, make_table, natural_order, unknown_areas

__all__ = [
    "STATUSES",
    "Cell",
    "Part",
    "PlanBlock",
    "Room",
    "Row",
    "StackingPlan",
    "Storey",
    "Table",
    "Total",
    "natural_order",
    "plan_blocks",
    "stacking_plan",
    "totals_of",
]


def stacking_plan(storeys: Iterable[Storey], rooms: Iterable[Room], parts: Iterable[Part] = ()) -> StackingPlan:
    """The plan of a building.

    Parameters
    ----------
    storeys : iterable of Storey
        In any order; a part that is not among `parts` counts as the building itself.
    rooms : iterable of Room
        The units that exist today. Areas in m².
    parts : iterable of Part
        The sections with an outline of their own; none for a plain building.

    Returns
    -------
    StackingPlan
        Floors from the top; the same input gives the same plan.
    """
    known = {part.key: part for part in parts}
    rooms, by_part = list(rooms), defaultdict(list)
    for storey in storeys:
        by_part[storey.part if storey.part in known else None].append(storey)
    placed = _rooms_by_part(by_part, rooms)
    tables = [(key, make_table(known.get(key) if key else None, by_part[key], placed[key])) for key in by_part]
    standing = {storey.key for group in by_part.values() for storey in group}
    return StackingPlan(
        _tiers([table for _, table in sorted(tables, key=lambda pair: pair[0] or 0)]),
        loose=tuple(sorted((r for r in rooms if r.storey not in standing), key=lambda r: natural_order(r.label))),
        totals=totals_of(rooms),
    )


def totals_of(rooms: Iterable[Room]) -> dict[str, Total]:
    """Number and area of the units of each status, in the order of the legend; statuses without a unit are left out."""
    of: dict[str, list[Room]] = defaultdict(list)
    for room in rooms:
        of[room.status].append(room)
    order = [*STATUSES, *sorted(set(of) - set(STATUSES))]
    return {
        status: Total(len(of[status]), area_of(of[status]), unknown_areas(of[status])) for status in order if of[status]
    }


def _rooms_by_part(by_part: dict[int | None, list[Storey]], rooms: Sequence[Room]) -> dict[int | None, list[Room]]:
    part_of = {storey.key: key for key, group in by_part.items() for storey in group}
    placed: dict[int | None, list[Room]] = defaultdict(list)
    for room in rooms:
        if room.storey in part_of:
            placed[part_of[room.storey]].append(room)
    return placed


def _tiers(tables: Sequence[Table]) -> tuple[tuple[Table, ...], ...]:
    """Tables that have floors at one height together, the highest tier first; within a tier as they came."""
    tiers: list[list[int]] = []
    lowest = 0
    for number in sorted(range(len(tables)), key=lambda number: -_top(tables[number])):
        if tiers and _top(tables[number]) >= lowest:
            tiers[-1].append(number)
            lowest = min(lowest, _bottom(tables[number]))
        else:
            tiers.append([number])
            lowest = _bottom(tables[number])
    return tuple(tuple(tables[number] for number in sorted(tier)) for tier in tiers)


def _top(table: Table) -> int:
    return table.rows[0].storey.position


def _bottom(table: Table) -> int:
    return table.rows[-1].storey.position
