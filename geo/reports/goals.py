"""What plans ask of the areas of a report, held against what is: gap, trend and light by the stated rule.

A plan says a year or none, and none is invented: a target of a later year has a gap and no light yet. An indicator of a
calendar year is held against the target of that year, which is the last that had ended.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from geo.indicators import AreaOutline, Indicator, Part
from geo.indicators.targets import CALENDAR_YEAR, MEANT, PUBLISHED, Plan
from geo.reports.days import Days, values_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A target of an area, with what is held against it.

    Attributes
    ----------
    indicator, name, name_en, unit, direction
        Of the indicator that is held against it; `told` is its code, '' where it may not be told here.
    year, bound, target, source
        What the plan says; `year` is None where it names none.
    of_year
        The calendar year that the value is of; None for a value of the day.
    value, before, year_ago
        Of the whole area: now, at the end of the span before, a year before.
    gap
        What is missing of the target, in its unit; below zero it is passed.
    light
        'met', 'near', 'missed'; 'later' for a year that has not come, '' without a value.
    """

    area: str
    area_name: str
    area_name_en: str
    level: str
    indicator: str
    told: str
    name: str
    name_en: str
    unit: str
    year: int | None
    bound: str
    target: float
    source: str
    of_year: int | None
    value: float | None
    before: float | None
    year_ago: float | None
    gap: float | None
    light: str


@dataclass(frozen=True)
class Measurable:
    """The dictionary, and those of it that may be told in a report."""

    known: Sequence[Indicator]
    chosen: Sequence[Indicator]

    def meant(self, plan: Plan) -> Indicator | None:
        """What a plan asks of; None where the dictionary does not have it so."""
        code = MEANT.get((plan.indicator, plan.scope), plan.indicator)
        found = next((each for each in self.known if each.code == code), None)
        return None if found is None or (found.scope and plan.scope and found.scope != plan.scope) else found

    def told(self, meant: Indicator) -> Indicator | None:
        """What may be told of it; None where nothing may."""
        codes = (meant.code, PUBLISHED.get(meant.code))
        return next((each for code in codes for each in self.chosen if each.code == code), None)


def measure_goals(
    areas: Sequence[tuple[AreaOutline, Part]], plans: Mapping[int, Sequence[Plan]], days: Days, measurable: Measurable
) -> list[Goal]:
    """The targets of some areas, in their order, of the year that is told of, of later ones and of none.

    `areas` are given with all their buildings, `plans` by their ids.
    """
    return [
        goal
        for area, part in areas
        for plan in plans.get(area.id, ())
        if (meant := measurable.meant(plan)) and (goal := _goal(area, part, plan, meant, measurable.told(meant), days))
    ]


def _goal(
    area: AreaOutline, part: Part, plan: Plan, meant: Indicator, told: Indicator | None, days: Days
) -> Goal | None:
    """The target beside what is; None where its year is over."""
    asked = plan.asked
    of_year = days.now.year - 1 if meant.period == CALENDAR_YEAR else None
    year_told = of_year or days.now.year
    if asked.year is not None and asked.year < year_told:
        return None
    value, before, year_ago = (values_on(part, day, [told])[0] if told else None for day in days)
    due = asked.year in (None, year_told)
    return Goal(
        area=area.code,
        area_name=area.name,
        area_name_en=area.name_en or "",
        level=area.level,
        indicator=meant.code,
        told=told.code if told else "",
        name=meant.name,
        name_en=meant.name_en,
        unit=meant.unit,
        year=asked.year,
        bound=asked.bound,
        target=asked.value,
        source=asked.source,
        of_year=of_year,
        value=value,
        before=before,
        year_ago=year_ago,
        gap=asked.gap(value),
        light=asked.light(value) if due or value is None else "later",
    )
