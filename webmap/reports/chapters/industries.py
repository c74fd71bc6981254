"""产业集聚: who sits in the buildings, which industry leads, who came and who left."""

from collections.abc import Iterator

from flask_babel import gettext

from geo.reports.blocks import Block, Chart, ChartPoint
from webmap import numbers
from webmap.reports.telling import Matter, beside, key_figures, paragraph, places
from webmap.words import colour, word

KEY = (
    *("residents", "industry_concentration", "share_in_buildings", "headquarters", "foreign_share", "newcomers"),
    *("large_newcomers", "leavers", "movers_within", "registration_rate", "registered_elsewhere", "employees"),
)
BY_AREA = ("residents", "industry_concentration", "newcomers", "leavers", "headquarters")


def write(matter: Matter) -> Iterator[Block]:
    """The chapter's blocks."""
    if not matter.facts.industries:
        yield paragraph(gettext("没有入驻企业的记录。"))
        return
    yield paragraph(_leading(matter), beside(matter, "industry_concentration"))
    yield paragraph(_movements(matter))
    yield from _chart(matter)
    yield from key_figures(matter, KEY, gettext("企业与产业指标"))
    yield from places(matter, matter.facts.areas, BY_AREA, gettext("分区域的企业"))


def _leading(matter: Matter) -> str:
    leading, count = matter.facts.industries[0]
    return gettext(
        "%(day)s，入驻企业 %(all)s，以%(industry)s最多，有 %(n)s 家，行业集聚度 %(share)s（以企业数为基数）。",
        day=numbers.day(matter.facts.day),
        all=matter.say("residents"),
        industry=word(leading, "industry"),
        n=numbers.number(count),
        share=matter.say("industry_concentration"),
    )


def _movements(matter: Matter) -> str:
    if matter.figure("newcomers") is None:
        return ""
    return gettext(
        "过去 12 个月新入驻 %(came)s，其中注册资本千万元以上 %(large)s；迁出 %(left)s，区域内搬迁 %(moved)s。",
        came=matter.say("newcomers"),
        large=matter.say("large_newcomers"),
        left=matter.say("leavers"),
        moved=matter.say("movers_within"),
    )


def _chart(matter: Matter) -> Iterator[Chart]:
    total = sum(count for _, count in matter.facts.industries)
    points = tuple(
        ChartPoint(
            word(code, "industry"),
            count,
            gettext("%(n)s 家，%(share)s", n=numbers.number(count), share=numbers.percent(count / total)),
            colour(code, "industry"),
        )
        for code, count in matter.facts.industries
    )
    yield Chart(gettext("入驻企业的行业构成"), "bars", "enterprises", points, gettext("行业"), gettext("企业"))
