"""Holds indicators against what a plan asks of an area: gap and light by a rule that is stated.

The rule: green where the target is met, amber where what is missing is at most 5 % of it, red beyond. A plan that names
no year is for every year; none is invented.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from geo.looking_back import Moment
from geo.model import Source, Target

NEAR = 0.05
"""What may be missing of a target for the light to be amber, as a share of it."""

CALENDAR_YEAR = "calendar_year"
"""The period of indicators that are held against the target of the last year that has ended."""

MEANT = {
    ("tax", "full"): "building_tax",
    ("tax", "local"): "building_tax_local",
    ("tax", "retained"): "building_tax_retained",
}
"""The indicator that a target of a figure which offices enter is held against, by that figure and its scope."""

PUBLISHED = {"building_tax": "published_tax", "tax_per_m2": "published_tax_per_m2"}
"""What everybody may know in the place of what tax officers see."""

_COLUMNS = (Target.area_id, Target.indicator, Target.year, Target.scope, Target.bound, Target.value)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a plan asks: at least or at most (`bound`) so much; `year` is None where the plan gives none."""

    year: int | None
    bound: str
    value: float
    source: str

    def gap(self, value: float | None) -> float | None:
        """What is missing of the target (below zero: by how much it is passed), in its unit."""
        if value is None:
            return None
        return self.value - value if self.bound == "at_least" else value - self.value

    def light(self, value: float | None) -> str:
        """``met``, ``near`` or ``missed`` by the rule; '' without a value."""
        gap = self.gap(value)
        if gap is None:
            return ""
        return "met" if gap <= 0 else "near" if gap <= NEAR * abs(self.value) else "missed"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a plan asks of an indicator, counted by `scope` (of tax; else '')."""

    indicator: str
    scope: str
    asked: Asked


def read_plans(
    session: Session, area_ids: Sequence[int], moment: Moment, *, staff: bool = False
) -> dict[int, list[Plan]]:
    """Everything that is asked of some areas, of whatever year, as it was known: in the order of indicators and years.

    Visitors are told of published targets alone.
    """
    found: dict[int, list[Plan]] = {}
    chosen = _known(moment, staff=staff).where(Target.area_id.in_(area_ids))
    for row in session.execute(chosen.order_by(Target.indicator, Target.year.nulls_last(), Target.id)):
        found.setdefault(row.area_id, []).append(Plan(row.indicator, row.scope or "", _asked(row)))
    return found


def read_targets(
    session: Session, area_id: int, moment: Moment, *, staff: bool = False
) -> Mapping[tuple[str, str], Sequence[Asked]]:
    """What is asked of an area for the year of a day and the one before, as it was known: by indicator and scope.

    What a plan asks of a year goes before what it asks of none, and what was said last before what was said earlier.
    Visitors are told of published targets alone.
    """
    years = (moment.as_of.year, moment.as_of.year - 1)
    chosen = (
        _known(moment, staff=staff)
        .where(Target.area_id == area_id, or_(Target.year.is_(None), Target.year.in_(years)))
        .order_by(Target.year.is_(None), func.lower(Target.known).desc(), Target.id.desc())
    )
    found: defaultdict[tuple[str, str], list[Asked]] = defaultdict(list)
    for row in session.execute(chosen):
        found[row.indicator, row.scope or ""].append(_asked(row))
    return found


def asked_of(
    targets: Mapping[tuple[str, str], Sequence[Asked]], code: str, scope: str, period: str, day: date
) -> Asked | None:
    """The target of `read_targets` that an indicator is held against on a day; None where no plan asks."""
    own = {published: exact for exact, published in PUBLISHED.items()}.get(code, code)
    entered = {meant: key for key, meant in MEANT.items()}.get(own, (own, scope))
    year = day.year - 1 if period == CALENDAR_YEAR else day.year
    return next((each for each in targets.get(entered, ()) if each.year in (None, year)), None)


def _known(moment: Moment, *, staff: bool) -> Any:
    public: tuple[Any, ...] = () if staff else (Target.publishable, Source.publishable)
    chosen = select(*_COLUMNS, Source.name).join(Source, Source.id == Target.source_id)
    return chosen.where(Target.known.contains(moment.known_at), *public)


def _asked(row: Any) -> Asked:
    return Asked(row.year, row.bound, float(row.value), row.name)
