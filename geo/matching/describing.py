"""What a result says of itself under each criterion: value, target, unit, outcome and points, as plain data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.columns import Array
from geo.filters import RENT_UNITS
from geo.matching.area import wanted
from geo.matching.market import Market
from geo.matching.requirement import BANDS, PERMITS, Requirement, to_pairs, walk_parameter
from geo.matching.rules import REGISTRABLE
from geo.matching.scoring import Scored

Value = float | int | str | list[str] | None

_NOTHING = 0.0005
"""A share that comes to no points at all."""

MET, PARTLY, MISSED, NOT_STATED = "met", "partly", "missed", "not_stated"

_EPOCH = date(1970, 1, 1)
_UNITS = {"area": "m2", "available": "month", "budget": "cny_month", "floor": "floor", "parking": "spaces"}
_INDUSTRY = ("absent", "present", "leading")


@dataclass(frozen=True, slots=True)
class Asked:
    """A criterion as it is asked for."""

    name: str
    parameter: str
    target: str
    unit: str
    must: bool
    weight: float


@dataclass(frozen=True, slots=True)
class Part:
    """What a result says under a criterion; `points` of at most `most` go into its score."""

    name: str
    outcome: str
    value: Value
    points: float
    most: float


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
    return to_pairs(requirement)[_parameter(name, requirement)]


def unit_of(name: str, requirement: Requirement) -> str:
    """The unit of target and value; empty for words."""
    if name == "rent":
        return requirement.rent_unit
    if name == "area" and requirement.people is not None:
        return "desk"
    return "m" if any(walk.name == name for walk in requirement.walks) else _UNITS.get(name, "")


def part(scored: Scored, name: str, places: NDArray[np.intp], take_m2: NDArray[np.float64], points: int) -> Part:
    """What the units at `places`, taken together, say under a criterion."""
    found = scored.judged[name]
    unstated = found.unstated is not None and bool(found.unstated[places].any())
    most = scored.most[name]
    share = (
        float(found.shares[places].min())
        if name not in ("area", "budget") or len(places) == 1
        else points / (most or 1)
    )
    outcome = MET if share >= 1 else NOT_STATED if unstated else PARTLY if share >= _NOTHING else MISSED
    value = _value(scored, name, places, take_m2)
    keep = not unstated or name == "permits"
    return Part(name, outcome, value if keep else None, points / 10, most / 10)


def available_on(market: Market, places: NDArray[np.intp]) -> date | None:
    """The latest month from which one of some units is free; None where all are now."""
    latest = int(market.column("available")[places].max())
    return _EPOCH + timedelta(days=latest) if latest > (market.as_of - _EPOCH).days else None


def _parameter(name: str, requirement: Requirement) -> str:
    for walk in requirement.walks:
        if walk.name == name:
            return walk_parameter(walk)[0]
    pairs = to_pairs(requirement)
    usual = {"available": "available_by", "rent": "rent_max", "budget": "budget_month"}.get(name, name)
    return next((each for each in (usual, "people", f"{name}_min", f"{name}_max") if each in pairs), usual)


def _value(scored: Scored, name: str, places: NDArray[np.intp], take_m2: NDArray[np.float64]) -> Value:
    market, values = scored.market, scored.judged[name].values[places]
    if name == "area":
        per = scored.desk_m2[places] if scored.requirement.people is not None else 1.0
        return round(float((take_m2 / per).sum()), 1)
    if name == "budget":
        month = market.column("rent")[places].astype(float) * take_m2
        return round(float(month.sum()) * 365 / 12, 2)
    if name == "rent":
        mean = float((values * take_m2).sum() / take_m2.sum()) if take_m2.sum() else float(values[0])
        return round(mean / RENT_UNITS[scored.requirement.rent_unit], 2)
    if name == "available":
        day = available_on(market, places)
        return f"{day:%Y-%m}" if day else "now"
    told = _TOLD.get(name)
    if told is not None:
        return told(market, values)
    metres = int(values[0])
    return None if metres < 0 else metres


def _each(words: Callable[[Market], Any]) -> Callable[[Market, Array], Value]:
    """One word, or those of all parts."""

    def told(market: Market, values: Array) -> Value:
        found = [words(market)[int(value) - 1] for value in dict.fromkeys(values.tolist()) if value]
        return found[0] if len(found) == 1 else found

    return told


def _bits(words: Callable[[Market], Any]) -> Callable[[Market, Array], Value]:
    def told(market: Market, values: Array) -> Value:
        return [word for place, word in enumerate(words(market)) if int(values[0]) >> place & 1]

    return told


def _floors(_: Market, values: Array) -> Value:
    low, high = int(values.min()), int(values.max())
    return low if low == high else f"{low}–{high}"


def _inside(_: Market, values: Array) -> Value:
    return "inside" if values.all() else "outside"


_TOLD: Mapping[str, Callable[[Market, Array], Value]] = {
    "floor": _floors,
    "band": _each(lambda _: BANDS),
    "grade": _each(lambda market: market.words("grade")),
    "star": _each(lambda _: ("1", "2", "3", "4", "5")),
    "fitout": _each(lambda market: market.words("fitout")),
    "theme": _bits(lambda market: market.words("theme")),
    "permits": _bits(lambda _: PERMITS),
    "industry": lambda _, values: _INDUSTRY[int(values[0])],
    "registrable": lambda _, values: REGISTRABLE.get(int(values[0])),
    "parking": lambda _, values: int(values[0]),
    "zone": _inside,
    "within": _inside,
    "bbox": _inside,
}


def _between(low: float | None, high: float | None) -> str:
    ends = ["" if end is None else f"{end:g}" if end < 1e6 else f"{end:.0f}" for end in (low, high)]
    return ends[0] if ends[0] == ends[1] else "–".join(ends)
