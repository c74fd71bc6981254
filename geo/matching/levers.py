"""By which change of which parameter a unit that fails a criterion would pass it.

A lever is one parameter with what each of some units would need it to be; `geo/matching/relaxing.py` pulls them.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from geo.filters import MOST_NEAR_M, RENT_UNITS
from geo.matching.area import Supply, supply
from geo.matching.market import Units, day_of, days_of
from geo.matching.requirement import BANDS, STARS, Requirement, Walk, walk_parameter
from geo.matching.rules import FLOORS_ROOM, judged
from geo.quantities import WALKING_M_MIN

Needs = NDArray[np.floating]

_ROUNDING, _PERCENT_ROUNDING = 1e-3, 1e-4
"""By how much needs may be off."""

_DAYS = 90
"""A change of a date is measured by these days, or by those that are left until it."""


@dataclass(frozen=True, slots=True)
class Lever:
    """A change of one parameter.

    Attributes
    ----------
    parameter
        What would change.
    needs
        What it would have to be for each unit; NaN where it does not help.
    now, base
        What it is, and what a change is measured by.
    step
        Rounds a need to a number that a person would say, never below what is needed.
    moved
        The requirement with the parameter at a value; None if it cannot be that.
    """

    parameter: str
    needs: Needs
    now: float
    base: float
    step: Callable[[float], float]
    moved: Callable[[float], Requirement | None]

    def relative(self, value: float) -> float:
        """How large the change to a value is."""
        return abs(value - self.now) / self.base if self.base else 1.0

    @property
    def costs(self) -> Needs:
        """The change that each unit needs."""
        costs: Needs = np.abs(self.needs - self.now) / (self.base or 1.0)
        return costs

    def nearest(self, units: int) -> list[float]:
        """The needs of so many units that need the smallest changes, in their order; all are on one side of `now`."""
        up = not np.any(self.needs < self.now)
        away = self.needs if up else -self.needs
        few = np.sort(np.partition(away, units - 1)[:units] if len(away) > units else away)
        return [need if up else -need for need in few.tolist() if need == need]

    def reached(self, value: float) -> NDArray[np.intp]:
        """The units that may pass when the parameter is at a value: those that need no more, but for rounding."""
        far = abs(value - self.now) * (1 + _ROUNDING) + _ROUNDING
        return np.flatnonzero(np.abs(self.needs - self.now) <= far)


def levers(name: str, requirement: Requirement, units: Units) -> Iterator[Lever]:
    """The levers for a criterion that all of `units` fail."""
    if name in _LEVERS:
        yield from _LEVERS[name](requirement, units)
    elif name in _WORDS:
        yield from _words(name, requirement, units)
    elif any(walk.name == name for walk in requirement.walks):
        yield from _walk(name, requirement, units)
    yield _given_up(name, requirement, units)


def _area(requirement: Requirement, units: Units) -> Iterator[Lever]:
    offered = supply(units, requirement)
    target = requirement.area if requirement.area is not None else requirement.people
    if target is not None:
        yield _tolerance(requirement, offered, float(target))
        return
    known = offered.most > 0
    for field, side, down in (("area_min", offered.most, True), ("area_max", offered.least, False)):
        limit = getattr(requirement, field)
        if limit is not None:
            short = known & ((side < float(limit)) if down else (side > float(limit)))
            yield _moving(field, requirement, _where(short, side), float(limit), (floor if down else ceil, 10))


def _tolerance(requirement: Requirement, offered: Supply, target: float) -> Lever:
    away = np.maximum(target - offered.most, offered.least - target) * (100 / target)
    needs = _where(offered.most > 0, away)

    def rounded(value: float) -> float:
        return ceil(value - _PERCENT_ROUNDING)

    def moved(value: float) -> Requirement | None:
        return replace(requirement, tolerance=Decimal(int(value))) if value <= 100 else None

    return Lever("tolerance", needs, float(requirement.tolerance), 100.0, rounded, moved)


def _available(requirement: Requirement, units: Units) -> Iterator[Lever]:
    assert requirement.available_by is not None
    days, now = units.column("available"), days_of(requirement.available_by)

    def moved(value: float) -> Requirement:
        return replace(requirement, available_by=day_of(int(value)))

    base = max(_DAYS, (requirement.available_by - units.as_of).days)
    yield Lever("available_by", _where(days > now, days), now, base, float, moved)


def _rent(requirement: Requirement, units: Units) -> Iterator[Lever]:
    assert requirement.rent_max is not None
    rent = units.column("rent") / RENT_UNITS[requirement.rent_unit]
    tenths = 10 if requirement.rent_unit == "cny_m2_day" else 1
    yield _moving("rent_max", requirement, rent, float(requirement.rent_max), (ceil, 1 / tenths))


def _budget(requirement: Requirement, units: Units) -> Iterator[Lever]:
    assert requirement.budget_month is not None
    now = float(requirement.budget_month)
    month = judged("budget", units, requirement).values
    yield _moving("budget_month", requirement, month, now, (ceil, 1000 if now >= 20_000 else 100))


def _floor(requirement: Requirement, units: Units) -> Iterator[Lever]:
    position = units.column("floor").astype(float)
    for field, beyond in (("floor_min", -1), ("floor_max", 1)):
        limit = getattr(requirement, field)
        if limit is not None:

            def moved(value: float, field: str = field) -> Requirement:
                return _changed(requirement, field, int(value))

            short = (position != 0) & ((position - limit) * beyond > 0)
            yield Lever(field, _where(short, position), limit, FLOORS_ROOM, float, moved)


def _parking(requirement: Requirement, units: Units) -> Iterator[Lever]:
    assert requirement.parking is not None
    places = units.of_building("parking").astype(float)

    def moved(value: float) -> Requirement | None:
        return replace(requirement, parking=int(value)) if value >= 1 else None

    yield Lever("parking", _where(places > 0, places), requirement.parking, requirement.parking, float, moved)


def _neighbours(requirement: Requirement, units: Units) -> Iterator[Lever]:
    assert requirement.neighbours is not None
    firms = judged("neighbours", units, requirement).values

    def moved(value: float) -> Requirement | None:
        return replace(requirement, neighbours=int(value)) if value >= 1 else None

    wanted = requirement.neighbours
    yield Lever("neighbours", _where(firms > 0, firms.astype(np.float32)), wanted, wanted, float, moved)


def _walk(name: str, requirement: Requirement, units: Units) -> Iterator[Lever]:
    walk = next(walk for walk in requirement.walks if walk.name == name)
    parameter = walk_parameter(walk)[0]
    step = WALKING_M_MIN if parameter.endswith("_minutes") else 50
    metres = judged(name, units, requirement).values.astype(float)

    def moved(value: float) -> Requirement | None:
        walks = tuple(Walk(name, int(value)) if each.name == name else each for each in requirement.walks)
        return replace(requirement, walks=walks) if value <= MOST_NEAR_M else None

    def rounded(value: float) -> float:
        return ceil(value / step) * step

    yield Lever(parameter, _where(metres > walk.metres, metres), walk.metres, walk.metres, rounded, moved)


def _words(name: str, requirement: Requirement, units: Units) -> Iterator[Lever]:
    """One more word allowed, for every word that some of the units have."""
    words, numbers = _WORDS[name] or units.words(name), judged(name, units, requirement).values
    for number in np.unique(numbers[numbers > 0]).tolist():
        if number <= len(words) and words[number - 1] not in getattr(requirement, name):
            chosen = (*getattr(requirement, name), words[number - 1])

            def moved(_: float, chosen: tuple[str, ...] = chosen) -> Requirement:
                return _changed(requirement, name, tuple(sorted(chosen)) if name == "star" else chosen)

            yield Lever(name, _where(numbers == number, np.ones(len(numbers))), 0, 1, float, moved)


def _given_up(name: str, requirement: Requirement, units: Units) -> Lever:
    """The criterion as a wish, or not at all where it can be none."""
    if name in ("within", "bbox"):
        changed = replace(requirement, within=()) if name == "within" else replace(requirement, bbox=None)
        return Lever(name, np.ones(len(units)), 0, 1, float, lambda _: changed)
    musts = tuple(each for each in requirement.asked if requirement.is_must(each) and each not in ("within", "bbox"))
    wish = replace(requirement, must=tuple(each for each in musts if each != name))
    return Lever("must", np.ones(len(units)), 0, 1, float, lambda _: wish)


def _moving(
    field: str,
    requirement: Requirement,
    needs: NDArray[np.floating],
    now: float,
    rounding: tuple[Callable[[float], int], float],
) -> Lever:
    """A number that moves in steps, up or down."""
    direction, step = rounding

    def rounded(value: float) -> float:
        return direction(round(round(value, 3) / step, 6)) * step

    def moved(value: float) -> Requirement:
        return _changed(requirement, field, Decimal(str(round(value, 3))))

    return Lever(field, needs, now, now, rounded, moved)


def _changed(requirement: Requirement, field: str, value: object) -> Requirement:
    return replace(requirement, **{field: value})  # type: ignore[arg-type]


def _where(helps: NDArray[np.bool_], needs: NDArray[np.generic]) -> Needs:
    found: Needs = np.where(helps, needs, np.float32(np.nan))
    return found


_LEVERS: Mapping[str, Callable[[Requirement, Units], Iterator[Lever]]] = {
    "area": _area,
    "available": _available,
    "rent": _rent,
    "budget": _budget,
    "floor": _floor,
    "parking": _parking,
    "neighbours": _neighbours,
}
_WORDS: Mapping[str, tuple[str, ...]] = {"grade": (), "fitout": (), "star": STARS, "band": BANDS}
"""Criteria that are words of a list: the list, or nothing where the state has it."""
