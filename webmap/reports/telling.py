"""The phrases that chapters are made of: numbers that lead to their definitions, comparisons, tables and charts."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext

from geo.reports.blocks import Cell, Chart, ChartPoint, Map, Paragraph, Run, Table
from geo.reports.document import Figure, Place, Source
from geo.reports.facts import Facts
from geo.reports.goals import Goal
from webmap import indicator_words, numbers
from webmap.locale import current_locale
from webmap.names import label
from webmap.reports.gathering import Gathered

_LINKED = re.compile("\ue000([a-z0-9_]+)\ue001([^\ue002]*)\ue002")
"""A number inside a sentence, between signs that no text has: the indicator's code, and what is said."""


@dataclass(frozen=True)
class Matter:
    """What a report is written from, in whatever language: the measured facts, names, and who may read it."""

    area: Any
    facts: Facts
    buildings: Sequence[Place]
    sources: Sequence[Source]
    audience: str
    chapters: Sequence[str]
    known_at: str
    goals: Sequence[Goal]
    gathered: Gathered
    draw_map: Callable[[str], str]
    draw_clusters: Callable[[str], str]

    @property
    def place(self) -> str:
        """What the report is of."""
        return label(self.area) if self.area else gettext("全部纳管楼宇")

    @property
    def area_code(self) -> str:
        """The code of the area; '' for all buildings."""
        return str(self.area.code) if self.area else ""

    def figure(self, code: str) -> Figure | None:
        """An indicator; None where the audience may not see it or nothing is known of it."""
        found = self.facts.figures.get(code)
        return found if found is not None and found.value is not None else None

    def say(self, code: str) -> str:
        """An indicator's value inside a sentence, leading to its definition; a dash where there is none."""
        found = self.figure(code)
        return linked(code, indicator_words.say(found.value, found.unit)) if found else numbers.UNKNOWN


class _Named:
    def __init__(self, name: str, name_en: str) -> None:
        self.name, self.name_en = name, name_en


def name_of(name: str, name_en: str) -> str:
    """A name in the language of the text."""
    return label(_Named(name, name_en))


def linked(code: str, said: str) -> str:
    """A value inside a sentence, leading to the definition of its indicator."""
    return f"\ue000{code}\ue001{said}\ue002"


def paragraph(*sentences: str, kind: str = "text") -> Paragraph:
    """Sentences as a paragraph; empty ones are left out."""
    said = gap().join(each for each in sentences if each)
    runs, end = [], 0
    for found in _LINKED.finditer(said):
        if found.start() > end:
            runs.append(Run(said[end : found.start()]))
        runs.append(Run(found[2], found[1]))
        end = found.end()
    if end < len(said):
        runs.append(Run(said[end:]))
    return Paragraph(tuple(runs), kind)


def gap() -> str:
    """What stands between two sentences: a blank, in Chinese nothing."""
    locale = current_locale()
    return " " if locale is not None and locale.language == "en" else ""


def beside(matter: Matter, code: str) -> str:
    """How an indicator compares with the span before and a year before, as sentences; '' where nothing is on record."""
    found = matter.figure(code)
    if found is None:
        return ""
    compared = ((matter.facts.before, found.before), (matter.facts.year_ago, found.year_ago))
    return gap().join(_compared(found, then, value) for then, value in compared if value is not None)


def _compared(found: Figure, then: date, before: float) -> str:
    told = indicator_words.say(before, found.unit)
    change = (found.value or 0.0) - before
    size = indicator_words.say_change(abs(change), found.unit).lstrip("+")
    told_of = {"day": numbers.day(then), "before": told, "change": size}
    if size == "±0":
        return gettext("与 %(day)s 的 %(before)s 持平。", **told_of)
    if change > 0:
        return gettext("比 %(day)s 的 %(before)s 增加 %(change)s。", **told_of)
    return gettext("比 %(day)s 的 %(before)s 减少 %(change)s。", **told_of)


def unknown(matter: Matter, code: str) -> str:
    """What of an indicator's base is not known, as a sentence; '' where all is known."""
    found = matter.figure(code)
    if found is None or not found.unknown_share:
        return ""
    return gettext("可租售面积中有 %(share)s 的状态未知，留在分母里。", share=numbers.percent(found.unknown_share))


