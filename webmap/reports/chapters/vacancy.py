"""空置与去化: how much stands empty and for how long, what was absorbed, and how long the rest will take."""

from collections.abc import Iterator

from flask_babel import gettext

from geo.indicators.measures import measure_names
from geo.reports.blocks import Block, Chart, ChartPoint
from webmap import numbers
from webmap.names import label
from webmap.reports.telling import Matter, beside, course, exactly, gap, key_figures, paragraph, places, unknown

COLOURS = ("#fbdca6", "#f3ad55", "#d9731f", "#9c3f0a")
KEY = (
    *("vacant_area", "vacancy_rate", "long_vacant_share", "net_absorption", "coming_supply", "months_to_absorb"),
    "asked_rent",
)
BY_AREA = ("vacant_area", "vacancy_rate", "long_vacant_share", "net_absorption", "asked_rent")


def write(matter: Matter) -> Iterator[Block]:
    """The chapter's blocks."""
    yield paragraph(
        gettext(
            "%(day)s，空置面积 %(vacant)s，空置率 %(rate)s（以可租售面积为分母）。",
            day=numbers.day(matter.facts.day),
            vacant=matter.say("vacant_area"),
            rate=matter.say("vacancy_rate"),
        ),
        beside(matter, "vacancy_rate"),
        unknown(matter, "vacancy_rate"),
    )
    yield paragraph(_long(matter), _absorbed(matter))
    yield from key_figures(matter, KEY, gettext("空置与去化指标"))
    yield from course(matter, "vacant_area")
    yield from _ages(matter)
    yield from places(matter, matter.facts.areas, BY_AREA, gettext("分区域的空置"))


def _long(matter: Matter) -> str:
    found = matter.figure("long_vacant_share")
    if found is None:
        return ""
    return gettext(
        "连续空置一年以上的有 %(area)s，占空置面积的 %(share)s。",
        area=numbers.area(found.over),
        share=matter.say("long_vacant_share"),
    )


def _absorbed(matter: Matter) -> str:
    if matter.figure("net_absorption") is None:
        return gettext("记录不满 12 个月，净吸纳无从计算。")
    said = gettext(
        "过去 12 个月净吸纳 %(area)s；在建和规划的供应 %(coming)s。",
        area=matter.say("net_absorption"),
        coming=matter.say("coming_supply"),
    )
    if matter.figure("months_to_absorb") is None:
        return said + gap() + gettext("净吸纳不为正，没有去化周期可言。")
    return (
        said
        + gap()
        + gettext("照这个速度，现有空置和新增供应要 %(months)s 去化。", months=matter.say("months_to_absorb"))
    )


def _ages(matter: Matter) -> Iterator[Chart]:
    if any(value for _, value in matter.facts.ages):
        points = tuple(
            ChartPoint(label(measure_names()[name]), value, exactly(value, "m2"), COLOURS[at])
            for at, (name, value) in enumerate(matter.facts.ages)
        )
        yield Chart(gettext("空置面积按空置时长"), "bars", "m2", points, gettext("连续空置"), gettext("面积"))
