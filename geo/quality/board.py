"""What is held against what should be known, by building and field, with how old it is.

Completeness of a building or of many is ``Σ w·have / Σ w·due`` within each field, fields weighted as the rules say:
``Σ_f w_f · have_f/due_f ÷ Σ_f w_f`` over the fields of which something is due. Nothing is a score without these parts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from geo.quality.reading import COLUMNS, Held, fact_codes
from geo.quality.rules import Field, Rules
from geo.row_arrays import Array

NO_DAY = -1
"""Stands for the age of what bears no date."""

Mask = NDArray[np.bool_]
_STOREYS = 2**16
_OF_UNITS = ("units", "market", "let")


@dataclass(frozen=True, slots=True)
class Told:
    """A field, or several, of some buildings: how much is there of what is due; `points` of `most` are weighed."""

    have: int
    due: int
    points: float
    most: float

    @property
    def share(self) -> float | None:
        """Points over most; None where nothing is due or weighed."""
        return self.points / self.most if self.most else None


@dataclass(frozen=True, slots=True)
class Age:
    """How many days old something is, of what bears a date: the median and the oldest; None where nothing does."""

    median_days: int | None
    oldest_days: int | None


@dataclass(frozen=True)
class Board:
    """Every listed building (rows, in the order of `ids`) and every field (columns, in that of the rules).

    Attributes
    ----------
    have, due
        How many there are of what is due, shape (buildings, fields).
    days
        The age of the field in days, of units the median; `NO_DAY` where it bears no date, same shape.
    """

    rules: Rules
    held: Held
    have: NDArray[np.int32]
    due: NDArray[np.int32]
    days: NDArray[np.int32]

    @property
    def ids(self) -> NDArray[np.int64]:
        """The buildings."""
        return self.held.buildings["id"]

    @cached_property
    def points(self) -> NDArray[np.float64]:
        """Weighed share of each field, shape (buildings, fields)."""
        shares: NDArray[np.float64] = np.divide(self.have, self.due, out=np.zeros(self.have.shape), where=self.due > 0)
        return np.asarray(shares * self._weights)

    @cached_property
    def most(self) -> NDArray[np.float64]:
        """What the points could be."""
        return np.asarray((self.due > 0) * self._weights)

    @cached_property
    def completeness(self) -> NDArray[np.float64]:
        """Of each building, from 0 to 1; NaN where nothing is due."""
        return _shares(self.points.sum(axis=1), self.most.sum(axis=1), np.nan)

    @cached_property
    def unit_places(self) -> NDArray[np.int64]:
        """The place of each unit's building."""
        return self.held.at(self.held.units)

    @cached_property
    def median_days(self) -> NDArray[np.int32]:
        """Median age of the words on the units of each building; `NO_DAY` where there are none."""
        return _medians(self.unit_places, self.held.units["days"], len(self.ids))

    @cached_property
    def oldest_days(self) -> NDArray[np.int32]:
        """Age of the oldest word on a unit of each building; `NO_DAY` where there is none."""
        oldest = np.full(len(self.ids), NO_DAY, np.int32)
        np.maximum.at(oldest, self.unit_places, self.held.units["days"])
        return oldest

    def told(self, fields: Iterable[Field], among: Mask) -> Told:
        """Some fields of the buildings that are marked; shares within a field are of the sums over the buildings."""
        chosen = [self.rules.place_of(field.code) for field in fields]
        sums = [[int(each[:, place][among].sum(dtype=np.int64)) for place in chosen] for each in (self.have, self.due)]
        have, due = np.array(sums[0]), np.array(sums[1])
        weights = self._weights[chosen]
        points, most = (_shares(have, due) * weights).sum(), ((due > 0) * weights).sum()
        return Told(int(have.sum()), int(due.sum()), float(points), float(most))

    def told_at(self, place: int) -> Told:
        """All fields of one building."""
        have, due = int(self.have[place].sum()), int(self.due[place].sum())
        return Told(have, due, float(self.points[place].sum()), float(self.most[place].sum()))

    def age(self, fields: Iterable[Field], among: Mask) -> Age:
        """How old some fields of the buildings that are marked are: of units, of each unit, else of each building."""
        chosen = [self.rules.place_of(field.code) for field in fields]
        if all(self.rules.fields[place].of in _OF_UNITS for place in chosen):
            days = self.held.units["days"][among[self.unit_places]]
        else:
            columns = [self.days[:, place][among & (self.due[:, place] > 0)] for place in chosen]
            days = np.concatenate([np.empty(0, np.int32), *columns])
        days = days[days >= 0]
        return Age(int(np.median(days)), int(days.max())) if len(days) else Age(None, None)

    @cached_property
    def _weights(self) -> NDArray[np.float64]:
        return np.array([field.weight for field in self.rules.fields])


def make_board(held: Held, rules: Rules) -> Board:
    """Count what is held against what is due."""
    # Columns lie together, since fields are counted and summed one by one.
    empty = partial(np.full, (len(held.buildings), len(rules.fields)), dtype=np.int32, order="F")
    board = Board(rules, held, empty(0), empty(0), empty(NO_DAY))
    _count_columns(board)
    _count_facts(board)
    _count_floors(board)
    _count_units(board)
    _count_marked(board)
    np.minimum(board.have, board.due, out=board.have)
    return board


