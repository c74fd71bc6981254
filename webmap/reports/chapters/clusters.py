"""产业集群: where industries gather, as outlines on a map and in a table, with method, parameters, n and day."""

from collections.abc import Iterator

from flask_babel import gettext

from geo.reports.blocks import Block, Cell, Map, Table
from geo.reports.gatherings import Gathering
from webmap import numbers
from webmap.reports.telling import Matter, name_of, paragraph
from webmap.words import colour, word

LISTED = 20
WIDTHS = (5, 17, 26, 9, 9, 10, 9, 7, 8)


def write(matter: Matter) -> Iterator[Block]:
    """The chapter's blocks."""
    found = matter.gathered
    if not found.asked:
        yield paragraph(gettext("没有入驻企业的记录。"))
        return
    yield paragraph(_counts(matter), _strongest(matter))
    if found.gatherings:
        drawn = matter.draw_clusters(gettext("产业集群的位置"))
        legend = tuple((colour(code, "industry"), word(code, "industry")) for code in _industries(matter))
        yield from [Map(gettext("产业集群的位置"), drawn, legend)] if drawn else []
        yield _table(matter)
        if len(found.gatherings) > LISTED:
            yield paragraph(gettext("只列最强的 %(n)s 个，全部见数据附件。", n=LISTED), kind="note")
    yield _asked(matter)
    yield paragraph(*_method(matter), kind="note")


def _industries(matter: Matter) -> list[str]:
    return list(dict.fromkeys(each.industry for each in matter.gathered.gatherings))


def _counts(matter: Matter) -> str:
    found = matter.gathered
    names = gettext("、").join(word(each.industry, "industry") for each in found.asked)
    return gettext(
        "%(day)s，在%(place)s的入驻企业中找集群，看了 %(names)s：共 %(n)s 个。",
        day=numbers.day(matter.facts.day),
        place=matter.place,
        names=names,
        n=numbers.number(len(found.gatherings)),
    )


def _strongest(matter: Matter) -> str:
    if not matter.gathered.gatherings:
        return gettext("没有一处超出偶然。")
    first = matter.gathered.gatherings[0]
    return gettext(
        "最强的是%(place)s一带的%(industry)s：%(n)s 家，按全部企业的分布预期 %(expected)s 家，区位商 %(quotient)s。",
        place=name_of(first.place, first.place_en),
        industry=word(first.industry, "industry"),
        n=numbers.number(first.enterprises),
        expected=numbers.number(first.expected, 1),
        quotient=numbers.number(first.quotient, 2),
    )


def _table(matter: Matter) -> Table:
    headings = (
        *("#", gettext("行业"), gettext("一带"), gettext("楼宇"), gettext("企业"), gettext("预期"), gettext("区位商")),
        *("z", "q"),
    )
    rows = tuple(_row(at, each) for at, each in enumerate(matter.gathered.gatherings[:LISTED], 1))
    numbered = (True, False, False, True, True, True, True, True, True)
    return Table(gettext("产业集群"), headings, numbered, rows, WIDTHS)


def _row(at: int, each: Gathering) -> tuple[Cell, ...]:
    return (
        Cell(f"{at}", at),
        Cell(word(each.industry, "industry")),
        Cell(name_of(each.place, each.place_en), link=f"/b/{each.building}"),
        Cell(numbers.number(each.buildings), each.buildings),
        Cell(numbers.number(each.enterprises), each.enterprises),
        Cell(numbers.number(each.expected, 1), each.expected),
        Cell(numbers.number(each.quotient, 2), each.quotient),
        Cell(numbers.number(each.z, 1), each.z),
        Cell("<0.001" if each.q < 0.001 else numbers.number(each.q, 3), each.q),
    )


def _asked(matter: Matter) -> Table:
    """Each industry that was looked at, with its n and how it lies in the whole city."""
    rows = tuple(
        (
            Cell(word(each.industry, "industry")),
            Cell(numbers.number(each.n), each.n),
            Cell(numbers.percent(each.share), each.share),
            Cell(numbers.number(each.clusters), each.clusters),
            Cell(numbers.number(each.gini, 3), each.gini),
            Cell(numbers.number(each.ellison_glaeser, 4), each.ellison_glaeser),
        )
        for each in matter.gathered.asked
    )
    headings = (
        *(gettext("行业"), gettext("企业（n）"), gettext("占全部"), gettext("集群")),
        *(gettext("基尼系数"), gettext("Ellison–Glaeser 指数")),
    )
    return Table(gettext("看过的行业"), headings, (False, True, True, True, True, True), rows, (26, 15, 14, 12, 14, 19))


def _method(matter: Matter) -> Iterator[str]:
    found = matter.gathered
    asked = found.question
    yield gettext(
        "方法 density-outlines-1，%(day)s，全部公开的入驻企业 n = %(n)s；预期按它们的行业构成。",
        day=numbers.day(matter.facts.day),
        n=numbers.number(found.n),
    )
    yield gettext(
        "轮廓不用网格：以每幢有该行业的楼宇为心，把圆放大到含 %(n)s 家为止，至多 %(reach)s 米（Besag 与 Newell 1991）；"
        "圆内超出预期到容许误报之内、区位商不低于 %(quotient)s 的为核心，相近的核心连成一个集群（DBSCAN）。"
        "概率按楼宇之间本来就有的差异放宽；一个集群至少 3 幢楼、%(least)s 家，去掉最大的一幢后区位商仍不低于 "
        "%(quotient)s（除非概率低于亿分之一）。",
        n=max(2, round(asked.least * 2 / 3)),
        reach=numbers.number(asked.reach_m),
        quotient=numbers.number(asked.least_quotient, 1),
        least=asked.least,
    )
    yield gettext(
        "q 是错误发现率，容许 %(level)s，各行业分别控制；"
        "基尼系数和 Ellison–Glaeser 指数按 %(cell)s 米网格，说的是全部范围。",
        level=numbers.percent(asked.q),
        cell=numbers.number(asked.cell_m),
    )
