"""The chapters of a report, in their order; each gives its blocks in the language of the request."""

from collections.abc import Callable, Sequence

from flask_babel import gettext

from geo.reports.document import Block, Chapter
from webmap.reports.chapters import buildings, industries, method, overview, vacancy
from webmap.reports.telling import Matter

Writer = Callable[[Matter], Sequence[Block]]

WRITERS: dict[str, Writer] = {
    "overview": overview.write,
    "vacancy": vacancy.write,
    "industries": industries.write,
    "buildings": buildings.write,
    "method": method.write,
}

ALWAYS = "method"
"""No report goes without saying how it was made."""


def chapter_name(code: str) -> str:
    """What a chapter is called."""
    names = {
        "overview": gettext("概况"),
        "vacancy": gettext("空置与去化"),
        "industries": gettext("产业集聚"),
        "buildings": gettext("重点楼宇"),
        "method": gettext("方法与数据说明"),
    }
    return names[code]


def write_chapter(code: str, matter: Matter) -> Chapter:
    """A chapter in the language of the request."""
    return Chapter(code, chapter_name(code), tuple(WRITERS[code](matter)))
