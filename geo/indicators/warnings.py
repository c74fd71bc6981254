"""What needs somebody's attention: buildings whose figures reach a stated limit (`data/taxonomies/warnings.toml`)."""

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.disclosure import Audience
from geo.errors import LouMapError
from geo.indicators.days import Day
from geo.indicators.record import OCCUPIED
from geo.taxonomy.tables import FOLDER, Word

Values = NDArray[np.float64]
Found = tuple[Values, Values]
"""Of each building what is held against the limit (NaN where there is nothing), and the m² that it concerns."""

CHANGEABLE = ("limit", "least_m2", "days")
_DM2 = 100


class BadWarningError(LouMapError):
    """A file of an installation's own limits cannot be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Word):
    """What is warned of: `limit` in `unit`, the least area concerned, and how many days are looked back."""

    definition: str
    definition_en: str
    unit: str
    limit: float
    least_m2: float = 0
    days: int = 0
    confidentiality: str = "public"

    @property
    def audience(self) -> Audience:
        """Who may see its warnings."""
        return Audience(self.confidentiality)


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning: the building's id, the figure that reached the limit, and the m² that it concerns."""

    rule: Rule
    building_id: int
    value: float
    area_m2: float


@cache
def rules(own: Path | None = None) -> tuple[Rule, ...]:
    """The rules with their limits, as the installation's own file has them.

    Raises
    ------
    BadWarningError
        The file cannot be read, or says something that there is not; the message names it.
    """
    given = tuple(Rule(**entry) for entry in _entries(FOLDER / "warnings.toml"))
    if own is None:
        return given
    changes = {str(entry.get("code")): entry for entry in _entries(own)}
    if strange := changes.keys() - {rule.code for rule in given}:
        known = ", ".join(rule.code for rule in given)
        raise BadWarningError(f"{own}: there is no warning {min(strange)!r}; there are {known}.")
    return tuple(replace(rule, **_changes(own, changes.get(rule.code, {}))) for rule in given)


def warn(on: Day, chosen: Sequence[Rule], addresses: Mapping[int, int] | None = None) -> list[Warned]:
    """Which buildings reach a limit, rule by rule, those first that it concerns most.

    Parameters
    ----------
    on
        The buildings on the day.
    chosen
        Rules that the reader may see; those for staff need a record that holds what staff know.
    addresses
        Building id → how many of its enterprises are registered at one address at most.
    """
    found: list[Warned] = []
    for rule in chosen:
        values, areas = _FINDERS[rule.code](on, rule) if rule.code != "shared_address" else _shared(on, addresses)
        with np.errstate(invalid="ignore"):
            reached = np.flatnonzero((values >= rule.limit) & (areas >= rule.least_m2))
        order = reached[np.lexsort((-values[reached], -areas[reached]))]
        ids = on.part.buildings["id"]
        found += [Warned(rule, int(ids[at]), float(values[at]), float(areas[at])) for at in order.tolist()]
    return found


def _high_vacancy(day: Day, rule: Rule) -> Found:
    return _over(day.vacant, day.base), day.vacant / _DM2


def _long_vacancy(day: Day, rule: Rule) -> Found:
    long = day.vacant_for(rule.days, 1_000_000_000)
    return _over(long, day.base), long / _DM2


def _sudden_fall(day: Day, rule: Rule) -> Found:
    before = Day(day.part, day.day - timedelta(days=rule.days))
    there = before.operating & day.operating
    fall = _over(before.occupied, before.base) - _over(day.occupied, day.base)
    emptied = np.where(there, day.vacant - before.vacant, 0)
    return np.where(there, fall, np.nan), emptied / _DM2


def _over_full(day: Day, rule: Rule) -> Found:
    rows = day.spaces
    used = rows["state"] == OCCUPIED
    stated, taken = day.part.buildings["leasable"], day.sums(rows["building"][used], rows["area"][used])
    return _over(taken - stated, stated), np.where(stated > 0, taken - stated, 0) / _DM2


def _late_returns(day: Day, rule: Rule) -> Found:
    rows = day.part.returns
    rows = rows[(rows["week"] <= day.number) & (rows["week"] > day.number - rule.days) & ~rows["in_time"]]
    return day.sums(rows["building"]).astype(float), day.base / _DM2


def _shared(on: Day, addresses: Mapping[int, int] | None) -> Found:
    ids = on.part.buildings["id"].tolist()
    return np.array([(addresses or {}).get(ident, 0) for ident in ids], float), np.zeros(len(ids))


def _over(part: NDArray[np.int64], whole: NDArray[np.int64]) -> Values:
    share = np.full(len(whole), np.nan)
    np.divide(part, whole, out=share, where=whole > 0)
    return share


_FINDERS: Mapping[str, Callable[[Day, Rule], Found]] = {
    "high_vacancy": _high_vacancy,
    "long_vacancy": _long_vacancy,
    "sudden_fall": _sudden_fall,
    "over_full": _over_full,
    "late_returns": _late_returns,
}


def _changes(path: Path, entry: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: value for name, value in entry.items() if name != "code"}
    for name, value in told.items():
        if name not in CHANGEABLE or isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            allowed = ", ".join(CHANGEABLE)
            raise BadWarningError(f"{path}: {entry['code']}: {name} = {value!r}; numbers from 0 on of {allowed}.")
    return told


def _entries(path: Path) -> Iterator[Mapping[str, Any]]:
    try:
        yield from tomllib.loads(path.read_text("utf-8")).get("warning", [])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadWarningError(f"{path} cannot be read as TOML: {error}") from None
