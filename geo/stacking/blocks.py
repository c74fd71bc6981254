"""Units of a stacking plan that can be taken together: those of one offer, and vacant ones that adjoin on a floor."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from geo.stacking.plan import Room, StackingPlan, Storey
from geo.stacking.tables import area_of, natural_order

ON_OFFER = ("vacant", "soon")


@dataclass(frozen=True, slots=True)
class PlanBlock:
    """At least two units; `area_m2` is the sum of the known areas, `offer` whether one offer covers them all."""

    rooms: tuple[Room, ...]
    storeys: tuple[Storey, ...]
    area_m2: Decimal
    offer: bool


def plan_blocks(plan: StackingPlan, offers: Mapping[int, int | None]) -> list[PlanBlock]:
    """The blocks of a plan, the largest first.

    Parameters
    ----------
    plan : StackingPlan
        Two units adjoin when they stand side by side on a row.
    offers : mapping of int to int or None
        Key of a room → the offer it is in.
    """
    rooms, storeys = _rooms(plan)
    leader = {key: key for key in rooms}
    for one, other in (*_adjoining(plan), *_together(rooms, offers)):
        leader[_first(leader, one)] = _first(leader, other)
    groups: dict[int, list[Room]] = defaultdict(list)
    for key, room in rooms.items():
        groups[_first(leader, key)].append(room)
    blocks = [_block(group, storeys, offers) for group in groups.values() if len(group) > 1]
    return sorted(blocks, key=lambda block: (-block.area_m2, block.rooms[0].key))


def _rooms(plan: StackingPlan) -> tuple[dict[int, Room], dict[int, Storey]]:
    placed = [(cell.room, row.storey) for table in plan.tables for row in table.rows for cell in row.cells if cell.room]
    return {room.key: room for room, _ in placed}, {room.key: storey for room, storey in placed}


def _adjoining(plan: StackingPlan) -> Iterator[tuple[int, int]]:
    for table in plan.tables:
        for row in table.rows:
            for left, right in pairwise(row.cells):
                if left.room and right.room and left.room.status == right.room.status == "vacant":
                    yield left.room.key, right.room.key


def _together(rooms: Mapping[int, Room], offers: Mapping[int, int | None]) -> Iterator[tuple[int, int]]:
    of: dict[int, int] = {}
    for key, room in rooms.items():
        offer = offers.get(key)
        if offer is not None and room.status in ON_OFFER:
            yield key, of.setdefault(offer, key)


def _first(leader: dict[int, int], key: int) -> int:
    while leader[key] != key:
        key = leader[key]
    return key


def _block(group: list[Room], storeys: Mapping[int, Storey], offers: Mapping[int, int | None]) -> PlanBlock:
    ordered = sorted(group, key=lambda room: (storeys[room.key].position, natural_order(room.label)))
    held = tuple(dict.fromkeys(storeys[room.key] for room in ordered))
    within = {offers.get(room.key) for room in group}
    return PlanBlock(tuple(ordered), held, area_of(group), len(within) == 1 and None not in within)
