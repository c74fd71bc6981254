"""Measures of enterprises: who is there, who came and went, and what staff hold of them."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from geo.indicators.days import Day
from geo.indicators.measuring import Amount, among, count_distinct, enterprises, register
from geo.indicators.rows import Column, Rows, joined

enterprises("residents")(lambda day: day.residents)
enterprises("foreign_funded")(lambda day: day.residents[day.residents["foreign"] == 2])
enterprises("foreign_unknown")(lambda day: day.residents[day.residents["foreign"] == 0])
enterprises("headquarters")(lambda day: day.residents[day.residents["headquarters"]])


def _with_those_elsewhere(day: Day) -> Rows:
    here, elsewhere = day.residents, day.elsewhere
    only_there = elsewhere[~among(elsewhere["enterprise"], here["enterprise"])]
    return joined([here, only_there], ("building", "enterprise", "source"))


@register("enterprises", "enterprises", rows=_with_those_elsewhere)
def _everybody(day: Day) -> Amount:
    """Residents, and who is in a building of the area that is not followed; in an area each once."""
    by_building = day.sums(day.residents["building"]).astype(float)
    here, elsewhere = day.residents["enterprise"], day.elsewhere["enterprise"]
    only_there = elsewhere[~among(elsewhere, here)]
    return Amount(by_building, float(count_distinct(here) + count_distinct(only_there)))


@enterprises("newcomers", when=True)
def _newcomers(day: Day) -> Rows:
    """Who is there and was in none of the buildings a year before."""
    return _newcomers_of(day)


@enterprises("large_newcomers", when=True)
def _large_newcomers(day: Day) -> Rows:
    rows = _newcomers_of(day)
    return rows[rows["large"]]


@enterprises("leavers", when=True)
def _leavers(day: Day) -> Rows:
    """Who was there a year before and is in none of the buildings any more."""
    before = day.year_before.residents
    return before[~among(before["enterprise"], day.residents["enterprise"])]


@enterprises("movers_within", when=True)
def _movers_within(day: Day) -> Rows:
    """Who was there a year before and is, but in a building where it was not."""
    before = day.year_before.residents
    stayed = among(day.residents["enterprise"], before["enterprise"])
    again = among(_pairs(day.residents, day.n), _pairs(before, day.n))
    return day.residents[stayed & ~again]


def _newcomers_of(day: Day) -> Rows:
    there = among(day.residents["enterprise"], day.year_before.residents["enterprise"])
    return day.residents[~there]


def _pairs(rows: Rows, n: int) -> NDArray[np.int64]:
    pairs: NDArray[np.int64] = rows["enterprise"].astype(np.int64) * (n + 1) + rows["building"]
    return pairs


@register("employees", "people", staff=True)
def _employees(day: Day) -> Amount:
    return _of_people(day, "employees", lambda known: np.maximum(known, 0))


@register("employees_unstated", "enterprises", staff=True)
def _employees_unstated(day: Day) -> Amount:
    return _of_people(day, "employees", lambda known: known < 0)


@register("registered_here", "enterprises", staff=True)
def _registered_here(day: Day) -> Amount:
    return _of_people(day, "registered", lambda known: known == 1)


@register("registered_elsewhere", "enterprises", staff=True)
def _registered_elsewhere(day: Day) -> Amount:
    return _of_people(day, "registered", lambda known: known == 2)


@register("registration_unknown", "enterprises", staff=True)
def _registration_unknown(day: Day) -> Amount:
    return _of_people(day, "registered", lambda known: known == 0)


def _of_people(day: Day, column: str, count: Callable[[Column], Column]) -> Amount:
    """What staff hold of residents, added up: each once in a building, and once in all of them."""
    staff = day.part.record.staff
    assert staff
    rows = day.residents
    at = np.searchsorted(staff.people["enterprise"], rows["enterprise"])
    values = count(staff.people[column])[at].astype(np.int64)
    first = np.append(True, np.diff(rows["enterprise"]) != 0) if len(rows) else slice(0)
    return Amount(day.sums(rows["building"], values).astype(float), float(values[first].sum()))