def still_running(matter: Matter) -> list[Paragraph]:
    """That the span is not over, where that is so."""
    if matter.facts.day == matter.facts.span.ends:
        return []
    said = gettext(
        "本期到 %(end)s 为止，尚未结束；数字截至 %(day)s。",
        end=numbers.day(matter.facts.span.ends),
        day=numbers.day(matter.facts.day),
    )
    return [paragraph(said, kind="warning")]


def course(matter: Matter, code: str, mark: float | None = None, mark_said: str = "") -> list[Chart]:
    """An indicator at the ends of the last months as a line; nothing where fewer than two are known.

    `mark` is a value that it is held against, and `mark_said` what that is.
    """
    found, trend = matter.figure(code), matter.facts.trends.get(code, ())
    if found is None or sum(value is not None for _, value in trend) < 2:
        return []
    title = gettext("%(name)s，近 12 个月", name=name_of(found.name, found.name_en))
    points = tuple(
        ChartPoint(f"{day:%Y-%m}" if day != matter.facts.day else f"{day}", value, exactly(value, found.unit))
        for day, value in trend
    )
    head, name = gettext("截至"), name_of(found.name, found.name_en)
    return [Chart(title, "line", found.unit, points, head, name, mark, mark_said)]


def exactly(value: float | None, unit: str) -> str:
    """A figure for a table, to the digit."""
    return indicator_words.exactly(value, unit)


def key_figures(matter: Matter, codes: Sequence[str], title: str) -> list[Table]:
    """Indicators with their values now and before; nothing where none is known."""
    rows = [_key_row(found) for code in codes if (found := matter.facts.figures.get(code))]
    if not rows:
        return []
    headings = (
        *(gettext("指标"), numbers.day(matter.facts.day), numbers.day(matter.facts.before), gettext("变化")),
        *(numbers.day(matter.facts.year_ago), gettext("变化")),
    )
    return [Table(title, headings, (False, True, True, True, True, True), tuple(rows))]


def _key_row(found: Figure) -> tuple[Cell, ...]:
    cells = [Cell(name_of(found.name, found.name_en), None, found.code)]
    cells.append(Cell(indicator_words.say(found.value, found.unit), found.value, found.code))
    for before in (found.before, found.year_ago):
        known = before is not None and found.value is not None
        change = (found.value or 0.0) - (before or 0.0) if known else None
        cells.append(Cell(indicator_words.say(before, found.unit), before))
        judged = indicator_words.judged(change, found)
        cells.append(Cell(indicator_words.say_change(change, found.unit), change, judged=judged))
    return tuple(cells)


def places(
    matter: Matter, rows: Sequence[Place], codes: Sequence[str], title: str, *, ranked: bool = False
) -> list[Table]:
    """Areas or buildings with some indicators; nothing without rows."""
    found = [each for code in codes if (each := matter.facts.figures.get(code))]
    if not rows or not found:
        return []
    first = gettext("区域") if rows[0].level else gettext("楼宇")
    headings = (*(["#"] if ranked else []), first, *(name_of(each.name, each.name_en) for each in found))
    lines = [
        (
            *([Cell(str(number), number)] if ranked else []),
            place_cell(row),
            *(
                Cell(indicator_words.say(row.values.get(each.code), each.unit), row.values.get(each.code), each.code)
                for each in found
            ),
        )
        for number, row in enumerate(rows, 1)
    ]
    numbered = (*([True] if ranked else []), False, *(True for _ in found))
    return [Table(title, headings, numbered, tuple(lines))]


def place_cell(place: Place) -> Cell:
    """The name of an area or a building, leading to its page."""
    return Cell(name_of(place.name, place.name_en), link=f"/{'a' if place.level else 'b'}/{place.code}")


def map_block(matter: Matter, title: str, legend: Sequence[tuple[str, str]]) -> list[Map]:
    """The map of the buildings; nothing where there is none."""
    drawn = matter.draw_map(title) if matter.buildings else ""
    return [Map(title, drawn, tuple(legend))] if drawn else []
