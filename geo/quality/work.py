"""Who should look at what next: reasons to look at a building, each with the area concerned and its age.

The worth of a reason is ``urgency × Σ m²·days``: the area that is wrong, doubtful or unknown, times how long it has
been so. What bears no date counts as `unsaid` days old. Buildings stand in the order of the sum of their worths.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geo.quality.board import Board, Mask
from geo.quality.impossible import impossible
from geo.quality.rules import DISPUTES, REASONS
from geo.row_arrays import Array

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why to look at a building: how many things, of which area, since how many days, and what that is worth."""

    code: str
    count: int
    area_m2: float
    days: int
    worth: float


@dataclass(frozen=True)
class Work:
    """All reasons (columns, as `REASONS`) to look at all buildings (rows, as in the board).

    `area_m2` times the days is `m2_days`; `count` says how many units, floors, fields or words it is.
    """

    board: Board
    count: NDArray[np.int64]
    area_m2: Floats
    m2_days: Floats

    @cached_property
    def worth(self) -> Floats:
        """What each reason is worth, in weighed m²·days."""
        weighed: Floats = self.m2_days * np.array([self.board.rules.urgency[code] for code in REASONS])
        return weighed

    @cached_property
    def order(self) -> NDArray[np.int64]:
        """The places of the buildings, what is to be done first on top; equal ones by their ids."""
        return np.argsort(-self.worth.sum(axis=1), kind="stable")

    @cached_property
    def disputes(self) -> NDArray[np.int64]:
        """How many things are said against something else, of each building."""
        found: NDArray[np.int64] = self.count[:, [REASONS.index(code) for code in DISPUTES]].sum(axis=1)
        return found

    def reasons(self, place: int) -> list[Reason]:
        """Why to look at a building, the weightiest first."""
        found = [
            Reason(code, int(count), float(area), round(m2_days / area) if area else 0, float(worth))
            for code, count, area, m2_days, worth in zip(
                REASONS, *(each[place] for each in (self.count, self.area_m2, self.m2_days, self.worth)), strict=True
            )
            if count
        ]
        return sorted(found, key=lambda reason: -reason.worth)

    def counts(self, among: Mask) -> dict[str, int]:
        """How many of each reason there are at the buildings that are marked."""
        return dict(zip(REASONS, self.count[among].sum(axis=0).tolist(), strict=True))


def make_work(board: Board) -> Work:
    """Find all reasons to look at buildings."""
    shape = (len(board.ids), len(REASONS))
    work = Work(board, np.zeros(shape, np.int64), np.zeros(shape), np.zeros(shape))
    _of_units(work)
    _said_against(work)
    _add(work, "impossible", *impossible(board), board.rules.unsaid)
    _missing(work)
    return work


def area_of(board: Board) -> Floats:
    """The area of each building: what may be let, else what its units add up to, else the gross area, m²."""
    rows, many = board.held.buildings, len(board.ids)
    units = np.bincount(board.unit_places, board.held.units["area_m2"], minlength=many)
    otherwise = np.where(units > 0, units, rows["gross_m2"])
    return np.where(rows["leasable_m2"] > 0, rows["leasable_m2"], otherwise).astype(float)


def _of_units(work: Work) -> None:
    """Units of unknown state, on the market without a rent, or known once and silent since: a unit counts once."""
    units, rules = work.board.held.units, work.board.rules
    days = np.where(units["days"] >= 0, units["days"], rules.unsaid)
    unknown = ~units["vacancy_state"]
    silent = ~unknown & (days > rules.fresh)
    unpriced = ~unknown & ~silent & units["market"] & ~units["offer_rent"]
    for code, mine in (("unknown", unknown), ("silent", silent), ("unpriced", unpriced)):
        places, area = work.board.unit_places[mine], units["area_m2"][mine].astype(float)
        _add_rows(work, code, places, area, np.maximum(days[mine], 1))


def _said_against(work: Work) -> None:
    """What people and sources say against each other, and returns that have not come."""
    board = work.board
    disputes, whole = board.held.disputes, area_of(board)
    places = board.held.at(disputes)
    area = np.where(disputes["area_m2"] > 0, disputes["area_m2"], whole[places])
    for number, code in enumerate(REASONS, 1):
        mine = disputes["reason"] == number
        _add_rows(work, code, places[mine], area[mine], np.maximum(disputes["days"][mine], 1))
    facts = board.held.facts[board.held.facts["disagree"]]
    days = np.where(facts["days"] >= 0, facts["days"], board.rules.unsaid)
    places = board.held.at(facts)
    _add_rows(work, "disagree", places, whole[places] / len(board.rules.fields), np.maximum(days, 1))


def _missing(work: Work) -> None:
    """Fields of a building that nobody has filled in: their share of its area; units are told of by other reasons."""
    board = work.board
    mine = np.array([field.of in ("listed", "managed", "floors") and field.weight > 0 for field in board.rules.fields])
    lacking = (board.have < board.due)[:, mine].sum(axis=1)
    lost = (board.most - board.points)[:, mine].sum(axis=1)
    most = board.most[:, mine].sum(axis=1)
    share = np.divide(lost, most, out=np.zeros(len(most)), where=most > 0)
    _add(work, "missing", lacking, share * area_of(board), board.rules.unsaid)


def _add(work: Work, code: str, count: Array, area: Array, days: Array | int) -> None:
    place = REASONS.index(code)
    work.count[:, place] += count
    work.area_m2[:, place] += area
    work.m2_days[:, place] += area * days


def _add_rows(work: Work, code: str, places: Array, area: Array, days: Array) -> None:
    many = len(work.board.ids)
    place = REASONS.index(code)
    work.count[:, place] += np.bincount(places, minlength=many)
    work.area_m2[:, place] += np.bincount(places, area, minlength=many)
    work.m2_days[:, place] += np.bincount(places, area * days, minlength=many)
