"""摘要: the few numbers that matter most, and what the chapters come to in some sentences."""

from collections import Counter
from collections.abc import Iterator

from flask_babel import gettext

from geo.reports.blocks import Block, Tile, Tiles
from geo.reports.document import Figure
from webmap import indicator_words, numbers
from webmap.reports.telling import Matter, beside, name_of, paragraph, still_running

FIRST = ("occupancy_rate", "vacant_area", "net_absorption", "residents")
LAST = ("building_tax", "published_tax", "asked_rent")
"""The fifth number is the first of these that is known."""


def write(matter: Matter) -> Iterator[Block]:
    """The chapter's blocks."""
    chosen = [found for code in FIRST if (found := matter.figure(code))]
    chosen += [found for code in LAST if (found := matter.figure(code))][:1]
    if chosen:
        yield Tiles(gettext("主要数字"), tuple(_tile(matter, each) for each in chosen))
    yield paragraph(_space(matter), beside(matter, "occupancy_rate"))
    yield paragraph(_people(matter), _goals(matter))
    yield from still_running(matter)


def _tile(matter: Matter, found: Figure) -> Tile:
    """A number with how it has changed in a year, or what year it is of."""
    change = None if found.year_ago is None or found.value is None else found.value - found.year_ago
    said = indicator_words.say_change(change, found.unit)
    told = gettext("比上年同期 %(change)s", change=said) if change is not None else gettext("上年同期没有记录")
    if found.period == "calendar_year":
        told = gettext("%(year)s 年，", year=matter.facts.day.year - 1) + told
    name, judged = name_of(found.name, found.name_en), indicator_words.judged(change, found)
    return Tile(name, indicator_words.say(found.value, found.unit), found.code, told, judged)


def _space(matter: Matter) -> str:
    return gettext(
        "%(day)s，%(place)s的 %(n)s 运营楼宇有可租售面积 %(base)s，已使用的占 %(rate)s，空置 %(vacant)s。",
        day=numbers.day(matter.facts.day),
        place=matter.place,
        n=matter.say("operating_buildings"),
        base=matter.say("leasable_area"),
        rate=matter.say("occupancy_rate"),
        vacant=matter.say("vacant_area"),
    )


def _people(matter: Matter) -> str:
    if matter.figure("residents") is None:
        return ""
    return gettext("入驻企业 %(n)s，一年新来 %(came)s。", n=matter.say("residents"), came=matter.say("newcomers"))


def _goals(matter: Matter) -> str:
    """How the targets stand that are due; '' where there are none."""
    lights = Counter(each.light for each in matter.goals)
    due = sum(lights[each] for each in ("met", "near", "missed"))
    if not due:
        return ""
    return gettext(
        "规划目标中今年应比的 %(due)s 项：达标 %(met)s 项，接近 %(near)s 项，未达标 %(missed)s 项。",
        due=due,
        met=lights["met"],
        near=lights["near"],
        missed=lights["missed"],
    )
