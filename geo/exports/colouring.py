"""How buildings are coloured: by vacancy, grade, star, leading industry or the age of the fact, each a list of classes.

The map page does the same in `static/src/map/colours.js`; a test holds the two to the same limits and colours.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from geo import taxonomy
from geo.state_search import Table

COLOURINGS = ("vacancy", "grade", "star", "industry", "age")
UNKNOWN = "#aab3bb"
VACANCY = (("full", "#dde2e8", 0.0), ("v10", "#fbdca6", 0.1), ("v25", "#f3ad55", 0.25), ("v50", "#d9731f", 0.5))
OVER = ("v100", "#9c3f0a")
"""Codes, colours and the vacancy up to which they stand; the last is what lies over all of them."""

AGE = (("week", "#0d735a", 7.0), ("month", "#5fb394", 31.0), ("quarter", "#e0b94f", 92.0))
OLDER = ("older", "#a5482b")
GRADES = ("#3b2a63", "#6b4fa0", "#a68fd0", "#d5cbe8", "#e6e1ef")
STARS = ("#1f5f3d", "#4f8f57", "#8db87a", "#bfd3a8", "#dfe6d8")

_EPOCH = date(1970, 1, 1)
Classes = NDArray[np.intp]
Steps = tuple[tuple[str, str, float], ...]


@dataclass(frozen=True, slots=True)
class Colouring:
    """The classes, "unknown" last: codes and colours; and the number of the class of each building."""

    codes: tuple[str, ...]
    colours: tuple[str, ...]
    of: Classes


def colouring(table: Table, by: str) -> Colouring:
    """The buildings of a state by a key of `COLOURINGS`."""
    return _WAYS[by](table)


def _by_vacancy(table: Table) -> Colouring:
    vacant, leasable, units, unknown = (
        np.asarray(table.building(name), float) for name in ("vacant", "leasable", "units", "unknown")
    )
    untold = (units == 0) | (leasable == 0) | ((vacant == 0) & (unknown > 0))
    share = np.divide(vacant, leasable, out=np.zeros_like(vacant), where=leasable > 0)
    return _ramp(share, untold, VACANCY, OVER)


def _by_age(table: Table) -> Colouring:
    reported = np.asarray(table.building("reported"), float)
    today = (date.fromisoformat(str(table.columns.header["as_of"])) - _EPOCH).days
    return _ramp(today - reported, reported == 0, AGE, OLDER)


def _ramp(values: NDArray[np.float64], untold: NDArray[np.bool_], steps: Steps, last: tuple[str, str]) -> Colouring:
    found = np.searchsorted(np.array([limit for _, _, limit in steps]), values, side="left")
    codes = (*(code for code, _, _ in steps), last[0], "unknown")
    colours = (*(colour for _, colour, _ in steps), last[1], UNKNOWN)
    return Colouring(codes, colours, np.where(untold, len(codes) - 1, found))


def _by_grade(table: Table) -> Colouring:
    return _words(table, "grade", table.words["grade"], GRADES)


def _by_star(table: Table) -> Colouring:
    star = np.asarray(table.building("star"), np.intp)
    return Colouring((*"54321", "unknown"), (*STARS, UNKNOWN), np.where(star > 0, 5 - star, 5))


def _by_industry(table: Table) -> Colouring:
    known = {group.code: group.colour or UNKNOWN for group in taxonomy.map_groups()}
    words = table.words["industry"]
    return _words(table, "leading", words, tuple(known.get(word, UNKNOWN) for word in words))


def _words(table: Table, column: str, words: list[str], colours: tuple[str, ...]) -> Colouring:
    number = np.asarray(table.building(column), np.intp)
    shown = tuple(colours[min(place, len(colours) - 1)] for place in range(len(words)))
    return Colouring((*words, "unknown"), (*shown, UNKNOWN), np.where(number > 0, number - 1, len(words)))


_WAYS: dict[str, Callable[[Table], Colouring]] = {
    "vacancy": _by_vacancy,
    "grade": _by_grade,
    "star": _by_star,
    "industry": _by_industry,
    "age": _by_age,
}
