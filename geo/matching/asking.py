"""A requirement criterion by criterion, as it is shown: what is asked, in which unit, must or wish, of what weight."""

from dataclasses import dataclass

import numpy as np

from geo.matching.area import wanted
from geo.matching.requirement import FIELDS_OF, Requirement, walk_parameter

_UNITS = {
    "area": "m2",
    "available": "month",
    "budget": "cny_month",
    "floor": "floor",
    "parking": "spaces",
    "neighbours": "firms",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A criterion as it is asked for."""

    name: str
    parameter: str
    target: str
    unit: str
    must: bool
    weight: float


def asked_of(requirement: Requirement) -> list[Asked]:
    """The criteria of a requirement."""
    return [
        Asked(
            name,
            _parameter(name, requirement),
            target_of(name, requirement),
            unit_of(name, requirement),
            requirement.is_must(name),
            float(requirement.weight(name)),
        )
        for name in requirement.asked
    ]


def target_of(name: str, requirement: Requirement) -> str:
    """What is asked for, in the unit of `unit_of`."""
    if name == "area":
        limits = wanted(requirement)
        assert limits is not None
        return _between(limits.low or None, limits.high if np.isfinite(limits.high) else None)
    if name == "floor":
        return _between(requirement.floor_min, requirement.floor_max)
    for walk in requirement.walks:
        if walk.name == name:
            return str(walk.metres)
    return requirement.pairs[_parameter(name, requirement)]


def unit_of(name: str, requirement: Requirement) -> str:
    """The unit of target and value; empty for words."""
    if name == "rent":
        return requirement.rent_unit
    if name == "area" and requirement.people is not None:
        return "desk"
    return "m" if any(walk.name == name for walk in requirement.walks) else _UNITS.get(name, "")


def _parameter(name: str, requirement: Requirement) -> str:
    for walk in requirement.walks:
        if walk.name == name:
            return walk_parameter(walk)[0]
    pairs, names = requirement.pairs, [each for each in FIELDS_OF[name] if each != "tolerance"]
    return next((each for each in names if each in pairs), names[0])


def _between(low: float | None, high: float | None) -> str:
    ends = ["" if end is None else f"{end:g}" if end < 1e6 else f"{end:.0f}" for end in (low, high)]
    return ends[0] if ends[0] == ends[1] else "–".join(ends)
