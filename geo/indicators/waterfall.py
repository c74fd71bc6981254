"""Takes the change of occupied area and its base between two days apart, so that the steps add up exactly.

What was said on the first day, as it was known then, becomes what holds on the second day, as it is known now, by:
corrections of what was said; areas defined anew; space first recorded; new supply; space that is no more; states that
became known (or unknown); moves in; moves out. Every unit's life is walked from state to state, in whole square
decimetres; units that were split or merged on a day are one until the day is over, so that no square metre moves twice.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from geo.indicators.days import Day, number_of
from geo.indicators.record import ABSENT, OCCUPIED, UNKNOWN, VACANT, Part
from geo.indicators.rows import Column, Rows

Counts = NDArray[np.int64]

STEPS = ("corrected", "redefined", "recorded", "supply", "removed", "told", "moved_in", "moved_out")
"""In the order in which they are told."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Occupied area and its base on a day, in dm²."""

    day: date
    occupied_dm2: int
    base_dm2: int

    @property
    def rate(self) -> float | None:
        """Occupied over base."""
        return self.occupied_dm2 / self.base_dm2 if self.base_dm2 else None


@dataclass(frozen=True, slots=True)
class Step:
    """A reason for a change, what it did to occupied area and base (dm²), and the standing behind it."""

    name: str
    occupied_dm2: int
    base_dm2: int
    after: Standing


@dataclass(frozen=True, slots=True)
class Waterfall:
    """From a standing to another by steps; those that did nothing are left out."""

    begin: Standing
    end: Standing
    steps: tuple[Step, ...]


def waterfall(before: Part, after: Part, start: date, end: date) -> Waterfall:
    """How one day became another.

    Parameters
    ----------
    before
        The buildings as they were known on the first day.
    after
        The same place as it is known now; may be the same part, if nothing is to be told of corrections.
    start, end
        The days, the earlier first.
    """
    said, then, now = Day(before, start), Day(after, start), Day(after, end)
    occupied, base = dict.fromkeys(STEPS, 0), dict.fromkeys(STEPS, 0)
    occupied["corrected"] = int(then.occupied.sum()) - int(said.occupied.sum())
    base["redefined"] = _restated(said, then)
    base["corrected"] = int(then.base.sum()) - int(said.base.sum()) - base["redefined"]
    there = then.operating & now.operating
    for name, those in _came_and_went(then, now).items():
        occupied[name] += int((now.occupied - then.occupied)[those].sum())
        base[name] += int((now.base - then.base)[those].sum())
    base["redefined"] += int((now.base - then.base)[there].sum())
    for name, area in _moves(after, there, number_of(start), number_of(end)).items():
        occupied[name] += area
    return _told(_standing(said), _standing(now), occupied, base)


def _told(begin: Standing, end: Standing, occupied: dict[str, int], base: dict[str, int]) -> Waterfall:
    steps, at = [], begin
    for name in STEPS:
        if occupied[name] or base[name]:
            at = Standing(end.day, at.occupied_dm2 + occupied[name], at.base_dm2 + base[name])
            steps.append(Step(name, occupied[name], base[name], at))
    return Waterfall(begin, end, tuple(steps))


def _standing(day: Day) -> Standing:
    return Standing(day.day, int(day.occupied.sum()), int(day.base.sum()))


def _restated(said: Day, then: Day) -> int:
    """What other statements of leasable area do to the base of buildings that were there both times."""
    ids, left, right = np.intersect1d(said.part.buildings["id"], then.part.buildings["id"], return_indices=True)
    restated = said.part.buildings["leasable"][left] != then.part.buildings["leasable"][right]
    both = said.operating[left] & then.operating[right] & restated
    return int((then.base[right] - said.base[left])[both].sum()) if len(ids) else 0


def _came_and_went(then: Day, now: Day) -> dict[str, NDArray[np.bool_]]:
    """Buildings that are in operation on one of the days alone: completed since, first recorded, or no more."""
    completed = then.part.buildings["year"] > then.day.year
    came = ~then.operating & now.operating
    return {"supply": came & completed, "recorded": came & ~completed, "removed": then.operating & ~now.operating}


def _moves(part: Part, there: NDArray[np.bool_], start: int, end: int) -> dict[str, int]:
    """What became of occupied area in buildings that are there on both days, by reason."""
    rows = part.spaces
    rows = rows[(rows["start"] > start) & (rows["start"] <= end) & there[rows["building"]]]
    group = _together(rows, part.record.lineage)
    n = int(group.max()) + 1 if len(group) else 0

    def areas(state: Column, area: Column, which: int) -> Counts:
        return np.bincount(group, np.where(state == which, area, 0), n).astype(np.int64)

    states = (VACANT, OCCUPIED, UNKNOWN)
    was = [areas(rows["before"], rows["area_before"], which) for which in states]
    is_now = [areas(rows["state"], rows["area"], which) for which in states]
    return _reasons(was, is_now)


def _reasons(was: list[Counts], is_now: list[Counts]) -> dict[str, int]:
    """Why occupied area changed, for groups with so much vacant, occupied and unknown area before and after."""
    all_before, all_after = sum(was, np.zeros_like(was[0])), sum(is_now, np.zeros_like(was[0]))
    gained = is_now[1] - was[1]
    came, went = all_before == 0, all_after == 0
    stayed = ~came & ~went
    # What an area became larger or smaller by belongs to the states that it has afterwards, in their proportions.
    larger = np.where(stayed, all_after - all_before, 0)
    redefined, redefined_unknown = (_rounded(larger * part, np.maximum(all_after, 1)) for part in is_now[1:])
    moved = np.where(stayed, gained - redefined, 0)
    less_unknown = was[2] + redefined_unknown - is_now[2]
    told = np.where(moved > 0, np.minimum(moved, np.maximum(less_unknown, 0)), 0)
    told = np.where(moved < 0, -np.minimum(-moved, np.maximum(-less_unknown, 0)), told)
    moved = moved - told
    parts = {
        "recorded": gained[came & ~went],
        "removed": gained[went & ~came],
        "redefined": np.where(stayed, redefined, 0),
        "told": told,
        "moved_in": moved[moved > 0],
        "moved_out": moved[moved < 0],
    }
    return {name: int(part.sum()) for name, part in parts.items()}


def _rounded(over: Counts, under: Counts) -> Counts:
    """A quotient to the nearest whole number."""
    return np.asarray((2 * over + under) // (2 * under), np.int64)


def _together(rows: Rows, lineage: Rows) -> Counts:
    """A number for each change; those of one day by which units of one family appear and disappear share one."""
    family = _families(lineage)
    comes_or_goes = (rows["before"] == ABSENT) | (rows["state"] == ABSENT)
    keys = [
        (family[unit], day) if both and unit in family else at
        for at, (unit, day, both) in enumerate(
            zip(rows["unit"].tolist(), rows["start"].tolist(), comes_or_goes.tolist(), strict=True)
        )
    ]
    numbers: dict[object, int] = {}
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], np.int64)


def _families(lineage: Rows) -> dict[int, int]:
    """Unit → a number that all units have which came out of one another."""
    leader: dict[int, int] = {}

    def find(unit: int) -> int:
        while leader.setdefault(unit, unit) != unit:
            unit = leader[unit]
        return unit

    for parent, child in zip(lineage["parent"].tolist(), lineage["child"].tolist(), strict=True):
        leader[find(child)] = find(parent)
    return {unit: find(unit) for unit in list(leader)}
