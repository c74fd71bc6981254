"""Writes indicators as CSV, with the area, the day and what was known in front."""

import csv
import io
from collections.abc import Iterable, Sequence

from geo.indicators import AreaOutline, Reckoned
from geo.indicators.comparing import Compared
from geo.looking_back import Moment
from webmap.indicator_ranks import BuildingFigure

COLUMNS = (
    *("code", "name", "name_en", "value", "unit", "numerator", "denominator", "unknown", "unknown_share", "buildings"),
    *("month_end", "year_end", "year_ago", "period", "scope", "definition", "formula"),
)
BUILDING_COLUMNS = ("building_code", "name", "value", "unit", "numerator", "denominator", "unknown")


def write_indicators(told: Sequence[Compared], moment: Moment, area: AreaOutline | None) -> bytes:
    """All indicators of an area; UTF-8 with a mark at the beginning by which spreadsheets know it."""
    return _written(COLUMNS, (_row(each) for each in told), moment, area)


def write_buildings(rows: Sequence[BuildingFigure], told: Reckoned, moment: Moment, area: AreaOutline | None) -> bytes:
    """One indicator of every building."""
    unit = told.indicator.unit
    lines = (
        [each.place.code, each.place.name, each.value, unit, each.numerator, each.denominator, each.unknown]
        for each in rows
    )
    return _written(BUILDING_COLUMNS, lines, moment, area)


def _row(each: Compared) -> list[object]:
    now, of = each.now, each.now.indicator
    formula = " + ".join(of.numerator) + (f" / ({' + '.join(of.denominator)})" if of.denominator else "")
    return [
        *(of.code, of.name, of.name_en, now.value, of.unit, now.numerator, now.denominator, now.unknown),
        *(now.unknown_share, now.n, each.month_end, each.year_end, each.year_ago, of.period, of.scope, of.definition),
        formula,
    ]


def _written(head: Sequence[str], rows: Iterable[Sequence[object]], moment: Moment, area: AreaOutline | None) -> bytes:
    out = io.StringIO()
    lines = csv.writer(out)
    about = ("area", area.code if area else "", "name", area.name if area else "")
    lines.writerow(["# as_of", moment.as_of, "known_at", moment.known_at.isoformat(), *map(_told, about)])
    lines.writerow(head)
    lines.writerows([_told(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _told(value: object) -> object:
    if isinstance(value, float):
        return f"{value:.15g}"
    # A name that begins like a formula is not to be reckoned by a spreadsheet.
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@" and value else value
