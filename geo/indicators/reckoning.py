"""Works out indicators: a value with its numerator, denominator, what is not known, and how much it rests on."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from geo.indicators.days import Day
from geo.indicators.dictionary import Indicator, indicators
from geo.indicators.measures import MEASURES, Amount, Floats, measure
from geo.indicators.record import Part


@dataclass(frozen=True, slots=True)
class Reckoned:
    """An indicator of a part on a day.

    Attributes
    ----------
    value
        None where there is nothing to reckon with, or nothing to divide by.
    numerator, denominator
        The figures behind it in the units of their measures; None where it has no denominator.
    terms
        Every measure with its figure, in the order of the formula.
    unknown, unknown_share
        What is not known, and its share of what it belongs to (0 to 1).
    n
        How many operating buildings the part has.
    """

    indicator: Indicator
    day: date
    value: float | None
    numerator: float | None
    denominator: float | None
    terms: tuple[tuple[str, float], ...]
    unknown: float | None
    unknown_share: float | None
    n: int


@dataclass(frozen=True, slots=True)
class ByBuilding:
    """An indicator of every building of a part, in its order; NaN where there is none.

    `numerator`, `denominator` and `unknown` are zeros where the indicator has none.
    """

    value: Floats
    numerator: Floats
    denominator: Floats
    unknown: Floats


def work_out(part: Part, day: date, chosen: Iterable[Indicator] | None = None) -> list[Reckoned]:
    """Indicators of a part on a day, in the order of the dictionary; without `chosen` all that the record can tell.

    A record for visitors tells none that rests on what staff alone hold.
    """
    on = Day(part, day)
    return [reckon(on, each) for each in chosen or indicators() if can_tell(part, each)]


def can_tell(part: Part, indicator: Indicator) -> bool:
    """Whether the record of a part holds what an indicator rests on."""
    measures = [MEASURES[name] for name in indicator.measures]
    if any(each.tax for each in measures) and not part.record.taxes:
        return False
    return part.record.staff is not None or not any(each.staff for each in measures)


def reckon(on: Day, indicator: Indicator) -> Reckoned:
    """One indicator on a day."""
    names = dict.fromkeys(indicator.measures)
    totals = {name: measure(on, name).total for name in names}

    def total(of: Sequence[str]) -> float:
        return math.fsum(totals[name] for name in of)

    over = total(indicator.numerator)
    under = total(indicator.denominator) if indicator.denominator else None
    unknown = total(indicator.unknown) if indicator.unknown else None
    whole = total(indicator.unknown_in) if indicator.unknown_in else None
    share = unknown / whole if unknown is not None and whole else None
    # Where nothing at all is known there is no value, not zero.
    value = None if not over and share is not None and share >= 1 else _quotient(over, under)
    terms = tuple((name, totals[name]) for name in names)
    n = int(on.operating.sum())
    return Reckoned(indicator, on.day, _told(value), _told(over), _told(under), terms, _told(unknown), share, n)


def by_building(on: Day, indicator: Indicator) -> ByBuilding:
    """One indicator of every building."""

    def total(of: Sequence[str]) -> Floats:
        amounts: list[Amount] = [measure(on, name) for name in of]
        return np.sum([each.by_building for each in amounts], axis=0) if amounts else np.zeros(on.n)

    over, under, unknown = total(indicator.numerator), total(indicator.denominator), total(indicator.unknown)
    if not indicator.denominator:
        return ByBuilding(over, over, under, unknown)
    value = np.full(on.n, np.nan)
    np.divide(over, under, out=value, where=under > 0)
    return ByBuilding(value, over, under, unknown)


def _quotient(over: float, under: float | None) -> float | None:
    if under is None:
        return over
    return over / under if under > 0 else None


def _told(value: float | None) -> float | None:
    return None if value is None or math.isnan(value) else value
