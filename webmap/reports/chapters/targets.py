"""目标完成情况: what plans ask of each area and year, what is missing, and the light by the rule that is stated."""

from collections.abc import Iterator

from flask_babel import gettext

from geo.indicators.targets import NEAR
from geo.reports.blocks import Block, Cell, Table
from geo.reports.goals import Goal
from webmap import indicator_words, numbers
from webmap.reports.telling import Matter, course, name_of, paragraph

SIGNS = {"met": "●", "near": "◐", "missed": "○", "later": "", "": ""}
"""What stands before the word of a light, so that it is told without colour."""

JUDGED = {"met": "ok", "near": "warn", "missed": "danger"}
COURSES = 3
WIDTHS = (16, 16, 9, 11, 11, 11, 12, 14)


def write(matter: Matter) -> Iterator[Block]:
    """The chapter's blocks."""
    if not matter.goals:
        yield paragraph(gettext("没有可以说的规划目标：本站没有录入，或没有公开。"))
        return
    yield paragraph(*_rule())
    yield _table(matter)
    for goal in _own(matter):
        yield from course(matter, goal.told, goal.target, _asked(goal))
    yield paragraph(*_notes(matter), kind="note")


def _rule() -> Iterator[str]:
    yield gettext("下表把规划对各区域的要求和现状放在一起。")
    yield gettext(
        "灯的规则：达到目标的为“达标”；还差的不超过目标的 %(near)s 为“接近”；差得更多为“未达标”。",
        near=numbers.percent(NEAR),
    )
    yield gettext("目标年未到的只列差距，不亮灯；规划没有写年份的写“未写年份”，不替它补上。")


def _table(matter: Matter) -> Table:
    headings = (
        *(gettext("区域"), gettext("指标"), gettext("年份"), gettext("目标"), gettext("现值"), gettext("还差")),
        *(gettext("比上年同期"), gettext("结论")),
    )
    numbered = (False, False, False, True, True, True, True, False)
    return Table(gettext("规划目标与现状"), headings, numbered, tuple(_row(each) for each in matter.goals), WIDTHS)


def _row(goal: Goal) -> tuple[Cell, ...]:
    change = None if goal.value is None or goal.year_ago is None else goal.value - goal.year_ago
    value = indicator_words.say(goal.value, goal.unit)
    if goal.of_year is not None and goal.value is not None:
        value += gettext("（%(year)s 年）", year=goal.of_year)
    return (
        Cell(name_of(goal.area_name, goal.area_name_en), link=f"/a/{goal.area}"),
        Cell(name_of(goal.name, goal.name_en), None, goal.told),
        Cell(gettext("未写年份") if goal.year is None else f"{goal.year}", goal.year),
        Cell(_asked(goal), goal.target),
        Cell(value, goal.value, goal.told),
        Cell(_gap(goal), goal.gap),
        Cell(indicator_words.say_change(change, goal.unit), change),
        Cell(f"{SIGNS[goal.light]} {light_said(goal)}".strip(), judged=JUDGED.get(goal.light, "")),
    )


def light_said(goal: Goal) -> str:
    """How a target stands, in a word; why nothing is said where nothing is known."""
    if goal.light == "later":
        return gettext("未到期")
    if goal.light:
        return indicator_words.light_name(goal.light)
    return gettext("没有数字") if goal.told else gettext("现值不公开")


def _asked(goal: Goal) -> str:
    return f"{indicator_words.bound_name(goal.bound)} {indicator_words.say(goal.target, goal.unit)}"


def _gap(goal: Goal) -> str:
    """What is missing; that it is passed where nothing is."""
    if goal.gap is None:
        return numbers.UNKNOWN
    size = indicator_words.say_change(abs(goal.gap), goal.unit).lstrip("+")
    if size == "±0":
        return "0"
    return size if goal.gap > 0 else gettext("超出 %(size)s", size=size)


def _own(matter: Matter) -> list[Goal]:
    """The targets of the report's own area that have a course, one of each indicator."""
    found = {goal.told: goal for goal in reversed(matter.goals) if goal.area == matter.area_code and goal.told}
    return [goal for goal in reversed(found.values()) if goal.of_year is None][:COURSES]


def _notes(matter: Matter) -> Iterator[str]:
    sources = dict.fromkeys(each.source for each in matter.goals)
    yield gettext("目标来自：%(sources)s。", sources=gettext("、").join(sources))
    yield gettext("现值是整个区域的；只有一部分在本报告范围内的区域不列。")
    if any(each.of_year is not None for each in matter.goals):
        yield gettext("税收的现值是上一完整年度的，只与那一年的目标比。")
