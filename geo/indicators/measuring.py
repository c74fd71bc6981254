"""The register of measures: how one is taken of a part on a day, by building and for all of it.

A measure of areas or counts is the sum of its buildings. One of enterprises counts each once, however many of the
buildings it sits in, so that its figure for an area may be less than that sum.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

import numpy as np
from numpy.typing import NDArray

from geo.indicators.days import Day
from geo.indicators.rows import Rows
from geo.taxonomy.tables import Word, read_table

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Amount:
    """A figure by building, shape (n,), and for all of them; `things` are the ids of what was counted once."""

    by_building: Floats
    total: float


@dataclass(frozen=True)
class Measure:
    """A measure: its name and unit, how it is taken, and whether only `staff`, or `tax`
    officers, may see what it rests on.

    `rows` are the stays that it counts, where it counts enterprises; which they are tells `when` somebody came or went.
    """

    name: str
    unit: str
    take: Callable[[Day], Amount] = field(repr=False)
    staff: bool = False
    tax: bool = False
    rows: Callable[[Day], Rows] | None = field(default=None, repr=False)
    when: bool = False


Take = Callable[[Day], Amount]

MEASURES: dict[str, Measure] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureName(Word):
    """What a measure is called, and its unit."""

    unit: str


@cache
def measure_names() -> dict[str, MeasureName]:
    """The names of measures by their codes."""
    return {each.code: each for each in read_table(MeasureName, "measures.csv")}


def measure(day: Day, name: str) -> Amount:
    """A measure of a part on a day; worked out once.

    Raises
    ------
    KeyError
        There is no such measure.
    """
    kept: dict[str, Amount] = day.__dict__.setdefault("_amounts", {})
    if name not in kept:
        kept[name] = MEASURES[name].take(day)
    return kept[name]


def area(name: str) -> Callable[[Callable[[Day], NDArray[np.int64]]], None]:
    """A measure of areas in dm², told in m²."""
    return summed(name, "m2", 100)


def buildings(name: str) -> Callable[[Callable[[Day], NDArray[np.int64]]], None]:
    """A measure that counts buildings."""
    return summed(name, "buildings", 1)


def summed(
    name: str, unit: str, parts: int, staff: bool = False
) -> Callable[[Callable[[Day], NDArray[np.int64]]], None]:
    """A measure that is the sum of its buildings, each in whole numbers of which `parts` make one of the unit."""

    def register(take: Callable[[Day], NDArray[np.int64]]) -> None:
        def amount(day: Day) -> Amount:
            values = take(day)
            return Amount(values / parts, int(values.sum()) / parts)

        MEASURES[name] = Measure(name, unit, amount, staff)

    return register


def register(
    name: str,
    unit: str,
    *,
    staff: bool = False,
    tax: bool = False,
    rows: Callable[[Day], Rows] | None = None,
) -> Callable[[Take], Take]:
    """A measure that works out its amount itself."""

    def registered(take: Take) -> Take:
        MEASURES[name] = Measure(name, unit, take, staff, tax, rows)
        return take

    return registered


def enterprises(name: str, *, tax: bool = False, when: bool = False) -> Callable[[Callable[[Day], Rows]], None]:
    """A measure that counts enterprises of rows with `building` and `enterprise`, each once."""

    def register(take: Callable[[Day], Rows]) -> None:
        def amount(day: Day) -> Amount:
            rows = take(day)
            by_building = day.sums(rows["building"]).astype(float)
            return Amount(by_building, float(count_distinct(rows["enterprise"])))

        MEASURES[name] = Measure(name, "enterprises", amount, tax=tax, rows=take, when=when)

    return register


def count_distinct(ordered: NDArray[np.int64]) -> int:
    """How many different numbers there are in some that are in order."""
    return int(np.count_nonzero(np.diff(ordered))) + 1 if len(ordered) else 0


def among(wanted: NDArray[np.int64], ordered: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which of some numbers are among others that are in order."""
    if not len(ordered):
        return np.zeros(len(wanted), bool)
    at = np.minimum(np.searchsorted(ordered, wanted), len(ordered) - 1)
    found: NDArray[np.bool_] = ordered[at] == wanted
    return found
