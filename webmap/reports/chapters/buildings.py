"""重点楼宇: the buildings that matter most, each list by a rule that it states."""

from collections.abc import Iterator, Sequence

from flask_babel import gettext

from geo.reports.blocks import Block, Chart, ChartPoint
from geo.reports.document import Place
from webmap import numbers
from webmap.reports.telling import Matter, exactly, name_of, paragraph, places

FULL, EMPTY = 0.95, 0.3
"""Occupancy from which a building counts as full, and vacancy from which it counts as largely empty."""

LISTED = 10


def write(matter: Matter) -> Iterator[Block]:
    """The chapter's blocks."""
    yield paragraph(_counts(matter), _rated(matter))
    emptiest = _most(matter.buildings, "vacant_area")
    if emptiest:
        yield _ranks(emptiest, "vacant_area", "m2", gettext("空置面积最大的楼宇"))
        columns = ("vacant_area", "vacancy_rate", "long_vacant_share", "leasable_area")
        yield from places(matter, emptiest, columns, gettext("空置面积最大的 %(n)s 幢", n=len(emptiest)), ranked=True)
    busiest = _most(matter.buildings, "residents")
    columns = ("residents", "occupancy_rate", "industry_concentration", "headquarters")
    yield from places(matter, busiest, columns, gettext("入驻企业最多的 %(n)s 幢", n=len(busiest)), ranked=True)
    yield paragraph(gettext("排名按表中第一列数字；数字相同的按楼宇代码。全部楼宇见数据附件。"), kind="note")


def _counts(matter: Matter) -> str:
    known = [each for each in matter.buildings if each.values.get("occupancy_rate") is not None]
    full = sum((each.values["occupancy_rate"] or 0) >= FULL for each in known)
    empty = sum((each.values.get("vacancy_rate") or 0) > EMPTY for each in known)
    return gettext(
        "有面积可算的运营楼宇 %(known)s 幢：入驻率不低于 %(full_share)s 的 %(full)s 幢，"
        "空置率高于 %(empty_share)s 的 %(empty)s 幢。",
        known=numbers.number(len(known)),
        full_share=numbers.percent(FULL),
        full=numbers.number(full),
        empty_share=numbers.percent(EMPTY),
        empty=numbers.number(empty),
    )


def _rated(matter: Matter) -> str:
    return gettext(
        "星级楼宇 %(star)s，特色楼宇 %(themed)s。",
        star=matter.say("star_buildings"),
        themed=matter.say("themed_buildings"),
    )


def _most(rows: Sequence[Place], code: str) -> list[Place]:
    known = [each for each in rows if each.values.get(code)]
    return sorted(known, key=lambda each: (-(each.values[code] or 0), each.code))[:LISTED]


def _ranks(rows: Sequence[Place], code: str, unit: str, title: str) -> Chart:
    points = tuple(
        ChartPoint(name_of(each.name, each.name_en), each.values[code], exactly(each.values[code], unit))
        for each in rows
    )
    return Chart(title, "ranks", unit, points, gettext("楼宇"), gettext("面积"))
