"""What a result says of itself under each criterion: value, outcome and points, as plain data."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import isnan
from typing import Any

import numpy as np

from geo.filters import RENT_UNITS
from geo.matching.market import Market, Rows, Units, day_of, days_of
from geo.matching.requirement import BANDS, PERMITS, STARS
from geo.matching.rules import REGISTRABLE, judged
from geo.matching.scoring import Scored
from geo.snapshot import NO_AMENITY

Value = float | int | str | list[str] | None

_NOTHING = 0.0005
"""A share that comes to no points at all."""

MET, PARTLY, MISSED, NOT_STATED = "met", "partly", "missed", "not_stated"

_INDUSTRY = ("absent", "present", "leading")


@dataclass(frozen=True, slots=True)
class Result:
    """Units at some places of a market with the m² that would be taken of each, and its tenths of a point.

    `lack` is what they lack together of criteria that are asked of them as a whole.
    """

    kind: str
    places: Rows
    take_m2: list[float]
    points: Mapping[str, int]
    lack: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """What a result says under a criterion; `points` of at most `most` go into its score.

    `missing` names what is not stated and therefore not in the value: the property fee in a budget. `nearest_m` is how
    far the nearest neighbour of the industry is.
    """

    name: str
    outcome: str
    value: Value
    points: float
    most: float
    missing: tuple[str, ...] = ()
    nearest_m: int | None = None


def parts(scored: Scored, results: Sequence[Result]) -> list[tuple[Part, ...]]:
    """What each result says under each criterion."""
    if not results or not scored.most:
        return [()] * len(results)
    units = scored.market.at(np.concatenate([result.places for result in results]))
    seen = _Seen(scored, results, units)
    return list(zip(*(seen.under(name) for name in scored.most), strict=True))


def available_on(market: Market, places: Rows) -> date | None:
    """The latest month from which one of some units is free; None where all are now."""
    latest = int(market.column("available")[places].max())
    return day_of(latest) if latest > days_of(market.as_of) else None


@dataclass(frozen=True, slots=True)
class _Said:
    """What the units of one result say under a criterion, as it is kept, and what is needed to put it in words."""

    scored: Scored
    result: Result
    values: list[Any]

    def column(self, name: str) -> list[float]:
        """A column of its units."""
        found: list[float] = self.scored.market.column(name)[self.result.places].tolist()
        return found

    def times_taken(self, name: str) -> float:
        """The sum of a column over all m² that would be taken."""
        return sum(value * take for value, take in zip(self.column(name), self.result.take_m2, strict=True))


@dataclass(frozen=True, slots=True)
class _Seen:
    """The units of all results, one after the other."""

    scored: Scored
    results: Sequence[Result]
    units: Units

    def under(self, name: str) -> Iterator[Part]:
        """What each result says under a criterion."""
        found, told = judged(name, self.units, self.scored.requirement), _TOLD.get(name, _metres)
        lack, values, silent = found.lack.tolist(), found.values.tolist(), found.unstated.tolist()
        most, start = self.scored.most[name] / 10, 0
        for result in self.results:
            span = slice(start, start + len(result.places))
            start = span.stop
            lacks, unstated = [result.lack[name]] if name in result.lack else lack[span], any(silent[span])
            said = _Said(self.scored, result, values[span])
            value = told(said) if not unstated or name == "permits" else None
            more = _MORE[name](said) if name in _MORE else {}
            yield Part(name, _outcome(lacks, unstated), value, result.points[name] / 10, most, **more)


def _outcome(lacks: list[float], unstated: bool) -> str:
    if all(lack <= 0 for lack in lacks):
        return MET
    if unstated:
        return NOT_STATED
    return PARTLY if max(lacks) <= 1 - _NOTHING else MISSED


def _area(said: _Said) -> Value:
    per = said.column("desk_m2") if said.scored.requirement.people is not None else [1.0] * len(said.values)
    return round(sum(take / m2 for take, m2 in zip(said.result.take_m2, per, strict=True)), 1)


def _available(said: _Said) -> Value:
    day = available_on(said.scored.market, said.result.places)
    return f"{day:%Y-%m}" if day else "now"


def _rent(said: _Said) -> Value:
    taken = sum(said.result.take_m2)
    mean = said.times_taken("rent") / taken if taken else said.values[0]
    return round(mean / RENT_UNITS[said.scored.requirement.rent_unit], 2)


def _budget(said: _Said) -> Value:
    return round(said.times_taken("price"), 2)


def _budget_without(said: _Said) -> dict[str, Any]:
    return {"missing": ("property_fee",)} if any(isnan(fee) for fee in said.column("fee")) else {}


def _nearest(said: _Said) -> dict[str, Any]:
    market, industry = said.scored.market, said.scored.requirement.industry
    if not said.values[0]:
        return {}
    return {"nearest_m": round(float(market.table.around(industry).metres[market.buildings[said.result.places[0]]]))}


def _floors(said: _Said) -> Value:
    low, high = min(said.values), max(said.values)
    return low if low == high else f"{low}–{high}"


def _each(words: Callable[[Market], Sequence[str]]) -> Callable[[_Said], Value]:
    """One word, or those of all parts."""

    def told(said: _Said) -> Value:
        known = words(said.scored.market)
        found = [known[value - 1] for value in dict.fromkeys(said.values) if value]
        return found[0] if len(found) == 1 else found

    return told


def _bits(words: Callable[[Market], Sequence[str]]) -> Callable[[_Said], Value]:
    def told(said: _Said) -> Value:
        return [word for place, word in enumerate(words(said.scored.market)) if said.values[0] >> place & 1]

    return told


def _inside(said: _Said) -> Value:
    return "inside" if all(said.values) else "outside"


def _first(said: _Said) -> Value:
    found: int = said.values[0]
    return found


def _metres(said: _Said) -> Value:
    return None if said.values[0] == NO_AMENITY else _first(said)


_TOLD: Mapping[str, Callable[[_Said], Value]] = {
    "area": _area,
    "available": _available,
    "rent": _rent,
    "budget": _budget,
    "floor": _floors,
    "band": _each(lambda _: BANDS),
    "grade": _each(lambda market: market.words("grade")),
    "star": _each(lambda _: STARS),
    "fitout": _each(lambda market: market.words("fitout")),
    "theme": _bits(lambda market: market.words("theme")),
    "permits": _bits(lambda _: PERMITS),
    "industry": lambda said: _INDUSTRY[said.values[0]],
    "registrable": lambda said: REGISTRABLE.get(said.values[0]),
    "neighbours": _first,
    "parking": _first,
    "zone": _inside,
    "within": _inside,
    "bbox": _inside,
}
_MORE: Mapping[str, Callable[[_Said], dict[str, Any]]] = {"budget": _budget_without, "neighbours": _nearest}
