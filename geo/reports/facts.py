"""Measures what a report tells of: indicators of an area at the end of a span, beside what they were, and by place."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from geo import taxonomy
from geo.indicators import AreaOutline, Indicator, Part, Record, by_building, reckon
from geo.indicators.comparing import Break, breaks, trend_days
from geo.indicators.concentration import ENTERPRISES, sums_of
from geo.indicators.days import Day
from geo.indicators.measures import measure, measure_names
from geo.indicators.reckoning import Reckoned, can_tell
from geo.reports.days import days_of, values_on
from geo.reports.document import Figure, Place
from geo.reports.spans import Span

AREA_LEVELS = ("district", "subdistrict", "zone")
"""Levels that a report tells of one by one."""

AGES = ("vacant_to_3_months_m2", "vacant_3_to_6_months_m2", "vacant_6_to_12_months_m2", "vacant_over_12_months_m2")


@dataclass(frozen=True)
class Facts:
    """What is measured; nothing of it is in any language.

    Attributes
    ----------
    day, before, year_ago
        The day told of, and those it is set beside.
    figures
        By the codes of the indicators.
    trends
        Of each indicator its value at the ends of the last twelve months and on the day, oldest first.
    industries
        Residents by map group, most first; each enterprise once.
    ages
        Vacant area (m²) by how long it has been so: the measures of `AGES`.
    areas
        The parts of the area, within it, with what they come to.
    """

    span: Span
    day: date
    before: date
    year_ago: date
    figures: Mapping[str, Figure]
    trends: Mapping[str, Sequence[tuple[date, float | None]]]
    industries: Sequence[tuple[str, int]]
    ages: Sequence[tuple[str, float]]
    areas: Sequence[Place]
    breaks: Sequence[Break]


def measure_span(
    part: Part, areas: Sequence[tuple[AreaOutline, Part]], span: Span, today: date, chosen: Sequence[Indicator]
) -> Facts:
    """Measure a part of a record at the end of a span.

    Parameters
    ----------
    part, areas
        The buildings told of, and those of each area within.
    chosen
        The indicators; those that the record cannot tell are left out.
    """
    told = [each for each in chosen if can_tell(part, each)]
    day, before, year_ago = days_of(span, today)
    now = Day(part, day)
    earlier = {then: values_on(part, then, told) for then in {before, year_ago, *trend_days(day)} - {day}}
    reckoned = [reckon(now, each) for each in told]
    figures = {
        each.indicator.code: figure_of(each, earlier[before][at], earlier[year_ago][at])
        for at, each in enumerate(reckoned)
    }
    trends = {
        each.indicator.code: [(then, each.value if then == day else earlier[then][at]) for then in trend_days(day)]
        for at, each in enumerate(reckoned)
    }
    kept = [_area(area, within, day, told) for area, within in areas]
    ages = [(name, measure(now, name).total) for name in AGES]
    return Facts(span, day, before, year_ago, figures, trends, industries_of(now), ages, kept, breaks(part, day))


def figure_of(told: Reckoned, before: float | None, year_ago: float | None) -> Figure:
    """An indicator as a report keeps it."""
    of, names = told.indicator, measure_names()
    terms = tuple(
        (code, names[code].name, names[code].name_en, names[code].unit, _known(value)) for code, value in told.terms
    )
    return Figure(
        code=of.code,
        name=of.name,
        name_en=of.name_en,
        definition=of.definition,
        definition_en=of.definition_en,
        unit=of.unit,
        period=of.period,
        direction=of.direction,
        scope=of.scope,
        audience=of.confidentiality,
        value=told.value,
        numerator=of.numerator,
        denominator=of.denominator,
        over=told.numerator,
        under=told.denominator,
        terms=terms,
        unknown=told.unknown,
        unknown_share=told.unknown_share,
        before=before,
        year_ago=year_ago,
        n=told.n,
    )


def building_values(part: Part, day: date, chosen: Sequence[Indicator]) -> dict[int, dict[str, float | None]]:
    """Every indicator of every operating building of a part, by their ids."""
    on = Day(part, day)
    told = [each for each in chosen if can_tell(part, each)]
    columns = {each.code: by_building(on, each).value for each in told}
    ids = part.buildings["id"].tolist()
    return {
        ids[row]: {code: _known(float(values[row])) for code, values in columns.items()}
        for row in np.flatnonzero(on.operating).tolist()
    }


def areas_within(
    record: Record, areas: Sequence[AreaOutline], area: AreaOutline | None
) -> list[tuple[AreaOutline, Part]]:
    """The areas of the levels below that share buildings with an area, each cut to it, in their order."""
    part = record.part_in(area.geom, area.id) if area else record.whole
    within = set(part.rows.tolist())
    found = []
    for other in areas:
        if other == area or other.level not in AREA_LEVELS or (area and _rank(other) <= _rank(area)):
            continue
        theirs = record.part_in(other.geom, other.id)
        shared = within & set(theirs.rows.tolist())
        if shared and len(shared) < max(len(within), 2):
            found.append((other, theirs if len(shared) == len(theirs.rows) else _cut(record, shared)))
    return found


def industries_of(on: Day) -> list[tuple[str, int]]:
    """Residents by map group, most first; an enterprise that sits in several buildings counts once."""
    counts = sums_of(on, "group", ENTERPRISES)[0].astype(int).tolist()
    found = [(group.code, counts[number]) for number, group in enumerate(taxonomy.map_groups(), 1) if counts[number]]
    return sorted(found, key=lambda each: -each[1])


def _cut(record: Record, rows: set[int]) -> Part:
    return record.part_of(record.buildings["id"][sorted(rows)])


def _rank(area: AreaOutline) -> int:
    return AREA_LEVELS.index(area.level) if area.level in AREA_LEVELS else -1


def _area(area: AreaOutline, part: Part, day: date, chosen: Sequence[Indicator]) -> Place:
    on = Day(part, day)
    values = {each.code: reckon(on, each).value for each in chosen}
    return Place(area.code, area.name, area.name_en or "", area.level, values)


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value
