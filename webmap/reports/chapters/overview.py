"""概况: how much space there is, how much of it is in use, and where it stands."""

from collections.abc import Iterator

from flask_babel import gettext

from geo.exports.colouring import OVER, UNKNOWN, VACANCY
from geo.reports.blocks import Block
from webmap import numbers
from webmap.reports.telling import (
    Matter,
    beside,
    course,
    key_figures,
    map_block,
    paragraph,
    places,
    still_running,
    unknown,
)

KEY = (
    *("operating_buildings", "gross_area", "leasable_area", "occupancy_rate", "vacancy_rate", "residents"),
    *("asked_rent", "net_absorption"),
)
BY_AREA = ("operating_buildings", "leasable_area", "occupancy_rate", "vacancy_rate", "residents")


def write(matter: Matter) -> Iterator[Block]:
    """The chapter's blocks."""
    yield paragraph(
        gettext(
            "%(day)s，%(place)s有运营楼宇 %(n)s，总建筑面积 %(gross)s，可租售面积 %(leasable)s。",
            day=numbers.day(matter.facts.day),
            place=matter.place,
            n=matter.say("operating_buildings"),
            gross=matter.say("gross_area"),
            leasable=matter.say("leasable_area"),
        )
    )
    yield paragraph(_occupancy(matter), beside(matter, "occupancy_rate"), unknown(matter, "occupancy_rate"))
    yield paragraph(_people(matter), _rent(matter))
    if "summary" not in matter.chapters:
        yield from still_running(matter)
    yield from key_figures(matter, KEY, gettext("主要指标"))
    yield from course(matter, "occupancy_rate")
    yield from map_block(matter, gettext("运营楼宇的空置率"), vacancy_classes())
    yield from places(matter, matter.facts.areas, BY_AREA, gettext("分区域"))
    if matter.facts.areas:
        yield paragraph(gettext("区域可以交叠，所以各区域之和不等于总数。"), kind="note")


def vacancy_classes() -> list[tuple[str, str]]:
    """The colours of the map and what they mean."""
    limits = [numbers.percent(limit) for _, _, limit in VACANCY]
    said = [gettext("没有空置"), *(gettext("不超过 %(limit)s", limit=limit) for limit in limits[1:])]
    told = [(colour, name) for (_, colour, _), name in zip(VACANCY, said, strict=True)]
    return [*told, (OVER[1], gettext("超过 %(limit)s", limit=limits[-1])), (UNKNOWN, gettext("未知"))]


def _occupancy(matter: Matter) -> str:
    found = matter.figure("occupancy_rate")
    if found is None:
        return gettext("入驻率无从计算：没有已知的可租售面积。")
    return gettext(
        "企业入驻率 %(rate)s，即已使用的 %(used)s 除以可租售的 %(base)s。",
        rate=matter.say("occupancy_rate"),
        used=numbers.area(found.over),
        base=numbers.area(found.under),
    )


def _people(matter: Matter) -> str:
    if matter.figure("residents") is None:
        return ""
    return gettext(
        "入驻企业 %(n)s；过去 12 个月新入驻 %(came)s，迁出 %(left)s。",
        n=matter.say("residents"),
        came=matter.say("newcomers"),
        left=matter.say("leavers"),
    )


def _rent(matter: Matter) -> str:
    found = matter.figure("asked_rent")
    if found is None:
        return ""
    return gettext(
        "平均报价租金 %(rent)s，按有公开报价的 %(base)s 加权，不是成交价。",
        rent=matter.say("asked_rent"),
        base=numbers.area(found.under),
    )