def _set(board: Board, code: str, have: Array, due: Array, days: Array | None = None) -> None:
    place = board.rules.place_of(code)
    board.have[:, place], board.due[:, place] = have, due
    if days is not None:
        board.days[:, place] = np.where(board.have[:, place] > 0, days, NO_DAY)


def _count_columns(board: Board) -> None:
    """Fields of the buildings' own rows: as old as their source, or as the correction that stands."""
    rows, held = board.held.buildings, board.held
    source_days = _looked_up(held.sources["source"], held.sources["days"], rows["source"])
    for code in COLUMNS:
        field = board.rules.fields[board.rules.place_of(code)]
        due = np.ones(len(rows), bool) if field.of == "listed" else rows["managed"]
        _set(board, code, rows[code], due, source_days)
    fields = np.array([board.rules.place_of(code) for code in COLUMNS])
    board.days[held.at(held.edits), fields[held.edits["field"] - 1]] = held.edits["days"]


def _count_facts(board: Board) -> None:
    """What tenants ask of a building: by a fact, or by what its columns or floors say."""
    held, managed = board.held, board.held.buildings["managed"]
    places = held.at(held.facts)
    known = {"passenger_lifts": held.buildings["lifts"]}
    for code in ("clear_height", "floor_load"):
        known[code] = _counts(held.at(held.floors)[held.floors[code]], len(managed)) > 0
    for number, code in enumerate(fact_codes(board.rules), 1):
        mine = held.facts["fact"] == number
        told, days = np.zeros(len(managed), bool), np.full(len(managed), NO_DAY, np.int32)
        told[places[mine]], days[places[mine]] = True, held.facts["days"][mine]
        _set(board, code, told | known.get(code, False), managed, days)


def _count_floors(board: Board) -> None:
    held = board.held
    floors, many, places = held.floors, len(held.buildings), held.at(held.floors)
    storeys = np.where(held.buildings["managed"], held.buildings["storeys"], 0)
    upper = floors["position"] > 0
    # A floor may be told of in several sections; it is one storey.
    above = np.sort(places[upper] * _STOREYS + floors["position"][upper])
    _set(board, "described", _counts(above[np.diff(above, prepend=-1) > 0] // _STOREYS, many), storeys)
    due = _counts(places[floors["to_let"]], many)
    for code in ("floor_area", "floor_height"):
        _set(board, code, _counts(places[floors["to_let"] & floors[code]], many), due)


def _count_units(board: Board) -> None:
    units, places, many = board.held.units, board.unit_places, len(board.ids)
    told = {code: units[code] for code in ("unit_area", "unit_floor", "vacancy_state")}
    told["vacancy_fresh"] = (units["days"] >= 0) & (units["days"] <= board.rules.fresh)
    for code, flags in told.items():
        _set(board, code, _counts(places[flags], many), _counts(places, many), board.median_days)
    market = units["market"]
    for code in ("offer", "offer_rent", "offer_fitout"):
        have, due = _counts(places[market & units[code]], many), _counts(places[market], many)
        _set(board, code, have, due, board.median_days)


def _count_marked(board: Board) -> None:
    """Contacts and photos of managed buildings, tenants of units that are let."""
    held, many = board.held, len(board.ids)
    managed = held.buildings["managed"]
    _set(board, "contact", _counts(held.at(held.contacts), many) > 0, managed)
    _set(board, "photo", _counts(held.at(held.photos), many) > 0, managed)
    if not any(field.code == "tenant" for field in board.rules.fields):
        return
    tenants = np.zeros(many, np.int32)
    tenants[held.at(held.tenants)] = held.tenants["units"]
    _set(board, "tenant", tenants, _counts(board.unit_places[held.units["let"]], many))


def _shares(have: Array, due: Array, otherwise: float = 0.0) -> NDArray[np.float64]:
    """What is there over what is due; something else where nothing is due."""
    shares: NDArray[np.float64] = np.full(have.shape, otherwise)
    return np.divide(have, due, out=shares, where=due > 0)


def _counts(places: Array, many: int) -> Array:
    return np.bincount(places, minlength=many).astype(np.int32)


def _medians(places: Array, days: Array, many: int) -> NDArray[np.int32]:
    """The lower median of the days at each place."""
    dated = days >= 0
    places, days = places[dated], days[dated]
    order = np.lexsort((days, places))
    counts = np.bincount(places, minlength=many)
    starts = np.cumsum(counts) - counts
    found = np.full(many, NO_DAY, np.int32)
    there = counts > 0
    found[there] = days[order][(starts + (counts - 1) // 2)[there]]
    return found


def _looked_up(keys: Array, values: Array, wanted: Array) -> Array:
    """The value of each wanted key; `NO_DAY` where there is none."""
    if not len(keys):
        return np.full(len(wanted), NO_DAY, np.int32)
    order = np.argsort(keys)
    places = np.minimum(np.searchsorted(keys[order], wanted), len(keys) - 1)
    return np.where(keys[order][places] == wanted, values[order][places], NO_DAY)
