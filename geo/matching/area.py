"""How much space is wanted and how much a unit or a block can give, in m² or, for a number of people, in desks.

A divisible unit can give anything from its minimum area to all of it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.columns import Array
from geo.matching.market import Units
from geo.matching.requirement import Requirement

AREA_ROOM = 0.5
"""Part of the nearer limit outside it at which nothing is left."""

ROUNDING = 1e-6
"""Areas in a state file are of single precision."""

Numbers = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The limits and the target, in m² or desks."""

    low: float
    high: float
    target: float | None


@dataclass(frozen=True, slots=True)
class Supply:
    """What units can give at least and at most, in the measure of `Wanted`, and how many m² one of it is."""

    least: Numbers
    most: Numbers
    m2: Numbers | float


def wanted(requirement: Requirement) -> Wanted | None:
    """What is wanted; None where no area is asked for."""
    target = requirement.area if requirement.area is not None else requirement.people
    if target is not None:
        slack = float(target) * float(requirement.tolerance) / 100
        return Wanted(float(target) - slack, float(target) + slack, float(target))
    if requirement.area_min is None and requirement.area_max is None:
        return None
    high = np.inf if requirement.area_max is None else float(requirement.area_max)
    return Wanted(float(requirement.area_min or 0), high, None)


def supply(units: Units, requirement: Requirement) -> Supply:
    """What each of `units` can give; 0 where its area is not stated."""
    area, least = units.column("area"), units.column("least")
    if requirement.people is None:
        return Supply(least, area, 1.0)
    m2 = units.column("desk_m2")
    return Supply(least / m2, area / m2, m2)


def taken(least: Array, most: Array, asked: Wanted) -> Array:
    """How much of what can be had would be taken: what comes nearest to the target.

    Without a target it is as little as does, or where only a greatest area is asked for as much as does.
    """
    goal = asked.target if asked.target is not None else asked.low or asked.high
    found: Array = np.minimum(np.maximum(least, np.float32(goal)), most)
    return found


def taken_m2(units: Units, requirement: Requirement) -> Array:
    """m² of each unit that would be taken; all of it where no area is asked for."""
    asked = wanted(requirement)
    if asked is None:
        return units.column("area")
    offered = supply(units, requirement)
    found: Array = taken(offered.least, offered.most, asked) * offered.m2
    return found


def low_of(asked: Wanted) -> float:
    """The least that does."""
    return asked.low * (1 - ROUNDING)


def high_of(asked: Wanted) -> float:
    """The most that does."""
    return asked.high * (1 + ROUNDING)


def lacking(least: Array, most: Array, asked: Wanted) -> Array:
    """How far what can be had, from `least` to `most`, is from what is asked for: 0 is met, at 1 nothing is left."""
    low, high = low_of(asked), high_of(asked)
    lack: Array = np.maximum(low - most, 0) / max(AREA_ROOM * low, ROUNDING)
    if np.isfinite(high):
        lack = np.maximum(lack, (least - high) / max(AREA_ROOM * high, ROUNDING))
    return lack
