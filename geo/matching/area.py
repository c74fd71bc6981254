"""How much space is wanted and how much a unit or a block can give, in m² or, for a number of people, in desks.

A divisible unit can give anything from its minimum area to all of it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.columns import Array
from geo.matching.market import Mask, Units
from geo.matching.requirement import Requirement
from geo.taxonomy.desks import desk_areas

AREA_ROOM = 0.5
"""Part of the nearer limit outside it at which nothing is left."""

_ROUNDING = 1e-6
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
    m2 = desk_m2(units)
    return Supply(least / m2, area / m2, m2)


def desk_m2(units: Units) -> Numbers:
    """m² per desk in each unit, by its fit-out."""
    by_code = {desk.fitout: desk.m2_per_desk for desk in desk_areas()}
    table = [by_code[""], *(by_code.get(word, by_code[""]) for word in units.words("fitout"))]
    found: Numbers = np.array(table, np.float32)[units.column("fitout")]
    return found


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


def fitting(least: Array, most: Array, asked: Wanted) -> Array:
    """The share of points for what can be had from `least` to `most`."""
    low, high = asked.low * (1 - _ROUNDING), asked.high * (1 + _ROUNDING)
    short = np.maximum(low - most, 0) / max(AREA_ROOM * low, _ROUNDING)
    over = np.maximum(least - high, 0) / max(AREA_ROOM * high, _ROUNDING) if np.isfinite(high) else np.float32(0)
    share: Array = np.clip(1 - np.maximum(short, over), 0, 1).astype(np.float32, copy=False)
    return share


def area_rule(units: Units, requirement: Requirement) -> tuple[Array, Mask, Array]:
    """Share of points, which units do not state their area, and the m² that would be taken."""
    asked, offered = wanted(requirement), supply(units, requirement)
    assert asked is not None
    unstated: Mask = units.column("area") <= 0
    shares = np.where(unstated, np.float32(0), fitting(offered.least, offered.most, asked))
    return shares, unstated, taken(offered.least, offered.most, asked) * offered.m2
