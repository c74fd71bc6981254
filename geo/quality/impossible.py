"""Numbers that cannot be: units over their floor, let area over the leasable area, floors out of order, odd heights."""

from dataclasses import dataclass, fields

import numpy as np

from geo.quality.board import Board
from geo.row_arrays import Array


@dataclass(frozen=True, slots=True)
class Contradictions:
    """Of each building of a board: how many things contradict themselves, and by how many m² where areas do."""

    units_over_floor: Array
    units_over_floor_m2: Array
    units_over_leasable_m2: Array
    leasable_over_gross_m2: Array
    floors_out_of_order: Array
    odd_height: Array
    storeys_over: Array


def impossible(board: Board) -> tuple[Array, Array]:
    """How many things cannot be at each building, and the m² that contradict each other."""
    found = contradictions(board)
    areas = (found.units_over_leasable_m2, found.leasable_over_gross_m2)
    count = found.units_over_floor + found.floors_out_of_order + found.odd_height + found.storeys_over
    count = count + sum((each > 0).astype(np.int64) for each in areas)
    return count, found.units_over_floor_m2 + sum(areas)


def contradictions(board: Board) -> Contradictions:
    """Everything that cannot be, by building."""
    floors, area = _over_floor(board)
    buildings = board.held.buildings
    leasable, gross = buildings["leasable_m2"].astype(float), buildings["gross_m2"].astype(float)
    units = np.bincount(board.unit_places, board.held.units["area_m2"], minlength=len(buildings))
    return Contradictions(
        floors,
        area,
        _over(units, leasable, board.rules.slack),
        _over(leasable, gross, board.rules.slack),
        _out_of_order(board),
        _odd_height(board),
        _storeys_over(board),
    )


def contradictions_at(board: Board, place: int) -> dict[str, float]:
    """What cannot be at one building: the kind, and how many floors or m² it is."""
    found = contradictions(board)
    values = {field.name: getattr(found, field.name)[place] for field in fields(found)}
    return {kind: float(value) for kind, value in values.items() if value and kind != "units_over_floor_m2"}


def _over(part: Array, whole: Array, slack: float) -> Array:
    """By how many m² a part is larger than its whole, where that is more than the slack."""
    return np.where((whole > 0) & (part > whole * slack), part - whole, 0.0)


def _over_floor(board: Board) -> tuple[Array, Array]:
    """Floors whose units add up to more than the floor, and by how much."""
    floors, units, many = board.held.floors, board.held.units, len(board.ids)
    if not len(floors):
        return np.zeros(many, np.int64), np.zeros(many)
    order = np.argsort(floors["id"])
    ids = floors["id"][order]
    places = np.minimum(np.searchsorted(ids, units["floor"]), len(ids) - 1)
    mine = ids[places] == units["floor"]
    sums = np.bincount(order[places[mine]], units["area_m2"][mine].astype(float), minlength=len(floors))
    over = _over(sums, floors["area_m2"].astype(float), board.rules.slack)
    buildings = board.held.at(floors)
    return np.bincount(buildings[over > 0], minlength=many), np.bincount(buildings, over, minlength=many)


def _out_of_order(board: Board) -> Array:
    """Floors whose number is not above that of the floor below them in the same part of the building."""
    floors = board.held.floors[board.held.floors["number"] > 0]
    floors = floors[np.lexsort((floors["position"], floors["section"], floors["building"]))]
    same = (floors["building"][1:] == floors["building"][:-1]) & (floors["section"][1:] == floors["section"][:-1])
    wrong = np.zeros(len(floors), bool)
    wrong[1:] = same & (floors["number"][1:] <= floors["number"][:-1])
    count: Array = np.bincount(board.held.at(floors)[wrong], minlength=len(board.ids))
    return count


def _odd_height(board: Board) -> Array:
    """Buildings whose height does not fit their storeys."""
    rows, rules = board.held.buildings, board.rules
    known = (rows["tall_m"] > 0) & (rows["storeys"] > 0)
    storey = np.divide(rows["tall_m"], rows["storeys"], out=np.zeros(len(rows)), where=known)
    return np.asarray(known & ((storey < rules.storey_low_m) | (storey > rules.storey_high_m)), np.int64)


def _storeys_over(board: Board) -> Array:
    """Buildings with a floor above the storeys that are stated; mezzanines and roofs may be one or two."""
    floors, storeys = board.held.floors, board.held.buildings["storeys"]
    highest = np.zeros(len(board.ids), np.int64)
    np.maximum.at(highest, board.held.at(floors), floors["position"].astype(np.int64))
    return np.asarray((storeys > 0) & (highest > storeys + 2), np.int64)
