"""The chapters of a report, in their order; each gives its blocks in the language of the request."""

from collections.abc import Callable, Sequence

from flask_babel import gettext

from geo.reports.blocks import Block, Chapter
from webmap.reports.chapters import (
    annex,
    buildings,
    clusters,
    industries,
    method,
    overview,
    summary,
    targets,
    taxes,
    vacancy,
)
from webmap.reports.telling import Matter

Writer = Callable[[Matter], Sequence[Block]]

WRITERS: dict[str, Writer] = {
    "summary": summary.write,
    "overview": overview.write,
    "vacancy": vacancy.write,
    "industries": industries.write,
    "clusters": clusters.write,
    "buildings": buildings.write,
    "taxes": taxes.write,
    "targets": targets.write,
    "method": method.write,
    "annex": annex.write,
}

ALWAYS = "method"
"""No report goes without saying how it was made."""


def chapter_name(code: str) -> str:
    """What a chapter is called."""
    names = {
        "summary": gettext("摘要"),
        "overview": gettext("概况"),
        "vacancy": gettext("空置与去化"),
        "industries": gettext("企业与产业"),
        "clusters": gettext("产业集聚区"),
        "buildings": gettext("重点楼宇"),
        "taxes": gettext("税收与亿元楼"),
        "targets": gettext("规划目标"),
        "method": gettext("方法与数据说明"),
        "annex": gettext("附表：楼宇一览"),
    }
    return names[code]


def write_chapter(code: str, matter: Matter) -> Chapter:
    """A chapter in the language of the request."""
    return Chapter(code, chapter_name(code), tuple(WRITERS[code](matter)))
