"""Measures of how much the leading industry has.

It leads by map group, section or division of GB/T 4754, and by enterprises, the area they use or the tax they paid.
Which one it is is asked of all of a part; a building has its own.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.indicators.days import Day
from geo.indicators.measuring import Amount, register
from geo.indicators.rows import Rows
from geo.taxonomy import industries, map_groups

LEVELS = {"group": "industry", "section": "section", "division": "division"}
"""Level of an industry → column of the stays in which its number stands, 0 for none."""

ENTERPRISES, AREA, TAX = "enterprises", "area", "tax"

LEADING: dict[str, tuple[str, str]] = {}
"""Measure → the level and the base by which its industry leads."""

_UNITS = {ENTERPRISES: "enterprises", AREA: "m2", TAX: "cny"}


def codes_of(level: str) -> list[str]:
    """The codes of a level in the order of their numbers, which begin with 1."""
    if level == "group":
        return [each.code for each in map_groups()]
    return [each.code for each in industries() if each.level == (1 if level == "section" else 2)]


def leading_industry(day: Day, numerator: Sequence[str]) -> str | None:
    """The code of the industry that leads by the measures of a numerator; None where they are about none."""
    found = next((LEADING[name] for name in numerator if name in LEADING), None)
    if found is None:
        return None
    sums = sums_of(day, *found)[0]
    return codes_of(found[0])[int(sums[1:].argmax())] if sums[1:].any() else None


def sums_of(day: Day, level: str, base: str) -> tuple[NDArray[np.float64], NDArray[Any]]:
    """By the numbers of industries of a level: in all of the part, shape (many,), and by building, shape (n, many)."""
    kept: dict[tuple[str, str], tuple[NDArray[np.float64], NDArray[Any]]]
    kept = day.__dict__.setdefault("_concentrations", {})
    if (level, base) not in kept:
        many = len(codes_of(level)) + 1
        rows = _taken(day, base)
        numbers = rows[LEVELS[level]]
        places = rows["building"] * many + numbers
        counted = base == ENTERPRISES
        by_building = np.bincount(places, None if counted else rows["amount"], day.n * many).reshape(day.n, many)
        whole = by_building.sum(axis=0) if not counted else np.bincount(numbers[_first_of_each(rows)], None, many)
        kept[level, base] = whole.astype(float), by_building
    return kept[level, base]


def _taken(day: Day, base: str) -> Rows:
    """Who has what: building, enterprise, its industry by every level and, but for enterprises themselves, `amount`."""
    if base == ENTERPRISES:
        return day.residents
    rows = _areas(day) if base == AREA else _gifts(day)
    stays = day.part.record.stays
    at = np.minimum(np.searchsorted(stays["enterprise"], rows["enterprise"]), max(len(stays) - 1, 0))
    known = stays["enterprise"][at] == rows["enterprise"] if len(stays) else np.zeros(len(rows), bool)
    columns = {name: np.where(known, stays[name][at], 0) if len(stays) else at for name in LEVELS.values()}
    return rows.having(**columns)


def _areas(day: Day) -> Rows:
    rows = day.part.areas
    rows = rows[(rows["start"] <= day.number) & (rows["stop"] > day.number)]
    return rows.having(amount=rows["area"] / 100)


def _gifts(day: Day) -> Rows:
    year = day.part.record.taxes.get((day.day.year - 1, "full"))
    nothing = {"building": np.zeros(0, int), "enterprise": np.zeros(0, int), "amount": np.zeros(0)}
    return Rows(nothing) if year is None else day.part.limited(year.gifts)


def _first_of_each(rows: Rows) -> NDArray[np.bool_]:
    """One row of each enterprise, which may sit in several buildings."""
    return np.append(True, np.diff(rows["enterprise"]) != 0) if len(rows) else np.zeros(0, bool)


def _leading(level: str, base: str, day: Day) -> Amount:
    whole, by_building = sums_of(day, level, base)
    return Amount(by_building[:, 1:].max(axis=1).astype(float), float(whole[1:].max()))


def _all(base: str, day: Day) -> Amount:
    whole, by_building = sums_of(day, "group", base)
    return Amount(by_building.sum(axis=1), float(whole.sum()))


def _rows_of_leading(level: str, day: Day) -> Rows:
    """Residents of the industry that leads in all of the part."""
    leads: NDArray[np.bool_] = day.residents[LEVELS[level]] == sums_of(day, level, ENTERPRISES)[0][1:].argmax() + 1
    return day.residents[leads]


def _unstated(level: str, day: Day) -> Amount:
    whole, by_building = sums_of(day, level, ENTERPRISES)
    return Amount(by_building[:, 0].astype(float), float(whole[0]))


@register("residents_without_area", "enterprises", staff=True)
def _without_area(day: Day) -> Amount:
    rows, known = day.residents, _areas(day)
    pairs = known["enterprise"].astype(np.int64) * (day.n + 1) + known["building"]
    lacking = rows[~np.isin(rows["enterprise"].astype(np.int64) * (day.n + 1) + rows["building"], pairs)]
    once = lacking[_first_of_each(lacking)]
    return Amount(day.sums(lacking["building"]).astype(float), float(len(once)))


for _level in LEVELS:
    for _base, _unit in _UNITS.items():
        _name = f"leading_{_level}_{_base}"
        LEADING[_name] = _level, _base
        _rows = partial(_rows_of_leading, _level) if _base == ENTERPRISES else None
        _right = {"staff": _base == AREA, "tax": _base == TAX}
        register(_name, _unit, rows=_rows, **_right)(partial(_leading, _level, _base))
register("area_of_residents_m2", "m2", staff=True)(partial(_all, AREA))
register("tax_of_enterprises_cny", "cny", tax=True)(partial(_all, TAX))
register("section_unstated", "enterprises")(partial(_unstated, "section"))
register("division_unstated", "enterprises")(partial(_unstated, "division"))
