"""Puts CSV rows with too few or too many fields back under their headings, where the other rows leave no doubt.

A field that went missing (or a separator inside unquoted text) shifts everything to its right. What each column holds
is learned from the well-formed rows; a row is kept when its fields fit the columns in one way only, and fields that
several ways place differently are left blank.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

_MOST_MISSING = 2
_MOST_DISTINCT = 40
_NUMBER = re.compile(r"[-+]?\d[\d,]*\.?\d*$")
_DATE = re.compile(r"\d{4}[-/.年]\d{1,2}([-/.月]\d{1,2}日?)?( .*)?$|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}$")


@dataclass(frozen=True, slots=True)
class ColumnHabit:
    """What a column holds in well-formed rows. `words` are all its values where they are few, else empty."""

    number: bool
    date: bool
    low: float
    high: float
    blanks: bool
    words: frozenset[str]

    def strangeness(self, value: str) -> float:
        """Return 0 for a value that is usual in this column, infinity for one that cannot stand in it."""
        value = value.strip()
        if not value:
            return 0 if self.blanks else 2
        if self.number:
            if not _NUMBER.match(value):
                return math.inf
            return 0 if self.low <= _float(value) <= self.high else 1
        if self.date:
            return 0 if _DATE.match(value) else math.inf
        return 1 if self.words and value not in self.words else 0


@dataclass(frozen=True, slots=True)
class Alignment:
    """A row under its headings, and the columns that were left blank or joined; `sure` when only one way fits."""

    cells: list[str]
    columns: list[int]
    sure: bool


def learn_habits(rows: Iterable[Sequence[str]], width: int) -> list[ColumnHabit]:
    """Return what each column holds, from rows that have exactly `width` fields."""
    columns = list(zip(*rows, strict=True)) or [()] * width
    return [_habit(Counter(map(str.strip, column))) for column in columns]


def align_row(cells: Sequence[str], habits: Sequence[ColumnHabit], separator: str) -> Alignment | None:
    """Return a row brought to the width of the table, None when no way fits.

    Up to two missing or surplus fields are tried; more are only accepted as blanks at the end of the row.
    """
    width = len(habits)
    if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
        return Alignment(list(cells[:width]), [], sure=True)
    if len(cells) < width:
        return _agreed(cells, _gaps(width, width - len(cells)), habits)
    return _joined(cells, habits, separator)


def _gaps(width: int, missing: int) -> Iterable[tuple[int, ...]]:
    if missing > _MOST_MISSING:
        return [tuple(range(width - missing, width))]
    return combinations(range(width), missing)


def _inserted(cells: Sequence[str], gaps: Sequence[int]) -> list[str]:
    row = list(cells)
    for gap in gaps:
        row.insert(gap, "")
    return row


def _agreed(cells: Sequence[str], ways: Iterable[tuple[int, ...]], habits: Sequence[ColumnHabit]) -> Alignment | None:
    """Return what the least strange ways agree on; a row that agrees on nothing but its blanks is no row."""
    gaps_of: dict[tuple[str, ...], set[int]] = {}
    for gaps in ways:
        gaps_of.setdefault(tuple(_inserted(cells, gaps)), set()).update(gaps)
    strangeness = {row: _strangeness(row, habits) for row in gaps_of}
    least = min(strangeness.values())
    if math.isinf(least):
        return None
    fitting = [row for row in gaps_of if strangeness[row] == least]
    if len(fitting) == 1:
        return Alignment(list(fitting[0]), sorted(gaps_of[fitting[0]]), sure=True)
    differing = [index for index, values in enumerate(zip(*fitting, strict=True)) if len(set(values)) > 1]
    agreed = ["" if index in differing else value for index, value in enumerate(fitting[0])]
    return Alignment(agreed, differing, sure=False) if any(agreed) else None


def _joined(cells: Sequence[str], habits: Sequence[ColumnHabit], separator: str) -> Alignment | None:
    """Join neighbouring fields again that a separator inside a text tore apart."""
    surplus = len(cells) - len(habits)
    if surplus > _MOST_MISSING:
        return None
    found = []
    for column, habit in enumerate(habits):
        text = separator.join(cells[column : column + surplus + 1])
        row = [*cells[:column], text, *cells[column + surplus + 1 :]]
        plain = not (habit.number or habit.date or habit.words)
        if plain and not math.isinf(strangeness := _strangeness(row, habits)):
            found.append((strangeness, column, row))
    found.sort(key=lambda way: way[0])
    if not found or (len(found) > 1 and found[0][0] == found[1][0]):
        return None
    return Alignment(found[0][2], [found[0][1]], sure=True)


def _strangeness(row: Sequence[str], habits: Sequence[ColumnHabit]) -> float:
    return sum(habit.strangeness(cell) for habit, cell in zip(habits, row, strict=True))


def _habit(values: Counter[str]) -> ColumnHabit:
    blanks = values.pop("", 0) > 0
    filled = values.total()
    dated = sum(often for value, often in values.items() if _DATE.match(value))
    numbers = {_float(value): often for value, often in values.items() if _NUMBER.match(value)}
    number = filled > 0 and sum(numbers.values()) >= 0.98 * filled
    low, high = (min(numbers), max(numbers)) if number else (0.0, 0.0)
    margin = (high - low) * 0.5
    date = filled > 0 and not number and dated >= 0.98 * filled
    few = not number and not date and len(values) <= min(_MOST_DISTINCT, filled / 5)
    words = frozenset(values) if few else frozenset()
    return ColumnHabit(number, date, low - margin, high + margin, blanks, words)


def _float(value: str) -> float:
    return float(value.replace(",", ""))
