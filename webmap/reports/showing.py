"""A report as its reader sees it: in the language of the page, its numbers leading to their definitions."""

from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from geo.exports.report_pictures import draw
from geo.reports.blocks import Chapter, Chart, chapter_from, chapter_json
from geo.reports.document import Document
from webmap.locale import ENGLISH, SIMPLIFIED, address, language
from webmap.names import hant


def chapters_of(document: Document) -> tuple[Chapter, ...]:
    """The chapters in the reader's language; 繁體 is made of 简体."""
    tag = ENGLISH.tag if language() is ENGLISH else SIMPLIFIED.tag
    chapters = document.chapters[tag]
    return chapters if language() in (ENGLISH, SIMPLIFIED) else tuple(_converted(each) for each in chapters)


def title_of(titles: dict[str, str]) -> str:
    """What it is called in the reader's language."""
    return titles[ENGLISH.tag] if language() is ENGLISH else hant(titles[SIMPLIFIED.tag])


def chart_svg(chart: Chart, key: str) -> Markup:
    """A chart as SVG."""
    return Markup(draw(chart, key, language().tag))  # escaped where it is drawn


def definition_address(document: Document, code: str, known_at: str) -> str:
    """The page of an indicator at the moment of the report."""
    told = {"area": document.area, "as_of": document.as_of, "known_at": known_at}
    query = urlencode({name: value for name, value in told.items() if value}, safe=":")
    return address(f"/indicators/{code}?{query}")


def _converted(chapter: Chapter) -> Chapter:
    return chapter_from(_hant(chapter_json(chapter)))


def _hant(told: Any) -> Any:
    if isinstance(told, str):
        return hant(told)
    if isinstance(told, dict):
        return {name: _hant(value) for name, value in told.items()}
    return [_hant(value) for value in told] if isinstance(told, list | tuple) else told
